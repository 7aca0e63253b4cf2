"""Work in the background, held until it is done."""

import asyncio
import logging
from collections.abc import Coroutine
from pathlib import Path
from traceback import extract_tb

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


def whereabouts(error: BaseException) -> str:
    """The kind of an error and the line that raised it. Its text may quote a reader, so that is left out."""
    frames = extract_tb(error.__traceback__)
    line = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{line}"
