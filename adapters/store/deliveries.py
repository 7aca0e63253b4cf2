"""The outbox: what is due becomes rows, rows are claimed under the bot's budget, marked on the wire, and settled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, delete, func, select, text, update

from adapters.outcome import Outcome, Sent
from adapters.store.budget import Bot, Grant, block, lock, offered, spend
from adapters.store.queries import Store
from adapters.store.rows import insert_into, milliseconds, moment, of_one
from adapters.store.subscriptions import cancel_waiting, subscription_of, values_of
from adapters.store.tables import deliveries, readers, subscriptions
from content.people import Address, Subscription
from content.schedule import local, too_late
from content.subscribing import Planned

# Longer than any call may take, so that a row on the wire is not given up while its word may still come.
LEASE: Final = timedelta(seconds=15)
ON_WIRE: Final = timedelta(seconds=30)
MOST_ATTEMPTS: Final = 8
FIRST_PAUSE: Final = timedelta(seconds=15)
KEEPS_ADDRESS: Final = timedelta(days=7)
KEEPS_ROW: Final = timedelta(days=90)
_WAITING: Final = text("deliveries.state = 'waiting'")
_HELD: Final = text("deliveries.state IN ('claimed', 'on_wire')")

State = Literal["waiting", "claimed", "on_wire", "sent", "gone", "refused", "unknown", "skipped", "cancelled"]
Plan = Callable[[Subscription, datetime], Planned]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that somebody is to get. `slot` is the moment at which the budget lets it go."""

    id: int
    address: Address
    item: str
    language: str
    broadcast: str | None
    attempts: int
    too_late: datetime
    slot: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What one worker may send now, and when asking again is worth it."""

    deliveries: tuple[Delivery, ...]
    again: datetime | None


@dataclass(frozen=True, slots=True)
class Swept:
    """What was left lying: rows given back, rows of unknown outcome, rows too late to send."""

    back: int
    unknown: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Made:
    """What one step of planning did: schedules advanced, deliveries written, tips that were due too long ago."""

    schedules: int
    deliveries: int
    skipped: int


class Deliveries:
    """The outbox of one store. `owner` is one running worker's own name; `now` is asked where a lock may have been waited for."""

    def __init__(self, store: Store, owner: str, now: Callable[[], datetime]) -> None:
        self._store, self._owner, self._now = store, owner, now

    async def plan(self, bot: Bot, plan: Plan, most: int = 1_000) -> Made:
        """One transaction: schedules that are due are advanced, and each gets its delivery."""
        return await self._store.write(lambda connection: _plan(connection, bot, plan, self._now(), most))

    async def claim(self, bot: Bot, most: int, spent: int = 0) -> Claim:
        """Up to `most` rows with a slot each; `spent` are messages that went past the budget since the last time."""
        return await self._store.write(lambda connection: _claim(connection, bot, self._owner, self._now, most, spent))

    async def mark(self, delivery: Delivery) -> bool:
        """It leaves now. False where it is not ours any more: then it must not be sent."""
        now = milliseconds(self._now())
        ours = and_(
            deliveries.c.id == delivery.id, deliveries.c.owner == self._owner, text("state = 'claimed'"), deliveries.c.lease_until > now
        )
        marked = update(deliveries).where(ours).values(state="on_wire", lease_until=milliseconds(self._now() + ON_WIRE))
        return await self._store.write(lambda connection: connection.execute(marked).rowcount == 1)

    async def settle(self, settled: Sequence[tuple[Delivery, Sent]]) -> None:
        """What became of rows on the wire; a late word corrects "unknown"."""
        await self._store.write(lambda connection: _settle(connection, self._owner, settled, self._now()))

    async def block(self, bot: Bot, until: datetime) -> None:
        """The platform wants nothing in bulk before `until`."""
        await self._store.write(lambda connection: block(connection, bot, until))

    async def skip(self, delivery: Delivery, reason: str) -> None:
        """It is not sent, since there is nothing to say any more."""
        ours = and_(deliveries.c.id == delivery.id, deliveries.c.owner == self._owner, text("state = 'claimed'"))
        skipped = update(deliveries).where(ours).values(**_done("skipped", self._now(), reason))
        await self._store.write(lambda connection: connection.execute(skipped))

    async def give_back(self) -> None:
        """What this worker claimed and did not send waits again."""
        ours = and_(deliveries.c.owner == self._owner, text("state = 'claimed'"))
        back = update(deliveries).where(ours).values(state="waiting", owner=None, lease_until=None)
        await self._store.write(lambda connection: connection.execute(back))

    async def sweep(self) -> Swept:
        """What dead workers left: claimed rows wait again, rows on the wire are unknown; what is too late is skipped."""
        return await self._store.write(lambda connection: _sweep(connection, self._now()))

    async def tidy(self) -> None:
        """Settled rows lose their address after some days, and go after some months."""
        await self._store.write(lambda connection: _tidy(connection, self._now()))


def _plan(connection: Connection, bot: Bot, plan: Plan, now: datetime, most: int) -> Made:
    rows = connection.execute(_due(bot, now, most)).all()
    written, advanced, skipped = list[dict[str, object]](), list[dict[str, object]](), 0
    for row in rows:
        subscription = subscription_of(row)
        if subscription is None:
            continue
        due = moment(row.due)
        late = now >= too_late(subscription.zone, due)
        planned = Planned(subscription) if late else plan(subscription, due)
        skipped += late
        advanced.append({f"in_{name}": value for name, value in values_of(planned.after, now).items()} | {"in_chat": row.chat})
        if planned.tip or planned.question:
            written.append(_new(bot, row, subscription.zone, due, planned.tip.id if planned.tip else "question"))
    if advanced:
        connection.execute(_ADVANCED.where(_of_bot(bot)), advanced)
    if written:
        connection.execute(insert_into(connection.dialect.name, deliveries).on_conflict_do_nothing(), written)
    return Made(len(rows), len(written), skipped)


_ADVANCED: Final = (
    update(subscriptions)
    .where(subscriptions.c.chat == bindparam("in_chat"))
    .values({column.name: bindparam(f"in_{column.name}") for column in subscriptions.c if not column.primary_key})
)


def _due(bot: Bot, now: datetime, most: int) -> Select[Any]:
    whose = and_(*(subscriptions.c[name] == readers.c[name] for name in ("platform", "space", "chat")))
    asked = select(subscriptions, readers.c.language).join_from(subscriptions, readers, whose)
    asked = asked.where(_of_bot(bot), subscriptions.c.due <= milliseconds(now)).order_by(subscriptions.c.due)
    return asked.limit(most).with_for_update(of=subscriptions, skip_locked=True)


def _of_bot(bot: Bot) -> ColumnElement[bool]:
    return and_(subscriptions.c.platform == bot.platform, subscriptions.c.space == bot.space)


def _new(bot: Bot, row: Row[Any], zone: str, due: datetime, item: str) -> dict[str, object]:
    return {
        "platform": bot.platform,
        "space": bot.space,
        "chat": row.chat,
        "occasion": local(due, zone).date().isoformat(),
        "item": item,
        "language": row.language or "en",
        "state": "waiting",
        "not_before": row.due,
        "too_late": milliseconds(too_late(zone, due)),
        "attempts": 0,
    }


def _claim(connection: Connection, bot: Bot, owner: str, clock: Callable[[], datetime], most: int, spent: int) -> Claim:
    lock(connection, bot)
    now = clock()
    grant = offered(connection, bot, now, spent)
    rows = connection.execute(_claimable(bot, milliseconds(now), min(most, grant.count))).all() if grant.count else []
    once = list({row.chat: row for row in reversed(rows)}.values())[::-1]
    if once:
        held = {"state": "claimed", "owner": owner, "lease_until": milliseconds(now + LEASE), "attempts": deliveries.c.attempts + 1}
        connection.execute(update(deliveries).where(deliveries.c.id.in_([row.id for row in once])).values(held))
    if once or spent:
        spend(connection, bot, grant, len(once))
    found = tuple(_delivery(row, grant.slot(place)) for place, row in enumerate(once))
    return Claim(found, _again(connection, bot, now, grant, len(once)))


def _again(connection: Connection, bot: Bot, now: datetime, grant: Grant, used: int) -> datetime | None:
    """When the budget has room again; where it has some now, when the next row is due, None where none waits."""
    if not grant.count or used == grant.count:
        return datetime.fromtimestamp(grant.slot(max(used, 1)) / 1_000_000, UTC)
    first = connection.execute(select(func.min(deliveries.c.not_before)).where(_waits_for(bot))).scalar()
    return None if first is None else max(moment(first), now)


def _waits_for(bot: Bot) -> ColumnElement[bool]:
    return and_(deliveries.c.platform == bot.platform, deliveries.c.space == bot.space, _WAITING)


def _claimable(bot: Bot, now: int, most: int) -> Select[Any]:
    busy = select(deliveries.c.chat).where(deliveries.c.platform == bot.platform, deliveries.c.space == bot.space, _HELD)
    ready = and_(_waits_for(bot), deliveries.c.not_before <= now, deliveries.c.too_late > now, deliveries.c.chat.not_in(busy))
    asked = select(deliveries).where(ready).order_by(deliveries.c.not_before, deliveries.c.id).limit(most)
    return asked.with_for_update(skip_locked=True)


def _delivery(row: Row[Any], slot: int) -> Delivery:
    return Delivery(
        row.id,
        Address(row.platform, row.space, row.chat),
        row.item,
        row.language,
        row.broadcast,
        row.attempts + 1,
        moment(row.too_late),
        datetime.fromtimestamp(slot / 1_000_000, UTC),
    )


def _settle(connection: Connection, owner: str, settled: Sequence[tuple[Delivery, Sent]], now: datetime) -> None:
    for delivery, sent in settled:
        ours = and_(deliveries.c.id == delivery.id, deliveries.c.owner == owner, deliveries.c.state.in_(("on_wire", "unknown")))
        connection.execute(update(deliveries).where(ours).values(_became(delivery, sent, now)))
        if sent.outcome is Outcome.GONE:
            _forget_gone(connection, delivery.address, now)


def _became(delivery: Delivery, sent: Sent, now: datetime) -> dict[str, object]:
    if sent.outcome is not Outcome.LATER:
        return _done(_SETTLED[sent.outcome], now, sent.reason)
    pause = FIRST_PAUSE * 2 ** (delivery.attempts - 1)
    then = now + max(pause, timedelta(seconds=sent.retry_after or 0))
    if delivery.attempts >= MOST_ATTEMPTS or then >= delivery.too_late:
        return _done("refused", now, f"given up: {sent.reason}")
    return {"state": "waiting", "not_before": milliseconds(then), "owner": None, "lease_until": None, "reason": sent.reason}


_SETTLED: Final[dict[Outcome, State]] = {
    Outcome.SENT: "sent",
    Outcome.GONE: "gone",
    Outcome.REFUSED: "refused",
    Outcome.UNKNOWN: "unknown",
}


def _done(state: State, now: datetime, reason: str) -> dict[str, object]:
    return {"state": state, "settled": milliseconds(now), "reason": reason, "lease_until": None}


def _forget_gone(connection: Connection, address: Address, now: datetime) -> None:
    connection.execute(delete(subscriptions).where(of_one(subscriptions, address)))
    cancel_waiting(connection, address, now)


def _sweep(connection: Connection, now: datetime) -> Swept:
    dead = deliveries.c.lease_until < milliseconds(now)
    back = update(deliveries).where(text("state = 'claimed'"), dead).values(state="waiting", owner=None, lease_until=None)
    # The owner stays: should its word still come, the truth is kept.
    unknown = update(deliveries).where(text("state = 'on_wire'"), dead).values(_done("unknown", now, "no word came back"))
    late = update(deliveries).where(text("state = 'waiting'"), deliveries.c.too_late <= milliseconds(now))
    counts = [connection.execute(each).rowcount for each in (back, unknown, late.values(_done("skipped", now, "too late")))]
    return Swept(*counts)


def _tidy(connection: Connection, now: datetime) -> None:
    old = deliveries.c.settled < milliseconds(now - KEEPS_ADDRESS)
    connection.execute(update(deliveries).where(old, deliveries.c.chat.is_not(None)).values(chat=None))
    connection.execute(delete(deliveries).where(deliveries.c.settled < milliseconds(now - KEEPS_ROW)))
