"""Which updates Telegram still keeps for us: seen, in work, done. Pure."""

from collections import deque
from typing import Final

REMEMBERED: Final = 10_000


class Recent:
    """The update ids of late, so that one that comes again is known."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._known: set[int] = set()
        self._order: deque[int] = deque()
        self._size = size

    def __contains__(self, identifier: int) -> bool:
        return identifier in self._known

    def remember(self, identifier: int) -> None:
        """Keep the id, and let the oldest go where there are too many."""
        if identifier in self._known:
            return
        self._known.add(identifier)
        self._order.append(identifier)
        if len(self._order) > self._size:
            self._known.discard(self._order.popleft())


class Window:
    """Updates from the lowest that is in work up to the last that was seen; only what lies below is confirmed."""

    def __init__(self) -> None:
        self._done: dict[int, bool] = {}
        self._recent = Recent()
        self._next: int | None = None

    def __len__(self) -> int:
        """How many updates Telegram still keeps, those done above the lowest included."""
        return len(self._done)

    @property
    def lowest(self) -> int | None:
        """The oldest update in work; None where nothing is."""
        return next(iter(self._done), None)

    @property
    def offset(self) -> int | None:
        """What to ask from: everything below it is confirmed by asking. None before the first update."""
        return self._next if self.lowest is None else self.lowest

    def add(self, identifier: int) -> bool:
        """Take an update into work; False where it was seen before."""
        if identifier in self._recent:
            return False
        self._recent.remember(identifier)
        self._done[identifier] = False
        self._next = identifier + 1
        return True

    def finish(self, identifier: int) -> None:
        """The update is done; the window moves on where it was the lowest."""
        if identifier in self._done:
            self._done[identifier] = True
            self._slide()

    def carry(self) -> int | None:
        """Confirm the oldest although it is still in work; its id."""
        lowest = self.lowest
        if lowest is not None:
            del self._done[lowest]
            self._slide()
        return lowest

    def rewind(self) -> None:
        """Ask without an offset next: after a quiet week Telegram's ids begin anew anywhere."""
        self._next = None

    def _slide(self) -> None:
        while self._done and self._done[next(iter(self._done))]:
            del self._done[next(iter(self._done))]
