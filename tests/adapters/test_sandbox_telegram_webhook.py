"""The sandbox's webhook: order, repeating, the secret, and calls that ride in an answer."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from sandbox_telegram import ADA, Desk, opened_desk

BOB = 43
SECRET = "a-secret_1"


@dataclass
class Inn:
    """A bot's webhook: it remembers what came and answers as it was told, 200 otherwise. `gates` hold texts back."""

    url: str = ""
    came: list[Any] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    gates: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    held: set[str] = field(default_factory=set)

    async def receive(self, request: web.Request) -> web.Response:
        """One update at the door."""
        update = await request.json()
        self.came.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if words(update) in self.held:
            await self.gates[words(update)].wait()
        return self.answers.pop(0) if self.answers else web.Response()

    def heard(self) -> list[str]:
        """The words and taps that came, in order."""
        return [words(update) for update in self.came]


def words(update: Any) -> str:
    """The text of a message, or the data of a tap."""
    return str(update["message"]["text"] if "message" in update else update["callback_query"]["data"])


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened_desk() as opened:
        yield opened


@asynccontextmanager
async def opened_inn(desk: Desk, *held: str, **settings: Any) -> AsyncIterator[Inn]:
    """A webhook that listens and is set."""
    inn = Inn(held=set(held))
    application = web.Application()
    application.router.add_post("/telegram", inn.receive)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    inn.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    try:
        assert (await desk.call("setWebhook", url=inn.url, secret_token=SECRET, **settings)).body["description"] == "Webhook was set"
        yield inn
    finally:
        for gate in inn.gates.values():
            gate.set()
        await desk.call("deleteWebhook")
        await runner.cleanup()


async def test_updates_come_with_the_secret_and_what_waited_before_comes_too(desk: Desk) -> None:
    """A text typed before the webhook was set is brought like one after."""
    await desk.sandbox.type(ADA, "before")
    async with opened_inn(desk) as inn:
        await desk.sandbox.type(ADA, "after")
        await desk.sandbox.until(lambda: not desk.sandbox.pending)
        assert inn.heard() == ["before", "after"]
        assert set(inn.secrets) == {SECRET}


async def test_a_chats_texts_come_one_at_a_time_and_a_tap_beside_them(desk: Desk) -> None:
    """While one text is not answered the next waits; a tap and another chat do not."""
    async with opened_inn(desk, "one") as inn:
        for typed in ("one", "two"):
            await desk.sandbox.type(ADA, typed)
        await desk.sandbox.tap(ADA, 1, "tap 1")
        await desk.sandbox.tap(ADA, 1, "tap 2")
        await desk.sandbox.type(BOB, "other chat")
        await desk.sandbox.until(lambda: desk.sandbox.pending == 2)
        assert inn.heard()[0] == "one"
        assert sorted(inn.heard()[1:]) == ["other chat", "tap 1", "tap 2"]
        inn.gates["one"].set()
        await desk.sandbox.until(lambda: not desk.sandbox.pending)
        assert inn.heard()[-1] == "two"


async def test_a_persons_taps_come_one_at_a_time(desk: Desk) -> None:
    """The second tap waits for the answer to the first."""
    async with opened_inn(desk, "tap 1") as inn:
        await desk.sandbox.tap(ADA, 1, "tap 1")
        await desk.sandbox.tap(ADA, 1, "tap 2")
        await desk.sandbox.type(ADA, "text")
        await desk.sandbox.until(lambda: desk.sandbox.pending == 2)
        assert sorted(inn.heard()) == ["tap 1", "text"]
        inn.gates["tap 1"].set()
        await desk.sandbox.until(lambda: not desk.sandbox.pending)
        assert inn.heard()[-1] == "tap 2"


async def test_what_is_not_taken_comes_again_with_doubling_pauses(desk: Desk) -> None:
    """Again at once, then after 2, 4 and 8 seconds; the chat's next text waits all the while."""
    async with opened_inn(desk) as inn:
        inn.answers = [web.Response(status=500) for _ in range(5)]
        await desk.sandbox.type(ADA, "one")
        await desk.sandbox.type(ADA, "two")
        for pause in (2, 4, 8, 16):
            assert await desk.time.next_sleep() == pause
            desk.time.forward(pause)
        await desk.sandbox.until(lambda: not desk.sandbox.pending)
        assert inn.heard() == ["one"] * 6 + ["two"]
        info = (await desk.call("getWebhookInfo")).result
        assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
        assert (info["url"], info["pending_update_count"]) == (inn.url, 0)


async def test_retry_after_is_minded(desk: Desk) -> None:
    """The bot may name its own pause."""
    async with opened_inn(desk) as inn:
        inn.answers = [web.Response(status=503, headers={"Retry-After": "7"})]
        await desk.sandbox.type(ADA, "one")
        assert await desk.time.next_sleep() == 7
        desk.time.forward(7)
        await desk.sandbox.until(lambda: not desk.sandbox.pending)
        assert inn.heard() == ["one", "one"]


async def test_a_call_in_the_answer_is_carried_out(desk: Desk) -> None:
    """The method answerCallbackQuery rides in the response; what may not ride there is left alone."""
    async with opened_inn(desk) as inn:
        query = await desk.sandbox.tap(ADA, 1, "g:en:menu")
        inn.answers = [web.json_response({"method": "answerCallbackQuery", "callback_query_id": query.id, "text": "ok"})]
        await desk.sandbox.until(lambda: query.toasts)
        assert query.toasts == ["ok"]
        assert [(call.method, call.status) for call in desk.sandbox.calls[-1:]] == [("answerCallbackQuery", 200)]
        inn.answers = [web.json_response({"method": method}) for method in ("getMe", "deleteWebhook")]
        await desk.sandbox.type(ADA, "one")
        await desk.sandbox.type(ADA, "two")
        await desk.sandbox.until(lambda: not desk.sandbox.pending)
        assert desk.sandbox.calls[-1].method == "answerCallbackQuery"


async def test_a_webhook_that_is_not_there_is_told_in_its_info(desk: Desk) -> None:
    """The update stays, and the reason can be read."""
    await desk.call("setWebhook", url="http://127.0.0.1:1/telegram")
    await desk.sandbox.type(ADA, "hi")
    await desk.time.next_sleep()
    info = (await desk.call("getWebhookInfo")).result
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    assert (await desk.call("deleteWebhook", drop_pending_updates=True)).body["description"] == "Webhook was deleted"
    assert desk.sandbox.pending == 0


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"url": "http://bot.example/telegram"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://bot.example:8080/"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://bot.example:x/"}, "bad webhook: invalid webhook URL specified"),
        ({"url": "https://bot.example/", "secret_token": "no spaces"}, "secret token contains unallowed characters"),
        ({"url": "https://bot.example/", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_a_webhook_is_refused_in_telegrams_words(desk: Desk, parameters: dict[str, str], description: str) -> None:
    """Https outside this computer, its four ports, a secret of plain letters."""
    assert (await desk.call("setWebhook", **parameters)).refusal == (400, f"Bad Request: {description}")


async def test_a_webhook_is_set_once_a_second_and_known_when_it_stands(desk: Desk) -> None:
    """Two starting replicas may be told to wait; the same webhook again changes nothing."""
    async with opened_inn(desk, max_connections=100) as inn:
        again = {"url": inn.url, "secret_token": SECRET, "max_connections": 100}
        assert (await desk.call("setWebhook", **again)).refusal == (429, "Too Many Requests: retry after 1")
        desk.time.forward(1)
        assert (await desk.call("setWebhook", **again)).body["description"] == "Webhook is already set"
        assert (await desk.call("getWebhookInfo")).result["max_connections"] == 100
        assert (await desk.call("setWebhook", url="")).body["description"] == "Webhook was deleted"
        assert (await desk.call("deleteWebhook")).body["description"] == "Webhook is already deleted"
