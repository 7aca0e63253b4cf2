"""The other end of Telegram's wire for the adapter's own tests: it keeps every call and answers as it was told to."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from adapters.clock import Clock

TOKEN = "7:made-up-token"
BOT = {"id": 7, "is_bot": True, "first_name": "Immuno", "username": "immuno_bot"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it arrived: the method and its parameters."""

    method: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the wire answers instead of its usual answer; `body` is sent as it is, `silent` never answers."""

    status: int = 400
    description: str = ""
    parameters: dict[str, Any] | None = None
    body: bytes | None = None
    silent: bool = False


def refusal(description: str, status: int = 400, **parameters: Any) -> Reply:
    """A refusal in Telegram's own form."""
    return Reply(status, description, parameters or None)


@dataclass
class TestClock:
    """A clock that moves only when somebody sleeps; with `held`, sleepers wait until the test lets time pass."""

    __test__ = False

    at: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)
    held: bool = False
    passed: asyncio.Event = field(default_factory=asyncio.Event)
    sleeping: asyncio.Event = field(default_factory=asyncio.Event)

    def clock(self) -> Clock:
        """The clock as the program takes it."""
        return Clock(lambda: self.at, self._sleep)

    def pass_time(self) -> None:
        """Wake everybody who sleeps."""
        passed, self.passed = self.passed, asyncio.Event()
        passed.set()

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.sleeping.set()
        if self.held:
            await self.passed.wait()
        await asyncio.sleep(0)
        self.at += timedelta(seconds=seconds)


class Wire:
    """A Bot API on loopback. `script(method, *replies)` comes before the usual answers."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.updates: list[dict[str, Any]] = []
        self.url = ""
        self.peer: object = None
        self._scripts: defaultdict[str, deque[Reply]] = defaultdict(deque)
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self._ids = 100

    async def start(self) -> None:
        """Listen on a free port."""
        application = web.Application()
        application.router.add_route("*", "/bot{token}/{method}", self._called)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening; whoever waits for an answer gets none."""
        self._closing.set()
        if self._runner:
            await self._runner.cleanup()

    def script(self, method: str, *replies: Reply) -> None:
        """Answer the next calls of a method like this."""
        self._scripts[method].extend(replies)

    def of(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of one method."""
        return [call.given for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something that happened on the wire makes the condition true."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(condition)

    async def give(self, *updates: dict[str, Any]) -> None:
        """Put updates into getUpdates."""
        self.updates.extend(updates)
        async with self._changed:
            self._changed.notify_all()

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = await _given(request)
        self.peer = request.transport and request.transport.get_extra_info("peername")
        self.calls.append(Call(method, given))
        async with self._changed:
            self._changed.notify_all()
        if self._scripts[method]:
            return await self._scripted(self._scripts[method].popleft())
        return web.json_response({"ok": True, "result": await self._usual(method, given)})

    async def _scripted(self, reply: Reply) -> web.Response:
        if reply.silent:
            await self._closing.wait()
        if reply.body is not None:
            return web.Response(status=reply.status, body=reply.body)
        told: dict[str, Any] = {"ok": False, "error_code": reply.status, "description": reply.description}
        return web.json_response(told | ({"parameters": reply.parameters} if reply.parameters else {}), status=reply.status)

    async def _usual(self, method: str, given: dict[str, Any]) -> Any:
        if method == "getMe":
            return BOT
        if method == "getUpdates":
            return await self._updates(given)
        if method in ("sendMessage", "sendPhoto", "editMessageText"):
            self._ids += 1
            chat = {"id": int(given["chat_id"]), "type": "private", "first_name": "A"}
            return {"message_id": int(given.get("message_id", self._ids)), "date": 1, "chat": chat}
        return True

    async def _updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        offset = given.get("offset", 0)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates and given.get("timeout"):
            async with self._changed:
                await self._changed.wait_for(lambda: bool(self.updates) or self._closing.is_set())
        return self.updates[: given["limit"]]


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {name: _loaded(value) for name, value in (await request.post()).items()}


def _loaded(value: object) -> Any:
    if isinstance(value, web.FileField):
        return value.file.read()
    try:
        return json.loads(str(value))
    except ValueError:
        return value
