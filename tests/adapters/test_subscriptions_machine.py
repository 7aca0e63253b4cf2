"""Whatever readers do, in whatever order, the store holds what the rules say, and nobody gets a message that they did not want."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from adapters.outcome import Outcome, Sent
from adapters.store import Store, open_store
from adapters.store.budget import Bot
from adapters.store.deliveries import Deliveries
from adapters.store.rows import moment, of_one
from adapters.store.tables import subscriptions
from content.load import load
from content.model import Library
from content.people import Address, Adjust, Confirm, Erase, Pause, Silence, Stop, Subscription, TipChange, Unpause
from content.schedule import BETWEEN, local, next_due, too_late
from content.subscribing import Overtaken, changed, planned

LIBRARY: Library = load()
SERIES = [key for key, series in LIBRARY.series["en"].items() if series.audience == "everyone"]
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SPACES = count(1)
READERS = some.sampled_from(["anna", "ben"])
ZONES = some.sampled_from(["UTC", "Europe/Madrid", "Pacific/Kiritimati", "America/Mexico_City", "Australia/Lord_Howe"])
MEANWHILE = some.sampled_from([None, None, "stop", "forget"])
OUTCOMES = some.sampled_from([Outcome.SENT, Outcome.SENT, Outcome.LATER, Outcome.LATER, Outcome.GONE, Outcome.REFUSED, Outcome.UNKNOWN])


@dataclass
class Waiting:
    """A message that is to leave."""

    item: str
    end: datetime
    not_before: datetime
    tries: int = 0


@dataclass
class Model:
    """One reader by the pure rules alone: the subscription, when it is due, what waits, and on which days something was planned."""

    subscription: Subscription | None = None
    due: datetime | None = None
    waiting: Waiting | None = None
    days: set[str] = field(default_factory=set)
    planned: list[datetime] = field(default_factory=list)

    def change(self, change: TipChange, now: datetime) -> None:
        """As the rules have it. Raises Overtaken."""
        after = changed(self.subscription, change, now)
        if after and after != self.subscription:
            self.due = next_due(after, now if self.due is None else min(now, self.due - timedelta(milliseconds=1)))
        self.subscription = after
        dropped = isinstance(change, Adjust) and change.drop and self.waiting and self.waiting.item.startswith(f"{change.drop}/")
        if dropped or isinstance(change, Stop | Silence | Pause):
            self.waiting = None

    def plan(self, now: datetime) -> None:
        """What is due at this moment, until nothing is."""
        while self.subscription and self.due and self.due <= now:
            zone, due, end = self.subscription.zone, self.due, too_late(self.subscription.zone, self.due)
            if now < end:
                found = planned(LIBRARY, self.subscription, "patient", due)
                self.subscription = found.after
                if found.tip or found.question:
                    self.add(found.tip.id if found.tip else "question", local(due, zone).date().isoformat(), due, end)
            self.due = next_due(self.subscription, now)

    def add(self, item: str, day: str, due: datetime, end: datetime) -> None:
        """One a day."""
        if day not in self.days:
            self.days.add(day)
            self.planned.append(due)
            self.waiting = Waiting(item, end, due)

    def leaves(self, now: datetime) -> bool:
        """Whether something leaves at this moment; what it is too late for is let go."""
        if self.waiting and self.waiting.end <= now:
            self.waiting = None
        return self.waiting is not None and self.waiting.not_before <= now

    def said(self, outcome: Outcome, now: datetime) -> None:
        """What came of what left."""
        before, self.waiting = self.waiting, None
        assert before
        then = now + timedelta(seconds=min(900, 15 * 2**before.tries))
        if outcome is Outcome.LATER and then < before.end:
            self.waiting = Waiting(before.item, before.end, then, before.tries + 1)
        if outcome is Outcome.GONE:
            self.subscription = self.due = None


STORES: dict[str, Store] = {}


class Machine(RuleBasedStateMachine):
    """Two readers of one bot, one worker, one clock."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.store: Store = STORES[self.url]
        self.bot = Bot("telegram", str(next(SPACES)), 1_000)
        self.now = NOON
        self.worker = Deliveries(self.store, self.bot.space, lambda: self.now)
        self.readers: dict[str, Model] = {"anna": Model(), "ben": Model()}

    def teardown(self) -> None:
        """The loop ends with the evening."""
        self.runner.close()

    def address(self, who: str) -> Address:
        """Where a reader is."""
        return Address(self.bot.platform, self.bot.space, f"{who} {self.bot.space}")

    def keep(self, who: str, change: TipChange) -> None:
        """Both sides change; both or neither is overtaken."""
        model, overtaken = self.readers[who], False
        try:
            model.change(change, self.now)
        except Overtaken:
            overtaken = True
        try:
            self.runner.run(self.store.keep([change], self.now))
        except Overtaken:
            assert overtaken
        else:
            assert not overtaken

    def seen(self, who: str, fresh: bool) -> datetime | None:
        """The stop that a button shows, or an older one."""
        subscription = self.readers[who].subscription
        return subscription.stopped if subscription and fresh else None

    @initialize()
    def begin(self) -> None:
        """Both have tips every day."""
        for who in self.readers:
            self.choose(who, {"zone": "UTC", "add": SERIES[0], "days": frozenset(range(7))}, fresh=True)

    @rule(
        who=READERS,
        fresh=some.booleans(),
        wanted=some.fixed_dictionaries(
            {},
            optional={
                "zone": ZONES,
                "add": some.sampled_from(SERIES[:2]),
                "drop": some.sampled_from(SERIES[:2]),
                "days": some.frozensets(some.integers(0, 6), min_size=1),
                "hour": some.integers(9, 19),
                "resume": some.booleans(),
            },
        ),
    )
    def choose(self, who: str, wanted: dict[str, Any], fresh: bool) -> None:
        """A tap in `tips`, on a screen that may be old."""
        self.keep(who, Adjust(self.address(who), self.seen(who, fresh), **wanted))

    @rule(
        who=READERS, how=some.sampled_from(["stop", "silence", "pause", "longer", "unpause", "confirm", "forget"]), days=some.integers(1, 9)
    )
    def change(self, who: str, how: str, days: int) -> None:
        """Everything else that a reader may wish."""
        address, until = self.address(who), self.now.date() + timedelta(days=days)
        changes: dict[str, TipChange] = {
            "stop": Stop(address),
            "silence": Silence(address),
            "pause": Pause(address, until),
            "longer": Pause(address, until, longer=True),
            "unpause": Unpause(address, until),
            "confirm": Confirm(address),
        }
        if how in changes:
            self.keep(who, changes[how])
        else:
            self.runner.run(self.store.keep([Erase(address)], self.now))
            self.readers[who] = Model()

    @rule(length=some.sampled_from([timedelta(seconds=20), timedelta(hours=3), timedelta(hours=11), timedelta(days=20)]))
    def time_passes(self, length: timedelta) -> None:
        """Nobody works meanwhile: the machine slept."""
        self.now += length

    @rule(who=READERS, late=some.sampled_from([1, 1, 1, 3_600, 20_000]), awake=some.sampled_from([True, True, False]))
    def time_comes(self, who: str, late: int, awake: bool) -> None:
        """A tip is due, or was some seconds or hours ago."""
        self.now = max(self.now, (self.readers[who].due or self.now) + timedelta(seconds=late))
        if awake:
            self.plan()

    @rule()
    def plan(self) -> None:
        """What is due is planned, and waits."""
        for model in self.readers.values():
            model.plan(self.now)
        while self.runner.run(self.worker.plan(self.bot, lambda each, due: planned(LIBRARY, each, "patient", due), 10)).schedules:
            pass

    @rule(outcome=OUTCOMES, meanwhile=MEANWHILE, who=READERS)
    def send(self, outcome: Outcome, meanwhile: str | None, who: str) -> None:
        """What waits is sent, and the platform says what came of it; somebody may end it while that is on the wire."""
        self.now += timedelta(seconds=2)
        self.runner.run(self.worker.expire())
        claimed = self.runner.run(self.worker.claim(self.bot, 10)).deliveries
        leaving = {who: model.waiting.item for who, model in self.readers.items() if model.leaves(self.now) and model.waiting}
        assert {each.address.chat.split()[0]: each.item for each in claimed} == leaving
        assert self.runner.run(self.worker.mark(claimed)) == [True] * len(claimed)
        if meanwhile:
            self.change(who, meanwhile, 1)
        self.runner.run(self.worker.settle([(each, Sent(outcome)) for each in claimed]))
        for each in leaving:
            if not (meanwhile and each == who):
                self.readers[each].said(outcome, self.now)
            elif outcome is Outcome.GONE:
                self.readers[each].subscription = self.readers[each].due = None

    @invariant()
    def the_store_holds_what_the_rules_say(self) -> None:
        """Every subscription, and when it is due."""
        for who, model in self.readers.items():
            kept = self.runner.run(self.store.kept(self.address(who)))
            assert (kept.subscription if kept else None) == model.subscription
            asked = select(subscriptions.c.due).where(of_one(subscriptions, self.address(who)))
            due = self.runner.run(self.store.read(lambda connection, asked=asked: connection.execute(asked).scalar()))
            assert (None if due is None else moment(due)) == model.due

    @invariant()
    def nobody_gets_two_close_together(self) -> None:
        """Twenty hours lie between two tips, whatever was chosen between them."""
        for model in self.readers.values():
            assert all(after - before >= BETWEEN for before, after in pairwise(model.planned))


def test_the_store_is_the_rules(store_url: str) -> None:
    """On both databases."""
    STORES[store_url] = open_store(store_url)

    class OnThis(Machine):
        url = store_url

    wanted = settings(max_examples=50, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
    try:
        run_state_machine_as_test(OnThis, settings=wanted)
    finally:
        STORES.pop(store_url).close()
