"""What waits is claimed under the bot's one budget, marked just before it leaves, or given back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, or_, select, text, update

from adapters.store.budget import HORIZON, Bot, Grant, budget_name, lock, offered, spend
from adapters.store.rows import microseconds, milliseconds, moment
from adapters.store.tables import broadcasts, budgets, deliveries
from content.people import Address

LEASE: Final = timedelta(seconds=15)
# Longer than any call may take, so that a row on the wire is not given up while its word may still come.
ON_WIRE: Final = timedelta(seconds=30)
# Between two messages to one chat, as both platforms want it.
_APART: Final = timedelta(seconds=1)
# What waits but may not leave yet, for its chat is busy, is looked at again after this.
_BUSY: Final = timedelta(milliseconds=200)
# The item of a delivery whose words stand in its broadcast.
NOTICE: Final = "notice"
WAITING: Final = text("deliveries.state = 'waiting'")
HELD: Final = text("deliveries.state IN ('claimed', 'on_wire')")
_CLAIMED: Final = text("deliveries.state = 'claimed'")
# Of a broadcast that is paused, halted or stopped nothing leaves, whatever its rows say yet.
_GOING_ON: Final = select(broadcasts.c.id).where(text("broadcasts.state IN ('canary', 'running')"))
SENDING: Final = or_(deliveries.c.broadcast.is_(None), deliveries.c.broadcast.in_(_GOING_ON))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that somebody is to get. `slot` is when the budget lets it go, `owner` the claim, `attempts` how often it has left.

    `notice`: a care team's own words, where they are what is sent.
    """

    id: int
    address: Address
    item: str
    language: str
    broadcast: str | None
    attempts: int
    too_late: datetime
    slot: datetime
    owner: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one worker may send now, and when asking again is worth it."""

    deliveries: tuple[Delivery, ...]
    again: datetime


def claim(connection: Connection, bot: Bot, owner: str, clock: Callable[[], datetime], most: int, spent: int) -> Claim:
    """Up to `most` rows, each with its place; the clock is read when the budget is ours."""
    lock(connection, bot)
    now = clock()
    grant = offered(connection, bot, now, spent)
    count = min(most, grant.count)
    rows = _one_a_chat(connection.execute(_claimable(bot, now, count)).all()) if count else []
    if rows:
        held = {"state": "claimed", "owner": owner, "lease_until": milliseconds(now + LEASE)}
        connection.execute(update(deliveries).where(deliveries.c.id.in_([row.id for row in rows])).values(held))
    if rows or spent:
        spend(connection, bot, grant, len(rows))
    notices = _notices(connection, {row.broadcast for row in rows if row.item == NOTICE})
    found = tuple(_delivery(row, grant.slot(place), owner, notices.get(row.broadcast, "")) for place, row in enumerate(rows))
    return Claim(found, _again(now, grant, len(rows), most))


def first_waiting(bot: Bot, now: datetime) -> Select[int | None]:
    """Since when, or from when on, the bot's first row may leave, in milliseconds; None where none waits."""
    return select(func.min(deliveries.c.not_before)).where(of_bot(bot), WAITING, SENDING, deliveries.c.too_late > milliseconds(now))


def mark(connection: Connection, delivery: Delivery, now: datetime) -> bool:
    """It leaves now. False where it may not: it is not ours any more, it is too late, or the platform wants nothing."""
    budget = budget_name(delivery.address.platform, delivery.address.space)
    times = {"now": milliseconds(now), "budget_now": microseconds(now), "until": milliseconds(now + ON_WIRE)}
    return connection.execute(_MARKED, of_claim(delivery) | times | {"budget": budget}).rowcount == 1


def give_back(connection: Connection, given: Sequence[Delivery]) -> None:
    """What was claimed and has not left waits again."""
    if given:
        connection.execute(_GIVEN_BACK, [of_claim(delivery) for delivery in given])


def of_claim(delivery: Delivery) -> dict[str, object]:
    """What OF_CLAIM asks for."""
    return {"delivery": delivery.id, "claim": delivery.owner}


# Statements that are made once: for the two that each message needs, the making costs more than the asking.
OF_CLAIM: Final = and_(deliveries.c.id == bindparam("delivery"), deliveries.c.owner == bindparam("claim"))
_SHUT: Final = exists().where(budgets.c.name == bindparam("budget"), budgets.c.blocked_until > bindparam("budget_now"))
_GIVEN_BACK: Final = update(deliveries).where(OF_CLAIM, _CLAIMED).values(state="waiting", owner=None, lease_until=None)
_MARKED: Final = (
    update(deliveries)
    .where(OF_CLAIM, _CLAIMED, SENDING, deliveries.c.lease_until > bindparam("now"), deliveries.c.too_late > bindparam("now"), ~_SHUT)
    .values(state="on_wire", lease_until=bindparam("until"), attempts=deliveries.c.attempts + 1)
)


def _again(now: datetime, grant: Grant, used: int, most: int) -> datetime:
    """When a place is free again; where some are left, when a busy chat may be free."""
    if used < grant.count:
        return now if used == most else now + _BUSY
    return max(now, grant.slot(used) - HORIZON / 2)


def of_bot(bot: Bot) -> ColumnElement[bool]:
    """The rows of one bot."""
    return and_(deliveries.c.platform == bot.platform, deliveries.c.space == bot.space)


def _claimable(bot: Bot, now: datetime, most: int) -> Select[Any]:
    """What may leave, but nothing to a chat that has a message on its way, or had one a moment ago."""
    # Of any bot, so that both are found by the small indexes made for them.
    busy = select(deliveries.c.chat).where(deliveries.c.chat.is_not(None), HELD)
    just_now = deliveries.c.settled.between(milliseconds(now - _APART) + 1, milliseconds(now + _APART))
    fresh = select(deliveries.c.chat).where(deliveries.c.chat.is_not(None), just_now, deliveries.c.attempts > 0)
    ready = and_(of_bot(bot), WAITING, SENDING, deliveries.c.not_before <= milliseconds(now), deliveries.c.too_late > milliseconds(now))
    asked = select(deliveries).where(ready, deliveries.c.chat.not_in(busy), deliveries.c.chat.not_in(fresh))
    return asked.order_by(deliveries.c.not_before, deliveries.c.id).limit(most).with_for_update(skip_locked=True)


def _one_a_chat(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    first: dict[str, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.chat, row)
    return list(first.values())


def _notices(connection: Connection, ids: set[str]) -> Mapping[str, str]:
    asked = select(broadcasts.c.id, broadcasts.c.item).where(broadcasts.c.id.in_(ids))
    return {row.id: row.item for row in connection.execute(asked)} if ids else {}


def _delivery(row: Row[Any], slot: datetime, owner: str, notice: str) -> Delivery:
    address = Address(row.platform, row.space, row.chat)
    return Delivery(row.id, address, row.item, row.language, row.broadcast, row.attempts, moment(row.too_late), slot, owner, notice)
