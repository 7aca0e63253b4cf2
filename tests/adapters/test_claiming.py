"""Claims of several replicas share one budget; what was claimed leaves once, or not at all where its reader stopped."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from outbox import BOT, SENT, TEN, Time, address, choice, milliseconds, on_the_wire, states, subscribe, write
from sqlalchemy import insert

from adapters.store import Store, open_store
from adapters.store.budget import HORIZON, Bot
from adapters.store.deliveries import Deliveries
from adapters.store.tables import broadcasts
from content.people import Change, Choose, Confirm, Erase, Pause, Silence, Stop

GRID = timedelta(microseconds=33_333)


def spread(moments: list[datetime]) -> list[timedelta]:
    """The time between each and the next."""
    moments = sorted(moments)
    return [after - before for before, after in pairwise(moments)]


async def test_places_lie_on_a_grid_and_end_at_the_horizon(store: Store) -> None:
    """Each row has a moment of its own, evenly spaced; when the places are used up, a claim says when to come again."""
    await write(store, *range(100))
    worker = Deliveries(store, "one", Time())
    claim = await worker.claim(BOT, 50)
    slots = [each.slot for each in claim.deliveries]
    assert slots[0] == TEN
    assert set(spread(slots)) == {GRID}
    assert slots[-1] <= TEN + HORIZON < slots[-1] + GRID
    assert TEN < claim.again < slots[-1]
    assert (await worker.claim(BOT, 50)).deliveries == ()


async def test_two_replicas_share_one_budget(store_url: str) -> None:
    """However often both ask, a second holds thirty places, and no row is given to both."""
    one, two = open_store(store_url, patience=30), open_store(store_url, patience=30)
    await write(one, *range(200))
    time = Time()
    workers = [Deliveries(one, "one", time), Deliveries(two, "two", time)]
    claimed = []
    for turn in range(40):
        claimed += (await workers[turn % 2].claim(BOT, 3)).deliveries
        time.go_on(milliseconds=50)
    assert len({each.id for each in claimed}) == len(claimed)
    assert min(spread([each.slot for each in claimed])) >= GRID
    assert sum(TEN <= each.slot < TEN + timedelta(seconds=1) for each in claimed) == 31
    one.close()
    two.close()


@pytest.mark.parametrize("rate", [0.2, 3, 29.9, 1000])
async def test_every_rate_is_kept(store: Store, rate: float) -> None:
    """A slow bot sends too, one at a time, and never faster than it may."""
    await write(store, *range(1_100))
    time, bot = Time(), Bot(BOT.platform, BOT.space, rate)
    worker = Deliveries(store, "one", time)
    slots: list[datetime] = []
    while time.at < TEN + timedelta(seconds=max(1, 11 / rate)):
        claim = await worker.claim(bot, 1_000)
        slots += [each.slot for each in claim.deliveries]
        time.at = max(claim.again, time.at + timedelta(milliseconds=1))
    assert min(spread(slots)) >= timedelta(seconds=1 / rate) - timedelta(microseconds=1)
    assert spread(slots)[-1] <= timedelta(seconds=1 / rate) + timedelta(milliseconds=2)
    assert len(slots) >= 11


async def test_replies_are_paid_for_first(store: Store) -> None:
    """What went past the budget moves the next place; it is never owed for longer than a second."""
    await write(store, *range(100))
    time = Time()
    worker = Deliveries(store, "one", time)
    assert (await worker.claim(BOT, 1, spent=6)).deliveries[0].slot == TEN + 6 * GRID
    time.go_on(seconds=10)
    assert (await worker.claim(BOT, 1, spent=10_000)).deliveries == ()
    time.go_on(seconds=1.6)
    assert len((await worker.claim(BOT, 1)).deliveries) == 1


async def test_a_debt_is_kept_where_nothing_is_claimed(store: Store) -> None:
    """Two claims that only pay are two debts."""
    time = Time()
    worker = Deliveries(store, "one", time)
    await worker.claim(BOT, 10, spent=5)
    await worker.claim(BOT, 10, spent=5)
    await write(store, "42")
    assert (await worker.claim(BOT, 10)).deliveries[0].slot == TEN + 10 * GRID


async def test_a_lane_that_is_shut_gives_no_place(store: Store) -> None:
    """Until the platform wants messages again; a shorter word does not shorten it, and another bot goes on."""
    await write(store, "42")
    await write(store, "43", space="200")
    time = Time()
    worker = Deliveries(store, "one", time)
    await worker.block(BOT, TEN + timedelta(seconds=30))
    await worker.block(BOT, TEN + timedelta(seconds=3))
    shut = await worker.claim(BOT, 10)
    assert shut.deliveries == ()
    assert TEN + timedelta(seconds=29) < shut.again <= TEN + timedelta(seconds=30)
    assert len((await worker.claim(Bot("telegram", "200", 30), 10)).deliveries) == 1
    time.at = shut.again
    assert (await worker.claim(BOT, 10)).deliveries[0].slot == TEN + timedelta(seconds=30)


async def test_a_place_given_before_the_lane_was_shut_is_not_used(store: Store) -> None:
    """Another replica heard "too many" meanwhile: the row stays where it is."""
    await write(store, "42")
    time = Time()
    worker, other = Deliveries(store, "one", time), Deliveries(store, "two", time)
    claimed = (await worker.claim(BOT, 10)).deliveries
    await other.block(BOT, TEN + timedelta(seconds=3))
    assert await worker.mark(claimed) == [False]
    time.go_on(seconds=3)
    assert await worker.mark(claimed) == [True]


async def test_a_clock_that_was_set_back_does_not_shut_the_lane(store: Store) -> None:
    """An hour back is no hour of silence."""
    await write(store, "42", "43", not_before=0)
    time = Time()
    worker = Deliveries(store, "one", time)
    await worker.claim(BOT, 1)
    time.go_on(hours=-1)
    assert (await worker.claim(BOT, 1)).deliveries[0].slot == TEN - timedelta(hours=1)


async def test_a_chat_has_one_message_a_second(store: Store) -> None:
    """Two for one chat, as a tip and a broadcast: the second leaves a second after the first's word came."""
    time = Time()
    async with on_the_wire(store, time, "42") as (worker, claimed):
        await write(store, "42", "43", occasion="broadcast-1")
        assert [each.address.chat for each in (await worker.claim(BOT, 10)).deliveries] == ["43"]
        time.go_on(seconds=5)
        await worker.settle([(claimed[0], SENT)])
        time.go_on(milliseconds=999)
        waiting = await worker.claim(BOT, 10)
        assert waiting.deliveries == ()
        assert time.at < waiting.again <= time.at + timedelta(seconds=1)
        time.go_on(milliseconds=1)
        assert len((await worker.claim(BOT, 10)).deliveries) == 1


async def test_two_that_wait_for_one_chat_are_not_claimed_together(store: Store) -> None:
    """One claim holds one message a chat."""
    await write(store, "42")
    await write(store, "42", occasion="broadcast-1")
    assert len((await Deliveries(store, "one", Time()).claim(BOT, 10)).deliveries) == 1


async def test_only_what_may_leave_now_is_claimed(store: Store) -> None:
    """Not before its time, not when it is too late; the one that waits longest leaves first."""
    late, soon = milliseconds(TEN), milliseconds(TEN + timedelta(minutes=1))
    await write(store, "too-late", too_late=late)
    await write(store, "soon", not_before=soon)
    await write(store, "now")
    await write(store, "long", not_before=milliseconds(TEN - timedelta(minutes=1)))
    time = Time()
    worker = Deliveries(store, "one", time)
    assert await worker.first_waiting(BOT) == TEN - timedelta(minutes=1)
    assert [each.address.chat for each in (await worker.claim(BOT, 10)).deliveries] == ["long", "now"]
    assert await worker.first_waiting(BOT) == TEN + timedelta(minutes=1)


async def test_an_erased_reader_on_the_wire_holds_up_nobody(store: Store) -> None:
    """A row without an address is no chat that is busy."""
    async with on_the_wire(store, Time(), "42") as (worker, _):
        await store.keep([Erase(address("42"))], TEN)
        await write(store, "43")
        assert len((await worker.claim(BOT, 10)).deliveries) == 1


async def test_what_was_marked_is_not_marked_again(store: Store) -> None:
    """It leaves once."""
    async with on_the_wire(store, Time(), "42") as (worker, claimed):
        assert await worker.mark(claimed) == [False]


async def test_a_worker_that_slept_sends_nothing(store: Store) -> None:
    """Its lease ran out, and another worker has the row, or may have it any moment."""
    await write(store, "42")
    time = Time()
    slow, quick = Deliveries(store, "slow", time), Deliveries(store, "quick", time)
    claimed = (await slow.claim(BOT, 10)).deliveries
    time.go_on(seconds=15)
    assert await slow.mark(claimed) == [False]
    time.go_on(milliseconds=1)
    await quick.sweep()
    taken = (await quick.claim(BOT, 10)).deliveries
    assert await slow.mark(claimed) == [False]
    assert await quick.mark(taken) == [True]


async def test_an_earlier_claim_of_the_same_worker_counts_for_nothing(store: Store) -> None:
    """A row given back and claimed again belongs to the second claim alone."""
    await write(store, "42")
    worker = Deliveries(store, "one", Time())
    first = (await worker.claim(BOT, 10)).deliveries
    await worker.give_back(first)
    (second,) = (await worker.claim(BOT, 10)).deliveries
    await worker.give_back(first)
    assert await worker.mark(first) == [False]
    assert await worker.mark([second]) == [True]


async def test_what_is_given_back_waits_at_once(store: Store) -> None:
    """A program that is told to stop leaves its rows to the others; what is on the wire stays."""
    async with on_the_wire(store, Time(), "42") as (worker, sent):
        await write(store, "43")
        claimed = (await worker.claim(BOT, 10)).deliveries
        await worker.give_back([*sent, *claimed])
        assert await states(store) == ["on_wire", "waiting"]


async def test_it_does_not_leave_when_it_is_too_late(store: Store) -> None:
    """A row claimed in time and held up since stays."""
    await write(store, "42", too_late=milliseconds(TEN + timedelta(seconds=5)))
    time = Time()
    worker = Deliveries(store, "one", time)
    claimed = (await worker.claim(BOT, 10)).deliveries
    time.go_on(seconds=5)
    assert await worker.mark(claimed) == [False]


ENDS: list[Change] = [
    Stop(address("42")),
    Silence(address("42")),
    Erase(address("42")),
    Pause(address("42"), TEN.date() + timedelta(days=7)),
    choice("42", add=None, drop="starting"),
]


@pytest.mark.parametrize("change", ENDS, ids=[type(each).__name__ for each in ENDS])
async def test_nothing_leaves_for_a_reader_who_ended_it(store: Store, change: Change) -> None:
    """Neither what waits nor what is claimed; another reader's stays."""
    await subscribe(store, "42", "43")
    await write(store, "42", "43")
    worker = Deliveries(store, "one", Time())
    claimed = (await worker.claim(BOT, 10)).deliveries
    await write(store, "42", occasion="2026-11-24")
    await store.keep([change], TEN)
    assert await worker.mark(claimed) == [False, True]
    assert await states(store) == ["cancelled", "on_wire", "cancelled"]


@pytest.mark.parametrize(
    "change", [Confirm(address("42")), choice("42", hour=11), choice("42", add="feelings"), Choose(address("42"), "es")]
)
async def test_what_a_reader_still_wants_leaves(store: Store, change: Change) -> None:
    """A choice that ends nothing takes nothing back."""
    await subscribe(store, "42")
    await write(store, "42")
    worker = Deliveries(store, "one", Time())
    claimed = (await worker.claim(BOT, 10)).deliveries
    await store.keep([change], TEN)
    assert await worker.mark(claimed) == [True]


@pytest.mark.parametrize(("change", "left"), [(ENDS[4], True), *((each, False) for each in ENDS[:4])])
async def test_a_series_taken_out_holds_back_tips_and_a_pause_everything(store: Store, change: Change, left: bool) -> None:
    """A broadcast still reaches who only took one series out."""
    await subscribe(store, "42")
    broadcast = {"id": "b1", "kind": "notice", "item": "Hello.", "at": "now", "state": "running", "proposed_by": "U1"}
    await store.write(lambda connection: connection.execute(insert(broadcasts), [broadcast]))
    await write(store, "42", occasion="b1", broadcast="b1")
    worker = Deliveries(store, "one", Time())
    claimed = (await worker.claim(BOT, 10)).deliveries
    await store.keep([change], TEN)
    assert await worker.mark(claimed) == [left]
