"""Updates that wait to be fetched, and getUpdates with its rules."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.clock import Clock
from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_limits import Refusal

ONLY_WHEN_ASKED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update. Those of one `queue` go to a webhook one after the other; past `until` it is lost."""

    id: int
    kind: str
    body: Mapping[str, object]
    queue: str
    until: datetime

    def told(self) -> dict[str, object]:
        """As the Bot API tells it."""
        return {"update_id": self.id, self.kind: self.body}


class Waiting:
    """Every update that was not confirmed yet, oldest first. `added` is called after each new one, `gone` after some are confirmed."""

    def __init__(self, clock: Clock, added: Callable[[], None], gone: Callable[[], None]) -> None:
        self._clock, self._added, self._gone = clock, added, gone
        self._updates: list[Update] = []
        self._last = 1000
        self.allowed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.all())

    def add(self, kind: str, body: Mapping[str, object], queue: str, life: int) -> None:
        """A new update, unless the bot did not ask for its kind."""
        if not (kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED):
            return
        self._last += 1
        self._updates.append(Update(self._last, kind, body, queue, self._clock.now() + timedelta(seconds=life)))
        self._added()

    def all(self) -> list[Update]:
        """What still waits; what waited too long is forgotten."""
        now = self._clock.now()
        self._updates = [each for each in self._updates if each.until > now]
        return self._updates

    def confirm(self, below: int) -> None:
        """Forget every update before this number; a negative one keeps so many of the newest."""
        if below < 0:
            self._updates = self._updates[below:]
        else:
            self._updates = [each for each in self._updates if each.id >= below]
        self._gone()

    def drop(self, update: Update | None = None) -> None:
        """Forget one update, or all."""
        self._updates = [each for each in self._updates if update is not None and each.id != update.id]
        self._gone()

    def remember_allowed(self, given: Given) -> None:
        """The kinds of update asked for stay until others are named; an empty list asks for the usual ones."""
        kinds = given.value("allowed_updates")
        if isinstance(kinds, list):
            self.allowed = tuple(str(each) for each in kinds)


class Polls:
    """getUpdates: one poller at a time, held until something came."""

    def __init__(self, waiting: Waiting, clock: Clock) -> None:
        self._waiting, self._clock = waiting, clock
        self._held: asyncio.Future[str] | None = None
        self._previous: tuple[int, datetime] | None = None

    def wake(self) -> None:
        """An update came, or everything stops: the poller is answered."""
        self._end("")

    def interrupt(self, conflict: str) -> None:
        """The poller is told why it may not go on."""
        self._end(conflict)

    async def get(self, given: Given) -> list[dict[str, object]]:
        """Updates from `offset` on; those before are forgotten. Raises Refusal with 409 where another poller took over."""
        self.interrupt(limits.OTHER_POLLER)
        self._waiting.remember_allowed(given)
        offset = given.number("offset")
        most, hold = self._bounds(given, offset)
        self._waiting.confirm(offset)
        if hold and not self._waiting.all():
            await self._hold(hold)
        return [each.told() for each in self._waiting.all()[:most]]

    def _bounds(self, given: Given, offset: int) -> tuple[int, int]:
        most, hold = given.number("limit", limits.UPDATES, 1, limits.UPDATES), given.number("timeout", 0, 0, limits.LONGEST_POLL)
        now, previous = self._clock.now(), self._previous
        self._previous = (offset, now)
        if previous is None or previous[0] != offset:
            return most, hold
        gone = (now - previous[1]).total_seconds()
        return 1 if gone < limits.SAME_OFFSET else most, max(hold, limits.IMPATIENT) if gone < limits.IMPATIENT else hold

    async def _hold(self, seconds: int) -> None:
        held = self._held = asyncio.get_running_loop().create_future()
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({held, sleeping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            if self._held is held:
                self._held = None
        if held.done() and held.result():
            raise Refusal(409, held.result())

    def _end(self, conflict: str) -> None:
        if self._held is not None and not self._held.done():
            self._held.set_result(conflict)
        self._held = None
