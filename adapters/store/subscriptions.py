"""Subscriptions as rows: one is locked, changed by the pure rules of `content/subscribing.py`, and written with its next moment."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from adapters.store.rows import insert_into, milliseconds, moment, of_one
from adapters.store.tables import deliveries, readers, subscriptions
from content.people import Address, Enrolment, Silence, Stop, Subscription, TipChange
from content.schedule import next_due
from content.subscribing import changed


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
    due = next_due(subscription, after)
    return {
        "zone": subscription.zone,
        "hour": subscription.hour,
        "days": "".join(map(str, sorted(subscription.days))),
        "chosen": subscription.chosen,
        "series": {key: [each.last, each.ended.isoformat() if each.ended else None, each.off] for key, each in subscription.series.items()},
        "state": subscription.state,
        "paused_until": subscription.paused_until,
        "stopped": None if subscription.stopped is None else milliseconds(subscription.stopped),
        "turn": subscription.turn,
        "sent": None if subscription.sent is None else milliseconds(subscription.sent),
        "due": None if due is None else milliseconds(due),
    }


def change_tips(connection: Connection, change: TipChange, now: datetime) -> None:
    """Change the one row, locked while it is done. Raises Overtaken."""
    address = change.address
    row = connection.execute(select(subscriptions).where(of_one(subscriptions, address)).with_for_update()).one_or_none()
    before = subscription_of(row) if row else None
    after = changed(before, change, now)
    if after is not None and after != before:
        _write(connection, address, after, now)
    if isinstance(change, Stop | Silence):
        cancel_waiting(connection, address, now)


def _write(connection: Connection, address: Address, after: Subscription, now: datetime) -> None:
    whose = {"platform": address.platform, "space": address.space, "chat": address.chat}
    dialect, values = connection.dialect.name, values_of(after, now)
    known = insert_into(dialect, readers).values(**whose, since=now.date())
    connection.execute(known.on_conflict_do_nothing())
    kept = insert_into(dialect, subscriptions).values(**whose, **values)
    connection.execute(kept.on_conflict_do_update(index_elements=list(whose), set_=values))


def erase_tips(connection: Connection, address: Address, now: datetime) -> None:
    """Nothing of the reader stays: what waits is not sent, and what was sent loses its address."""
    connection.execute(delete(subscriptions).where(of_one(subscriptions, address)))
    cancel_waiting(connection, address, now)
    connection.execute(update(deliveries).where(of_one(deliveries, address)).values(chat=None))


def cancel_waiting(connection: Connection, address: Address, now: datetime) -> None:
    """What has not left yet does not leave any more."""
    waiting = of_one(deliveries, address) & deliveries.c.state.in_(("waiting", "claimed"))
    connection.execute(update(deliveries).where(waiting).values(state="cancelled", settled=milliseconds(now), owner=None, lease_until=None))
