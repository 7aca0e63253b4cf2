"""What a care team does here beside reading: broadcasts, and what may be counted. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Kind = Literal["card", "tip", "notice"]
At = Literal["now", "morning"]
# proposed -> canary -> running -> done; paused or halted (it stopped by itself) until somebody goes on; stopped for good; expired where
# nobody approved it in time.
BroadcastState = Literal["proposed", "canary", "running", "paused", "halted", "stopped", "done", "expired"]
# Who did what no person did.
OURSELVES: Final = "immunobot"
Word = Literal["approve", "pause", "resume", "stop", "retry"]
# Why a reader with tips does not get a broadcast.
Reason = Literal["stopped", "silent", "paused", "language", "series", "care_team"]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message for many. `item` is a card's id, a tip's `series/name`, or the words of a notice.

    `series` and `language` narrow the readers, of whom there were `included` when it began. `widened`: the canary is over, so that
    everybody may get it.
    """

    id: str
    kind: Kind
    item: str
    at: At
    proposed_by: str
    series: str | None = None
    language: str | None = None
    state: BroadcastState = "proposed"
    approved_by: str | None = None
    began: datetime | None = None
    included: int | None = None
    widened: bool = False


@dataclass(frozen=True, slots=True)
class Propose:
    """Keep a new broadcast; nothing is sent before a second person approves it."""

    broadcast: Broadcast


@dataclass(frozen=True, slots=True)
class Decide:
    """What a person wants done with a broadcast. `who` is a Slack user's id."""

    id: str
    who: str
    word: Word


Order = Propose | Decide


@dataclass(frozen=True, slots=True)
class Count:
    """Whom a broadcast would reach: `now`, and `later` at their nine in the morning; by platform; and who is left out, by reason.

    `last` is when the last of those later ones gets it, by the clock of where they are.
    """

    now: int
    later: int
    platforms: Mapping[str, int]
    left_out: Mapping[Reason, int]
    last: datetime | None = None

    @property
    def included(self) -> int:
        """Everybody who would get it."""
        return self.now + self.later


@dataclass(frozen=True, slots=True)
class Tally:
    """What a broadcast came to so far. Of `waiting`, the time of `later` is yet to come, and `leaving` are with us no more.

    `left` were stopped or too late. `rate` is in messages a second, of late.
    """

    waiting: int = 0
    later: int = 0
    leaving: int = 0
    sent: int = 0
    gone: int = 0
    refused: int = 0
    unknown: int = 0
    left: int = 0
    rate: float = 0.0

    @property
    def total(self) -> int:
        """All that was written for it so far."""
        return self.waiting + self.over

    @property
    def over(self) -> int:
        """All whose end is known."""
        return self.sent + self.gone + self.refused + self.unknown + self.left


@dataclass(frozen=True, slots=True)
class Letter:
    """Messages that a platform refused for good, by its own reason."""

    platform: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what with a broadcast, and when. `who` is a Slack user's id, or `immunobot` itself."""

    moment: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Board:
    """A broadcast with everything that is told of it."""

    broadcast: Broadcast
    tally: Tally = Tally()
    count: Count | None = None
    seconds: float = 0.0
    letters: tuple[Letter, ...] = ()
    record: tuple[Entry, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether its numbers may change without anybody's word: also after it was held or stopped, while some are on their way."""
        state, tally = self.broadcast.state, self.tally
        return state in ("canary", "running") or tally.leaving > 0 or (state == "stopped" and tally.waiting > 0)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts only: readers with tips on, all and by series; what was sent in seven days; dead letters; questions without a good card."""

    readers: int
    series: Mapping[str, int]
    outcomes: Mapping[str, int]
    letters: tuple[Letter, ...]
    gaps: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the care team in one turn: what they may do, and what was looked up for the page they want.

    `second`: somebody else may approve. `fresh` is an id for a new broadcast. `telegram` is the bot's user name and `pages` our own
    address, each empty where unknown. `down`: the store did not answer.
    """

    may_broadcast: bool = False
    may_count: bool = False
    second: bool = False
    fresh: str = ""
    telegram: str = ""
    pages: str = ""
    boards: tuple[Board, ...] = ()
    statistics: Statistics | None = None
    down: bool = False
