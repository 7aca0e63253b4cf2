"""One turn of the conversation: an event goes to `respond`, and what comes back is shown where the event came from."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from adapters.clock import Clock
from adapters.lanes import Lane
from adapters.outcome import Outcome, Respond, Sent
from adapters.slack.client import SlackClient
from adapters.slack.delivery import REPLY_SECONDS, URGENT_SECONDS
from adapters.slack.receive import Place
from adapters.slack.tasks import whereabouts
from content.events import Event, Go
from content.screen import Button, Link, Row, Screen
from content.turn import Answer

THINKING_SECONDS: Final = 3.0

Trouble = Callable[[str], Screen]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counters:
    """Since the program began. `failed`: not answered. `unknown`: sent, and no word came back."""

    failed: int = 0
    unknown: int = 0


class Turns:
    """Takes turns for one app. `trouble` is the sentence, by language, for a turn that failed."""

    def __init__(self, client: SlackClient, respond: Respond, trouble: Trouble, clock: Clock) -> None:
        self._client, self._respond, self._trouble, self._clock = client, respond, trouble, clock
        self._edits: WeakValueDictionary[tuple[str, str | None], asyncio.Lock] = WeakValueDictionary()
        self.counters = Counters()

    async def take(self, event: Event, place: Place) -> None:
        """Answer one event. What edits the same message, or the same Home, is done in the order in which it came."""
        if not (place.home or place.message):
            await self._answer(event, place)
            return
        async with self._edits.setdefault((place.user if place.home else place.channel, place.message), asyncio.Lock()):
            await self._answer(event, place)

    async def _answer(self, event: Event, place: Place) -> None:
        started = self._clock.now()
        answer = await self._asked(event)
        screens = _as_one(answer.screens) if isinstance(event, Go) or place.home else answer.screens
        lane, seconds = (Lane.URGENT, URGENT_SECONDS) if answer.urgent else (Lane.REPLY, REPLY_SECONDS)
        self._count(await self._show(place, screens, lane, started + timedelta(seconds=seconds)))

    async def _asked(self, event: Event) -> Answer:
        try:
            async with asyncio.timeout(THINKING_SECONDS):
                return await self._respond(event)
        except Exception as error:  # noqa: BLE001 - the outermost loop: one reader's failure is nobody else's
            _log.error("A turn failed: %s", whereabouts(error))
            self.counters.failed += 1
            return Answer((self._trouble(_language(event)),))

    async def _show(self, place: Place, screens: Sequence[Screen], lane: Lane, by: datetime) -> Sent:
        """The first screen counts: what follows it is sent once it has arrived."""
        if not screens:
            return Sent(Outcome.SENT)
        first = await self._client.show(place, screens[0], lane, by)
        for screen in screens[1:] if first.outcome is Outcome.SENT else ():
            self._count(await self._client.show(replace(place, replace=False), screen, Lane.REPLY))
        return first

    def _count(self, sent: Sent) -> None:
        if sent.outcome is Outcome.UNKNOWN:
            self.counters.unknown += 1
        elif sent.outcome is not Outcome.SENT:
            _log.error("An answer was not taken: %s", sent.reason)
            self.counters.failed += 1


def _as_one(screens: tuple[Screen, ...]) -> tuple[Screen, ...]:
    """Several screens as one text with all their buttons: a tap has one message to redraw."""
    if len(screens) < 2:
        return screens
    words = "\n\n".join(screen.text for screen in screens)
    return (replace(screens[0], text=words, rows=_each_once([row for screen in screens for row in screen.rows])),)


def _each_once(rows: list[Row]) -> tuple[Row, ...]:
    """The rows without a button that comes again further down, where readers look for Back and Menu."""
    seen: set[Button | Link] = set()
    kept: list[Row] = []
    for row in reversed(rows):
        kept.insert(0, tuple(each for each in row if each not in seen))
        seen.update(row)
    return tuple(row for row in kept if row)


def _language(event: Event) -> str:
    return event.language if isinstance(event, Go) else (event.hint or "en")[:2].lower()
