"""What is told of broadcasts and of all that was sent: counts, dead letters, who did what. Reading only."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, case, func, or_, select

from adapters.store.rows import milliseconds, moment
from adapters.store.tables import broadcast_record, broadcasts, deliveries, gaps, subscriptions
from content.team import Board, Broadcast, Entry, Letter, Statistics, Tally

# How long ago "of late" is, for a rate.
LATELY: Final = timedelta(seconds=10)
WEEK: Final = timedelta(days=7)
_OVER: Final = ("done", "stopped", "expired")
_ENDS: Final = ("sent", "gone", "refused", "unknown")

UNTOLD: Final = select(broadcasts.c.id, broadcasts.c.told_in).where(
    broadcasts.c.told_in.is_not(None),
    or_(broadcasts.c.state.in_(("canary", "running")), broadcasts.c.told.is_(None), broadcasts.c.told != broadcasts.c.state),
)
_OF_BROADCAST: Final = broadcast_record.c.broadcast == broadcasts.c.id
# The record of a broadcast begins with its proposal.
PROPOSED_AT: Final = select(func.min(broadcast_record.c.moment)).where(_OF_BROADCAST).scalar_subquery()
ROWS: Final = select(broadcasts, PROPOSED_AT.label("proposed_at"))


def newest(most: int) -> Select[Any]:
    """The rows of the broadcasts that are not over, and then of the others; those that were proposed last come first."""
    proposed = select(func.min(broadcast_record.c.id)).where(_OF_BROADCAST).scalar_subquery()
    return ROWS.order_by(broadcasts.c.state.in_(_OVER), proposed.desc()).limit(most)


def proposed(row: Row[Any]) -> Entry:
    """The first entry of a broadcast's record."""
    return Entry(moment(row.proposed_at), row.proposed_by, "proposed")


def board(connection: Connection, broadcast: Broadcast, now: datetime) -> Board:
    """One broadcast with all that is told of it, but a count of its readers."""
    letters = _letters(connection, deliveries.c.broadcast == broadcast.id)
    return Board(broadcast, tally(connection, broadcast.id, now), letters=letters, record=_record(connection, broadcast.id))


def tally(connection: Connection, id: str, now: datetime) -> Tally:
    """How many rows of a broadcast are in which state."""
    # What was tried waits for its next try, not for its reader's morning.
    later = func.sum(case((and_(deliveries.c.not_before > milliseconds(now), deliveries.c.attempts == 0), 1), else_=0))
    lately = func.sum(case((deliveries.c.settled > milliseconds(now - LATELY), 1), else_=0))
    asked = select(deliveries.c.state, func.count().label("number"), later.label("later"), lately.label("lately"))
    rows = {row.state: row for row in connection.execute(asked.where(deliveries.c.broadcast == id).group_by(deliveries.c.state))}
    numbers = Counter({state: row.number for state, row in rows.items()})
    return Tally(
        waiting=sum(numbers[state] for state in ("waiting", "claimed", "on_wire", "held")),
        later=rows["waiting"].later if "waiting" in rows else 0,
        leaving=numbers["on_wire"],
        left=numbers["skipped"] + numbers["cancelled"],
        rate=sum(rows[state].lately for state in _ENDS if state in rows) / LATELY.total_seconds(),
        **{state: numbers[state] for state in _ENDS},
    )


def _letters(connection: Connection, which: Any) -> tuple[Letter, ...]:
    number = func.count().label("number")
    asked = select(deliveries.c.platform, deliveries.c.reason, number).where(which, deliveries.c.state == "refused")
    rows = connection.execute(asked.group_by(deliveries.c.platform, deliveries.c.reason).order_by(number.desc(), deliveries.c.reason))
    return tuple(Letter(row.platform, row.reason or "", row.number) for row in rows)


def _record(connection: Connection, id: str) -> tuple[Entry, ...]:
    asked = select(broadcast_record).where(broadcast_record.c.broadcast == id).order_by(broadcast_record.c.id)
    return tuple(Entry(moment(row.moment), row.who, row.what) for row in connection.execute(asked))


def statistics(connection: Connection, series: Sequence[str], now: datetime) -> Statistics:
    """Counts of readers, of these series, and of what was sent of late."""
    on = subscriptions.c.state == "on"
    since = milliseconds(now - WEEK)
    # Two questions, since each has an index of its own.
    recent = (
        and_(deliveries.c.chat.is_not(None), deliveries.c.settled.is_not(None), deliveries.c.settled >= since),
        and_(deliveries.c.chat.is_(None), deliveries.c.settled >= since),
    )
    outcomes = Counter[str]()
    for which in recent:
        asked = select(deliveries.c.state, func.count().label("number")).where(which).group_by(deliveries.c.state)
        outcomes.update({row.state: row.number for row in connection.execute(asked)})
    return Statistics(
        connection.execute(select(func.count()).where(on)).scalar() or 0,
        {key: connection.execute(select(func.count()).where(on, _enrolled(key))).scalar() or 0 for key in series},
        dict(outcomes),
        _letters(connection, deliveries.c.settled >= since),
        connection.execute(select(func.coalesce(func.sum(gaps.c.count), 0))).scalar() or 0,
    )


def _enrolled(key: str) -> Any:
    return func.coalesce(subscriptions.c.series[(key, 2)].as_boolean(), True).is_(False)
