"""The other end of Slack's wire for the adapter's own tests: it keeps every call and answers as it was told to."""

import asyncio
import hashlib
import hmac
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from adapters.clock import Clock

TOKEN = "xoxb-made-up"
SECRET = "made-up-secret"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the wire answers instead of its usual answer; `body` is sent as it is.

    `dropped` hangs up instead of answering; `held` answers as usual, but only after `let_go`.
    """

    status: int = 200
    error: str = ""
    retry_after: str = ""
    body: str | None = None
    dropped: bool = False
    held: bool = False


@dataclass
class TestClock:
    """A clock that moves only when somebody sleeps."""

    __test__ = False

    at: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        """The clock as the program takes it."""
        return Clock(lambda: self.at, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.at += timedelta(seconds=seconds)


class Wire:
    """A Web API, response_urls and a Socket Mode on loopback. `script(method, *replies)` comes before the usual answers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.tokens: list[str] = []
        self.acks: list[str] = []
        self.peers: set[object] = set()
        self.url = ""
        self._scripts: defaultdict[str, deque[Reply]] = defaultdict(deque)
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.let_go = asyncio.Event()
        self._socket: web.WebSocketResponse | None = None

    async def start(self) -> None:
        """Listen on a free port."""
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._called)
        application.router.add_post("/respond/{number}", self._responded)
        application.router.add_post("/upload", self._uploaded)
        application.router.add_get("/socket", self._connected)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening; whoever waits for an answer gets none."""
        self.let_go.set()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api(self) -> str:
        """The root of the Web API."""
        return f"{self.url}/api/"

    def script(self, method: str, *replies: Reply) -> None:
        """Answer the next calls of a method like this; `respond` stands for every response_url."""
        self._scripts[method].extend(replies)

    def of(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of one method."""
        return [given for name, given in self.calls if name == method]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something that happened on the wire makes the condition true."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(condition)

    async def push(self, kind: str, payload: dict[str, Any], envelope: str = "e1") -> None:
        """Bring a payload by Socket Mode."""
        assert self._socket is not None
        await self._socket.send_json({"type": kind, "envelope_id": envelope, "payload": payload})

    async def _called(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization", ""))
        if request.transport:
            self.peers.add(request.transport.get_extra_info("peername"))
        return await self._answered(request, request.match_info["method"])

    async def _responded(self, request: web.Request) -> web.Response:
        return await self._answered(request, "respond")

    async def _uploaded(self, request: web.Request) -> web.Response:
        await self._kept("upload", {"bytes": await request.read()})
        return web.Response(text="OK")

    async def _answered(self, request: web.Request, method: str) -> web.Response:
        given = await _given(request)
        await self._kept(method, given)
        reply = self._scripts[method].popleft() if self._scripts[method] else None
        if reply and reply.held:
            await self.let_go.wait()
        elif reply:
            return self._scripted(reply, request)
        if method == "respond":
            return web.Response(text="ok")
        return web.json_response({"ok": True, **self._usual(method, given)})

    async def _kept(self, method: str, given: dict[str, Any]) -> None:
        self.calls.append((method, given))
        async with self._changed:
            self._changed.notify_all()

    def _scripted(self, reply: Reply, request: web.Request) -> web.Response:
        if reply.dropped and request.transport:
            request.transport.abort()
        headers = {"Retry-After": reply.retry_after} if reply.retry_after else {}
        if reply.body is not None:
            return web.Response(status=reply.status, text=reply.body, headers=headers)
        return web.json_response({"ok": False, "error": reply.error}, status=reply.status, headers=headers)

    def _usual(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        usual: dict[str, dict[str, Any]] = {
            "auth.test": {"user_id": "UBOT", "bot_id": "BBOT", "team": "Ward 7", "team_id": "T1"},
            "apps.connections.open": {"url": f"{self.url.replace('http', 'ws')}/socket"},
            "users.info": {"user": {"id": given.get("user"), "locale": "es-MX", "tz": "America/Bogota"}},
            "files.getUploadURLExternal": {"upload_url": f"{self.url}/upload", "file_id": "F1"},
            "files.completeUploadExternal": {"files": [{"id": "F1"}]},
        }
        return usual.get(method, {"ts": given.get("ts", f"{len(self.calls)}.0"), "channel": given.get("channel")})

    async def _connected(self, request: web.Request) -> web.WebSocketResponse:
        self._socket = socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        async for message in socket:
            self.acks.append(json.loads(message.data)["envelope_id"])
            async with self._changed:
                self._changed.notify_all()
        return socket


def signed(payload: dict[str, Any] | bytes, at: datetime, *, form: bool = False, secret: str = SECRET) -> dict[str, Any]:
    """A request as Slack makes it: body and headers, for aiohttp's client."""
    body = payload if isinstance(payload, bytes) else urlencode(payload).encode() if form else json.dumps(payload).encode()
    stamp = str(int(at.timestamp()))
    mark = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    return {"data": body, "headers": {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}}


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **await request.post()}
