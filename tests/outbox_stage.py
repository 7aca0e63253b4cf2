"""The real store and the model of its rules side by side, with one clock and two workers."""

import asyncio
from collections.abc import Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from outbox import Time
from outbox_model import EXPIRES, TIPS, Model, Reader, Row
from sqlalchemy import Connection, delete, select

from adapters.store import Store
from adapters.store.broadcasts import Broadcasts
from adapters.store.budget import Bot
from adapters.store.deliveries import Deliveries
from adapters.store.rows import moment
from adapters.store.subscriptions import subscription_of
from adapters.store.tables import broadcasts, deliveries, metadata, subscriptions
from content.load import load
from content.model import Library, Series, Tip
from content.people import Address, Erase, Stop, Subscription, TipChange
from content.schedule import QUIET_FROM, is_awake, local
from content.subscribing import Overtaken, Planned, planned

Result = TypeVar("Result")
Seen = tuple[dict[str, Reader], list[Row], set[str]]
BOT: Final = Bot("telegram", "100", 1_000)
NOON: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
WHO: Final = ("anna", "ben")
NOT_LEFT: Final = ("waiting", "claimed", "held")


def a_library() -> Library:
    """Two short series; a card of theirs expires in between."""
    whole = load()
    card = next(iter(whole.cards["en"].values()))
    names = {key: [f"{key}/{name}" for name in TIPS[key]] for key in TIPS}
    cards = {name: replace(card, id=name, review_by=EXPIRES.get(name, date.max)) for key in names for name in names[key]}
    tips = {key: {name.split("/")[1]: Tip(name, "", name, "en") for name in names[key]} for key in names}
    return replace(whole, series={"en": {key: Series(key, "", "", "", tips[key]) for key in tips}}, cards={"en": cards})


LIBRARY: Final = a_library()


def message(subscription: Subscription, due: datetime) -> Planned:
    """What a patient gets."""
    return planned(LIBRARY, subscription, "patient", due)


def address(who: str) -> Address:
    """Where a reader is."""
    return Address(BOT.platform, BOT.space, who)


def seen_in(connection: Connection) -> Seen:
    """Everything that the store holds, as the model has it."""
    readers = {row.chat: Reader(subscription_of(row), _moment(row.due)) for row in connection.execute(select(subscriptions))}
    going_on = select(broadcasts.c.id).where(broadcasts.c.state.in_(("canary", "running")))
    rows = [_row(row) for row in connection.execute(select(deliveries).order_by(deliveries.c.id))]
    return {who: readers.get(who, Reader()) for who in WHO}, rows, set(connection.execute(going_on).scalars())


def _row(row: Any) -> Row:
    inside = (row.broadcast, row.state, row.attempts, row.owner, _moment(row.lease_until), _moment(row.settled), row.id)
    return Row(row.chat, row.occasion, row.item, moment(row.not_before), moment(row.too_late), *inside)


def _moment(count: int | None) -> datetime | None:
    return None if count is None else moment(count)


@dataclass
class Told:
    """A tip, or the question, that was planned: when it comes, on which of its reader's days, and what it is."""

    id: int
    when: datetime
    day: date
    item: str


@dataclass
class Stage:
    """`told` is all that was planned for a reader since they last were forgotten."""

    store: Store
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    time: Time = field(default_factory=lambda: Time(NOON))
    model: Model = field(default_factory=lambda: Model({who: Reader() for who in WHO}))
    told: dict[str, list[Told]] = field(default_factory=lambda: {who: [] for who in WHO})

    def __post_init__(self) -> None:
        """The store is empty."""
        self.workers = {name: Deliveries(self.store, name, self.time) for name in ("one", "two")}
        self.team = Broadcasts(self.store, lambda _: False, {"telegram": "patient"}, {"telegram": BOT.rate}, self.time, ("U0DOCTOR",))
        self.run(self.store.write(lambda connection: [connection.execute(delete(table)) for table in metadata.sorted_tables]))

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What comes of it."""
        return self.runner.run(work)

    def both(self, work: Callable[[Deliveries], Coroutine[Any, Any, Result]]) -> list[Result]:
        """Both workers do it at the same time."""

        async def together() -> list[Result]:
            return await asyncio.gather(*(work(each) for each in self.workers.values()))

        return self.run(together())

    def look(self) -> Seen:
        """What the store holds."""
        return self.run(self.store.read(seen_in))

    def agrees(self, model: Model, seen: Seen) -> bool:
        """Whether the store holds what the model says; new rows of the model learn the store's ids."""
        ids = {(row.who, row.occasion): row.id for row in seen[1]}
        for row in model.rows:
            row.id = row.id or ids.get((row.who, row.occasion), 0)
        return seen == (model.readers, sorted(model.rows, key=lambda row: row.id), model.sending)

    def keep(self, who: str, change: TipChange) -> None:
        """Both sides change, or both are overtaken."""
        after, overtaken = deepcopy(self.model), False
        try:
            after.change(who, change, self.time())
        except Overtaken:
            overtaken = True
        else:
            self.note_put_off(after)
            self.model = after
        try:
            self.run(self.store.keep([change], self.time()))
        except Overtaken:
            assert overtaken
        else:
            assert not overtaken

    def forget(self, who: str) -> None:
        """Nothing of the reader stays."""
        self.run(self.store.keep([Erase(address(who))], self.time()))
        self.model.forget(who, self.time())
        self.told[who].clear()
        assert self.run(self.store.kept(address(who))) is None

    def nothing_waits_for(self, who: str) -> None:
        """No tip and no broadcast; and what may have left is not tried again."""
        mine = [row for row in self.look()[1] if row.who == who]
        assert not [row for row in mine if row.state in NOT_LEFT]
        assert not [row for row in mine if row.state in ("on_wire", "unknown") and row.too_late > self.time()]

    def plan(self, most: int) -> None:
        """Both schedulers at once, until nothing is due."""
        self.model.plan(self.time())
        while any(made.schedules for made in self.both(lambda worker: worker.plan(BOT, message, most))):
            pass
        self.note_new()

    def note_new(self) -> None:
        """What was planned since."""
        new = [row for row in self.model.rows if not row.id]
        assert self.agrees(self.model, self.look())
        for row in new:
            assert row.who
            self.told[row.who].append(Told(row.id, max(row.not_before, self.time()), date.fromisoformat(row.occasion), row.item))

    def note_put_off(self, after: Model) -> None:
        """Who is in another zone may get later what waited for them."""
        for told in (told for each in self.told.values() for told in each):
            if after.row(told.id) != self.model.row(told.id):
                told.when = max(told.when, after.row(told.id).not_before)

    def race(self, stop: Stop, work: Coroutine[Any, Any, Result], modelled: Callable[[Model], object]) -> Result:
        """Both at the same time; the model follows the order that the store took."""

        async def together() -> Result:
            done, _ = await asyncio.gather(work, self.store.keep([stop], self.time()))
            return done

        done = self.run(together())
        stopped_first, stopped_last = deepcopy(self.model), deepcopy(self.model)
        stopped_first.change(stop.address.chat, stop, self.time())
        modelled(stopped_first)
        modelled(stopped_last)
        stopped_last.change(stop.address.chat, stop, self.time())
        self.model = stopped_first if self.agrees(deepcopy(stopped_first), self.look()) else stopped_last
        self.note_new()
        return done

    def broadcasts_move(self, word: str = "") -> None:
        """All that can be done for them; the model checks what came of it, and takes it over."""
        for id in self.run(self.team.active()):
            while self.run(self.team.step(id)):
                pass
        _, rows, self.model.sending = self.look()
        for row in (row for row in rows if row.broadcast):
            before = self.model.row(row.id)
            if not before.id:
                self.model.rows.append(row)
            elif before != row:
                may_change = before.state in NOT_LEFT or (before.state, word) in (("refused", "retry"), ("on_wire", "stop"))
                assert may_change, (before, row)
            if row.state == "waiting" and before != row:
                assert self.wanted(row), row
            vars(before).update(vars(row))

    def wanted(self, row: Row) -> bool:
        """Whether its reader has tips on that day, and is awake then."""
        tips = self.model.readers[row.who].tips if row.who else None
        if tips is None or tips.state != "on" or not is_awake(tips.zone, row.not_before):
            return False
        first, end = local(row.not_before, tips.zone), local(row.too_late - timedelta(milliseconds=1), tips.zone)
        return first.date() == end.date() >= (tips.paused_until or date.min) and end.hour < QUIET_FROM
