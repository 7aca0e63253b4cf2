"""The three lanes a message may take."""

from enum import Enum, auto


class Lane(Enum):
    """URGENT waits for nothing of ours, REPLY only for its own chat, BULK for the budget that all replicas share."""

    URGENT = auto()
    REPLY = auto()
    BULK = auto()
