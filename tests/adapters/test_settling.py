"""Every row ends in one word; what nobody answers for is freed or unknown, and what is long past loses its address."""

import asyncio
from datetime import timedelta

import pytest
from outbox import BOT, SENT, TEN, Time, address, milliseconds, on_the_wire, rows, schedules, states, subscribe, write

from adapters.outcome import Outcome, Sent
from adapters.store import Store, open_store
from adapters.store.deliveries import Deliveries
from content.people import Change, Erase, Silence, Stop

LATER = Sent(Outcome.LATER, reason="too many requests")


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        (SENT, "sent"),
        (Sent(Outcome.REFUSED, reason="bad request"), "refused"),
        (Sent(Outcome.UNKNOWN, reason="timed out"), "unknown"),
        (Sent(Outcome.GONE, reason="forbidden"), "gone"),
    ],
)
async def test_what_became_of_it_is_kept_with_its_reason(store: Store, sent: Sent, state: str) -> None:
    """Saying it again later changes nothing, nor does saying something else after."""
    time = Time()
    async with on_the_wire(store, time, "42") as (worker, (claimed,)):
        for said in (sent, sent, SENT if state != "unknown" else sent):
            await worker.settle([(claimed, said)])
            time.go_on(seconds=1)
        (row,) = await rows(store)
        assert (row.state, row.reason, row.settled) == (state, sent.reason, milliseconds(TEN))


async def test_who_cannot_be_reached_has_no_subscription_any_more(store: Store) -> None:
    """What waits for them is not sent; their language stays, and so does everybody else."""
    await subscribe(store, "42", "43")
    async with on_the_wire(store, Time(), "42") as (worker, (claimed,)):
        await write(store, "42", occasion="broadcast-1")
        await worker.settle([(claimed, Sent(Outcome.GONE, reason="forbidden"))])
    assert await states(store) == ["gone", "cancelled"]
    assert list(await schedules(store)) == ["43"]
    assert await store.kept(address("42"))


async def test_a_word_told_twice_takes_no_tips_that_were_turned_on_since(store: Store) -> None:
    """The store kept that they are gone and could not say so; they came back, and then it is told again."""
    await subscribe(store, "42")
    async with on_the_wire(store, Time(), "42") as (worker, (claimed,)):
        await worker.settle([(claimed, Sent(Outcome.GONE))])
        await subscribe(store, "42")
        await worker.settle([(claimed, Sent(Outcome.GONE))])
    assert list(await schedules(store)) == ["42"]


async def test_later_backs_off_and_ends(store: Store) -> None:
    """Each try waits longer, up to a quarter of an hour; when the next would be too late it is a dead letter with its reason."""
    await write(store, "42")
    time, waits = Time(), []
    worker = Deliveries(store, "one", time)
    while claimed := (await worker.claim(BOT, 1)).deliveries:
        await worker.mark(claimed)
        await worker.settle([(claimed[0], LATER)])
        (row,) = await rows(store)
        waits.append(row.not_before - milliseconds(time.at))
        time.at = TEN + timedelta(milliseconds=row.not_before - milliseconds(TEN))
    assert [wait / 1000 for wait in waits[:7]] == [15, 30, 60, 120, 240, 480, 900]
    assert (row.state, row.reason, row.attempts) == ("refused", "given up: too many requests", len(waits))
    assert time.at < TEN + timedelta(hours=4) <= time.at + timedelta(minutes=15)


async def test_the_platforms_own_wait_counts(store: Store) -> None:
    """`retry_after` is obeyed where it is longer than ours."""
    async with on_the_wire(store, Time(), "42") as (worker, (claimed,)):
        await worker.settle([(claimed, Sent(Outcome.LATER, retry_after=600))])
        (row,) = await rows(store)
        assert (row.state, row.not_before) == ("waiting", milliseconds(TEN + timedelta(seconds=600)))
        assert row.owner is None


@pytest.mark.parametrize("change", [Stop(address("42")), Silence(address("42")), Erase(address("42"))])
async def test_what_was_refused_for_now_is_not_tried_again_for_who_stopped(store: Store, change: Change) -> None:
    """They stopped while it was on the wire: it ends there."""
    await subscribe(store, "42")
    async with on_the_wire(store, Time(), "42") as (worker, (claimed,)):
        await store.keep([change], TEN + timedelta(seconds=1))
        await worker.settle([(claimed, LATER)])
        assert await states(store) == ["cancelled"]


async def test_a_word_that_comes_after_a_stop_sends_nothing_again(store: Store) -> None:
    """The row was given up as unknown while the store was away, the reader stopped, and only then it is told that it never left."""
    await subscribe(store, "42")
    time = Time()
    async with on_the_wire(store, time, "42") as (worker, (claimed,)):
        time.go_on(seconds=31)
        await Deliveries(store, "two", time).sweep()
        await store.keep([Stop(address("42"))], time())
        await worker.settle([(claimed, LATER)])
        assert await states(store) == ["cancelled"]


async def test_what_a_forgotten_reader_got_has_no_address(store: Store) -> None:
    """Also where the word comes after."""
    async with on_the_wire(store, Time(), "42") as (worker, (claimed,)):
        await store.keep([Erase(address("42"))], TEN)
        await worker.settle([(claimed, SENT)])
        (row,) = await rows(store)
        assert (row.state, row.chat) == ("sent", None)


async def test_a_dead_worker_leaves_nothing_for_long(store: Store) -> None:
    """Within twenty seconds what it claimed waits again; what was on the wire is unknown, and is not sent again."""
    time = Time()
    async with on_the_wire(store, time, "42") as (_, (claimed,)):
        await write(store, "43")
        dying, living = Deliveries(store, "dying", time), Deliveries(store, "living", time)
        await dying.claim(BOT, 10)
        time.go_on(seconds=14)
        await living.sweep()
        assert await states(store) == ["on_wire", "claimed"]
        time.go_on(seconds=2)
        assert await living.sweep() == {}
        assert [each.address.chat for each in (await living.claim(BOT, 10)).deliveries] == ["43"]
        time.go_on(seconds=15)
        assert await living.sweep() == {"telegram": 1}
        row = (await rows(store))[0]
        assert (row.id, row.state, row.reason) == (claimed.id, "unknown", "no word came back")


@pytest.mark.parametrize(("sent", "state"), [(SENT, "sent"), (LATER, "waiting"), (Sent(Outcome.GONE), "gone")])
async def test_a_late_word_of_the_same_worker_corrects_unknown(store: Store, sent: Sent, state: str) -> None:
    """It slept past its lease with the call done."""
    time = Time()
    async with on_the_wire(store, time, "42") as (worker, (claimed,)):
        time.go_on(seconds=31)
        await Deliveries(store, "two", time).sweep()
        assert await states(store) == ["unknown"]
        await worker.settle([(claimed, sent)])
        assert await states(store) == [state]
        assert ((await rows(store))[0].settled is None) == (state == "waiting")


async def test_a_mark_that_may_not_have_been_kept_is_taken_back(store: Store) -> None:
    """The store did not say whether it kept the mark, so nothing was sent: the row waits again either way."""
    await write(store, "42", "43")
    worker = Deliveries(store, "one", Time())
    marked, claimed = (await worker.claim(BOT, 10)).deliveries
    await worker.mark([marked])
    await worker.settle([(marked, LATER), (claimed, LATER)])
    assert await states(store) == ["waiting", "waiting"]


async def test_a_clock_that_was_set_back_frees_what_it_held(store: Store) -> None:
    """A lease an hour ahead is nobody's."""
    time = Time()
    async with on_the_wire(store, time, "42") as (worker, _):
        time.go_on(hours=-1)
        assert await worker.sweep() == {"telegram": 1}
        assert await states(store) == ["unknown"]


async def test_what_nobody_sent_in_time_is_skipped(store: Store) -> None:
    """It waited past its end; what is on the wire then is left to its worker."""
    time = Time()
    async with on_the_wire(store, time, "42") as (worker, _):
        await write(store, "43")
        await write(store, "44", too_late=milliseconds(TEN + timedelta(hours=5)))
        time.go_on(hours=4)
        assert await worker.expire() == {"telegram": 1}
        assert await states(store) == ["on_wire", "skipped", "waiting"]


async def test_what_has_nothing_to_say_is_skipped(store: Store) -> None:
    """Its card was withdrawn since; the reason stands there, and it is never sent."""
    await write(store, "42")
    worker = Deliveries(store, "one", Time())
    (claimed,) = (await worker.claim(BOT, 10)).deliveries
    await worker.skip(claimed, "withdrawn")
    assert [(row.state, row.reason) for row in await rows(store)] == [("skipped", "withdrawn")]
    assert await worker.mark([claimed]) == [False]


async def test_settled_rows_lose_their_address_after_a_week(store: Store) -> None:
    """And go after three months; what waits keeps its own, however old."""
    time = Time()
    async with on_the_wire(store, time, "42") as (worker, (claimed,)):
        await write(store, "43", too_late=milliseconds(TEN + timedelta(days=400)))
        await worker.settle([(claimed, SENT)])
        time.go_on(days=7)
        assert await worker.tidy() == 0
        time.go_on(seconds=1)
        assert await worker.tidy() == 1
        assert [row.chat for row in await rows(store)] == [None, "43"]
        time.go_on(days=83)
        assert await worker.tidy() == 1
        assert [row.chat for row in await rows(store)] == ["43"]


async def test_sweepers_of_several_replicas_do_not_wait_for_each_other(store_url: str) -> None:
    """Two sweep while a third settles the same rows: nobody fails, every row has one word."""
    one, two = open_store(store_url, patience=30), open_store(store_url, patience=30)
    time = Time()
    async with on_the_wire(one, time, *range(15)) as (worker, claimed):
        time.go_on(seconds=31)
        others = [Deliveries(store, "other", time) for store in (one, two) for _ in range(3)]
        await asyncio.gather(worker.settle([(each, SENT) for each in claimed]), *(other.sweep() for other in others))
        assert set(await states(one)) == {"sent"}
    one.close()
    two.close()
