"""Subscriptions as rows: one is locked, changed by the pure rules of `content/subscribing.py`, and written with its next moment."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from adapters.store.rows import insert_into, milliseconds, moment, of_one
from adapters.store.tables import deliveries, readers, subscriptions
from content.people import Address, Adjust, Enrolment, Pause, Silence, Stop, Subscription, TipChange
from content.schedule import moved, next_due
from content.subscribing import changed

_AT_HAND: Final = ("waiting", "claimed")
_LEFT: Final = ("on_wire", "unknown")

# What `advanced_values` has.
ADVANCED: Final = ("series", "state", "turn", "sent", "due")


def subscription_of(row: Row[Any]) -> Subscription | None:
    """The subscription in a row that holds the columns of the table; None where they are empty."""
    if row.zone is None:
        return None
    return Subscription(
        zone=row.zone,
        hour=row.hour,
        days=frozenset(map(int, row.days)),
        chosen=row.chosen,
        series={key: Enrolment(last, date.fromisoformat(ended) if ended else None, off) for key, (last, ended, off) in row.series.items()},
        state=row.state,
        paused_until=row.paused_until,
        stopped=None if row.stopped is None else moment(row.stopped),
        turn=row.turn,
        sent=None if row.sent is None else moment(row.sent),
    )


def values_of(subscription: Subscription, after: datetime) -> dict[str, object]:
    """The columns of a subscription whose next tip is to come later than `after`."""
    return {
        "zone": subscription.zone,
        "hour": subscription.hour,
        "days": "".join(map(str, sorted(subscription.days))),
        "chosen": subscription.chosen,
        "paused_until": subscription.paused_until,
        "stopped": None if subscription.stopped is None else milliseconds(subscription.stopped),
        **advanced_values(subscription, after),
    }


def advanced_values(subscription: Subscription, after: datetime) -> dict[str, object]:
    """Those of them that a tip changes; the rest is its reader's own choice."""
    due = next_due(subscription, after)
    return {
        "series": {key: [each.last, each.ended.isoformat() if each.ended else None, each.off] for key, each in subscription.series.items()},
        "state": subscription.state,
        "turn": subscription.turn,
        "sent": None if subscription.sent is None else milliseconds(subscription.sent),
        "due": None if due is None else milliseconds(due),
    }


def change_tips(connection: Connection, change: TipChange, now: datetime) -> None:
    """Change the one row, locked while it is done. Raises Overtaken."""
    _lock(connection, change, now)
    row = connection.execute(select(subscriptions).where(of_one(subscriptions, change.address)).with_for_update()).one_or_none()
    before = subscription_of(row) if row else None
    after = changed(before, change, now)
    if before and after and after.zone != before.zone:
        after = _moved(connection, change.address, after, now)
    if after is not None and after != before:
        _write(connection, change.address, values_of(after, _due_after(row.due if row else None, now)))
    _withdraw(connection, change, now)


def _lock(connection: Connection, change: TipChange, now: datetime) -> None:
    """Hold the reader's row, which whoever changes anything of the reader takes first; who subscribes has one from here on."""
    address = change.address
    if isinstance(change, Adjust) and change.zone is not None:
        known = insert_into(connection.dialect.name, readers).values(**asdict(address), since=now.date())
        connection.execute(known.on_conflict_do_nothing())
    connection.execute(select(readers.c.chat).where(of_one(readers, address)).with_for_update())


def _due_after(due: int | None, now: datetime) -> datetime:
    """What was due and is not planned yet stays due: no tap on the way may lose it."""
    return now if due is None else min(now, moment(due - 1))


def _moved(connection: Connection, address: Address, after: Subscription, now: datetime) -> Subscription:
    """What waits comes by day in the new zone too; the hours to the next tip are counted from when this one really comes."""
    open_still = of_one(deliveries, address) & deliveries.c.state.in_((*_AT_HAND, *_LEFT)) & (deliveries.c.too_late > milliseconds(now))
    for row in connection.execute(select(deliveries).where(open_still).with_for_update()).all():
        begin, end = moved(after.zone, moment(row.not_before), moment(row.too_late), now)
        put_off = begin > moment(row.not_before)
        if row.state in _AT_HAND:
            # A claim on it ends, since whoever holds it knows the old times only.
            values = {
                "state": "waiting",
                "owner": None,
                "lease_until": None,
                "not_before": milliseconds(begin),
                "too_late": milliseconds(end),
            }
        else:
            # It may arrive, and is not tried again in the night.
            values = {"too_late": milliseconds(now if put_off else end)}
        connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(values))
        if put_off and row.broadcast is None and row.state in _AT_HAND:
            after = replace(after, sent=begin)
    return after


def _write(connection: Connection, address: Address, values: dict[str, object]) -> None:
    whose = asdict(address)
    kept = insert_into(connection.dialect.name, subscriptions).values(**whose, **values)
    connection.execute(kept.on_conflict_do_update(index_elements=list(whose), set_=values))


def _withdraw(connection: Connection, change: TipChange, now: datetime) -> None:
    """What waits and is not wanted any more is not sent: of a series taken out, its tips only."""
    match change:
        case Stop() | Silence() | Pause():
            cancel(connection, change.address, now)
        case Adjust(drop=str(key)):
            cancel(connection, change.address, now, deliveries.c.broadcast.is_(None) & deliveries.c.item.startswith(f"{key}/"))


def erase_tips(connection: Connection, address: Address, now: datetime) -> None:
    """Nothing of the reader stays: what waits is not sent, and what was sent loses its address."""
    forget_tips(connection, address, now)
    connection.execute(update(deliveries).where(of_one(deliveries, address)).values(chat=None))


def forget_tips(connection: Connection, address: Address, now: datetime) -> None:
    """No subscription any more, and nothing that waits."""
    connection.execute(delete(subscriptions).where(of_one(subscriptions, address)))
    cancel(connection, address, now)


def cancel(connection: Connection, address: Address, now: datetime, which: ColumnElement[bool] | None = None) -> None:
    """What has not left yet does not leave any more; what is on the wire may arrive, and is not tried again.

    So too what was given up as unknown: a late word may still say that it never left.
    """
    count = milliseconds(now)
    mine = of_one(deliveries, address) if which is None else of_one(deliveries, address) & which
    waiting = mine & deliveries.c.state.in_((*_AT_HAND, "held"))
    connection.execute(update(deliveries).where(waiting).values(state="cancelled", settled=count, owner=None, lease_until=None))
    left = mine & deliveries.c.state.in_(_LEFT) & (deliveries.c.too_late > count)
    connection.execute(update(deliveries).where(left).values(too_late=count))
