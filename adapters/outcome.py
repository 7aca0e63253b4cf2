"""What sending came to: every platform's errors in a few meanings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from content.events import Event
from content.turn import Answer

Respond = Callable[[Event], Awaitable[Answer]]


class Outcome(Enum):
    """SENT: they have it. LATER: refused for now. GONE: no way to reach them.

    REFUSED: our fault, for good. UNKNOWN: it left, and no word came back.
    """

    SENT = auto()
    LATER = auto()
    GONE = auto()
    REFUSED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt. `message` is the platform's own id of it, `retry_after` is in seconds, `reason` holds no token, name or text."""

    outcome: Outcome
    message: str | None = None
    retry_after: float | None = None
    reason: str = ""


class WrongToken(Exception):
    """The platform does not know this token. The text names the setting, never the token."""


class Unreachable(Exception):
    """The platform's API did not answer; worth another try."""
