"""What became of what left; what dead workers held is freed, what is too late or long past is put away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, or_, select, text, update

from adapters.outcome import Outcome, Sent
from adapters.store.claiming import HELD, OF_CLAIM, ON_WIRE, WAITING, Delivery, of_claim
from adapters.store.rows import milliseconds
from adapters.store.subscriptions import forget_tips
from adapters.store.tables import deliveries

State = Literal["waiting", "claimed", "on_wire", "sent", "gone", "refused", "unknown", "skipped", "cancelled"]
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
    .where(OF_CLAIM, _OPEN)
    .values(state=bindparam("became"), settled=bindparam("at"), reason=bindparam("why"), lease_until=None)
)
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


def settle(connection: Connection, settled: Sequence[Settled], now: datetime) -> None:
    """What became of rows that left; a late word of the same claim corrects "unknown". Twice is the same as once."""
    for delivery, _ in sorted((each for each in settled if each[1].outcome is Outcome.GONE), key=lambda each: each[0].id):
        # Before any delivery, as a stop takes them: two that hold what the other wants would wait for ever.
        forget_tips(connection, delivery.address, now)
    for delivery, sent in settled:
        if sent.outcome is Outcome.LATER:
            _settle_later(connection, delivery, sent, now)
    said = [(delivery, _BECAME[sent.outcome], sent.reason) for delivery, sent in settled if sent.outcome is not Outcome.LATER]
    _close(connection, said, now)


def skip(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> None:
    """It is not sent, since there is nothing to say any more."""
    _close(connection, [(delivery, "skipped", reason)], now)


def _close(connection: Connection, closed: Sequence[tuple[Delivery, State, str]], now: datetime) -> None:
    rows = [of_claim(delivery) | {"became": state, "at": milliseconds(now), "why": reason} for delivery, state, reason in closed]
    if rows:
        connection.execute(_SETTLED, rows)


def _done(state: State, now: datetime, reason: str) -> dict[str, Any]:
    return {"state": state, "settled": milliseconds(now), "reason": reason, "lease_until": None}


def sweep(connection: Connection, now: datetime) -> int:
    """What dead workers left: claimed rows wait again, rows on the wire are unknown, and counted."""
    # A lease that ends further ahead than any was given is of a clock that was wrong.
    dead = or_(deliveries.c.lease_until < milliseconds(now), deliveries.c.lease_until > milliseconds(now + 2 * ON_WIRE))
    claimed = and_(HELD, text("deliveries.state = 'claimed'"), dead)
    _update_some(connection, claimed, {"state": "waiting", "owner": None, "lease_until": None})
    # The owner stays: should its word still come, the truth is kept.
    lost = and_(HELD, text("deliveries.state = 'on_wire'"), dead)
    return _update_some(connection, lost, _done("unknown", now, "no word came back"))


def expire(connection: Connection, now: datetime) -> int:
    """How many rows it was too late for; they are skipped."""
    late = and_(WAITING, deliveries.c.too_late <= milliseconds(now))
    return _update_some(connection, late, _done("skipped", now, "too late"))


def tidy(connection: Connection, now: datetime) -> int:
    """How many settled rows lost their address, or went, since it is long enough ago."""
    old = and_(deliveries.c.settled < milliseconds(now - KEEPS_ADDRESS), deliveries.c.chat.is_not(None))
    past = and_(deliveries.c.settled < milliseconds(now - KEEPS_ROW), deliveries.c.chat.is_(None))
    emptied = _update_some(connection, old, {"chat": None})
    gone = _some(connection, past)
    if gone:
        connection.execute(delete(deliveries).where(deliveries.c.id.in_(gone)))
    return emptied + len(gone)


def _settle_later(connection: Connection, delivery: Delivery, sent: Sent, now: datetime) -> None:
    """It waits again, unless its reader stopped meanwhile or it would be too late."""
    asked = select(deliveries.c.too_late).where(OF_CLAIM, _OPEN).with_for_update()
    too_late = connection.execute(asked, of_claim(delivery)).scalar()
    if too_late is None:
        return
    then = milliseconds(now + max(_pause(delivery), timedelta(seconds=sent.retry_after or 0)))
    if too_late < milliseconds(delivery.too_late):
        _close(connection, [(delivery, "cancelled", "")], now)
    elif then >= too_late:
        _close(connection, [(delivery, "refused", f"given up: {sent.reason}")], now)
    else:
        connection.execute(_AGAIN, of_claim(delivery) | {"then": then, "why": sent.reason})


def _pause(delivery: Delivery) -> timedelta:
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(delivery.attempts, 10)))


def _update_some(connection: Connection, which: ColumnElement[bool], values: dict[str, Any]) -> int:
    found = _some(connection, which)
    if found:
        connection.execute(update(deliveries).where(deliveries.c.id.in_(found)).values(values))
    return len(found)


def _some(connection: Connection, which: ColumnElement[bool]) -> list[int]:
    """Rows that nobody else is at; none is waited for."""
    return list(connection.execute(select(deliveries.c.id).where(which).limit(MOST).with_for_update(skip_locked=True)).scalars())
