"""How fast one bot may send in bulk: one row that every replica leases its places from, evenly spaced."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from adapters.store.rows import insert_into
from adapters.store.tables import budgets

# How far ahead places are given: long enough to ask seldom, short enough to stop soon.
HORIZON: Final = timedelta(milliseconds=300)


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot or workspace, and how many messages a second it may send in bulk."""

    platform: str
    space: str
    rate: float

    @property
    def name(self) -> str:
        """The budget's name."""
        return f"{self.platform}:{self.space}"

    @property
    def interval(self) -> int:
        """Microseconds between two messages."""
        return round(1_000_000 / self.rate)


@dataclass(frozen=True, slots=True)
class Grant:
    """Places from `start` on, in microseconds since 1970; `count` may be 0."""

    start: int
    count: int
    interval: int

    def slot(self, place: int) -> int:
        """The moment of that place, in microseconds since 1970."""
        return self.start + place * self.interval


def lock(connection: Connection, bot: Bot) -> None:
    """Hold the bot's budget until the transaction ends; claims of one bot follow each other."""
    made = insert_into(connection.dialect.name, budgets).values(name=bot.name, free_at=0, blocked_until=0)
    connection.execute(made.on_conflict_do_nothing())
    connection.execute(select(budgets.c.name).where(budgets.c.name == bot.name).with_for_update())


def offered(connection: Connection, bot: Bot, now: datetime, spent: int) -> Grant:
    """The places that are free now; `spent` messages that went past the budget are paid for first. The budget must be locked."""
    row = connection.execute(select(budgets).where(budgets.c.name == bot.name)).one()
    moment = microseconds(now)
    start = max(row.free_at, moment, row.blocked_until) + spent * bot.interval
    room = moment + _count(HORIZON) - start
    return Grant(start, max(0, room // bot.interval), bot.interval)


def spend(connection: Connection, bot: Bot, grant: Grant, used: int) -> None:
    """Keep how far the budget is used."""
    connection.execute(update(budgets).where(budgets.c.name == bot.name).values(free_at=grant.slot(used)))


def block(connection: Connection, bot: Bot, until: datetime) -> None:
    """The platform wants nothing in bulk before `until`."""
    moment = microseconds(until)
    later = (budgets.c.name == bot.name) & (budgets.c.blocked_until < moment)
    connection.execute(update(budgets).where(later).values(blocked_until=moment))


def microseconds(moment: datetime) -> int:
    """Since 1970 in UTC."""
    return int(moment.timestamp() * 1_000_000)


def _count(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
