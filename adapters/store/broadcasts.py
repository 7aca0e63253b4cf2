"""Broadcasts as rows: proposed, decided on, moved on step by step. Each is locked while it changes, so any replica may do it."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, exists, insert, or_, select, update

from adapters.store import boards, spreading
from adapters.store.queries import Store, StoreDown
from adapters.store.rows import insert_into, milliseconds, moment
from adapters.store.spreading import END, MANY, Scope
from adapters.store.tables import broadcast_record, broadcasts, deliveries
from content.broadcasting import APPROVED_WITHIN, CANARY_PATIENCE, GIVE_UP, NotAllowed, after_canary, counted, decided, seconds
from content.people import Audience
from content.team import OURSELVES, Board, Broadcast, Count, Decide, Statistics

_DID: Final = {"approve": "approved", "pause": "paused", "resume": "resumed", "stop": "stopped", "retry": "retried"}
# A person's words that say "send": what could not be sent for long after the last one is out of date.
_SEND: Final = ("approved", "resumed", "retried")

Message = tuple[str, str | None]
TeamOnly = Callable[[Broadcast], bool]


class Broadcasts:
    """The broadcasts of one store. `audiences` are by platform, `rates` its messages a second; `team_only` knows who may read what.

    `approvers` are the people who may let one begin.
    """

    def __init__(
        self,
        store: Store,
        team_only: TeamOnly,
        audiences: Mapping[str, Audience],
        rates: Mapping[str, float],
        now: Callable[[], datetime],
        approvers: Collection[str],
    ) -> None:
        self._store, self._team_only, self._audiences, self._rates, self._now = store, team_only, audiences, rates, now
        self._approvers = approvers

    async def propose(self, broadcast: Broadcast, told_in: Sequence[str]) -> None:
        """Keep it, to be told in these channels or to these people. Twice is the same as once."""
        await self._store.write(lambda connection: _propose(connection, broadcast, told_in, self._now()))

    async def decide(self, decision: Decide) -> None:
        """Do what a person wants. Raises NotAllowed."""
        await self._store.write(lambda connection: _decide(connection, decision, self._approvers, self._now()))

    async def active(self) -> list[str]:
        """The ids of those that have anything to be done."""
        return await self._store.read(lambda connection: list(connection.execute(_active(self._now())).scalars()))

    async def step(self, id: str) -> bool:
        """One transaction that moves it on; whether more is to be done at once."""
        return await self._store.write(lambda connection: self._step(connection, id))

    async def listed(self, most: int) -> tuple[Board, ...]:
        """Those that are not over and the newest of the others, without their numbers."""
        return await self._store.read(lambda connection: self._listed(connection, most))

    async def board(self, id: str) -> Board | None:
        """Everything that is told of it, without a count where that takes too long; None where there is none."""
        board = await self._store.read(lambda connection: self._board(connection, id))
        if board is None or board.broadcast.state != "proposed":
            return board
        try:
            count = await self._store.read(lambda connection: self._count(connection, board.broadcast))
        except StoreDown:
            return board
        return replace(board, count=count, seconds=seconds(count, self._rates))

    async def untold(self) -> tuple[tuple[str, tuple[Message, ...]], ...]:
        """Those whose messages in Slack may be out of date: each with its channels, and its messages there where they stand already."""
        rows = await self._store.read(lambda connection: connection.execute(boards.UNTOLD).all())
        return tuple((row.id, tuple((channel, message) for channel, message in json.loads(row.told_in))) for row in rows)

    async def tell(self, id: str, messages: Sequence[Message], state: str) -> None:
        """Keep where it is told, and which state was told there; empty where it is to be told again."""
        values = {"told_in": json.dumps(list(messages)), "told": state}
        await self._store.write(lambda connection: connection.execute(update(broadcasts).where(broadcasts.c.id == id).values(values)))

    async def statistics(self, series: Sequence[str]) -> Statistics:
        """Counts of readers, of these series, and of what was sent in seven days."""
        return await self._store.read(lambda connection: boards.statistics(connection, series, self._now()))

    def _listed(self, connection: Connection, most: int) -> tuple[Board, ...]:
        rows = connection.execute(boards.newest(most))
        return tuple(Board(broadcast_of(row, self._now()), record=(boards.proposed(row),)) for row in rows)

    def _board(self, connection: Connection, id: str) -> Board | None:
        row = connection.execute(_by_id(id)).one_or_none()
        return None if row is None else boards.board(connection, broadcast_of(row, self._now()), self._now())

    def _count(self, connection: Connection, broadcast: Broadcast) -> Count:
        scope = self._scope(broadcast)
        return counted(broadcast, spreading.listeners(connection, scope), scope.team_only, scope.now)

    def _scope(self, broadcast: Broadcast) -> Scope:
        return Scope(broadcast, self._team_only(broadcast), self._audiences, self._now())

    def _step(self, connection: Connection, id: str) -> bool:
        row = connection.execute(_by_id(id).with_for_update(skip_locked=True, of=broadcasts)).one_or_none()
        if row is None:
            return False
        broadcast = broadcast_of(row, self._now())
        match broadcast.state:
            case "expired":
                return _expire(connection, broadcast, row, self._now())
            case "paused" | "halted":
                return spreading.hold(connection, id) == MANY
            case "stopped":
                return spreading.cancel_rest(connection, id, self._now()) == MANY
            case "canary":
                return _canary(connection, self._scope(broadcast), row)
            case "running":
                return _running(connection, self._scope(broadcast), row)
            case _:
                return False


def broadcast_of(row: Row[Any], now: datetime) -> Broadcast:
    """The broadcast in its row, as it stands now: a proposal expires whether or not anybody was there to write it down."""
    expired = row.state == "proposed" and row.proposed_at < milliseconds(now - APPROVED_WITHIN)
    return Broadcast(
        row.id,
        row.kind,
        row.item,
        row.at,
        row.proposed_by,
        row.series,
        row.language,
        "expired" if expired else row.state,
        row.approved_by,
        None if row.began is None else moment(row.began),
        row.included,
        row.cursor is not None,
    )


def _by_id(id: str) -> Any:
    return boards.ROWS.where(broadcasts.c.id == id)


_OPEN: Final = exists().where(deliveries.c.broadcast == broadcasts.c.id, deliveries.c.state.in_(("waiting", "claimed")))
_HELD: Final = exists().where(deliveries.c.broadcast == broadcasts.c.id, deliveries.c.state == "held")


def _active(now: datetime) -> Select[str]:
    return select(broadcasts.c.id).where(
        or_(
            broadcasts.c.state.in_(("canary", "running")),
            and_(broadcasts.c.state.in_(("paused", "halted")), _OPEN),
            and_(broadcasts.c.state == "stopped", or_(_OPEN, _HELD)),
            and_(broadcasts.c.state == "proposed", milliseconds(now - APPROVED_WITHIN) > boards.PROPOSED_AT),
        )
    )


def _propose(connection: Connection, broadcast: Broadcast, told_in: Sequence[str], now: datetime) -> None:
    fields = ("id", "kind", "item", "series", "language", "at", "state", "proposed_by")
    values: dict[str, object] = {name: getattr(broadcast, name) for name in fields}
    values["told_in"] = json.dumps([(place, None) for place in told_in])
    new = insert_into(connection.dialect.name, broadcasts).values(values).on_conflict_do_nothing()
    if connection.execute(new.returning(broadcasts.c.id)).first():
        _note(connection, broadcast.id, now, broadcast.proposed_by, "proposed")


def _note(connection: Connection, id: str, now: datetime, who: str, what: str) -> None:
    connection.execute(insert(broadcast_record).values(broadcast=id, moment=milliseconds(now), who=who, what=what))


def _decide(connection: Connection, decision: Decide, approvers: Collection[str], now: datetime) -> None:
    row = connection.execute(_by_id(decision.id).with_for_update(of=broadcasts)).one_or_none()
    if row is None:
        raise NotAllowed("gone")
    before = broadcast_of(row, now)
    after = decided(before, decision.who, decision.word, may_approve=decision.who in approvers)
    again = spreading.try_again(connection, decision.id) if decision.word == "retry" else 0
    if not again and (after == before or decision.word == "retry"):
        return
    _move(connection, after, row, now)
    _note(connection, decision.id, now, decision.who, _DID[decision.word])
    if decision.word == "stop":
        spreading.cancel_rest(connection, decision.id, now)
    elif decision.word == "pause":
        spreading.hold(connection, decision.id)


def _move(connection: Connection, after: Broadcast, row: Row[Any], now: datetime) -> None:
    values: dict[str, object] = {"state": after.state, "approved_by": after.approved_by}
    if row.state == "proposed" and after.state == "canary":
        values["began"] = milliseconds(now)
    if after.widened and row.cursor is None:
        values["cursor"] = ""
    connection.execute(update(broadcasts).where(broadcasts.c.id == after.id).values(values))


def _expire(connection: Connection, broadcast: Broadcast, row: Row[Any], now: datetime) -> bool:
    """Write down that nobody approved it in time, so that its messages tell it."""
    if row.state != broadcast.state:
        _move(connection, broadcast, row, now)
        _note(connection, broadcast.id, now, OURSELVES, "expired")
    return False


def _canary(connection: Connection, scope: Scope, row: Row[Any]) -> bool:
    if row.canary is None:
        canary = spreading.begin_canary(connection, scope)
        values = {"canary": canary.size, "included": canary.included, "canary_until": milliseconds(canary.last + CANARY_PATIENCE)}
        connection.execute(update(broadcasts).where(broadcasts.c.id == row.id).values(values))
        return canary.size == 0
    if last := spreading.retime(connection, scope, _is_out_of_date(connection, row.id, scope.now)):
        # Who was put off till the morning is waited for too: the canary is not over before it was heard.
        patience = max(row.canary_until, milliseconds(moment(last) + CANARY_PATIENCE))
        connection.execute(update(broadcasts).where(broadcasts.c.id == row.id).values(canary_until=patience))
        return True
    tally = boards.tally(connection, row.id, scope.now)
    match after_canary(tally, moment(row.canary_until) - CANARY_PATIENCE, scope.now):
        case "halt":
            _move(connection, replace(scope.broadcast, state="halted"), row, scope.now)
            _note(connection, row.id, scope.now, OURSELVES, "halted")
            return spreading.hold(connection, row.id) == MANY
        case "go on":
            _move(connection, replace(scope.broadcast, state="running", widened=True), row, scope.now)
            _note(connection, row.id, scope.now, OURSELVES, "widened")
            return True
        case _:
            return False


def _running(connection: Connection, scope: Scope, row: Row[Any]) -> bool:
    if spreading.retime(connection, scope, _is_out_of_date(connection, row.id, scope.now)):
        return True
    if row.cursor != END:
        cursor = spreading.spread(connection, scope, row.cursor or "")
        connection.execute(update(broadcasts).where(broadcasts.c.id == row.id).values(cursor=cursor))
        return True
    if not spreading.is_open(connection, row.id):
        _move(connection, replace(scope.broadcast, state="done"), row, scope.now)
        _note(connection, row.id, scope.now, OURSELVES, "done")
    return False


def _is_out_of_date(connection: Connection, id: str, now: datetime) -> bool:
    said = select(broadcast_record.c.moment).where(broadcast_record.c.broadcast == id, broadcast_record.c.what.in_(_SEND))
    last = connection.execute(said.order_by(broadcast_record.c.id.desc()).limit(1)).scalar()
    return last is not None and now - moment(last) > GIVE_UP
