"""How fast one bot may send in bulk: one row that every replica leases its places from, evenly spaced."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from adapters.store.rows import insert_into, microseconds
from adapters.store.tables import budgets

# How far ahead places are given: long enough to ask seldom, short enough to stop soon.
HORIZON: Final = timedelta(milliseconds=500)
# More is never owed, whatever the replies took.
_MOST_OWED: Final = timedelta(seconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot or workspace, and how many messages a second it may send in bulk."""

    platform: str
    space: str
    rate: float

    @property
    def name(self) -> str:
        """The budget's name."""
        return budget_name(self.platform, self.space)

    @property
    def interval(self) -> int:
        """Microseconds between two places."""
        return max(1, round(1_000_000 / self.rate))


@dataclass(frozen=True, slots=True)
class Grant:
    """Places from `start` on, in microseconds since 1970; `count` may be 0."""

    start: int
    count: int
    interval: int

    def slot(self, place: int) -> datetime:
        """The moment of that place."""
        return datetime(1970, 1, 1, tzinfo=UTC) + (self.start + place * self.interval) * _MICROSECOND


def budget_name(platform: str, space: str) -> str:
    """What the budget of a bot is called."""
    return f"{platform}:{space}"


def lock(connection: Connection, bot: Bot) -> None:
    """Hold the bot's budget until the transaction ends; claims of one bot follow each other."""
    made = insert_into(connection.dialect.name, budgets).values(name=bot.name, free_at=0, blocked_until=0)
    connection.execute(made.on_conflict_do_nothing())
    connection.execute(select(budgets.c.name).where(budgets.c.name == bot.name).with_for_update())


def offered(connection: Connection, bot: Bot, now: datetime, spent: int) -> Grant:
    """The places that are free now; `spent` messages that went past the budget are paid for first. The budget must be locked."""
    row = connection.execute(select(budgets).where(budgets.c.name == bot.name)).one()
    moment, horizon = microseconds(now), HORIZON // _MICROSECOND
    most = moment + horizon + bot.interval + _MOST_OWED // _MICROSECOND
    # What lies further ahead than any place was given is of a clock that was wrong.
    free_at = max(row.free_at, moment) if row.free_at <= most else moment
    start = max(min(free_at + spent * bot.interval, most), row.blocked_until)
    room = moment + horizon - start
    return Grant(start, room // bot.interval + 1 if room >= 0 else 0, bot.interval)


def spend(connection: Connection, bot: Bot, grant: Grant, used: int) -> None:
    """Keep how far the budget is used."""
    free_at = microseconds(grant.slot(used))
    connection.execute(update(budgets).where(budgets.c.name == bot.name).values(free_at=free_at))


def block(connection: Connection, bot: Bot, until: datetime) -> None:
    """The platform wants nothing in bulk before `until`."""
    lock(connection, bot)
    moment = microseconds(until)
    later = (budgets.c.name == bot.name) & (budgets.c.blocked_until < moment)
    connection.execute(update(budgets).where(later).values(blocked_until=moment))
