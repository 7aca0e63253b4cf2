"""What is due becomes rows of the outbox, in the transaction that advances the schedule."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Row,
    Select,
    String,
    Table,
    Update,
    and_,
    bindparam,
    column,
    func,
    literal,
    select,
    true,
    update,
)

from adapters.counters import whereabouts
from adapters.store.budget import Bot
from adapters.store.rows import insert_into, milliseconds, moment
from adapters.store.subscriptions import ADVANCED, advanced_values, subscription_of
from adapters.store.tables import deliveries, readers, subscriptions
from content.people import Subscription
from content.schedule import local, too_late
from content.subscribing import Planned

Values = dict[str, object]
Plan = Callable[[Subscription, datetime], Planned]

# A row that cannot be planned waits so long, and keeps nobody else waiting.
POSTPONED: Final = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """What one step of planning did: schedules advanced, deliveries written, tips that were due too long ago."""

    schedules: int
    deliveries: int
    skipped: int


@dataclass(frozen=True, slots=True)
class _Step:
    """What becomes of one schedule: its new columns, and its delivery if it gets one."""

    advanced: Values
    delivery: Values | None
    late: bool


def plan_due(connection: Connection, bot: Bot, plan: Plan, now: datetime, most: int) -> Made:
    """Up to `most` schedules that are due, the longest due first."""
    rows = connection.execute(_due(bot, now, most)).all()
    steps = {row.chat: step for row in rows if (step := _step(connection, bot, row, plan, now))}
    written = _deliver(connection, bot, [step.delivery for step in steps.values() if step.delivery])
    for row in rows:
        if row.chat in steps and steps[row.chat].delivery and row.chat not in written:
            steps[row.chat] = _planned(row, lambda subscription, _: Planned(subscription), now)
    if steps:
        connection.execute(_advancing(connection.dialect.name), {"rows": [step.advanced for step in steps.values()]})
    return Made(len(rows), len(written), sum(step.late for step in steps.values()))


def first_due(bot: Bot) -> Select[int | None]:
    """When the bot's next schedule is due, in milliseconds; None where none is."""
    return select(func.min(subscriptions.c.due)).where(_of_bot(bot), subscriptions.c.due.is_not(None))


_KEY: Final = ("platform", "space", "chat")
# What differs from delivery to delivery.
_DELIVERED: Final = ("chat", "occasion", "item", "language", "not_before", "too_late")


# Both statements are made once: their making costs more than their asking.
@lru_cache
def _advancing(dialect: str) -> Update:
    given = _given(dialect, subscriptions, (*_KEY, *ADVANCED))
    # The whole key is given, so that each row is looked up whatever the database knows of its tables yet.
    same = and_(*(subscriptions.c[name] == given.c[name] for name in _KEY))
    return update(subscriptions).where(same).values({name: given.c[name] for name in ADVANCED})


@lru_cache
def _delivering(dialect: str) -> Insert:
    alike: dict[str, ColumnElement[Any]] = {name: bindparam(f"bot_{name}", type_=String) for name in ("platform", "space")}
    alike |= {"state": literal("waiting"), "attempts": literal(0)}
    given = _given(dialect, deliveries, _DELIVERED)
    # The condition tells SQLite where the question ends and ON CONFLICT begins.
    asked = select(*alike.values(), *given.c).where(true())
    return insert_into(dialect, deliveries).from_select([*alike, *_DELIVERED], asked).on_conflict_do_nothing().returning(deliveries.c.chat)


def _deliver(connection: Connection, bot: Bot, rows: Sequence[Values]) -> set[str]:
    """Write them; the chats that have theirs now.

    Who is not among them has had a tip for that day: they flew back over the date line, or blocked us, came back, and have a new row
    that knows nothing of it. What they would have got comes the next time.
    """
    if not rows:
        return set()
    given = {"rows": rows, "bot_platform": bot.platform, "bot_space": bot.space}
    return set(connection.execute(_delivering(connection.dialect.name), given).scalars())


def _given(dialect: str, table: Table, names: Sequence[str]) -> FromClause:
    """Rows given as one value, `rows`: a statement for each costs three times as much."""
    rows = bindparam("rows", type_=JSON)
    if dialect == "sqlite":
        each = func.json_each(rows).table_valued("value")
        return select(*(func.json_extract(each.c.value, f"$.{name}").label(name) for name in names)).subquery("given")
    columns = [column(name, table.c[name].type) for name in names]
    return func.json_to_recordset(rows).table_valued(*columns, name="given").render_derived(with_types=True)


def _due(bot: Bot, now: datetime, most: int) -> Select[Any]:
    # Not a join: a database that knows little of its tables yet would read both of them whole.
    whose = and_(*(subscriptions.c[name] == readers.c[name] for name in _KEY))
    language = select(readers.c.language).where(whose).scalar_subquery().label("language")
    asked = select(subscriptions, language).where(_of_bot(bot), subscriptions.c.due <= milliseconds(now))
    return asked.order_by(subscriptions.c.due).limit(most).with_for_update(of=subscriptions, skip_locked=True)


def _of_bot(bot: Bot) -> ColumnElement[bool]:
    return and_(subscriptions.c.platform == bot.platform, subscriptions.c.space == bot.space)


def _step(connection: Connection, bot: Bot, row: Row[Any], plan: Plan, now: datetime) -> _Step | None:
    try:
        return _planned(row, plan, now)
    except Exception as error:  # noqa: BLE001 - one row that cannot be read must not keep everybody else's tips from being planned
        _log.error("A subscription could not be planned, and is tried again later: %s", whereabouts(error))
    again = update(subscriptions).where(_of_bot(bot), subscriptions.c.chat == row.chat)
    connection.execute(again.values(due=milliseconds(now + POSTPONED)))
    return None


def _planned(row: Row[Any], plan: Plan, now: datetime) -> _Step:
    subscription, due = subscription_of(row), moment(row.due)
    if subscription is None:
        raise ValueError("a row without a zone")
    end = too_late(subscription.zone, due)
    day = local(due, subscription.zone).date()
    planned = Planned(subscription) if now >= end else plan(subscription, due)
    # The hours to the next one are counted from when this one really leaves.
    after = replace(planned.after, sent=max(due, now)) if planned.after.sent == due else planned.after
    advanced = advanced_values(after, now) | {name: getattr(row, name) for name in _KEY}
    item = planned.tip.id if planned.tip else "question" if planned.question else None
    return _Step(advanced, _delivery(row, day, end, item) if item else None, now >= end)


def _delivery(row: Row[Any], day: date, end: datetime, item: str) -> Values:
    return {
        "chat": row.chat,
        "occasion": day.isoformat(),
        "item": item,
        "language": row.language or "en",
        "not_before": row.due,
        "too_late": milliseconds(end),
    }
