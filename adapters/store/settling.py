"""What became of what left; what dead workers held is freed, what is too late or long past is put away."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, or_, select, text, update

from adapters.outcome import Outcome, Sent
from adapters.store.claiming import HELD, OF_CLAIM, ON_WIRE, WAITING, Delivery, of_claim
from adapters.store.gaps import forget_gaps
from adapters.store.rows import milliseconds
from adapters.store.subscriptions import forget_tips
from adapters.store.tables import deliveries

State = Literal["waiting", "claimed", "on_wire", "sent", "gone", "refused", "unknown", "skipped", "cancelled", "held"]
Settled = tuple[Delivery, Sent]

FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=15)
KEEPS_ADDRESS: Final = timedelta(days=7)
KEEPS_ROW: Final = timedelta(days=90)
# So many rows at once, so that no transaction is long.
MOST: Final = 1_000
# A word may come for what is on the wire, for what was given up, and for what our mark may or may not have reached.
_OPEN: Final = text("deliveries.state IN ('claimed', 'on_wire', 'unknown')")
_SETTLED: Final = (
    update(deliveries)
    .where(OF_CLAIM, _OPEN, deliveries.c.state != bindparam("became"))
    .values(state=bindparam("became"), settled=bindparam("at"), reason=bindparam("why"), lease_until=None)
)
_MINE: Final = select(deliveries.c.too_late).where(OF_CLAIM, _OPEN)
_END: Final = _MINE.with_for_update()
_AGAIN: Final = (
    update(deliveries)
    .where(OF_CLAIM, _OPEN)
    .values(state="waiting", not_before=bindparam("then"), owner=None, lease_until=None, settled=None, reason=bindparam("why"))
)
_BECAME: Final[dict[Outcome, State]] = {
    Outcome.SENT: "sent",
    Outcome.GONE: "gone",
    Outcome.REFUSED: "refused",
    Outcome.UNKNOWN: "unknown",
}


def settle(connection: Connection, settled: Sequence[Settled], now: datetime) -> list[State]:
    """What became of each row that left; a late word of the same claim corrects "unknown". Twice is the same as once."""
    for delivery, _ in sorted((each for each in settled if each[1].outcome is Outcome.GONE), key=lambda each: each[0].id):
        # Before any delivery, as a stop takes them: two that hold what the other wants would wait for ever.
        # A word that was heard already says nothing of who turned tips on again since.
        if connection.execute(_MINE, of_claim(delivery)).first():
            forget_tips(connection, delivery.address, now)
    became = [_became(connection, delivery, sent, now) for delivery, sent in settled]
    _close(connection, [(delivery, state, reason) for (delivery, _), (state, reason) in zip(settled, became, strict=True)], now)
    return [state for state, _ in became]


def skip(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> None:
    """It is not sent, since there is nothing to say any more."""
    _close(connection, [(delivery, "skipped", reason)], now)


def _close(connection: Connection, closed: Sequence[tuple[Delivery, State, str]], now: datetime) -> None:
    rows = [
        of_claim(delivery) | {"became": state, "at": milliseconds(now), "why": reason}
        for delivery, state, reason in closed
        if state != "waiting"
    ]
    if rows:
        connection.execute(_SETTLED, rows)


def done(state: State, now: datetime, reason: str) -> dict[str, Any]:
    """The columns of a row that is settled."""
    return {"state": state, "settled": milliseconds(now), "reason": reason, "lease_until": None}


def sweep(connection: Connection, now: datetime) -> Counter[str]:
    """What dead workers left: claimed rows wait again, rows on the wire are unknown, and counted by platform."""
    # A lease that ends further ahead than any was given is of a clock that was wrong.
    dead = or_(deliveries.c.lease_until < milliseconds(now), deliveries.c.lease_until > milliseconds(now + 2 * ON_WIRE))
    claimed = and_(HELD, text("deliveries.state = 'claimed'"), dead)
    _update_some(connection, claimed, {"state": "waiting", "owner": None, "lease_until": None})
    # The owner stays: should its word still come, the truth is kept.
    lost = and_(HELD, text("deliveries.state = 'on_wire'"), dead)
    return _update_some(connection, lost, done("unknown", now, "no word came back"))


def expire(connection: Connection, now: datetime) -> Counter[str]:
    """Tips that it was too late for are skipped, and counted by platform. What a broadcast missed gets a new time from its next step."""
    late = and_(WAITING, deliveries.c.too_late <= milliseconds(now), deliveries.c.broadcast.is_(None))
    return _update_some(connection, late, done("skipped", now, "too late"))


def tidy(connection: Connection, now: datetime) -> int:
    """How many settled rows lost their address, or went, and how many gaps, since it is long enough ago."""
    old = and_(deliveries.c.settled < milliseconds(now - KEEPS_ADDRESS), deliveries.c.chat.is_not(None))
    past = and_(deliveries.c.settled < milliseconds(now - KEEPS_ROW), deliveries.c.chat.is_(None))
    emptied = _update_some(connection, old, {"chat": None})
    gone = _some(connection, past)
    if gone:
        connection.execute(delete(deliveries).where(deliveries.c.id.in_(gone)))
    return emptied.total() + len(gone) + forget_gaps(connection, now)


def _became(connection: Connection, delivery: Delivery, sent: Sent, now: datetime) -> tuple[State, str]:
    """What was refused for now waits again, unless its reader stopped meanwhile or it would be too late."""
    if sent.outcome is not Outcome.LATER:
        return _BECAME[sent.outcome], sent.reason
    too_late = connection.execute(_END, of_claim(delivery)).scalar()
    then = milliseconds(now + max(pause(delivery.attempts), timedelta(seconds=sent.retry_after or 0)))
    if too_late is None or too_late < milliseconds(delivery.too_late):
        return "cancelled", ""
    if then >= too_late:
        return "refused", f"given up: {sent.reason}"
    connection.execute(_AGAIN, of_claim(delivery) | {"then": then, "why": sent.reason})
    return "waiting", ""


def pause(attempts: int) -> timedelta:
    """How long a message waits that was refused for now, after so many attempts."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts, 10)))


def _update_some(connection: Connection, which: ColumnElement[bool], values: dict[str, Any]) -> Counter[str]:
    found = _some(connection, which)
    if found:
        connection.execute(update(deliveries).where(deliveries.c.id.in_(found)).values(values))
    return Counter(found.values())


def _some(connection: Connection, which: ColumnElement[bool]) -> dict[int, str]:
    """Rows that nobody else is at, with their platforms; none is waited for."""
    asked = select(deliveries.c.id, deliveries.c.platform).where(which).limit(MOST).with_for_update(skip_locked=True)
    return {row.id: row.platform for row in connection.execute(asked)}
