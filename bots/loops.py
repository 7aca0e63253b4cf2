"""What is done again and again while the program runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from adapters.clock import Clock
from adapters.counters import whereabouts
from adapters.store import StoreDown

# A step gives the seconds after which it is to be taken again, None where it is done for good.
Step = Callable[[], Awaitable[float | None]]

_RETRY: Final = 1.0
_ENDING_SECONDS: Final = 4.0
log = logging.getLogger(__name__)


class Loops:
    """Steps, each taken again and again until all are told to end. A store that is away is told once, and its return once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: dict[asyncio.Task[None], asyncio.Event] = {}
        self._away: set[str] = set()
        self._ending = asyncio.Event()

    def begin(self, name: str, step: Step, woken: asyncio.Event | None = None) -> None:
        """Take this step from now on; setting `woken` ends its pause."""
        woken = woken or asyncio.Event()
        self._tasks[asyncio.create_task(self._go_on(name, step, woken))] = woken

    def wake(self) -> None:
        """End every pause."""
        for woken in self._tasks.values():
            woken.set()

    async def ended(self) -> None:
        """Wait until they are told to end."""
        await self._ending.wait()

    async def end(self) -> None:
        """Let each finish the step that it is at, and take no other."""
        self._ending.set()
        self.wake()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_ENDING_SECONDS)
            for task in late:
                task.cancel()

    async def _go_on(self, name: str, step: Step, woken: asyncio.Event) -> None:
        while not self._ending.is_set():
            woken.clear()
            pause = await self._taken(name, step)
            if pause is None:
                return
            if not self._ending.is_set():
                await self._rest(pause, woken)

    async def _taken(self, name: str, step: Step) -> float | None:
        try:
            pause = await step()
        except StoreDown as error:
            self._tell_away(name, error)
            return _RETRY
        except Exception as error:  # noqa: BLE001 - whatever one step met, the next is taken: readers wait for it
            log.error("A step failed (%s): %s", name, whereabouts(error))
            return _RETRY
        self._tell_back(name)
        return pause

    async def _rest(self, seconds: float, woken: asyncio.Event) -> None:
        waiting = {asyncio.ensure_future(self._clock.sleep(max(0.0, seconds))), asyncio.ensure_future(woken.wait())}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()

    def _tell_away(self, name: str, error: StoreDown) -> None:
        if not self._away:
            log.error("the store does not answer (%s); tips wait until it does", error)
        self._away.add(name)

    def _tell_back(self, name: str) -> None:
        if self._away == {name}:
            log.warning("the store answers again; tips go on")
        self._away.discard(name)
