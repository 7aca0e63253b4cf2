"""Somebody did something: read the one row that is needed, answer, keep what changed."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from adapters.clock import Clock
from adapters.outcome import Respond
from adapters.store.queries import StoreDown
from adapters.tasks import Tasks
from content.conversation import answer, reads, whose
from content.events import Event
from content.model import Library
from content.people import Address, Audience, Change, Kept, Reader
from content.subscribing import Overtaken
from content.turn import Answer

SECONDS_TO_READ: Final = 0.3
log = logging.getLogger(__name__)


class Readers(Protocol):
    """What the conversation asks of the store; every call may raise StoreDown, and `keep` Overtaken."""

    async def reader(self, address: Address, audience: Audience) -> Reader: ...
    async def kept(self, address: Address) -> Kept | None: ...
    async def keep(self, changes: Sequence[Change], now: datetime) -> None: ...


def responder(library: Callable[[], Library], readers: Readers, audience: Audience, clock: Clock, tasks: Tasks | None = None) -> Respond:
    """The conversation of one platform. It answers also when the store does not: then the reader is simply not known.

    `tasks` hold what is kept after the answer, for whoever waits for that.
    """
    tasks = Tasks() if tasks is None else tasks

    async def respond(event: Event) -> Answer:
        today = library()
        reader = await _reader(today, readers, event, audience)
        found = answer(today, event, reader, clock.now())
        if found.later:
            tasks.begin(_keep_later(readers, found.later, clock))
        if found.changes and not await _kept(readers, found.changes, clock):
            return replace(found, screens=(found.otherwise,) if found.otherwise else found.screens)
        return found

    return respond


async def _reader(library: Library, readers: Readers, event: Event, audience: Audience) -> Reader:
    address = whose(library, event)
    needed = reads(library, event)
    if needed == "nothing":
        return Reader(address, audience)
    try:
        async with asyncio.timeout(SECONDS_TO_READ):
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
