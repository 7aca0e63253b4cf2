"""The getUpdates loop: an update is confirmed when it was handled, and a slow one holds up nobody else."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from telegram.error import Conflict, InvalidToken, TelegramError

from adapters.clock import Clock
from adapters.counters import Counters
from adapters.outcome import WrongToken
from adapters.telegram.client import TelegramClient
from adapters.telegram.http import TooManyRequests
from adapters.telegram.shape import number
from adapters.telegram.window import Window

HOLD: Final = 50
PACE: Final = 0.5
MAXIMUM_UNCONFIRMED: Final = 80
LONGEST_BACK_OFF: Final = 30.0
QUIET: Final = timedelta(days=5)

Dispatch = Callable[[object], asyncio.Task[None]]

_log = logging.getLogger(__name__)


class Polling:
    """One run of the loop. `dispatch` begins the work on an update; its task ends when the update was handled."""

    def __init__(self, client: TelegramClient, dispatch: Dispatch, clock: Clock, counters: Counters) -> None:
        self._client, self._dispatch, self._clock, self._counters = client, dispatch, clock, counters
        self._window = Window()
        self._moved, self._stopping, self._ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._asking: asyncio.Task[list[object]] | None = None
        self._failures = 0
        self._asked: int | None = None
        self._last_came = clock.now()

    async def run(self) -> None:
        """Ask and hand out until `stop`. Raises WrongToken where the token was withdrawn."""
        try:
            while not self._stopping.is_set():
                await self._round()
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """End the loop; work that was begun goes on."""
        self._stopping.set()
        if self._asking is not None:
            self._asking.cancel()
        await self._ended.wait()

    async def confirm(self) -> None:
        """Tell Telegram what was handled, without taking more."""
        if self._window.offset in (None, self._asked):
            return
        try:
            await self._client.ask(self._window.offset, 0, limit=1)
        except TelegramError as error:
            _log.warning("The last updates could not be confirmed: %s", type(error).__name__)

    async def _round(self) -> None:
        self._moved.clear()
        updates = await self._ask()
        fresh = [update for update in updates if self._begin(update)]
        if self._window.lowest is None and (fresh or not updates):
            return
        if not self._moved.is_set():
            await self._pause(PACE, self._moved)
        if not self._moved.is_set() and not self._stopping.is_set():
            self._carry()

    async def _ask(self) -> list[object]:
        if self._clock.now() - self._last_came > QUIET:
            self._window.rewind()
        self._asked = self._window.offset
        asking = self._asking = asyncio.create_task(self._client.ask(self._window.offset, HOLD if self._window.lowest is None else 0))
        try:
            await asyncio.wait({asking})
        finally:
            asking.cancel()
        if asking.cancelled():
            return []
        error = asking.exception()
        if error is None:
            self._failures = 0
            return asking.result()
        self._asked = None
        await self._back_off(error)
        return []

    async def _back_off(self, error: BaseException) -> None:
        if isinstance(error, InvalidToken):
            raise WrongToken("Telegram no longer knows the token in TELEGRAM_BOT_TOKEN") from None
        if not isinstance(error, TelegramError):
            raise error
        self._failures += 1
        seconds = error.retry_after if isinstance(error, TooManyRequests) else min(2.0 ** (self._failures - 1), LONGEST_BACK_OFF)
        _log.warning("%s; asking Telegram again in %g s", _told(error), seconds)
        await self._pause(seconds, self._stopping)

    def _begin(self, update: object) -> bool:
        identifier = number(update, "update_id")
        if identifier is None or not self._window.add(identifier):
            return False
        self._last_came = self._clock.now()
        self._dispatch(update).add_done_callback(partial(self._finished, identifier))
        return True

    def _finished(self, identifier: int, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        before = self._window.lowest
        self._window.finish(identifier)
        if self._window.lowest != before:
            self._moved.set()

    def _carry(self) -> None:
        while len(self._window) >= MAXIMUM_UNCONFIRMED:
            self._window.carry()
            self._counters.carried += 1
            _log.warning("Too many updates wait: the oldest is confirmed and carried on in memory")

    async def _pause(self, seconds: float, until: asyncio.Event) -> None:
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        waiting = [asyncio.create_task(each.wait()) for each in (until, self._stopping)]
        try:
            await asyncio.wait({sleeping, *waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeping, *waiting):
                task.cancel()


def _told(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "Another program asks for this bot's updates, or a webhook is set"
    return f"Updates could not be fetched ({type(error).__name__})"
