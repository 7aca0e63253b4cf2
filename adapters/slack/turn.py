"""One turn of the conversation: an event goes to `respond`, and what comes back is shown where the event came from."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from adapters.clock import Clock
from adapters.counters import Counters, whereabouts
from adapters.lanes import Lane
from adapters.outcome import Outcome, Respond, Sent
from adapters.patience import REPLY_SECONDS, URGENT_SECONDS
from adapters.slack.client import SlackClient
from adapters.slack.receive import Place
from content.events import Event, Go
from content.screen import Screen, as_one
from content.turn import Answer

THINKING_SECONDS: Final = 3.0
# Slack wants to know within three what is wrong with a form.
SUBMITTED_SECONDS: Final = 2.5

Trouble = Callable[[str], Screen]

_log = logging.getLogger(__name__)


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

    async def submitted(self, event: Go) -> dict[str, str]:
        """Answer a form that was sent: what is to be mended, by field; empty where it was taken."""
        answer = await self._asked(event, SUBMITTED_SECONDS)
        if answer.errors or not answer.screens:
            return dict(answer.errors)
        # It was not taken, and the reason belongs to no field: the form stays open, so that no word of it is lost.
        fields = event.fields or {}
        written = [key for key, words in fields.items() if words] or list(fields)
        return dict.fromkeys(written[:1], answer.screens[0].text.replace("**", ""))

    async def _answer(self, event: Event, place: Place) -> None:
        started = self._clock.now()
        answer = await self._asked(event, THINKING_SECONDS)
        if await self._opened(event, answer, place):
            return
        screens = as_one(answer.screens) if isinstance(event, Go) or place.home else answer.screens
        lane, seconds = (Lane.URGENT, URGENT_SECONDS) if answer.urgent else (Lane.REPLY, REPLY_SECONDS)
        self._count(await self._show(place, screens, lane, started + timedelta(seconds=seconds)))

    async def _opened(self, event: Event, answer: Answer, place: Place) -> bool:
        """Whether the answer's form stands before the person; where it cannot be opened its screens are shown."""
        if answer.form is None or place.trigger is None:
            return False
        room = event.room.chat if event.room != event.sender else ""
        return (await self._client.open_form(place.trigger, answer.form, room)).outcome is Outcome.SENT

    async def _asked(self, event: Event, seconds: float) -> Answer:
        try:
            async with asyncio.timeout(seconds):
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


def _language(event: Event) -> str:
    return event.language if isinstance(event, Go) else (event.hint or "en")[:2].lower()
