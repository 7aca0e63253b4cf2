"""A Slack on this computer: Web API, Socket Mode and signed HTTP, faithful where bots get hurt."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Final

from aiohttp import web

from adapters.clock import Clock, system_clock
from adapters.sandbox.calls import Call, Fault, Faults, Journal, Way
from adapters.sandbox.pace import Limit, Pace
from adapters.sandbox.slack_api import Api, Refusal, payload, respond
from adapters.sandbox.slack_delivery import Delivery, Sockets
from adapters.sandbox.slack_forms import Modal, pressed, submission
from adapters.sandbox.slack_limits import CHANNEL
from adapters.sandbox.slack_world import APP, BOT_USER, TEAM, Home, Json, Message, Person, World

BOT_TOKEN: Final = "xoxb-sandbox-bot"  # noqa: S105 - it opens nothing but this sandbox
APP_TOKEN: Final = "xapp-sandbox-app"  # noqa: S105 - it opens nothing but this sandbox
SIGNING_SECRET: Final = "sandbox-signing-secret"  # noqa: S105 - it signs nothing but this sandbox's payloads
FAILED: Final = 'failed with the error "operation_timeout"'
_MAXIMUM_BODY: Final = 4 * 1024 * 1024


class SlackSandbox:
    """One workspace with one app. `chance(n)` picks the socket that gets a payload."""

    def __init__(self, clock: Clock | None = None, chance: Callable[[int], int] = lambda count: 0) -> None:
        self._clock = clock or system_clock()
        self.world = World()
        self.journal, self.faults, self._pace = Journal(), Faults(), Pace(self._clock.now)
        self.sockets = Sockets(chance, self.journal.wake)
        self._delivery = Delivery(self.sockets, self._clock, SIGNING_SECRET)
        self._api = Api(self.world, self._clock.now, lambda: f"{self.url.replace('http', 'ws', 1)}/socket", lambda: f"{self.url}/upload")
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self.url = ""

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.url}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API and of response_urls, oldest first."""
        return self.journal.calls

    async def start(self, port: int = 0, events_url: str = "") -> None:
        """Listen on this computer; with `events_url` payloads are posted there instead of going to sockets."""
        self._delivery.events_url = events_url
        served = web.Application(client_max_size=_MAXIMUM_BODY)
        served.router.add_route("*", "/api/{method}", self._called)
        served.router.add_post("/response/{token}", self._responded)
        served.router.add_post("/upload/{file}", self._uploaded)
        served.router.add_get("/socket", self.sockets.serve)
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """End everything that was begun."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._delivery.close()
        await self.sockets.close()
        if self._runner:
            await self._runner.cleanup()

    async def until(self, condition: Callable[[], object], timeout: float = 5) -> None:  # noqa: ASYNC109 - the seam that tests agreed on
        """Return once the condition holds."""
        await self.journal.until(condition, timeout)

    def fail(self, method: str, times: int = 1, *, fault: Fault) -> None:
        """The next `times` calls of the method go wrong."""
        self.faults.add(method, fault, times)

    def hold(self, limit: Limit = CHANNEL) -> None:
        """From now on a channel takes so many new messages a second, and refuses more (429, Retry-After)."""
        self._pace.hold(None, lambda channel: limit)

    @property
    def quiet(self) -> bool:
        """Whether everything that people did was acked, or given up. Typed words are acked when they were answered."""
        return not self._tasks

    def messages(self, channel: str) -> tuple[Message, ...]:
        """What stands in a conversation; a user's id is their conversation with the bot."""
        found = self.world.direct(channel) if channel.startswith(("U", "W")) else self.world.channels[channel]
        return tuple(found.messages)

    def home(self, user: str) -> Home | None:
        """A person's Home."""
        return self.world.homes.get(user)

    def join(self, channel: str, *users: str) -> None:
        """People, and the bot where BOT_USER is named, join a channel."""
        self.world.join(channel, *users)

    def welcome(self, person: Person) -> None:
        """A person of that name, language and zone is in the workspace."""
        self.world.people[person.id] = person

    async def type(self, user: str, text: str, channel: str | None = None, thread: str | None = None) -> str:
        """A person types in their conversation with the bot, or in a channel where nobody hears it; the message's id."""
        room = self.world.channels[channel] if channel else self.world.direct(user)
        message = Message(self.world.timestamp(self._clock.now()), user, _typed(text), thread_ts=thread)
        room.put(message)
        self.journal.wake()
        if room.id.startswith("D"):
            self._event(payload(message) | {"channel": room.id, "channel_type": "im", "event_ts": message.ts})
        return message.ts

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """A person changes what they typed."""
        room = self.world.channels[channel]
        before = room.find(ts)
        if before is None:
            raise KeyError(ts)
        after = Message(ts, user, _typed(text), thread_ts=before.thread_ts)
        room.put(after)
        changed = {"type": "message", "subtype": "message_changed", "channel": channel, "channel_type": "im", "event_ts": ts}
        self._event(changed | {"message": payload(after), "previous_message": payload(before)})

    async def mention(self, user: str, channel: str, text: str) -> str:
        """A person mentions the bot in a channel; the message's id."""
        self.world.person(user)
        message = Message(self.world.timestamp(self._clock.now()), user, f"<@{BOT_USER}> {_typed(text)}")
        self.world.join(channel, user, BOT_USER).put(message)
        self._event(payload(message) | {"type": "app_mention", "channel": channel, "event_ts": message.ts})
        return message.ts

    async def open_home(self, user: str, tab: str = "home") -> None:
        """A person opens the app's Home, or its messages."""
        channel = self.world.direct(user).id
        self._event({"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, "event_ts": "1.0"})

    async def command(self, user: str, channel: str | None, text: str) -> None:
        """A person sends `/immunobot text`."""
        self.world.person(user)
        room = self.world.channels[channel] if channel else self.world.direct(user)
        told = {
            "token": "t",
            "team_id": TEAM,
            "team_domain": "ward",
            "channel_id": room.id,
            "channel_name": "room",
            "user_id": user,
            "user_name": "robin",
            "command": "/immunobot",
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
        }
        self._begin(self._interact("command", told | self._ways_back(room.id, user, None), room.id, user))

    async def tap(self, user: str, channel: str, ts: str, action_id: str, value: str | None = None) -> None:
        """A person taps a button; a user's id as `channel` means the conversation with the bot, `value` an ancient or forged button."""
        room = self.world.direct(user) if channel.startswith(("U", "W")) else self.world.channels[channel]
        message = room.find(ts)
        if message is None:
            raise KeyError(ts)
        private = message.ephemeral_for is not None
        container = {"type": "message", "message_ts": ts, "channel_id": room.id, "is_ephemeral": private}
        shown = {} if private else {"message": payload(message)}
        told = {"container": container, "channel": {"id": room.id, "name": "room"}, **shown, **self._ways_back(room.id, user, ts)}
        self._begin(self._interact("interaction", pressed(user, message.blocks, action_id, value) | told, room.id, user))

    async def tap_home(self, user: str, action_id: str) -> None:
        """A person taps a button of their Home."""
        home = self.world.homes[user]
        view = {"id": f"V{user}", "type": "home", "hash": home.hash, "blocks": list(home.blocks)}
        told = {
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "trigger_id": self.world.trigger(user, self._clock.now()),
        }
        self._begin(self._interact("interaction", pressed(user, home.blocks, action_id) | told, self.world.direct(user).id, user))

    def modal(self, user: str) -> Modal | None:
        """The form that stands before a person."""
        return self.world.modals.get(user)

    async def submit(self, user: str, **values: str) -> None:
        """A person fills in these fields of the form before them, leaves the others as they stand, and sends it."""
        self._begin(self._submit(user, self.world.modals[user].filled(values)))

    async def _submit(self, user: str, filled: Modal) -> None:
        acked = await self._delivery.bring("interaction", submission(user, filled))
        after = filled.answered(acked)
        self.world.modals.pop(user, None)
        if after:
            self.world.modals[user] = after

    def _ways_back(self, channel: str, user: str, source: str | None) -> dict[str, object]:
        now = self._clock.now()
        return {
            "response_url": f"{self.url}/response/{self.world.response_url(channel, user, source, now)}",
            "trigger_id": self.world.trigger(user, now),
        }

    def _event(self, event: Json) -> None:
        told: dict[str, object] = {"token": "t", "team_id": TEAM, "api_app_id": APP, "type": "event_callback", "event": event}
        told["event_id"], told["event_time"] = f"Ev{self.world.number()}", int(self._clock.now().timestamp())
        told["authorizations"] = [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}]
        self._begin(self._bring_event(told))

    async def _bring_event(self, told: Json) -> None:
        await self._delivery.bring("event", told)

    async def _interact(self, kind: str, told: Json, channel: str, user: str) -> None:
        acked = await self._delivery.bring(kind, told)
        room = self.world.channels[channel]
        words = FAILED if acked is None else str(acked.get("text") or "")
        if words:
            room.put(Message(self.world.timestamp(self._clock.now()), "USLACKBOT", words, ephemeral_for=user))

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.journal.wake()

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method, parameters = request.match_info["method"], await _parameters(request)
        fault = self.faults.take(method, parameters) or self._too_fast(method, parameters)
        if fault and not fault.done:
            return await self._failed(request, method, parameters, fault)
        answer = self._answered(method, parameters, request.headers.get("Authorization", ""))
        if fault:
            return await self._failed(request, method, parameters, fault)
        self.journal.keep(Call(method, parameters, 200, answer))
        return web.json_response(answer)

    def _too_fast(self, method: str, parameters: Json) -> Fault | None:
        wait = self._pace.refused(str(parameters.get("channel"))) if method == "chat.postMessage" else None
        return Fault(429, "ratelimited", wait) if wait else None

    def _answered(self, method: str, parameters: Json, authorization: str) -> dict[str, object]:
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        given = authorization.removeprefix("Bearer ") or str(parameters.get("token", ""))
        if given != wanted:
            return {"ok": False, "error": "invalid_auth" if given else "not_authed"}
        try:
            return self._api.call(method, parameters)
        except Refusal as refusal:
            return {"ok": False, "error": refusal.code, "response_metadata": {"messages": refusal.details}}

    async def _failed(self, request: web.Request, method: str, parameters: Json, fault: Fault) -> web.StreamResponse:
        self.journal.keep(Call(method, parameters, 0 if fault.way in (Way.RESET, Way.SILENCE) else fault.status, fault.error))
        match fault.way:
            case Way.SILENCE:
                await asyncio.Event().wait()
            case Way.RESET:
                if request.transport:
                    request.transport.abort()
            case Way.PAGE:
                return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        return web.json_response({"ok": False, "error": fault.error or "internal_error"}, status=fault.status, headers=headers)

    async def _responded(self, request: web.Request) -> web.StreamResponse:
        parameters = await _parameters(request)
        fault = self.faults.take("response_url", parameters)
        if fault:
            return await self._failed(request, "response_url", parameters, fault)
        refused = respond(self._api, request.match_info["token"], parameters)
        answer = {"ok": False, "error": refused} if refused else {"ok": True}
        self.journal.keep(Call("response_url", parameters, 404 if refused else 200, answer))
        return web.json_response(answer, status=404) if refused else web.Response(text="ok")

    async def _uploaded(self, request: web.Request) -> web.Response:
        self.journal.keep(Call("upload", {"size": len(await request.read())}, 200))
        return web.Response(text="OK")


def _typed(text: str) -> str:
    """What Slack makes of typed letters before it tells them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def _parameters(request: web.Request) -> Mapping[str, object]:
    if request.content_type == "application/json":
        try:
            found = json.loads(await request.read())
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
    return {**request.query, **dict(await request.post())}
