"""How the outbox stands, for whoever looks after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select, text

from adapters.store.claiming import WAITING
from adapters.store.queries import Store
from adapters.store.rows import milliseconds, moment
from adapters.store.tables import deliveries, subscriptions

# Dead letters are told of for as long as their rows know whose they are.
LOOKS_BACK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Subscriptions that go on, messages that may leave and have not, since when the first may, and dead letters of late by reason."""

    going_on: int
    waiting: int
    since: datetime | None
    refused: Mapping[str, int]


async def outlook(store: Store, now: datetime) -> Outlook:
    """How it stands at this moment. Raises StoreDown."""
    return await store.read(lambda connection: _outlook(connection, now))


def _outlook(connection: Connection, now: datetime) -> Outlook:
    going_on = connection.execute(select(func.count()).where(subscriptions.c.due.is_not(None))).scalar_one()
    may_leave = select(func.count(), func.min(deliveries.c.not_before)).where(WAITING, deliveries.c.not_before <= milliseconds(now))
    waiting, first = connection.execute(may_leave).one()
    dead = select(deliveries.c.reason, func.count()).where(
        text("deliveries.state = 'refused'"), deliveries.c.chat.is_not(None), deliveries.c.settled > milliseconds(now - LOOKS_BACK)
    )
    refused = connection.execute(dead.group_by(deliveries.c.reason)).all()
    return Outlook(going_on, waiting, None if first is None else moment(first), {reason or "": count for reason, count in refused})
