"""`immunobot run` in its own process: every screen can be walked on both platforms, both ways in; buttons outlive a kill."""

import json
from pathlib import Path

import aiohttp
import evening
import people
import pytest
import running

from adapters.sandbox.slack_world import BOT_USER

WAYS = pytest.mark.parametrize("webhooks", [True, False], ids=["webhook and HTTP", "polling and Socket Mode"])

# What these show depends on who reads and on what was tapped before; the evenings in tests/journeys play them on every platform.
CHANGING = ("questions", "language", "region", "forget", "tip", "tips", "stop", "pause")


async def telegram_walk(life: running.Running) -> dict[str, str]:
    """Tap every button there is, starting at the menu; each screen's words by its target."""
    box, chat, seen = life.telegram, people.CHAT, dict[str, str]()
    await box.type(chat, "/menu")
    await box.until(lambda: not box.pending and any(each.from_bot for each in box.messages(chat)))
    message = next(each for each in box.messages(chat) if each.from_bot)
    waiting = [key.data for key in message.keys if key.data]
    while waiting:
        data = waiting.pop()
        target = data.split(":", 2)[2]
        if target in seen or target.split("/")[0] in CHANGING or target.endswith("/picture"):
            continue
        query = await box.tap(chat, message.id, data)
        await box.until(lambda query=query: query.answered and not box.pending, timeout=20)
        now = next(each for each in box.messages(chat) if each.id == message.id)
        seen[target] = evening.plain(now.text)
        waiting += [key.data for key in now.keys if key.data]
    return seen


async def slack_walk(life: running.Running) -> dict[str, str]:
    """The same in Slack."""
    box, user, seen = life.slack, people.USER, dict[str, str]()
    await box.type(user, "menu")
    await box.until(lambda: box.quiet and any(each.user == BOT_USER for each in box.messages(user)))
    message = next(each for each in box.messages(user) if each.user == BOT_USER)
    waiting = [button.value for button in message.buttons if button.value]
    while waiting:
        data = waiting.pop()
        target = data.split(":", 2)[2]
        if target in seen or target.split("/")[0] in CHANGING or target.endswith("/picture"):
            continue
        count = len(box.journal.of("chat.update"))
        await box.tap(user, user, message.ts, message.buttons[-1].action_id, data)
        await box.until(lambda count=count: box.quiet and len(box.journal.of("chat.update")) > count, timeout=20)
        message = next(each for each in box.messages(user) if each.ts == message.ts)
        seen[target] = evening.plain(message.plain)
        waiting += [button.value for button in message.buttons if button.value]
    return seen


@WAYS
async def test_every_screen_is_walked_on_both_platforms(tmp_path: Path, webhooks: bool) -> None:
    """No call is refused, no press stays without an answer, and every Telegram screen's words are found in Slack."""
    async with running.running(tmp_path, webhooks=webhooks) as life:
        on_telegram, in_slack = await telegram_walk(life), await slack_walk(life)
        refused = [call for call in life.telegram.calls if call.status != 200 and call.method != "getUpdates"]
        wrong = [
            call for call in life.slack.calls if call.status != 200 or (isinstance(call.answer, dict) and not call.answer.get("ok", True))
        ]
    assert refused == []
    assert wrong == []
    assert len(on_telegram) > 150
    for target, words in on_telegram.items():
        if target not in ("menu", "help", "about"):
            assert in_slack[target] == words, target
    log = life.log()
    assert life.telegram.token not in log
    assert str(people.CHAT) not in log


async def test_a_picture_comes_below_its_card(tmp_path: Path) -> None:
    """The card stays as it is; the picture follows with its words, on both platforms."""
    async with running.running(tmp_path, webhooks=True) as life:
        box, chat = life.telegram, people.CHAT
        await box.type(chat, "/start side-effects/when")
        await box.until(lambda: not box.pending and box.messages(chat)[-1].from_bot)
        card = box.messages(chat)[-1]
        await box.tap(chat, card.id, next(key.data for key in card.keys if key.text == "Show picture"))
        await box.until(lambda: not box.pending and box.messages(chat)[-1].photo, timeout=20)
        assert box.messages(chat)[-1].photo.content.startswith(b"\x89PNG")
        assert "A curve over time" in box.messages(chat)[-1].text
        assert box.messages(chat)[-2].text == card.text
        slack, user = life.slack, people.USER
        await slack.type(user, "/start side-effects/when")
        await slack.until(lambda: slack.quiet and slack.messages(user)[-1].user == BOT_USER)
        shown = slack.messages(user)[-1]
        action = next(button.action_id for button in shown.buttons if button.label == "Show picture")
        await slack.tap(user, user, shown.ts, action)
        await slack.until(lambda: "A curve over time" in slack.messages(user)[-1].plain, timeout=20)
        assert [call.method for call in slack.calls if call.method == "upload"] == ["upload"]


@WAYS
async def test_a_button_outlives_a_kill(tmp_path: Path, webhooks: bool) -> None:
    """After kill -9 and a new start an old button answers on both platforms, and what was chosen is still known."""
    async with running.running(tmp_path, webhooks=webhooks) as life:
        box, chat = life.telegram, people.CHAT
        await box.type(chat, "/menu")
        await box.until(lambda: not box.pending and any(each.from_bot for each in box.messages(chat)))
        message = next(each for each in box.messages(chat) if each.from_bot)
        await box.tap(chat, message.id, "g:es:language/es")
        await box.until(lambda: not box.pending)
        await life.slack.type(people.USER, "menu")
        await life.slack.until(lambda: life.slack.quiet and len(life.slack.messages(people.USER)) > 1)
        await life.kill()
        await life.start()
        query = await box.tap(chat, message.id, "g:en:side-effects/overview")
        await box.until(lambda: query.answered and not box.pending, timeout=20)
        assert "Not yet reviewed" in next(each for each in box.messages(chat) if each.id == message.id).text
        await box.type(chat, "menu")
        await box.until(lambda: not box.pending and "Inmunoterapia" in box.messages(chat)[-1].text, timeout=20)
        old = life.slack.messages(people.USER)[-1]
        await life.slack.tap(people.USER, people.USER, old.ts, old.buttons[0].action_id, "g:en:side-effects/overview")
        await life.slack.until(lambda: "Not yet reviewed" in life.slack.messages(people.USER)[-1].plain, timeout=20)


async def test_what_went_wrong_is_counted_on_a_port_of_its_own(tmp_path: Path) -> None:
    """METRICS_PORT serves the counters; the public port does not."""
    port = running.free_port()
    life = running.Running(tmp_path, webhooks=False, changes={"METRICS_PORT": str(port)})
    await life.open()
    try:
        await life.start()
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
            told = await response.text()
        assert 'immunobot_failed_total{platform="telegram"} 0' in told
        assert 'immunobot_unknown_total{platform="slack"} 0' in told
        assert await life.status("/metrics") == 404
    finally:
        await life.end()
        await life.close()


async def test_one_platform_that_cannot_be_reached_keeps_the_other_serving(tmp_path: Path) -> None:
    """Slack is down at start; Telegram answers, readyz waits, and Slack serves when it is back."""
    life = running.Running(tmp_path, webhooks=False)
    await life.open()
    port = int(life.slack.url.rsplit(":", 1)[1])
    await life.slack.stop()
    try:
        await life.start(ready=503)
        await life.telegram.type(people.CHAT, "/menu")
        await life.telegram.until(lambda: any(each.from_bot for each in life.telegram.messages(people.CHAT)), timeout=20)
        await life.slack.start(port)
        await life.until_ready()
    finally:
        await life.end()
        await life.close()


async def test_danger_is_answered_while_the_database_is_away(tmp_path: Path) -> None:
    """The program begins without its store, says that it is not ready, and answers who needs it."""
    life = running.Running(tmp_path, webhooks=False, changes={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    await life.open()
    try:
        await life.start(ready=503)
        await life.telegram.type(people.CHAT, "i cannot breathe")
        await life.telegram.until(
            lambda: any("emergency number" in each.text for each in life.telegram.messages(people.CHAT) if each.from_bot), timeout=20
        )
        assert "DATABASE_URL" in life.log()
    finally:
        await life.end()
        await life.close()


@pytest.mark.parametrize(
    ("setting", "token"),
    [
        ("TELEGRAM_BOT_TOKEN", "7000000001:a-wrong-token-that-nobody-knows"),
        ("SLACK_BOT_TOKEN", "xoxb-a-wrong-token"),
        ("SLACK_APP_TOKEN", "xapp-a-wrong-token"),
    ],
)
async def test_a_wrong_token_ends_the_program_with_its_settings_name(tmp_path: Path, setting: str, token: str) -> None:
    """It says which setting, in the form that the log has, never the token, and nothing stays open behind it."""
    life = running.Running(tmp_path, webhooks=False, changes={setting: token, "LOG_FORMAT": "json"})
    await life.open()
    try:
        await life.launch()
        assert life.process
        assert await life.process.wait() == 1
        lines = [json.loads(line) for line in life.log().splitlines()]
        assert [setting in line["message"] for line in lines if line["level"] == "CRITICAL"] == [True]
        assert not [line for line in lines if line["level"] == "ERROR" or "traceback" in line]
        assert "a-wrong-token" not in life.log()
    finally:
        await life.close()
