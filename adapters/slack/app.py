"""How Slack reaches us: Bolt's app with one listener a kind of payload, by Socket Mode or by HTTP."""

import asyncio
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.clock import Clock
from adapters.counters import Counters
from adapters.outcome import Respond, Unreachable
from adapters.slack.client import QUIET, SlackClient
from adapters.slack.home import Prompt, opened_messages
from adapters.slack.http import MAXIMUM_BODY, Signatures, read_body
from adapters.slack.locales import Locales
from adapters.slack.receive import part, receive, text
from adapters.slack.turn import Trouble, Turns
from adapters.tasks import Tasks
from content.events import Event, Go, Say

ANSWER_SECONDS: Final = 2.0
CONNECT_SECONDS: Final = 10.0
DRAIN_SECONDS: Final = 8.0
REMEMBERED: Final = 10_000
_ANYTHING: Final = re.compile("")
_REMOVED: Final = ("tokens_revoked", "app_uninstalled")
_BOLTS_OWN: Final = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_VERIFICATION_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")

Payload = dict[str, object]
Prompts = Callable[[str], Sequence[Prompt]]

_log = logging.getLogger(__name__)


class SlackApp:
    """The way in for one app. `trouble` and `prompts` go by language; `answer_seconds` is how long typed words wait for their ack."""

    def __init__(
        self,
        client: SlackClient,
        respond: Respond,
        trouble: Trouble,
        clock: Clock,
        *,
        signing_secret: str = "",
        app_token: str = "",
        prompts: Prompts = lambda language: (),
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._client, self._prompts, self._app_token, self._answer_seconds = client, prompts, app_token, answer_seconds
        self._turns = Turns(client, respond, trouble, clock)
        self._signatures = Signatures(signing_secret, clock)
        self._tasks, self._recent = Tasks(), Recent()
        self._locales = Locales(client.locale, self._tasks.begin)
        self._bolt = self._build()
        self._socket: AsyncSocketModeHandler | None = None

    @property
    def counters(self) -> Counters:
        """What did not go as it should, since the program began."""
        return self._turns.counters

    async def start_socket(self) -> None:
        """Let Slack in by Socket Mode; returns when connected, and stays connected. Raises WrongToken, Unreachable."""
        url = await self._client.socket_url(self._app_token)
        self._socket = AsyncSocketModeHandler(self._bolt, self._app_token, logger=QUIET, web_client=self._client.library)
        self._socket.client.socket_mode_request_listeners[:] = [partial(self._brought, self._socket)]
        self._socket.client.wss_uri = url
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._socket.connect_async()  # type: ignore[no-untyped-call]  # slack-bolt leaves this one untyped
        except TimeoutError:
            await self._close_socket()
            raise Unreachable("Slack: Socket Mode does not answer") from None

    async def http(self, request: web.Request) -> web.Response:
        """POST /slack/events: 401 without Slack's signature, 400 where a signed body cannot be read."""
        if (request.content_length or 0) > MAXIMUM_BODY:
            return web.Response(status=413)
        body = await request.read()
        if not self._signatures.hold(request.headers, body):
            _log.warning("A request to the Slack address did not show Slack's signature")
            return web.Response(status=401)
        payload = read_body(request.content_type, body)
        return web.Response(status=400) if payload is None else await self._dispatched(payload)

    async def stop(self) -> None:
        """Let what was begun finish and be confirmed, then take nothing more."""
        await self._tasks.drain(DRAIN_SECONDS)
        await self._close_socket()
        await self._tasks.drain(DRAIN_SECONDS)

    async def _brought(self, socket: AsyncSocketModeHandler, client: SocketModeClient, request: SocketModeRequest) -> None:
        """One payload with its ack as work that is held, so that stopping waits for both."""
        await self._tasks.begin(socket.handle(client, request))

    async def _dispatched(self, payload: Payload) -> web.Response:
        try:
            # The signature held and the body is read, which is all that tells Bolt's two modes apart.
            request = AsyncBoltRequest(body=payload, mode="socket_mode")
            return await to_aiohttp_response(await self._bolt.async_dispatch(request))
        except Exception as error:  # noqa: BLE001 - Bolt reads shapes before it looks at them; what it cannot read is nobody's crash
            _log.warning("A signed request could not be read: %s", type(error).__name__)
            return web.Response(status=400)

    async def _happened(self, body: Payload) -> None:
        """Typed words are answered first and confirmed after, so that Slack brings them again to whoever comes after a kill."""
        if not self._recent.first(text(body, "event_id")):
            return
        if text(part(body, "event"), "type") in _REMOVED:
            _log.warning("Slack: the app was removed from a workspace, or its token was withdrawn")
        task = self._begin_prompts(body) or self._begin_turn(body)
        if task is not None:
            await asyncio.wait({task}, timeout=self._answer_seconds)

    async def _tapped(self, body: Payload, ack: AsyncAck) -> None:
        """Confirmed at once: Slack brings taps and commands once, and shows an error where the ack is late."""
        self._begin_turn(body)
        await ack()

    async def _submitted(self, body: Payload, ack: AsyncAck) -> None:
        """A form is confirmed with what is to be mended in it, so that it stays open and no word is lost."""
        received = receive(body)
        errors = await self._turns.submitted(received[0]) if received and isinstance(received[0], Go) else {}
        await (ack(response_action="errors", errors=errors) if errors else ack())

    def _begin_prompts(self, body: Payload) -> asyncio.Task[None] | None:
        opened = opened_messages(body)
        if opened is None:
            return None
        channel, user = opened
        return self._tasks.begin(self._client.suggest(channel, self._prompts((self._locales.of(user).language or "en")[:2].lower())))

    def _begin_turn(self, body: Mapping[str, object]) -> asyncio.Task[None] | None:
        received = receive(body)
        if received is None:
            return None
        event, place = received
        return self._tasks.begin(self._turns.take(self._hinted(event), place))

    def _hinted(self, event: Event) -> Event:
        known = self._locales.of(event.sender.chat)
        return replace(event, hint=known.language, zone=known.zone) if isinstance(event, Say) else replace(event, zone=known.zone)

    def _build(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            # A plain function: Bolt would hand a method its `self` a second time.
            return self._authorized(enterprise_id, team_id)

        with _hidden(_BOLTS_OWN):
            bolt = AsyncApp(
                name="immunobot",
                logger=QUIET,
                client=AsyncWebClient(logger=QUIET),
                authorize=authorize,
                process_before_response=True,
                request_verification_enabled=False,
                attaching_function_token_enabled=False,
                attaching_conversation_kwargs_enabled=False,
            )
        bolt.event(_ANYTHING)(self._happened)
        bolt.command(_ANYTHING)(self._tapped)
        bolt.action(_ANYTHING)(self._tapped)
        bolt.view(_ANYTHING)(self._submitted)
        return bolt

    def _authorized(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id=self._client.bot_user, bot_id=self._client.bot_id)

    async def _close_socket(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close_async()  # type: ignore[no-untyped-call]  # slack-bolt leaves this one untyped


class Recent:
    """The event ids of late, so that one that comes again is known."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._ids: dict[str, None] = {}
        self._size = size

    def first(self, identifier: str) -> bool:
        """Whether the id is new, which it then is no more. What has no id is always new."""
        if identifier in self._ids:
            return False
        if identifier:
            self._ids[identifier] = None
        if len(self._ids) > self._size:
            del self._ids[next(iter(self._ids))]
        return True


@contextmanager
def _hidden(names: Sequence[str]) -> Iterator[None]:
    """Bolt reads variables of its own when it is made; settings are ours alone, so it finds none."""
    found = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(found)
