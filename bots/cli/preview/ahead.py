"""The preview's own time, which can be set ahead: who chose tips need not wait for Tuesday to see one."""

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.clock import Clock


class Ahead:
    """The machine's time, and what it was set ahead by."""

    def __init__(self) -> None:
        self._by = timedelta()

    def clock(self) -> Clock:
        """The clock that both bots go by."""
        return Clock(self._now, asyncio.sleep)

    def set_to(self, moment: datetime) -> None:
        """Go on from that moment, where it is still to come."""
        self._by += max(timedelta(), moment - self._now())

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._by
