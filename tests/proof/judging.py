"""What the far Telegram wrote down against what the store says: the one place where it is judged."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.proof.far import Line
from tests.proof.seeding import Kept


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill -9: the chats whose deliveries were claimed, with the worker that claimed them, and on the wire just after it."""

    at: float
    who: str
    claimed: Mapping[str, str] = field(default_factory=dict)
    on_wire: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What one kill came to: deliveries of unknown outcome, calls that the far Telegram had open, seconds until others took over."""

    unknown: int
    open: int
    takeover: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One run. Gaps and seconds are of messages that came; `busiest` is the fullest sliding second.

    `unexplained` is why each delivery is unknown that no kill answers for.
    """

    deliveries: int
    received: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    unknown: int
    unknown_received: int
    states: Counter[str]
    too_many: int
    busiest: int
    rate: float
    shortest_gap: float
    kills: tuple[Reckoning, ...]
    unexplained: tuple[str, ...]

    @property
    def wrong(self) -> list[str]:
        """What breaks the promise, whatever went wrong around us."""
        found = [f"{len(self.lost)} lost: {self.lost[:5]}"] if self.lost else []
        found += [f"{len(self.doubled)} received twice: {self.doubled[:5]}"] if self.doubled else []
        found += [f"{kill.unknown} unknown by a kill with {kill.open} calls open" for kill in self.kills if kill.unknown > kill.open + 2]
        found += [f"taken over after {kill.takeover:.1f} s" for kill in self.kills if kill.takeover > 30]
        return found


def judge(lines: Sequence[Line], rows: Sequence[Kept], kills: Iterable[Kill] = (), excused: frozenset[str] = frozenset()) -> Verdict:
    """`excused` are states in which a delivery need not have been received, such as gone or cancelled."""
    bulk = [line for line in lines if line.what == "came" and line.bulk]
    calls = {line.call for line in bulk}
    taken = [line for line in lines if line.what == "taken" and line.call in calls]
    times = Counter(line.chat for line in taken)
    may_miss = excused | {"unknown"}
    unknown = {row.chat for row in rows if row.state == "unknown"}
    moments = sorted(line.at for line in bulk)
    kills, reckoned, left = list(kills), list[Reckoning](), set(unknown)
    claimed = [_claimed(kill, bulk, rows) for kill in kills]
    for place, kill in enumerate(kills):
        mine = {chat for chat in left if chat in kill.on_wire or _came_from(kill.who, chat, bulk)}
        left -= mine
        # Who takes over may be killed in turn; from then on that kill counts.
        waiting = claimed[place].difference(*claimed[place + 1 :])
        takeover = max((line.at - kill.at for line in taken if line.chat in waiting), default=0.0)
        reckoned.append(Reckoning(len(mine), len(open_calls(lines, kill)), takeover))
    return Verdict(
        deliveries=len(rows),
        received=len(times),
        lost=tuple(row.chat for row in rows if not times[row.chat] and row.state not in may_miss),
        doubled=tuple(chat for chat, count in times.items() if count > 1),
        unknown=len(unknown),
        unknown_received=sum(chat in times for chat in unknown),
        states=Counter(row.state for row in rows),
        too_many=sum(line.what == "ended" and line.status == 429 and line.fault is None for line in lines),
        busiest=busiest_second(moments),
        rate=(len(moments) - 1) / (moments[-1] - moments[0]) if len(moments) > 1 else 0.0,
        shortest_gap=_shortest_gap(taken),
        kills=tuple(reckoned),
        unexplained=tuple(f"{row.chat}: {row.reason}" for row in rows if row.chat in left),
    )


def open_calls(lines: Sequence[Line], kill: Kill) -> set[int]:
    """Calls of the killed worker that had come, or were under way, and had not been answered."""
    came = {line.call for line in lines if line.what == "came" and line.who == kill.who}
    return came - {line.call for line in lines if line.what == "ended" and line.at < kill.at}


def busiest_second(moments: Sequence[float]) -> int:
    """The most that came within one second, wherever that begins."""
    first, most = 0, 0
    for place, moment in enumerate(moments):
        while moment - moments[first] >= 1:
            first += 1
        most = max(most, place - first + 1)
    return most


def _came_from(who: str, chat: str, bulk: Sequence[Line]) -> bool:
    return any(line.who == who and line.chat == chat for line in bulk)


def _claimed(kill: Kill, bulk: Sequence[Line], rows: Sequence[Kept]) -> set[str]:
    """What the killed worker itself had claimed. The store knows it by a name that stands at whatever else it sent."""
    sent = {line.chat for line in bulk if line.who == kill.who}
    names = {row.owner for row in rows if row.chat in sent and row.state == "sent"}
    return {chat for chat, owner in kill.claimed.items() if owner in names}


def _shortest_gap(taken: Sequence[Line]) -> float:
    by_chat = defaultdict(list)
    for line in taken:
        by_chat[line.chat].append(line.at)
    return min((later - earlier for each in by_chat.values() for earlier, later in pairwise(sorted(each))), default=float("inf"))
