"""How fast a platform lets a bot write: so many at once, then so many a second; in all, and to one chat."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

SHORTEST_WAIT: Final = 1


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` messages at once, and `rate` a second after that."""

    rate: float
    burst: float = 1


@dataclass(slots=True)
class _Bucket:
    limit: Limit
    left: float
    at: datetime

    def wait(self, now: datetime) -> float:
        """Seconds until there is room for one."""
        passed = max(0.0, (now - self.at).total_seconds())
        self.left, self.at = min(self.limit.burst, self.left + passed * self.limit.rate), now
        # A hair less than one is one: seconds are no exact numbers.
        return 0.0 if self.left > 1 - 1e-6 else (1 - self.left) / self.limit.rate


class Pace:
    """The limits that hold now; none until `hold`. `now` is the moment of the call."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._total: Limit | None = None
        self._each: Callable[[str], Limit | None] = lambda chat: None
        self._buckets: dict[str, _Bucket] = {}

    def hold(self, total: Limit | None, each: Callable[[str], Limit | None]) -> None:
        """From now on `total` holds for everything, and `each(chat)` for every chat."""
        self._total, self._each, self._buckets = total, each, {}

    def refused(self, chat: str) -> int | None:
        """None where the message may pass, which is counted; else how many whole seconds to wait."""
        limits = {"": self._total, chat: self._each(chat)}
        now = self._now()
        buckets = [self._bucket(name, limit, now) for name, limit in limits.items() if limit]
        wait = max((bucket.wait(now) for bucket in buckets), default=0.0)
        if wait:
            return max(SHORTEST_WAIT, ceil(wait))
        for bucket in buckets:
            bucket.left -= 1
        return None

    def _bucket(self, name: str, limit: Limit, now: datetime) -> _Bucket:
        return self._buckets.setdefault(name, _Bucket(limit, limit.burst, now))
