"""A time for many loops at once: it passes when told, and only when everybody has done what they had to do until then."""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from adapters.clock import Clock
from adapters.store import Store, StoreDown

# Turns of the loop without anything happening, after which nobody has anything left to do.
_QUIET_TURNS = 40


@dataclass
class Counted:
    """A store that counts its calls, so that a test knows when none is under way.

    `away`: it answers nobody. `mute`: it does what it is asked and does not say so.
    """

    store: Store
    away: bool = False
    mute: bool = False
    calls: int = 0
    active: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, work: Callable[[Any], Any]) -> Any:
        """As the store does."""
        return await self._counted(self.store.read, work)

    async def write(self, work: Callable[[Any], Any]) -> Any:
        """As the store does."""
        return await self._counted(self.store.write, work)

    async def _counted(self, call: Callable[..., Any], work: Callable[[Any], Any]) -> Any:
        if self.away:
            raise StoreDown("gone fishing")
        self.calls += 1
        self.active += 1
        try:
            done = await call(work)
        finally:
            self.active -= 1
            self.idle.set()
        if self.mute:
            raise StoreDown("it did not answer in time")
        return done

    async def quiet(self) -> None:
        """Wait until nobody asks the store and nobody has anything to do before time passes."""
        still = 0
        while still < _QUIET_TURNS:
            if self.active:
                self.idle.clear()
                await self.idle.wait()
                still = 0
            await asyncio.sleep(0)
            still += 1


@dataclass
class Passing:
    """The time. Who sleeps wakes in order, each at its own moment."""

    at: datetime
    store: Counted
    _sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = field(default_factory=list)
    _numbers: Any = field(default_factory=count)

    def clock(self) -> Clock:
        """The clock as the program takes it."""
        return Clock(lambda: self.at, self._sleep)

    async def go_on(self, **length: float) -> None:
        """So much time passes."""
        end = self.at + timedelta(**length)
        while True:
            await self.store.quiet()
            while self._sleepers and self._sleepers[0][2].done():
                heapq.heappop(self._sleepers)
            if not self._sleepers or self._sleepers[0][0] > end:
                break
            moment, _, sleeper = heapq.heappop(self._sleepers)
            self.at = max(self.at, moment)
            sleeper.set_result(None)
        self.at = end

    async def _sleep(self, seconds: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.at + timedelta(seconds=seconds), next(self._numbers), sleeper))
        await sleeper
