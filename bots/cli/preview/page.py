"""The page: what stands in both sandboxes as JSON, sent on as it changes; what a person types and taps, handed to the sandboxes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiohttp import web

from adapters.sandbox.slack import SlackSandbox
from adapters.sandbox.telegram import TelegramSandbox
from bots.cli.preview.drawn import COLLEAGUE, ME, YOU, slack_form, slack_home, slack_messages, telegram_messages
from content.model import Library

FILES: Final = Path(__file__).parent / "page"
HOME: Final = "home"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_MAXIMUM_BODY: Final = 256 * 1024


class Page:
    """One web page for one person at this computer. `room` is a Slack channel that it shows beside their own conversation.

    `to_next_tip` sets the time ahead to a platform's next tip, and is False where none was chosen.
    """

    def __init__(
        self, library: Library, telegram: TelegramSandbox, slack: SlackSandbox, room: str, to_next_tip: Callable[[str], Awaitable[bool]]
    ) -> None:
        self._library, self._telegram, self._slack, self._channel = library, telegram, slack, room
        self._to_next_tip = to_next_tip
        self._room = YOU
        self._runner: web.AppRunner | None = None
        telegram.person(ME)

    async def start(self, port: int) -> str:
        """Serve the page on this computer; its address. Raises OSError where the port is taken."""
        served = web.Application(client_max_size=_MAXIMUM_BODY, middlewares=[_only_here])
        served.router.add_get("/", self._index)
        served.router.add_get("/events", self._events)
        for path, act in self._acts().items():
            served.router.add_post(path, _act(act))
        served.router.add_static("/", FILES)
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def welcome(self) -> None:
        """The first words on both platforms, so that nobody meets an empty page."""
        await self._telegram.type(ME, "/start")
        await self._slack.until(lambda: len(self._slack.sockets))
        await self._slack.type(YOU, "menu")

    async def stop(self) -> None:
        """End it."""
        if self._runner:
            await self._runner.cleanup()

    def _acts(self) -> dict[str, Callable[[dict[str, str]], Awaitable[object]]]:
        return {
            "/telegram/tip": lambda _: self._show_tip("telegram"),
            "/slack/tip": lambda _: self._show_tip("slack"),
            "/telegram/type": lambda given: self._telegram.type(ME, given["text"]),
            "/telegram/tap": lambda given: self._telegram.tap(ME, int(given["message"]), given["data"]),
            "/slack/type": self._type_in_slack,
            "/slack/tap": self._tap_in_slack,
            "/slack/room": self._go_to,
            "/slack/submit": lambda given: self._slack.submit(self._who, **given),
        }

    async def _show_tip(self, platform: str) -> None:
        """The next tip at once; who has chosen none is shown where to choose."""
        if await self._to_next_tip(platform):
            return
        if platform == "telegram":
            await self._telegram.type(ME, "/tips")
        else:
            await self._type_in_slack({"text": "tips"})

    @property
    def _who(self) -> str:
        """Whoever acts in Slack: in their own conversation the colleague does, who approves what you propose."""
        return COLLEAGUE if self._room == COLLEAGUE else YOU

    async def _type_in_slack(self, given: dict[str, str]) -> None:
        text = given["text"].strip()
        if text.startswith("/immunobot"):
            await self._slack.command(
                self._who, self._channel if self._room == self._channel else None, text.removeprefix("/immunobot").strip()
            )
        elif self._room == self._channel:
            await self._slack.mention(YOU, self._channel, text)
        else:
            self._room = self._who
            await self._slack.type(self._who, text)

    async def _tap_in_slack(self, given: dict[str, str]) -> None:
        if given["message"] == HOME:
            await self._slack.tap_home(YOU, given["action"])
        else:
            await self._slack.tap(self._who, self._room, given["message"], given["action"])

    async def _go_to(self, given: dict[str, str]) -> None:
        self._room = given["room"] if given["room"] in (YOU, COLLEAGUE, self._channel, HOME) else YOU
        if self._room == HOME:
            await self._slack.open_home(YOU)
        self._slack.journal.wake()

    async def _index(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(FILES / "index.html", headers=_HEADERS)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers=_HEADERS | {"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await _tell(stream, "phrases", self._phrases())
        told = ""
        while not _closing(request):
            now = json.dumps(self._state(), ensure_ascii=False)
            if now != told:
                told = now
                await stream.write(f"event: messages\ndata: {now}\n\n".encode())
            await self._something_happens()
        return stream

    async def _something_happens(self) -> None:
        """Either sandbox changed, or so much time went by that the browser may have gone."""
        waiting = [asyncio.ensure_future(sandbox.journal.change()) for sandbox in (self._telegram, self._slack)]
        _, rest = await asyncio.wait(waiting, timeout=1, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()

    def _state(self) -> dict[str, object]:
        slack = slack_home(self._slack) if self._room == HOME else slack_messages(self._slack, self._room)
        return {"telegram": telegram_messages(self._telegram), "slack": [*slack, *slack_form(self._slack, self._who)]}

    def _phrases(self) -> dict[str, object]:
        say = self._library.phrases["en"]
        rooms = [
            {"room": room, "title": say[f"preview.{name}"]}
            for room, name in ((YOU, "direct"), (self._channel, "channel"), (HOME, "home"), (COLLEAGUE, "colleague"))
        ]
        return {key: say[f"preview.{key}"] for key in ("telegram", "slack", "placeholder", "send", "next_tip")} | {"rooms": rooms}


def _closing(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def _tell(stream: web.StreamResponse, event: str, value: object) -> None:
    await stream.write(f"event: {event}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode())


def _act(act: Callable[[dict[str, str]], Awaitable[object]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        try:
            given = await request.json()
            await act({key: str(value) for key, value in given.items()})
        except (ValueError, KeyError, AttributeError):
            return web.Response(status=400)
        return web.Response(status=204)

    return handler


@web.middleware
async def _only_here(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """Another site's page may not reach in: neither by a name that points here, nor by posting."""
    if request.host.rsplit(":", 1)[0] not in _LOOPBACK:
        return web.Response(status=403)
    if request.method == "POST" and request.content_type != "application/json":
        return web.Response(status=415)
    return await handler(request)
