"""How the outbox stands, for whoever looks after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select, text, true

from adapters.store.claiming import SENDING, WAITING
from adapters.store.queries import Store
from adapters.store.rows import milliseconds, moment
from adapters.store.settling import pause
from adapters.store.tables import broadcasts, deliveries, subscriptions

# Dead letters are told of for as long as their rows know whose they are.
LOOKS_BACK: Final = timedelta(days=7)
_ENDED: Final = ("done", "stopped", "expired")


@dataclass(frozen=True, slots=True)
class Outlook:
    """Subscriptions that go on, messages that may leave and have not, since when the first may, dead letters of late by reason,
    and broadcasts that have not ended, by id with their state.
    """

    going_on: int
    waiting: int
    since: datetime | None
    refused: Mapping[str, int]
    unfinished: Mapping[str, str]


async def outlook(store: Store, now: datetime) -> Outlook:
    """How it stands at this moment. Raises StoreDown."""
    return await store.read(lambda connection: _outlook(connection, now))


def waits(connection: Connection, now: datetime, which: ColumnElement[bool] | None = None) -> tuple[int, datetime | None]:
    """How many messages are due and have not left, and since when the first is. One that is tried again is due since its first time."""
    times = (deliveries.c.attempts, func.count().label("number"), func.min(deliveries.c.not_before).label("first"))
    may_leave = or_(deliveries.c.not_before <= milliseconds(now), deliveries.c.attempts > 0)
    asked = select(*times).where(WAITING, SENDING, may_leave, true() if which is None else which).group_by(deliveries.c.attempts)
    rows = connection.execute(asked).all()
    # Each attempt that failed had its pause, the first of them that of none before it.
    since = [moment(row.first) - sum((pause(each) for each in range(row.attempts)), timedelta()) for row in rows]
    return sum(row.number for row in rows), min(since, default=None)


def _outlook(connection: Connection, now: datetime) -> Outlook:
    going_on = connection.execute(select(func.count()).where(subscriptions.c.due.is_not(None))).scalar_one()
    waiting, since = waits(connection, now)
    dead = select(deliveries.c.reason, func.count()).where(
        text("deliveries.state = 'refused'"), deliveries.c.chat.is_not(None), deliveries.c.settled > milliseconds(now - LOOKS_BACK)
    )
    refused = connection.execute(dead.group_by(deliveries.c.reason)).all()
    open_still = select(broadcasts.c.id, broadcasts.c.state).where(broadcasts.c.state.not_in(_ENDED)).order_by(broadcasts.c.id)
    unfinished = {row.id: row.state for row in connection.execute(open_still)}
    return Outlook(going_on, waiting, since, {reason or "": count for reason, count in refused}, unfinished)
