"""The little we know about a person, and what may be kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from content.team import Colleague

Audience = Literal["patient", "care-team"]
# "silent": off until the reader turns tips on again; "stopped": the reader said stop.
TipState = Literal["on", "silent", "stopped"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached. `space` is the bot on Telegram, the workspace on Slack."""

    platform: str
    space: str
    chat: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One series of a subscription. `last` is the name of its last tip that was sent, `ended` the day on which none was left.

    `off`: the reader took it out; `last` stays, so that nothing is said twice.
    """

    last: str | None = None
    ended: date | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a reader chose of tips: `zone` is an IANA name, `hour` local, `days` weekdays with Monday as 0, `series` by key.

    `paused_until`: no tips before that day. `stopped`: when stop was last said. `chosen`: the day of the last choice in `tips` or tap
    under a tip. `turn`: the series of the last tip, which was due at `sent`, or planned then where that was later.
    """

    zone: str
    hour: int
    days: frozenset[int]
    chosen: date
    series: Mapping[str, Enrolment] = field(default_factory=dict)
    state: TipState = "on"
    paused_until: date | None = None
    stopped: datetime | None = None
    turn: str | None = None
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """All that the store holds of one reader; read only for `mydata` and `forget`. `delivered`: what was sent and still has the address."""

    language: str | None
    region: str | None
    since: date
    subscription: Subscription | None = None
    delivered: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader as one turn knows them. `language` and `region` are None until chosen; `known` is False where the store did not answer.

    `colleague` is filled for pages of a care team's own only.
    """

    address: Address
    audience: Audience
    language: str | None = None
    region: str | None = None
    kept: Kept | None = None
    known: bool = True
    subscription: Subscription | None = None
    colleague: Colleague | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """Keep what the reader chose; None leaves that field as it stands. Setting it twice changes nothing."""

    address: Address
    language: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Erase:
    """Forget everything about the reader."""

    address: Address


@dataclass(frozen=True, slots=True)
class Adjust:
    """Change one thing of the tips; None leaves that field as it stands. Without a subscription one begins, where `zone` is given.

    `add` and `drop` are keys of series; to add one, or `resume`, turns tips on. `seen` is the stop that the row showed when this was
    decided: one that came since wins.
    """

    address: Address
    seen: datetime | None
    zone: str | None = None
    add: str | None = None
    drop: str | None = None
    days: frozenset[int] | None = None
    hour: int | None = None
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """No more tips; what is waiting is not sent."""

    address: Address


@dataclass(frozen=True, slots=True)
class Silence:
    """No tips until the reader turns them on again, where they are on."""

    address: Address


@dataclass(frozen=True, slots=True)
class Pause:
    """No tips before the day `until`, where they are on. `longer`: a pause that ends later stays."""

    address: Address
    until: date
    longer: bool = False


@dataclass(frozen=True, slots=True)
class Unpause:
    """Lift the pause that ends on the day `until`, and no other."""

    address: Address
    until: date


@dataclass(frozen=True, slots=True)
class Confirm:
    """The reader tapped under a tip: they still want them."""

    address: Address


@dataclass(frozen=True, slots=True)
class Gap:
    """A question without a good card, and of nobody: the nearest card, and at most three of its words that stand in our own texts."""

    language: str
    audience: Audience
    nearest: str
    words: tuple[str, ...]


TipChange = Adjust | Stop | Silence | Pause | Unpause | Confirm
Change = Choose | Erase | TipChange | Gap
