"""A Telegram Bot API on this computer, as faithful as bots need where they get hurt; for the preview and the tests."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from adapters.clock import Clock, system_clock
from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.calls import Call, Fault, Faults, Journal, Way, When
from adapters.sandbox.pace import Limit, Pace
from adapters.sandbox.telegram_chats import Chats, Person
from adapters.sandbox.telegram_given import Given, read_given
from adapters.sandbox.telegram_inline import Inline
from adapters.sandbox.telegram_limits import Refusal, too_many
from adapters.sandbox.telegram_people import People
from adapters.sandbox.telegram_photo import Photos
from adapters.sandbox.telegram_profile import Profile
from adapters.sandbox.telegram_sending import Sending
from adapters.sandbox.telegram_updates import Polls, Waiting
from adapters.sandbox.telegram_webhook import Webhooks
from adapters.sandbox.telegram_world import Method, Queries, Told, World

TOKEN: Final = "7000000001:sandbox-token-of-nobody"  # noqa: S105 - it opens this sandbox and nothing else
BODY_LIMIT: Final = 60 * 1024 * 1024
_FAULT_TEXTS: Final = {
    400: "Bad Request",
    401: limits.UNAUTHORIZED,
    403: limits.BLOCKED,
    404: limits.NOT_FOUND,
    409: limits.OTHER_POLLER,
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}
_PAGE: Final = (
    "<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body><center><h1>{status} Bad Gateway</h1></center></body>\r\n</html>"
)
_PATH = re.compile(r"/bot([^/]+)/([A-Za-z0-9_]+)/?")


class TelegramSandbox(People):
    """One bot's Telegram. `token` is the only one it knows; every call is kept in `calls`."""

    def __init__(self, token: str = TOKEN, clock: Clock | None = None, name: str = "immuno_sandbox_bot") -> None:
        clock, self.token, self.url = clock or system_clock(), token, ""
        self.bot = Person(int(token.partition(":")[0]), "immunobot", None, name, is_bot=True)
        self.journal = journal = Journal()
        waiting = Waiting(clock, self._update_came, journal.wake)
        photos, self._polls = Photos(), Polls(waiting, clock)
        super().__init__(World(self.bot, clock, Chats(), waiting, Queries(clock), journal), photos)
        self._webhooks = Webhooks(waiting, self._polls, clock, self._perform, journal.wake)
        self.profile = Profile(self.bot)
        self._methods = self._every_method(photos)
        self._faults, self._pace, self._stopping = Faults(), Pace(clock.now), asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; 0 takes a free port. `url` is the root of the Bot API."""
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_route("*", "/{path:.*}", self._requested)
        # A poller that hangs up frees its place at once.
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Answer whoever waits and close every connection."""
        self._stopping.set()
        self._polls.wake()
        await self._webhooks.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def fail(
        self,
        method: str,
        times: int = 1,
        status: int = 500,
        description: str = "",
        retry_after: int | None = None,
        way: Way = Way.ANSWER,
        done: bool = False,
        when: When | None = None,
    ) -> None:
        """The next `times` calls of `method` ("*": any) fail; `done`: they are carried out and only the answer is lost."""
        if retry_after is not None and status == 500:
            status = 429
        text = description or _FAULT_TEXTS.get(status, "Error").format(retry_after=retry_after or 1)
        self._faults.add(method, Fault(status, text, retry_after, way, done), times, when)

    def mend(self) -> None:
        """No call fails any more."""
        self._faults.clear()

    def hold(self, rate: float = limits.RATE, burst: float = limits.BURST) -> None:
        """From now on new messages are refused (429) past that many a second in all, 1 a second in a chat, 20 a minute in a group."""
        self._pace.hold(Limit(rate, burst), lambda chat: limits.IN_GROUP if chat.startswith("-") else limits.IN_CHAT)

    def _every_method(self, photos: Photos) -> dict[str, tuple[str, Method]]:
        found: dict[str, Method] = {
            **Sending(self._world, photos).methods(),
            **self.profile.methods(),
            **self._webhooks.methods(),
            "answerInlineQuery": Inline(self._world.queries).answer,
            "getUpdates": self._get_updates,
        }
        # The real one does not mind capitals in the names of methods.
        return {name.lower(): (name, method) for name, method in found.items()}

    async def _get_updates(self, given: Given) -> object:
        if self._webhooks.active:
            raise Refusal(409, limits.WEBHOOK_ACTIVE)
        return await self._polls.get(given)

    def _update_came(self) -> None:
        self._polls.wake()
        self._webhooks.deliver()

    async def _requested(self, request: web.Request) -> web.StreamResponse:
        called = _PATH.fullmatch(request.path)
        if called is None:
            return _answer(404, Refusal(404, limits.NOT_FOUND).body())
        if called[1] != self.token:
            return _answer(401, Refusal(401, limits.UNAUTHORIZED).body())
        try:
            given = await read_given(request)
        except Refusal as refusal:
            self._keep(called[2], {}, refusal.status, refusal.body())
            return _answer(refusal.status, refusal.body())
        fault = self._faults.take(self._methods.get(called[2].lower(), (called[2],))[0], given.raw)
        if fault is None:
            return _answer(*await self._perform(called[2], given))
        return await self._failed(request, called[2], given, fault)

    async def _perform(self, called: str, given: Given) -> tuple[int, Mapping[str, object]]:
        """Carry the call out, keep it, and say what it is answered."""
        name, method = self._methods.get(called.lower(), (called, _unknown))
        wait = self._pace.refused(given.text("chat_id")) if name in limits.NEW_MESSAGES else None
        status, body = (429, too_many(wait).body()) if wait else await _outcome(method, given)
        self._keep(name, given.raw, status, body)
        return status, body

    async def _failed(self, request: web.Request, called: str, given: Given, fault: Fault) -> web.StreamResponse:
        name, method = self._methods.get(called.lower(), (called, _unknown))
        if fault.done:
            await _outcome(method, given)
        lost = fault.way in (Way.RESET, Way.SILENCE)
        body = None if lost or fault.way is Way.PAGE else Refusal(fault.status, fault.error, fault.retry_after).body()
        self._keep(name, given.raw, 0 if lost else fault.status, body)
        if fault.way is Way.SILENCE:
            await self._stopping.wait()
        if lost:
            return _cut(request)
        if fault.way is Way.PAGE:
            return web.Response(status=fault.status, text=_PAGE.format(status=fault.status), content_type="text/html")
        return _answer(fault.status, body or {})

    def _keep(self, name: str, parameters: Mapping[str, object], status: int, answer: object) -> None:
        self._world.journal.keep(Call(name, parameters, status, answer))


async def _unknown(given: Given) -> object:
    raise Refusal(404, limits.NOT_FOUND)


async def _outcome(method: Method, given: Given) -> tuple[int, Mapping[str, object]]:
    try:
        result = await method(given)
    except Refusal as refusal:
        return refusal.status, refusal.body()
    if isinstance(result, Told):
        return 200, {"ok": True, "result": result.result, "description": result.description}
    return 200, {"ok": True, "result": result}


def _answer(status: int, body: Mapping[str, object]) -> web.Response:
    return web.json_response(body, status=status)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
