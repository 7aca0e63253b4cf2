"""One turn of the conversation: an event goes to `respond`, and what comes back is shown where the event came from."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.clock import Clock
from adapters.counters import Counters, whereabouts
from adapters.lanes import Lane
from adapters.outcome import Outcome, Respond, Sent
from adapters.patience import REPLY_SECONDS
from adapters.telegram.client import TelegramClient
from adapters.telegram.receive import Place
from content.events import Event, Go
from content.screen import Screen, as_one
from content.turn import Answer

# Of the four seconds that a turn may take, one stays to tell the reader that it did not work out.
THINKING_SECONDS: Final = 3.0
FIRST_WAIT: Final = 1.0

Trouble = Callable[[str], Screen]

_log = logging.getLogger(__name__)


class Turns:
    """Takes turns for one bot. `trouble` is the sentence, by language, for a turn that failed."""

    def __init__(
        self,
        client: TelegramClient,
        respond: Respond,
        trouble: Trouble,
        clock: Clock,
        thinking: float = THINKING_SECONDS,
    ) -> None:
        self._client, self._respond, self._trouble, self._clock, self._thinking = client, respond, trouble, clock, thinking
        self.counters = Counters()

    async def take(self, event: Event, place: Place, patience: float) -> float | None:
        """Answer one event, an urgent one with `patience` seconds.

        None when it is settled, else the seconds after which another try is worth it.
        """
        started = self._clock.now()
        answer = await self._answer(event)
        screens = as_one(answer.screens) if isinstance(event, Go) or place.inline else answer.screens
        lane, seconds = (Lane.URGENT, patience) if answer.urgent else (Lane.REPLY, REPLY_SECONDS)
        sent = await self._show(place, screens, lane, started + timedelta(seconds=seconds))
        if answer.urgent and sent.outcome in (Outcome.LATER, Outcome.UNKNOWN):
            return sent.retry_after or FIRST_WAIT
        self._count(sent)
        return None

    async def _answer(self, event: Event) -> Answer:
        try:
            async with asyncio.timeout(self._thinking):
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
            self._count(await self._client.show(place, screen, Lane.REPLY))
        return first

    def _count(self, sent: Sent) -> None:
        if sent.outcome in (Outcome.LATER, Outcome.REFUSED):
            _log.error("An answer was not taken: %s", sent.reason)
            self.counters.failed += 1
        if sent.outcome is Outcome.UNKNOWN:
            self.counters.unknown += 1


def _language(event: Event) -> str:
    return event.language if isinstance(event, Go) else (event.hint or "en")[:2].lower()
