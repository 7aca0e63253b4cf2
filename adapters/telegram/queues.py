"""Work in the order in which it came for one chat, at the same time for different chats."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from adapters.tasks import Tasks

Job = Callable[[], Awaitable[None]]


class Queues:
    """One queue a key; a queue that is empty leaves nothing behind. Every task is held until it is done."""

    def __init__(self) -> None:
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._tasks = Tasks()

    def put(self, key: Hashable, job: Job) -> asyncio.Task[None]:
        """Do the job after all earlier ones with this key, whatever became of them."""
        task = self._tasks.begin(_after(self._last.get(key), job))
        self._last[key] = task
        task.add_done_callback(partial(self._forget, key))
        return task

    def put_first(self, job: Job) -> asyncio.Task[None]:
        """Do the job now, past every queue."""
        return self._tasks.begin(_after(None, job))

    async def drain(self, seconds: float) -> None:
        """Let everything finish; what has not within `seconds` is cancelled."""
        await self._tasks.drain(seconds)

    def _forget(self, key: Hashable, task: asyncio.Task[None]) -> None:
        if self._last.get(key) is task:
            del self._last[key]


class InWork:
    """The updates that are being handled now, by id; those without an id are only counted."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def __contains__(self, identifier: int | None) -> bool:
        return identifier in self._ids

    @contextmanager
    def entered(self, identifier: int | None) -> Iterator[None]:
        """In work for the length of the block."""
        self._count += 1
        self._none.clear()
        if identifier is not None:
            self._ids.add(identifier)
        try:
            yield
        finally:
            if identifier is not None:
                self._ids.discard(identifier)
            self._count -= 1
            if self._count == 0:
                self._none.set()

    async def done(self, seconds: float) -> None:
        """Wait until nothing is in work, at most `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._none.wait()


async def _after(before: asyncio.Task[None] | None, job: Job) -> None:
    if before is not None:
        await asyncio.wait({before})
    await job()
