"""The three lanes a message may take, and what two of them took from the third."""

from collections import deque
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

# What went out longer ago is paid for by the time that passed: the platforms' limits are a second's.
_REMEMBERED: Final = timedelta(seconds=1)
_MOST: Final = 1_000


class Lane(Enum):
    """URGENT waits for nothing of ours, REPLY only for its own chat, BULK for the budget that all replicas share."""

    URGENT = auto()
    REPLY = auto()
    BULK = auto()


class Spent:
    """Messages of one bot that went past the budget, until the bulk lane pays for them."""

    def __init__(self) -> None:
        self._moments: deque[datetime] = deque(maxlen=_MOST)

    def add(self, lane: Lane, now: datetime) -> None:
        """A message leaves; one of the bulk lane has its place in the budget already."""
        if lane is not Lane.BULK:
            self._moments.append(now)

    def take(self, now: datetime) -> int:
        """How many are to be paid for now; they are counted no more."""
        count = sum(now - moment < _REMEMBERED for moment in self._moments)
        self._moments.clear()
        return count
