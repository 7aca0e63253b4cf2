"""A broadcast becomes rows of the outbox: the canary first, then everybody, batch by batch; what missed its time gets a new one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, or_, select, text, true, tuple_, update

from adapters.store.claiming import NOTICE
from adapters.store.rows import insert_into, milliseconds
from adapters.store.settling import done
from adapters.store.tables import deliveries, readers, subscriptions
from content.broadcasting import Listener, canary_size, due, left_out, too_late
from content.people import Audience
from content.schedule import local
from content.team import Broadcast

# Readers looked at, and rows changed, in one transaction: on SQLite nobody else writes meanwhile.
BATCH: Final = 500
MANY: Final = 5_000
END: Final = "end"
_KEY: Final = ("platform", "space", "chat")
_NOT_LEFT: Final = ("waiting", "claimed")


@dataclass(frozen=True, slots=True)
class Scope:
    """A broadcast as its readers are looked at: whether only care teams may read it, and who reads on which platform."""

    broadcast: Broadcast
    team_only: bool
    audiences: Mapping[str, Audience]
    now: datetime


def listeners(connection: Connection, scope: Scope) -> list[tuple[Listener, int]]:
    """Everybody with tips, alike ones together with their number."""
    columns = _columns(scope.broadcast)
    seen = [columns[name] for name in ("platform", "zone", "state", "paused_until", "language", "enrolled")]
    # Named first and counted then: PostgreSQL groups by no constant, and takes two values that are sent apart for two.
    each = select(*seen).select_from(_joined()).subquery()
    asked = select(*each.c, func.count().label("number")).group_by(*each.c)
    return [(_listener(scope, row), row.number) for row in connection.execute(asked)]


@dataclass(frozen=True, slots=True)
class Canary:
    """The first few: how many got a row, of how many readers, and when the last of them is to get it."""

    size: int
    included: int
    last: datetime


def begin_canary(connection: Connection, scope: Scope) -> Canary:
    """Write the first few, those whose time is nearest."""
    moments = dict[str, datetime]()
    included = 0
    for listener, number in listeners(connection, scope):
        if _due_if_included(scope, listener):
            moments[listener.zone] = due(scope.broadcast, listener.zone, scope.now)
            included += number
    size, written, last = canary_size(included), 0, scope.now
    for moment in sorted(set(moments.values())):
        zones = [zone for zone, other in moments.items() if other == moment]
        found = list(_first(connection, scope, zones, size - written))
        _write(connection, found)
        written, last = written + len(found), max(last, moment) if found else last
        if written >= size:
            break
    return Canary(written, included, last)


def spread(connection: Connection, scope: Scope, cursor: str) -> str:
    """Write the next batch after the cursor; the cursor after it."""
    rows = connection.execute(_readers(scope.broadcast, cursor).limit(BATCH)).all()
    _write(connection, [new for row in rows if (new := _delivery(scope, row))])
    return _cursor(rows[-1]) if len(rows) == BATCH else END


def retime(connection: Connection, scope: Scope, give_up: bool) -> int | None:
    """Give a new time to rows that are held or missed theirs, less those who stopped since; the last one, in milliseconds, if any.

    `give_up`: what missed its time is skipped.
    """
    missed = and_(text("deliveries.state = 'waiting'"), deliveries.c.too_late <= milliseconds(scope.now))
    found = connection.execute(
        select(deliveries).where(_of(scope.broadcast.id), or_(deliveries.c.state == "held", missed)).limit(BATCH)
    ).all()
    # Their subscriptions are held first, as whoever stops does, and the rows only then.
    known = {tuple(row[:3]): row for row in connection.execute(_of_these(scope.broadcast, found))} if found else {}
    if not found:
        return None
    timed = [_new_time(scope, row, known.get((row.platform, row.space, row.chat)), give_up) for row in found]
    connection.execute(_RETIMED, timed)
    last: int = max([milliseconds(scope.now), *(each["in_not_before"] for each in timed if each["in_state"] == "waiting")])
    return last


_RETIMED: Final = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("row"), deliveries.c.state == bindparam("was"))
    .values({name: bindparam(f"in_{name}") for name in ("state", "not_before", "too_late", "settled", "reason")})
)


def hold(connection: Connection, id: str) -> int:
    """What has not left waits for the broadcast to go on; how many rows were changed, at most so many at once."""
    return _change(connection, id, _NOT_LEFT, {"state": "held", "owner": None, "lease_until": None})


def cancel_rest(connection: Connection, id: str, now: datetime) -> int:
    """What has not left does not leave any more; what is on the wire is not tried again."""
    on_wire = update(deliveries).where(_of(id), text("deliveries.state = 'on_wire'"))
    connection.execute(on_wire.values(too_late=milliseconds(now)))
    return _change(connection, id, (*_NOT_LEFT, "held"), done("cancelled", now, "") | {"owner": None})


def try_again(connection: Connection, id: str) -> int:
    """What a platform refused waits once more, where its address is still known."""
    fresh = {"state": "held", "attempts": 0, "settled": None, "owner": None, "reason": None}
    return _change(connection, id, ("refused",), fresh, deliveries.c.chat.is_not(None))


def is_open(connection: Connection, id: str) -> bool:
    """Whether any row of the broadcast has still to be settled."""
    return bool(connection.execute(select(exists().where(_of(id), deliveries.c.state.in_((*_NOT_LEFT, "on_wire", "held"))))).scalar())


def _of(id: str) -> ColumnElement[bool]:
    return deliveries.c.broadcast == id


def _change(
    connection: Connection, id: str, states: tuple[str, ...], values: dict[str, Any], which: ColumnElement[bool] | None = None
) -> int:
    """Rows that somebody else is at are left for the next step, so that nobody waits for one who waits."""
    asked = select(deliveries.c.id).where(_of(id), deliveries.c.state.in_(states), true() if which is None else which)
    found = list(connection.execute(asked.limit(MANY).with_for_update(skip_locked=True)).scalars())
    for start in range(0, len(found), BATCH):
        connection.execute(update(deliveries).where(deliveries.c.id.in_(found[start : start + BATCH])).values(values))
    return len(found)


def _joined() -> Any:
    whose = and_(*(subscriptions.c[name] == readers.c[name] for name in _KEY))
    return subscriptions.outerjoin(readers, whose)


def _columns(broadcast: Broadcast) -> dict[str, ColumnElement[Any]]:
    found: dict[str, ColumnElement[Any]] = {name: subscriptions.c[name] for name in (*_KEY, "zone", "state", "paused_until")}
    found["language"] = func.coalesce(readers.c.language, "en").label("language")
    off = subscriptions.c.series[(broadcast.series, 2)].as_boolean()
    found["enrolled"] = (func.coalesce(off, True) == False if broadcast.series else true()).label("enrolled")  # noqa: E712 - SQL
    return found


def _selected(broadcast: Broadcast) -> Select[Any]:
    """Readers as they are looked at, each held so that a stop comes before or after, never between."""
    columns = _columns(broadcast)
    return select(*columns.values()).select_from(_joined()).with_for_update(read=True, of=subscriptions)


def _readers(broadcast: Broadcast, cursor: str) -> Select[Any]:
    """Readers after the cursor that have no row of this broadcast yet."""
    key = tuple_(*(subscriptions.c[name] for name in _KEY))
    same = and_(*(deliveries.c[name] == subscriptions.c[name] for name in _KEY), deliveries.c.occasion == broadcast.id)
    asked = _selected(broadcast).where(~exists().where(same)).order_by(*(subscriptions.c[name] for name in _KEY))
    return asked.where(key > tuple_(*json.loads(cursor))) if cursor else asked


def _of_these(broadcast: Broadcast, rows: Sequence[Row[Any]]) -> Select[Any]:
    addresses = [(row.platform, row.space, row.chat) for row in rows if row.chat is not None]
    return _selected(broadcast).where(tuple_(*(subscriptions.c[name] for name in _KEY)).in_(addresses))


def _first(connection: Connection, scope: Scope, zones: list[str], most: int) -> Iterator[dict[str, object]]:
    """Up to `most` rows for readers in these zones."""
    cursor, count = "", 0
    while count < most:
        asked = _readers(scope.broadcast, cursor).where(subscriptions.c.zone.in_(zones), subscriptions.c.state == "on")
        rows = connection.execute(asked.limit(BATCH)).all()
        for new in (new for row in rows if (new := _delivery(scope, row))):
            if count < most:
                yield new
                count += 1
        if len(rows) < BATCH:
            return
        cursor = _cursor(rows[-1])


def _cursor(row: Row[Any]) -> str:
    return json.dumps([row.platform, row.space, row.chat])


def _listener(scope: Scope, row: Any) -> Listener:
    audience = scope.audiences.get(row.platform, "patient")
    return Listener(audience, row.platform, row.zone, row.language, row.state, row.paused_until, bool(row.enrolled))


def _due_if_included(scope: Scope, listener: Listener) -> datetime | None:
    moment = due(scope.broadcast, listener.zone, scope.now)
    day = local(moment, listener.zone).date()
    return None if left_out(scope.broadcast, listener, scope.team_only, day) else moment


def _times(zone: str, moment: datetime) -> dict[str, object]:
    return {"not_before": milliseconds(moment), "too_late": milliseconds(too_late(zone, moment))}


def _new_time(scope: Scope, row: Row[Any], reader: Row[Any] | None, give_up: bool) -> dict[str, Any]:
    """What _RETIMED asks for."""
    moment = _due_if_included(scope, _listener(scope, reader)) if reader else None
    became = {"state": "waiting", "not_before": row.not_before, "too_late": row.too_late, "settled": None, "reason": row.reason}
    if reader is None or moment is None:
        became |= {"state": "cancelled", "settled": milliseconds(scope.now)}
    elif give_up and row.state == "waiting":
        became |= {"state": "skipped", "settled": milliseconds(scope.now), "reason": "too late"}
    else:
        became |= _times(reader.zone, moment)
    return {"row": row.id, "was": row.state, **{f"in_{name}": value for name, value in became.items()}}


def _delivery(scope: Scope, row: Row[Any]) -> dict[str, object] | None:
    moment = _due_if_included(scope, _listener(scope, row))
    if moment is None:
        return None
    broadcast = scope.broadcast
    notice = broadcast.kind == "notice"
    return {
        **{name: getattr(row, name) for name in _KEY},
        "occasion": broadcast.id,
        "item": NOTICE if notice else broadcast.item,
        "language": broadcast.language if notice and broadcast.language else row.language,
        "broadcast": broadcast.id,
        "state": "waiting",
        "attempts": 0,
        **_times(row.zone, moment),
    }


def _write(connection: Connection, new: list[dict[str, object]]) -> None:
    if new:
        connection.execute(insert_into(connection.dialect.name, deliveries).on_conflict_do_nothing(), new)
