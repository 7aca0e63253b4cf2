"""Work in the background, held until it is done; and many small calls made as one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Generic, TypeVar

from adapters.counters import whereabouts

Item = TypeVar("Item")
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Tasks:
    """Every task is held, for the loop alone would let go of it; one that fails is told in the log."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Begin now, beside everything else."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def __len__(self) -> int:
        """How many are not done yet."""
        return len(self._tasks)

    async def drain(self, seconds: float) -> None:
        """Let everything finish; what has not within `seconds` is cancelled."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("Work in the background failed: %s", whereabouts(error))


class Together(Generic[Item, Result]):
    """Calls that come while one is under way are made as one after it: a transaction for many costs hardly more than for one.

    `work` gives one result for each item, in their order; where it raises, each caller does.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._work = work
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._tasks, self._working = Tasks(), False

    async def __call__(self, item: Item) -> Result:
        """What the work makes of the item, done at once where none is under way."""
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        # Not whether there is a task: one that has looked for the last time is not put away at once.
        if not self._working:
            self._working = True
            self._tasks.begin(self._work_on())
        return await result

    async def _work_on(self) -> None:
        try:
            await self._work_all()
        finally:
            self._working = False

    async def _work_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                results = await self._work([item for item, _ in batch])
            except Exception as error:  # noqa: BLE001 - whatever it is, it is each caller's
                _tell(batch, error)
            else:
                _give(batch, results)


def _tell(batch: Sequence[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)


def _give(batch: Sequence[tuple[Item, asyncio.Future[Result]]], results: Sequence[Result]) -> None:
    for (_, future), result in zip(batch, results, strict=True):
        if not future.done():
            future.set_result(result)
