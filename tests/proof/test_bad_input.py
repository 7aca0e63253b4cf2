"""What strangers send to a running program: a kind answer or silence, never a crash, never a stuck chat."""

import json
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import people
import running

from adapters.sandbox.slack import SIGNING_SECRET
from adapters.sandbox.slack_delivery import signed
from adapters.sandbox.slack_world import TEAM
from bots.settings import Settings

NAME = "<b>*Eve*</b> _&_ `<@U1>` [x](http://x) \u202e"


async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status that a POST is answered with."""
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status


def update(number: int, **message: object) -> bytes:
    """An update with a message, as Telegram brings it."""
    person = {"id": people.CHAT, "is_bot": False, "first_name": NAME}
    whole = {"message_id": number, "date": 0, "chat": {"id": people.CHAT, "type": "private", "first_name": NAME}, "from": person}
    return json.dumps({"update_id": number, "message": whole | message}).encode()


async def test_forged_and_broken_requests_change_nothing(tmp_path: Path) -> None:
    """401 without the secret or signature, also for a replay; what cannot be read is let go; the next message is answered."""
    async with running.running(tmp_path, webhooks=True) as life:
        telegram, slack = f"{life.address}/telegram", f"{life.address}/slack/events"
        settings = Settings.model_validate({"telegram_bot_token": life.telegram.token})
        secret = {"X-Telegram-Bot-Api-Secret-Token": settings.webhook_secret, "Content-Type": "application/json"}
        event = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": {"type": "message"}}).encode()
        assert await post(telegram, update(1, text="secret words"), {}) == 401
        assert await post(telegram, update(1, text="secret words"), {**secret, "X-Telegram-Bot-Api-Secret-Token": "guess"}) == 401
        assert await post(slack, event, {"Content-Type": "application/json"}) == 401
        assert await post(slack, event, {"Content-Type": "application/json", **signed("guess", event, 1)}) == 401
        assert await post(slack, event, {"Content-Type": "application/json", **signed(SIGNING_SECRET, event, 1_600_000_000)}) == 401
        for body in (b"", b"{", b"[]", b"null", b'{"update_id": "x"}', b'{"update_id": 5, "dance": {}}', b"[" * 50_000, b"\xff\xfe"):
            assert await post(telegram, body, secret) == 200, body[:20]
        await life.telegram.type(people.CHAT, "x" * 100_000)
        await life.telegram.type(people.CHAT, "😀😀😀")
        await life.telegram.type(people.CHAT, "مرحبا، كيف حالك؟")
        await life.telegram.tap(people.CHAT, 1, "v1:forged:data")
        await life.telegram.type(people.CHAT, "/start care/steps/grades")
        await life.telegram.type(people.CHAT, "menu")
        await life.telegram.until(
            lambda: not life.telegram.pending and "Tap a topic" in life.telegram.messages(people.CHAT)[-1].text, timeout=20
        )
        answers = [each.text for each in life.telegram.messages(people.CHAT) if each.from_bot]
        assert any("care teams" in text for text in answers)
        assert any("gone" in text for text in answers)
        refused = [call for call in life.telegram.calls if call.status != 200]
        # The forged tap names a message of the person's own, which nobody but they can edit: the answer came below.
        assert [call.method for call in refused] == ["editMessageText"]
    assert "secret words" not in life.log()
    assert "Traceback" not in life.log()
    assert await life.end() == 0
