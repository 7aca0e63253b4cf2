"""Whatever readers, workers and care teams do, in any order: the store holds what the rules say, and nobody gets what they did not want.

`MACHINE_EXAMPLES=2000 pytest -n 0 tests/adapters/test_subscriptions_machine.py` plays more of them than every run of the tests does.
"""

import os
from contextlib import suppress
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any, Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from outbox_model import BETWEEN, QUESTION, REST, TIPS
from outbox_stage import BOT, NOT_LEFT, WHO, Stage, address, message

from adapters.outcome import Outcome, Sent
from adapters.store import Store, open_store
from adapters.store.claiming import Delivery
from adapters.store.deliveries import Deliveries
from adapters.store.settling import Settled
from content.broadcasting import NotAllowed
from content.people import Adjust, Confirm, Pause, Silence, Stop, Unpause
from content.schedule import is_awake
from content.team import At, Broadcast, Decide, Word

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "15"))
STEPS = 30
READERS = some.sampled_from(WHO)
WORKERS = some.sampled_from(["one", "two"])
ZONES = some.sampled_from(["UTC", "Europe/Madrid", "Pacific/Kiritimati", "Pacific/Honolulu", "America/Mexico_City", "Australia/Lord_Howe"])
KEYS = some.sampled_from(list(TIPS))
HOURS = some.integers(9, 19)
DAYS_OFF = some.integers(1, 9)
DAYS = some.just(frozenset(range(7))) | some.frozensets(some.integers(0, 6), min_size=1)
CHOICES: dict[str, some.SearchStrategy[Any]] = {"zone": ZONES, "add": KEYS, "drop": KEYS, "days": DAYS}
CHOICES |= {"hour": HOURS, "resume": some.booleans()}
TRAVELS = some.fixed_dictionaries({"zone": ZONES})
SHORT = some.sampled_from([timedelta(seconds=1), timedelta(seconds=16), timedelta(seconds=31), timedelta(hours=3)])
LONG = some.sampled_from([timedelta(hours=11), timedelta(days=1), timedelta(days=8), timedelta(days=59), timedelta(days=91)])
LATE = some.sampled_from([1, 1, 1, 3_600, 14_000, 20_000])
WISHES = some.lists(some.tuples(some.sampled_from(["stop", "silence", "pause", "danger", "forget"]), DAYS_OFF), min_size=1, max_size=3)
# How far a message comes: planned, claimed, on the wire, settled, settled when others had given it up.
FAR = some.sampled_from([3, 3, 2, 1, 0, 4])
OUTCOMES = some.lists(some.sampled_from([Outcome.SENT, Outcome.LATER, *Outcome]), min_size=2, max_size=2)


class Machine(RuleBasedStateMachine):
    """Two readers of one bot, two workers, a care team, and one clock."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(self.store)
        self.now = self.stage.time
        self.claimed: dict[str, list[Delivery]] = {"one": [], "two": []}
        self.on_wire: dict[str, list[Delivery]] = {"one": [], "two": []}
        self.settled: list[Settled] = []
        self.may_have_come = set[int]()
        self.announced = 0

    def teardown(self) -> None:
        """The loop ends with the evening."""
        self.stage.runner.close()

    def day(self, days: int) -> date:
        """So many days from now."""
        return self.now().date() + timedelta(days=days)

    @initialize()
    def begin(self) -> None:
        """Both have tips every day."""
        for who in WHO:
            self.turn_on(who, "UTC", "starting", 10)

    @rule(who=READERS, zone=ZONES, key=KEYS, hour=HOURS)
    def turn_on(self, who: str, zone: str, key: str, hour: int) -> None:
        """Tips every day, whatever was before."""
        self.choose(who, {"zone": zone, "add": key, "days": frozenset(range(7)), "hour": hour}, fresh=True)

    @rule(who=READERS, wanted=some.fixed_dictionaries({}, optional=CHOICES) | TRAVELS, fresh=some.sampled_from([True, True, True, False]))
    def choose(self, who: str, wanted: dict[str, Any], fresh: bool) -> None:
        """A tap in `tips`, on a screen that may be older than the last stop."""
        tips = self.stage.model.readers[who].tips
        self.stage.keep(who, Adjust(address(who), tips.stopped if tips and fresh else None, **wanted))

    @rule(who=READERS, wishes=WISHES, far=some.none() | FAR, outcomes=OUTCOMES, again=some.none() | HOURS)
    def end(self, who: str, wishes: list[tuple[str, int]], far: int | None, outcomes: list[Outcome], again: int | None) -> None:
        """Nothing waits for them from then on, also where a tip was on its way; some turn tips on again at once."""
        if far is not None:
            self.tips_come(1, 1, far, outcomes)
        for how, days in wishes:
            where, until = address(who), self.day(days)
            match how:
                case "forget":
                    self.stage.forget(who)
                case "danger":
                    self.danger(who, until)
                case _:
                    self.stage.keep(who, {"stop": Stop(where), "silence": Silence(where), "pause": Pause(where, until)}[how])
            self.stage.nothing_waits_for(who)
        if again:
            self.turn_on(who, "UTC", "starting", again)

    def danger(self, who: str, until: date) -> None:
        """An emergency pauses tips, and never shortens a pause."""
        before = self.stage.look()[0][who].tips
        self.stage.keep(who, Pause(address(who), until, longer=True))
        after = self.stage.look()[0][who].tips
        if before and before.paused_until:
            assert after
            assert after.paused_until
            assert after.paused_until >= before.paused_until

    @rule(who=READERS, days=some.none() | DAYS_OFF, taps=some.booleans())
    def go_on(self, who: str, days: int | None, taps: bool) -> None:
        """A tap under a tip; or "This is not happening now", which lifts its own pause, where that is the one that stands."""
        tips = self.stage.model.readers[who].tips
        until = tips.paused_until if tips and not days else None
        self.stage.keep(who, Confirm(address(who)) if taps else Unpause(address(who), until or self.day(days or 0)))

    @rule(length=SHORT | LONG)
    def time_passes(self, length: timedelta) -> None:
        """Nobody works meanwhile."""
        self.now.at += length

    @rule(times=some.integers(1, 4), late=LATE, far=FAR, outcomes=OUTCOMES)
    def tips_come(self, times: int, late: int, far: int, outcomes: list[Outcome]) -> None:
        """The next ones were due some seconds or hours ago: each is planned, claimed, leaves and is settled, or comes only so far."""
        for _ in range(times):
            due = min((reader.due for reader in self.stage.model.readers.values() if reader.due), default=self.now())
            self.now.at = max(self.now(), due + timedelta(seconds=late))
            self.stage.plan(3)
            self.bring(far, outcomes)

    def bring(self, far: int, outcomes: list[Outcome]) -> None:
        """What may leave now goes so far."""
        if far > 0:
            self.claim(3)
        if far > 1:
            self.mark("one")
            self.mark("two")
        if far > 3:
            self.now.go_on(seconds=31)
            self.tidy()
        if far > 2:
            self.settle("one", outcomes)
            self.settle("two", outcomes)

    @rule(most=some.integers(1, 3))
    def plan(self, most: int) -> None:
        """Two schedulers race for what is due."""
        self.stage.plan(most)

    @rule(who=READERS, worker=some.none() | WORKERS)
    def race(self, who: str, worker: str | None) -> None:
        """The reader's stop meets the scheduler or a mark in the store: one comes first, and nothing leaves after the stop."""
        if worker is None:
            self.stage.race(Stop(address(who)), self.stage.workers["one"].plan(BOT, message, 3), lambda model: model.plan(self.now()))
        else:
            claimed = self.taken(self.claimed, worker)
            work = self.stage.workers[worker].mark(claimed)
            marked = self.stage.race(Stop(address(who)), work, lambda model: [model.mark(each, self.now()) for each in claimed])
            self.leaves(worker, claimed, marked)
        self.stage.nothing_waits_for(who)

    @rule(worker=WORKERS, what=some.sampled_from(["claim", "mark", "settle", "die"]), outcomes=OUTCOMES)
    def work(self, worker: str, what: str, outcomes: list[Outcome]) -> None:
        """One step of one worker; what it holds when it dies is left to its leases."""
        match what:
            case "claim":
                self.claim(1)
            case "mark":
                self.mark(worker)
            case "settle":
                self.settle(worker, outcomes)
            case "die":
                self.claimed[worker], self.on_wire[worker] = [], []

    def claim(self, most: int) -> None:
        """Both workers ask at once: a row is given to one of them."""
        model = self.stage.model
        claims = self.stage.both(lambda worker: worker.claim(BOT, most))
        assert sorted([each.id for each in claim.deliveries] for claim in claims) == sorted(model.claim(self.now(), most) for _ in claims)
        for held, claim in zip(self.claimed.values(), claims, strict=True):
            held += claim.deliveries
            for each in claim.deliveries:
                model.row(each.id).owner = each.owner

    def mark(self, worker: str) -> None:
        """What is still the worker's own, and wanted, leaves."""
        claimed = self.taken(self.claimed, worker)
        marked = self.stage.run(self.stage.workers[worker].mark(claimed))
        assert marked == [self.stage.model.mark(each, self.now()) for each in claimed]
        self.leaves(worker, claimed, marked)

    def taken(self, held: dict[str, list[Delivery]], worker: str) -> list[Delivery]:
        """What the worker held until now."""
        found, held[worker] = held[worker], []
        return found

    def leaves(self, worker: str, claimed: list[Delivery], marked: list[bool]) -> None:
        """Nothing leaves that may have come already, or wakes its reader; what does not leave is given back."""
        for each in (each for each, may in zip(claimed, marked, strict=True) if may):
            tips = self.stage.model.readers[each.address.chat].tips
            assert each.id not in self.may_have_come
            assert tips is None or is_awake(tips.zone, self.now())
            self.may_have_come.add(each.id)
            self.on_wire[worker].append(each)
        stay = [each for each, may in zip(claimed, marked, strict=True) if not may]
        self.stage.run(self.stage.workers[worker].give_back(stay))
        self.stage.model.give_back(stay)

    def settle(self, worker: str, outcomes: list[Outcome]) -> None:
        """The platform's words, which may come when the row was given up already."""
        self.settled = [(each, Sent(outcomes[number % 2])) for number, each in enumerate(self.taken(self.on_wire, worker))]
        for each, sent in self.settled:
            if sent.outcome in (Outcome.LATER, Outcome.REFUSED):
                self.may_have_come.discard(each.id)
            if sent.outcome is Outcome.GONE:
                self.stage.told[each.address.chat].clear()
        self.stage.model.settle([(each, sent.outcome) for each, sent in self.settled], self.now())
        self.stage.run(self.stage.workers[worker].settle(self.settled))

    @rule(who=READERS, hour=some.none() | HOURS)
    def say_again(self, who: str, hour: int | None) -> None:
        """The store kept it and could not say so: it is told once more, and nothing changes, also where tips were turned on since."""
        if hour:
            self.turn_on(who, "UTC", "starting", hour)
        self.stage.run(self.stage.workers["one"].settle(self.settled))

    @rule()
    def tidy(self) -> None:
        """Leases that ended, tips that are too late, addresses that are old; both workers at once."""
        for work in (Deliveries.sweep, Deliveries.expire, Deliveries.tidy):
            self.stage.both(work)
        self.stage.model.tidy(self.now())
        self.may_have_come &= {row.id for row in self.stage.model.rows}

    @rule(at=some.sampled_from(["now", "now", "morning"]), series=some.none() | KEYS, far=FAR, outcomes=OUTCOMES)
    def announce(self, at: At, series: str | None, far: int, outcomes: list[Outcome]) -> None:
        """A care team's broadcast, approved by the second person."""
        self.announced += 1
        broadcast = Broadcast(f"b{self.announced}", "notice", "The clinic is shut.", at, "U0NURSE", series)
        self.stage.run(self.stage.team.propose(broadcast, []))
        self.decide("approve")
        self.bring(far, outcomes)

    @rule(word=some.sampled_from(["", "", "pause", "resume", "stop", "retry"]))
    def decide(self, word: Word | Literal[""]) -> None:
        """The second person's word on the last one, where it may still be said; then all of them go on."""
        with suppress(NotAllowed):
            if word:
                self.stage.run(self.stage.team.decide(Decide(f"b{self.announced}", "U0DOCTOR", word)))
        self.stage.broadcasts_move(word)

    @invariant()
    def the_store_holds_what_the_rules_say(self) -> None:
        """Every subscription with when it is due, every row, and which broadcasts go on."""
        readers, rows, sending = self.stage.look()
        model = self.stage.model
        assert readers == model.readers
        assert rows == sorted(model.rows, key=lambda row: row.id)
        assert sending == model.sending

    @invariant()
    def nothing_waits_for_who_does_not_want_it(self) -> None:
        """Stopped, silent or forgotten. Who is silent because they did not answer may still get the question, and what waited before it."""
        for row in self.stage.model.rows:
            tips = self.stage.model.readers[row.who].tips if row.who and row.state in NOT_LEFT else None
            asked = any(each.item == QUESTION for each in self.stage.model.rows if each.who == row.who)
            assert row.state not in NOT_LEFT or (tips and (tips.state == "on" or (tips.state == "silent" and asked)))

    @invariant()
    def tips_are_apart(self) -> None:
        """One a local day over all series, twenty hours between two, and none again before ninety days."""
        for told in self.stage.told.values():
            assert len({each.day for each in told}) == len(told)
            tips = [each for each in told if each.item != QUESTION]
            assert all(later.when - earlier.when >= BETWEEN for earlier, later in pairwise(tips))
            twice = [(earlier, later) for earlier, later in combinations(tips, 2) if earlier.item == later.item]
            assert all(later.day - earlier.day >= REST for earlier, later in twice)


def test_the_store_is_the_rules(store_url: str) -> None:
    """On both databases; PostgreSQL takes longer, and gets a third."""

    class OnThis(Machine):
        store = open_store(store_url, patience=30)

    examples = EXAMPLES if store_url.startswith("sqlite") else EXAMPLES // 3
    wanted = settings(max_examples=examples, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck))
    try:
        run_state_machine_as_test(OnThis, settings=wanted)
    finally:
        OnThis.store.close()
