"""The Telegram adapter in its house for tests: a wire, a clock, a core that answers with the words themselves, and the ways in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from aiohttp import ClientSession, web
from telegram_wire import TOKEN, TestClock, Wire

from adapters.telegram.client import TelegramClient
from adapters.telegram.updates import SECRET_HEADER, Updates
from content.events import Event, Say
from content.screen import Button, Screen
from content.turn import Answer

SECRET = "s3cret"
HEADERS = {SECRET_HEADER: SECRET}
TROUBLE = Screen("Sorry, that did not work.")
DANGER = "chest pain"


def typed(identifier: int, text: str, chat: int = 42) -> dict[str, Any]:
    """Words in a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "en"}
    return {
        "update_id": identifier,
        "message": {"message_id": identifier, "date": 1, "from": person, "chat": {"id": chat, "type": "private"}, "text": text},
    }


def tapped(identifier: int, data: str = "g:en:menu", chat: int = 42) -> dict[str, Any]:
    """A tap on a button of message 9."""
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    message = {"message_id": 9, "date": 1, "chat": {"id": chat, "type": "private"}}
    return {"update_id": identifier, "callback_query": {"id": f"q{identifier}", "from": person, "message": message, "data": data}}


@dataclass
class Core:
    """Answers with the words themselves; `gates` hold an answer back, `broken` words fail."""

    heard: list[str] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def respond(self, event: Event) -> Answer:
        """The answer, once its gate is open."""
        words = event.words if isinstance(event, Say) else event.target
        self.heard.append(words)
        self.begun.set()
        if words in self.gates:
            await self.gates[words].wait()
        if words == "broken":
            raise ValueError("the words of a reader")
        if DANGER in words or words == "urgent":
            return Answer((Screen(f"call now: {words}"), Screen("who to call", ((Button("Menu", "menu"),),))), urgent=True)
        return Answer((Screen(f"answer to {words}"),))


@dataclass
class House:
    """The wire, the clock, the core and the way in that joins them."""

    wire: Wire
    time: TestClock
    core: Core
    client: TelegramClient
    updates: Updates

    def sent(self) -> list[str]:
        """The words of every new message, in order."""
        return [str(each["text"]) for each in self.wire.of("sendMessage")]

    def offsets(self) -> list[int | None]:
        """What every getUpdates asked from."""
        return [each.get("offset") for each in self.wire.of("getUpdates")]


@asynccontextmanager
async def begun_house() -> AsyncIterator[House]:
    """A house with everything in place and nothing asked yet."""
    wire, time, core = Wire(), TestClock(), Core()
    await wire.start()
    client = TelegramClient(TOKEN, time.clock(), wire.url)
    yield House(wire, time, core, client, way_in(client, core, time))
    await client.close()
    await wire.stop()


def way_in(client: TelegramClient, core: Core, time: TestClock, **settings: Any) -> Updates:
    """The way in as the program builds it; `settings` replace single ones."""
    usual: dict[str, Any] = {
        "respond": core.respond,
        "trouble": lambda language: TROUBLE,
        "is_urgent": lambda words: DANGER in words,
        "clock": time.clock(),
        "secret": SECRET,
    }
    return Updates(client, **(usual | settings))


@asynccontextmanager
async def polling(house: House) -> AsyncIterator[asyncio.Task[None]]:
    """Poll for the length of the block, then drain."""
    task = asyncio.create_task(house.updates.poll())
    yield task
    await house.updates.drain()
    if not task.done():
        await task


@asynccontextmanager
async def webhook(house: House) -> AsyncIterator[Callable[..., Awaitable[tuple[int, dict[str, str], Any]]]]:
    """Listen for the length of the block; what it gives posts a body and returns status, headers and JSON."""
    application = web.Application()
    application.router.add_post("/telegram", house.updates.webhook)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    async with ClientSession() as session:

        async def post(body: Any, headers: dict[str, str] = HEADERS) -> tuple[int, dict[str, str], Any]:
            given = {"data": body} if isinstance(body, bytes | BytesIO) else {"json": body}
            async with session.post(url, headers=headers, **given) as response:
                return (
                    response.status,
                    dict(response.headers),
                    await response.json() if response.content_type == "application/json" else None,
                )

        yield post
    await runner.cleanup()
