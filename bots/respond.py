"""Somebody did something: read the one row that is needed, answer, keep what changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol, TypeVar

from adapters.clock import Clock
from adapters.outcome import Respond
from adapters.store.queries import StoreDown
from adapters.tasks import Tasks
from content.broadcasting import NotAllowed
from content.conversation import answer, reads, whose
from content.events import Event
from content.model import Library
from content.people import Address, Adjust, Audience, Change, Kept, Reader, Stop
from content.subscribing import Overtaken
from content.team import Colleague, Order
from content.turn import Answer

Result = TypeVar("Result")

# Longer than any turn takes.
STOP_REMEMBERED: Final = timedelta(seconds=30)
log = logging.getLogger(__name__)


class Seconds(NamedTuple):
    """How long a turn waits for the store: `read` to know the reader, `answer` for reading and keeping together."""

    read: float
    answer: float


# Below what any platform gives a turn or a form, so that what was not kept is told as such.
SECONDS: Final = Seconds(read=0.3, answer=2.3)


class Readers(Protocol):
    """What the conversation asks of the store; every call may raise StoreDown, and `keep` Overtaken."""

    async def reader(self, address: Address, audience: Audience) -> Reader: ...
    async def kept(self, address: Address) -> Kept | None: ...
    async def keep(self, changes: Sequence[Change], now: datetime) -> None: ...


class Colleagues(Protocol):
    """What a care team's own pages need besides; `carry_out` may raise StoreDown and NotAllowed."""

    async def colleague(self, event: Event) -> Colleague | None: ...
    async def carry_out(self, order: Order, event: Event) -> None: ...


def responder(
    library: Callable[[], Library],
    readers: Readers,
    audience: Audience,
    clock: Clock,
    tasks: Tasks | None = None,
    colleagues: Colleagues | None = None,
    seconds: Seconds = SECONDS,
) -> Respond:
    """The conversation of one platform. It answers also when the store does not: then the reader is simply not known.

    `tasks` hold what is kept after the answer, for whoever waits for that; within `seconds.answer` the store has kept a change or did not.
    """
    tasks = Tasks() if tasks is None else tasks
    changes = Changes(readers, clock)

    async def respond(event: Event) -> Answer:
        return await turn(event, asyncio.get_running_loop().time() + seconds.answer)

    async def turn(event: Event, ends: float) -> Answer:
        today, came = library(), clock.now()
        reader = await _reader(today, readers, event, audience, seconds.read)
        if colleagues:
            reader = replace(reader, colleague=await colleagues.colleague(event))
        found = answer(today, event, reader, clock.now())
        if found.order and colleagues:
            return await _carried_out(_by(ends, colleagues.carry_out(found.order, event)), found) or await turn(event, ends)
        if found.later:
            tasks.begin(_keep_later(readers, found.later, clock))
        return await _changed(_by(ends, changes.kept(found.changes, came)), found) if found.changes else found

    return respond


async def _by(ends: float, work: Awaitable[Result]) -> Result:
    """What comes of the work; StoreDown where it is not done when the loop's own clock says `ends`."""
    try:
        async with asyncio.timeout_at(ends):
            return await work
    except TimeoutError:
        raise StoreDown("it did not answer in time") from None


async def _changed(kept: Awaitable[bool], found: Answer) -> Answer:
    try:
        return found if await kept else _instead(found)
    except StoreDown:
        log.error("the store did not keep a change in time")
        return _instead(found)


def _instead(found: Answer) -> Answer:
    """What is said where the store did not keep what the answer tells of."""
    return replace(found, screens=(found.otherwise,)) if found.otherwise else found


class Changes:
    """Keeps what an answer changes; a stop wins over a first choice that came before it and is kept after it.

    Where a subscription stands its row holds the stop. A reader without one leaves no row, so the stop is remembered here for as long
    as a turn may take; what another replica is at is not known here.
    """

    def __init__(self, readers: Readers, clock: Clock) -> None:
        self._readers, self._clock = readers, clock
        self._stops: dict[Address, datetime] = {}

    async def kept(self, changes: Sequence[Change], came: datetime) -> bool:
        """Whether all of them stand; `came` is when the event was taken up."""
        now = self._clock.now()
        self._stops = {address: at for address, at in self._stops.items() if now - at < STOP_REMEMBERED}
        # Before it is kept: whatever is kept after that looks here.
        self._stops |= {change.address: now for change in changes if isinstance(change, Stop)}
        if not await _kept(self._readers, changes, self._clock):
            return False
        late = [Stop(change.address) for change in changes if isinstance(change, Adjust) and self._stopped_since(change.address, came)]
        if late:
            await _kept(self._readers, late, self._clock)
        return not late

    def _stopped_since(self, address: Address, came: datetime) -> bool:
        stopped = self._stops.get(address)
        return stopped is not None and stopped >= came


async def _carried_out(ordered: Awaitable[None], found: Answer) -> Answer | None:
    """The answer, once what it tells is done; None where somebody else came first, and it is to be looked at again."""
    try:
        await ordered
    except NotAllowed:
        return None
    except StoreDown:
        log.error("the store did not keep what a care team ordered")
        return _instead(found)
    return found


async def _reader(library: Library, readers: Readers, event: Event, audience: Audience, seconds: float) -> Reader:
    address = whose(library, event)
    needed = reads(library, event)
    if needed == "nothing":
        return Reader(address, audience)
    try:
        async with asyncio.timeout(seconds):
            return await _read(readers, address, audience, everything=needed == "all")
    except (StoreDown, TimeoutError):
        log.warning("the store did not answer in time; the reader is taken as unknown")
        return Reader(address, audience, known=False)


async def _read(readers: Readers, address: Address, audience: Audience, *, everything: bool) -> Reader:
    reader = await readers.reader(address, audience)
    if not everything:
        return reader
    kept = await readers.kept(address)
    return replace(reader, kept=kept)


async def _keep_later(readers: Readers, changes: Sequence[Change], clock: Clock) -> None:
    await _kept(readers, changes, clock)


async def _kept(readers: Readers, changes: Sequence[Change], clock: Clock) -> bool:
    try:
        await readers.keep(changes, clock.now())
    except Overtaken:
        log.info("a stop came first; the change was not kept")
        return False
    except StoreDown:
        log.error("the store did not keep a change")
        return False
    return True
