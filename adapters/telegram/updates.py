"""How updates come in: webhook route and getUpdates loop. An update is confirmed only after it was handled."""

import asyncio
import hmac
import json
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from aiohttp import web

from adapters.clock import Clock
from adapters.counters import Counters, whereabouts
from adapters.outcome import Respond
from adapters.patience import REPLY_SECONDS, URGENT_SECONDS
from adapters.telegram.client import TelegramClient
from adapters.telegram.polling import Polling
from adapters.telegram.queues import InWork, Queues
from adapters.telegram.receive import Place, query_of, receive
from adapters.telegram.shape import number
from adapters.telegram.turn import FIRST_WAIT, THINKING_SECONDS, Trouble, Turns
from adapters.telegram.window import Recent
from content.events import Event, Say

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header, not a secret
MAXIMUM_BODY: Final = 1024 * 1024
DRAIN_SECONDS: Final = 8.0
GIVEN_UP: Final = "an urgent answer was not taken for ten minutes"

Received = tuple[Event, Place]
Call = dict[str, str]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handled:
    """What is left to do: a callback query to answer, or (in seconds) when an urgent answer is worth another try."""

    query: str | None = None
    wait: float | None = None


class Updates:
    """The way in for one bot. Danger is judged by `is_urgent` before a chat's queue; `secret` is what a webhook must show."""

    def __init__(
        self,
        client: TelegramClient,
        respond: Respond,
        trouble: Trouble,
        is_urgent: Callable[[str], bool],
        clock: Clock,
        secret: str = "",
        thinking: float = THINKING_SECONDS,
    ) -> None:
        self._client, self._is_urgent, self._clock, self._secret = client, is_urgent, clock, secret
        self._turns = Turns(client, respond, trouble, clock, thinking)
        self._queues, self._recent, self._in_work = Queues(), Recent(), InWork()
        self._urgent_since: dict[int, datetime] = {}
        self._polling: Polling | None = None

    @property
    def counters(self) -> Counters:
        """What did not go as it should, since the program began."""
        return self._turns.counters

    async def handle(self, update: object) -> Call | None:
        """Handle one update to its end; what is left is a call of the Bot API, for the webhook's response or to be made."""
        handled = await self._once(update, receive(update, self._client.space, self._client.name), URGENT_SECONDS)
        return _call(handled)

    async def poll(self) -> None:
        """Ask for updates and handle them until `drain`. Raises WrongToken where the token was withdrawn."""
        self._polling = Polling(self._client, self._dispatch, self._clock, self.counters)
        await self._polling.run()

    async def webhook(self, request: web.Request) -> web.Response:
        """POST /telegram: 200 when the update was handled, 503 while an urgent answer was not taken, 401 without the secret."""
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not self._secret or not hmac.compare_digest(shown, self._secret.encode()):
            _log.warning("A request to the Telegram webhook did not show the secret")
            return web.Response(status=401)
        if (request.content_length or 0) > MAXIMUM_BODY:
            return web.Response(status=413)
        return await self._told(_json(await request.read()))

    async def drain(self) -> None:
        """Take nothing new, let what was begun finish, then confirm it."""
        if self._polling is not None:
            await self._polling.stop()
        await self._queues.drain(DRAIN_SECONDS)
        await self._in_work.done(DRAIN_SECONDS)
        if self._polling is not None:
            await self._polling.confirm()

    async def _told(self, update: object) -> web.Response:
        handled = await self._once(update, receive(update, self._client.space, self._client.name), REPLY_SECONDS)
        if handled.wait is not None and not self._given_up(update):
            return web.Response(status=503, headers={"Retry-After": str(math.ceil(handled.wait))})
        call = _call(handled)
        return web.json_response(call) if call else web.Response()

    def _given_up(self, update: object) -> bool:
        """An urgent answer is worth ten minutes of a webhook's repeating; then the update is confirmed."""
        identifier, now = number(update, "update_id") or 0, self._clock.now()
        self._urgent_since = {each: since for each, since in self._urgent_since.items() if now - since < timedelta(days=1)}
        if now - self._urgent_since.setdefault(identifier, now) < timedelta(seconds=URGENT_SECONDS):
            return False
        self._recent.remember(identifier)
        self._fail(GIVEN_UP)
        return True

    def _dispatch(self, update: object) -> asyncio.Task[None]:
        received = receive(update, self._client.space, self._client.name)
        job = partial(self._polled, update, received)
        if received is None or self._is_danger(received[0]):
            return self._queues.put_first(job)
        place = received[1]
        return self._queues.put((place.chat, place.inline is not None), job)

    def _is_danger(self, event: Event) -> bool:
        try:
            return isinstance(event, Say) and self._is_urgent(event.words)
        except Exception as error:  # noqa: BLE001 - words that cannot be judged must not end the loop for everybody
            self._fail(whereabouts(error))
            return True

    async def _polled(self, update: object, received: Received | None) -> None:
        handled = await self._once(update, received, URGENT_SECONDS)
        if handled.wait is not None:
            self._fail(GIVEN_UP)
        if handled.query is not None:
            await self._client.answer_query(handled.query)

    async def _once(self, update: object, received: Received | None, patience: float) -> Handled:
        """Handle an update that was not handled before; one that is in work elsewhere in this process has to wait."""
        identifier = number(update, "update_id")
        if identifier is not None and identifier in self._recent:
            return Handled()
        if identifier in self._in_work:
            return Handled(wait=FIRST_WAIT)
        with self._in_work.entered(identifier):
            wait = await self._take(received, patience) if received else None
        if identifier is not None and wait is None:
            self._recent.remember(identifier)
            self._urgent_since.pop(identifier, None)
        return Handled(query_of(update), wait)

    async def _take(self, received: Received, patience: float) -> float | None:
        try:
            return await self._turns.take(*received, patience)
        except Exception as error:  # noqa: BLE001 - the outermost loop: one update's failure stops no other
            self._fail(whereabouts(error))
            return None

    def _fail(self, reason: str) -> None:
        _log.error("An update was not answered: %s", reason)
        self.counters.failed += 1


def _call(handled: Handled) -> Call | None:
    return None if handled.query is None else {"method": "answerCallbackQuery", "callback_query_id": handled.query}


def _json(body: bytes) -> object:
    """What cannot be read is nothing: refused, it would come again and again and hold up its chat."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        _log.warning("The Telegram webhook was sent something that is not JSON")
        return None
