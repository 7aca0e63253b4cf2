"""How the sandbox's Slack brings payloads to the app: signed HTTP, or one of its open sockets. What is not acked comes again."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from adapters.clock import Clock
from adapters.sandbox.slack_limits import ACK_SECONDS

# Seconds before an event that was not acked comes again.
AGAIN: Final = (0.0, 60.0, 300.0)
_TYPES: Final = {"event": "events_api", "interaction": "interactive", "command": "slash_commands"}
Json = Mapping[str, object]


class Sockets:
    """The open Socket Mode connections. `chance(n)` picks one of n."""

    def __init__(self, chance: Callable[[int], int], woken: Callable[[], None]) -> None:
        self._open: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._chance, self._woken, self._number = chance, woken, 0

    def __len__(self) -> int:
        return len(self._open)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, until it ends."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self._open) + 1, "connection_info": {"app_id": "A0IMMUNO"}})
        self._open.append(socket)
        self._woken()
        try:
            async for message in socket:
                self._heard(message)
        finally:
            self._open.remove(socket)
            self._woken()
        return socket

    async def deliver(self, kind: str, payload: Json, attempt: int) -> Json | None:
        """Bring one payload to one of the sockets; what its ack held, or None where none is open."""
        if not self._open:
            return None
        self._number += 1
        identifier = f"envelope-{self._number}"
        self._acks[identifier] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": identifier, "type": _TYPES[kind], "payload": payload, "accepts_response_payload": kind != "event"}
        again = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""} if kind == "event" else {}
        try:
            await self._open[self._chance(len(self._open))].send_json(envelope | again)
            return await self._acks[identifier]
        finally:
            del self._acks[identifier]

    async def refresh(self) -> None:
        """Tell every connection to come back, as Slack does from time to time."""
        for socket in list(self._open):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            await socket.close()

    async def close(self) -> None:
        """End every connection."""
        for socket in list(self._open):
            await socket.close()

    def _heard(self, message: aiohttp.WSMessage) -> None:
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        told = json.loads(message.data)
        waiting = self._acks.get(told.get("envelope_id", ""))
        if waiting and not waiting.done():
            waiting.set_result(told.get("payload") or {})


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Slack's signature of a body."""
    digest = hmac.new(secret.encode(), b"v0:%d:%b" % (timestamp, body), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """A payload as Slack posts it: events as JSON, interactions and commands as forms."""
    match kind:
        case "event":
            return json.dumps(payload).encode(), "application/json"
        case "interaction":
            return urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"
        case _:
            return urlencode({key: str(value) for key, value in payload.items()}).encode(), "application/x-www-form-urlencoded"


class Delivery:
    """One app's way in: over HTTP where `events_url` is set, else over its sockets."""

    def __init__(self, sockets: Sockets, clock: Clock, secret: str) -> None:
        self.events_url = ""
        self._sockets, self._clock, self._secret = sockets, clock, secret
        self._session: aiohttp.ClientSession | None = None

    async def bring(self, kind: str, payload: Json) -> Json | None:
        """What the ack held; None where there was none, after an event came three more times."""
        for attempt in range(len(AGAIN) + 1 if kind == "event" else 1):
            if attempt:
                await self._clock.sleep(AGAIN[attempt - 1])
            acked, again = await self._once(kind, payload, attempt)
            if acked is not None or not again:
                return acked
        return None

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    async def _once(self, kind: str, payload: Json, attempt: int) -> tuple[Json | None, bool]:
        posting = self._post(kind, payload, attempt) if self.events_url else self._over_socket(kind, payload, attempt)
        bringing = asyncio.ensure_future(posting)
        late = asyncio.ensure_future(self._clock.sleep(ACK_SECONDS))
        await asyncio.wait({bringing, late}, return_when=asyncio.FIRST_COMPLETED)
        late.cancel()
        if bringing.done():
            return bringing.result()
        bringing.cancel()
        return None, True

    async def _over_socket(self, kind: str, payload: Json, attempt: int) -> tuple[Json | None, bool]:
        return await self._sockets.deliver(kind, payload, attempt), True

    async def _post(self, kind: str, payload: Json, attempt: int) -> tuple[Json | None, bool]:
        body, content_type = encoded(kind, payload)
        headers = {"Content-Type": content_type} | signed(self._secret, body, int(self._clock.now().timestamp()))
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        self._session = self._session or aiohttp.ClientSession()
        try:
            async with self._session.post(self.events_url, data=body, headers=headers) as response:
                told = await response.read()
                if response.status == 200:
                    return (json.loads(told) if told[:1] == b"{" else {"text": told.decode()} if told else {}), False
                return None, response.headers.get("X-Slack-No-Retry") != "1"
        except aiohttp.ClientError:
            return None, True
