"""What is due becomes one row, in the transaction that advances the schedule, whoever asks and however often."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import outbox
import pytest
from outbox import BOT, EIGHT, TEN, Time, a_tip, address, choice, milliseconds, rows, schedules, subscribe
from sqlalchemy import text

from adapters.outcome import Outcome, Sent
from adapters.store import Store, StoreDown, open_store
from adapters.store.budget import Bot
from adapters.store.deliveries import Deliveries
from adapters.store.planning import Made
from content.model import Tip
from content.people import Confirm, Erase, Pause, Stop, Subscription
from content.subscribing import Planned

TOMORROW = TEN + timedelta(days=1)


async def test_what_is_due_becomes_one_delivery(store: Store) -> None:
    """It is written once, with its day as its key and an end, and the schedule stands at the next day."""
    await subscribe(store, "42")
    planner = Deliveries(store, "one", Time())
    assert await planner.plan(BOT, a_tip, 10) == Made(1, 1, 0)
    assert await planner.plan(BOT, a_tip, 10) == Made(0, 0, 0)
    (row,) = await rows(store)
    assert (row.chat, row.occasion, row.item, row.language, row.state) == ("42", "2026-11-25", "starting/one", "en", "waiting")
    assert (row.not_before, row.too_late) == (milliseconds(TEN), milliseconds(TEN + timedelta(hours=4)))
    assert await schedules(store) == {"42": milliseconds(TOMORROW)}
    kept = await store.kept(address("42"))
    assert kept
    assert kept.subscription
    assert kept.subscription.sent == TEN
    assert kept.delivered == 0


async def test_what_was_sent_is_told_as_kept(store: Store) -> None:
    """As long as it has the address: after erasing it stands under nobody."""
    await subscribe(store, "42")
    planner = Deliveries(store, "one", Time())
    await planner.plan(BOT, a_tip, 10)
    claimed = (await planner.claim(BOT, 10)).deliveries
    await planner.mark(claimed)
    await planner.settle([(each, Sent(Outcome.SENT)) for each in claimed])
    kept = await store.kept(address("42"))
    assert kept
    assert kept.delivered == 1
    await store.keep([Erase(address("42"))], TEN)
    assert {row.chat for row in await rows(store)} == {None}


async def test_nothing_is_planned_before_its_time_or_for_another_bot(store: Store) -> None:
    """A schedule waits for its moment, and each bot has its own."""
    await subscribe(store, "42")
    early, on_time = Deliveries(store, "one", Time(TEN - timedelta(milliseconds=1))), Deliveries(store, "one", Time())
    assert await early.plan(BOT, a_tip, 10) == Made(0, 0, 0)
    assert await on_time.plan(Bot("telegram", "200", 30), a_tip, 10) == Made(0, 0, 0)
    assert await on_time.first_due(BOT) == TEN
    assert await on_time.first_due(Bot("telegram", "200", 30)) is None


async def test_schedulers_that_race_write_each_tip_once(store_url: str) -> None:
    """Two programs, eight schedulers, one moment: nobody is left out and nobody gets two."""
    one, two = open_store(store_url, patience=30), open_store(store_url, patience=30)
    await subscribe(one, *range(200))
    planners = [Deliveries((one, two)[number % 2], str(number), Time()) for number in range(8)]

    async def until_none_is_due(planner: Deliveries) -> int:
        made = 0
        while await planner.first_due(BOT) == TEN:
            made += (await planner.plan(BOT, a_tip, 17)).deliveries
        return made

    assert sum(await asyncio.gather(*map(until_none_is_due, planners))) == 200
    assert sorted(int(row.chat) for row in await rows(one)) == list(range(200))
    assert set((await schedules(one)).values()) == {milliseconds(TOMORROW)}
    one.close()
    two.close()


async def test_a_local_day_has_one_tip(store: Store) -> None:
    """Where the schedule comes to the same day again, the row that stands there is the only one."""

    def forgetful(subscription: Subscription, due: datetime) -> Planned:
        return replace(a_tip(subscription, due), after=subscription)

    await subscribe(store, "42")
    time = Time()
    planner = Deliveries(store, "one", time)
    await planner.plan(BOT, forgetful, 10)
    await store.keep([choice("42", hour=15)], time.at)
    time.go_on(hours=5)
    assert (await planner.plan(BOT, forgetful, 10)).schedules == 1
    assert [row.occasion for row in await rows(store)] == ["2026-11-25"]


def next_number(subscription: Subscription, due: datetime) -> Planned:
    """One tip after the other, by number."""
    number = str(int(subscription.turn or 0) + 1)
    return Planned(replace(subscription, turn=number, sent=due), Tip(f"starting/{number}", "Drink.", "card", "en"))


async def test_who_flies_back_over_the_date_line_loses_no_tip(store: Store) -> None:
    """Their Wednesday comes twice: the second one brings none, and the next tip is still to come on Thursday."""
    await subscribe(store, "42", zone="Pacific/Auckland")
    time = Time(TEN + timedelta(hours=11))
    planner = Deliveries(store, "one", time)
    await planner.plan(BOT, next_number, 10)
    await store.keep([choice("42", zone="Pacific/Honolulu")], time())
    for hours in (23, 24):
        time.go_on(hours=hours)
        await planner.plan(BOT, next_number, 10)
    assert [(row.occasion, row.item) for row in await rows(store)] == [("2026-11-26", "starting/1"), ("2026-11-27", "starting/2")]


async def test_who_blocks_us_and_comes_back_on_the_same_day_loses_no_tip(store: Store) -> None:
    """The day's tip could not reach them; the next is still to come, and is not taken for one they had."""
    await subscribe(store, "42")
    time = Time()
    planner = Deliveries(store, "one", time)
    await planner.plan(BOT, next_number, 10)
    claimed = (await planner.claim(BOT, 1)).deliveries
    await planner.mark(claimed)
    await planner.settle([(claimed[0], Sent(Outcome.GONE))])
    await store.keep([choice("42", hour=15)], time())
    for hours in (5, 24):
        time.go_on(hours=hours)
        await planner.plan(BOT, next_number, 10)
    assert [(row.occasion, row.item) for row in await rows(store)] == [("2026-11-25", "starting/1"), ("2026-11-26", "starting/1")]


async def test_a_late_tip_and_a_new_zone_are_twenty_hours_apart(store: Store) -> None:
    """It left at the end of its window: the next one is counted from then."""
    await subscribe(store, "42", zone="Pacific/Honolulu")
    late = TEN + timedelta(hours=13, minutes=30)
    planner = Deliveries(store, "one", Time(late))
    assert (await planner.plan(BOT, a_tip, 10)).deliveries == 1
    await store.keep([choice("42", zone="America/Chicago")], late)
    due = (await schedules(store))["42"]
    assert due
    assert due >= milliseconds(late + timedelta(hours=20))


@pytest.mark.parametrize(("late", "written"), [(timedelta(hours=3, minutes=59), 1), (timedelta(hours=4), 0), (timedelta(days=3), 0)])
async def test_a_machine_that_slept_catches_up_within_hours(store: Store, late: timedelta, written: int) -> None:
    """Past the window the tip is skipped, and said so; the schedule goes on from now."""
    await subscribe(store, "42")
    made = await Deliveries(store, "one", Time(TEN + late)).plan(BOT, a_tip, 10)
    assert made == Made(1, written, 1 - written)
    assert len(await rows(store)) == written
    assert (await schedules(store))["42"] == milliseconds(TEN + timedelta(days=late.days + 1))


async def test_a_delivery_and_its_schedule_are_kept_together_or_not_at_all(store: Store) -> None:
    """Where the row cannot be written, the schedule stands where it stood."""
    await subscribe(store, "42")
    await store.write(lambda connection: connection.execute(text("DROP TABLE deliveries")))
    with pytest.raises(StoreDown):
        await Deliveries(store, "one", Time()).plan(BOT, a_tip, 10)
    assert await schedules(store) == {"42": milliseconds(TEN)}


async def test_one_row_that_cannot_be_read_keeps_nobody_waiting(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """A zone that no table of zones has: its reader waits an hour, the others get their tip."""
    await subscribe(store, "1", "2", "3")
    lost = outbox.subscriptions.update().where(outbox.subscriptions.c.chat == "2").values(zone="Atlantis/Capital")
    await store.write(lambda connection: connection.execute(lost))
    assert await Deliveries(store, "one", Time()).plan(BOT, a_tip, 10) == Made(3, 2, 0)
    assert [row.chat for row in await rows(store)] == ["1", "3"]
    assert (await schedules(store))["2"] == milliseconds(TEN + timedelta(hours=1))
    assert "could not be planned" in caplog.text


async def test_what_ends_is_advanced_without_a_delivery(store: Store) -> None:
    """A series that has no tip left, and a question instead of a tip."""
    await subscribe(store, "1", "2")

    def last_words(subscription: Subscription, due: datetime) -> Planned:
        silent = replace(subscription, state="silent")
        return Planned(silent, question=True) if await_question.pop() else Planned(silent)

    await_question = [True, False]
    assert await Deliveries(store, "one", Time()).plan(BOT, last_words, 10) == Made(2, 1, 0)
    assert [row.item for row in await rows(store)] == ["question"]
    assert await schedules(store) == {"1": None, "2": None}


async def test_a_tap_loses_no_tip_that_is_due(store: Store) -> None:
    """Between its moment and its planning a reader may tap and choose: it stays due; what was chosen away does not."""
    await subscribe(store, "tapped", "later", "earlier", "paused", "stopped")
    now = TEN + timedelta(seconds=1)
    changes = [
        Confirm(address("tapped")),
        choice("later", hour=15),
        choice("earlier", hour=9),
        Pause(address("paused"), TOMORROW.date()),
        Stop(address("stopped")),
    ]
    await store.keep(changes, now)
    assert await schedules(store) == {
        "tapped": milliseconds(TEN),
        "later": milliseconds(TEN + timedelta(hours=5)),
        "earlier": milliseconds(TEN + timedelta(hours=23)),
        "paused": milliseconds(TOMORROW),
        "stopped": None,
    }


async def test_two_first_choices_at_once_are_both_kept(store_url: str) -> None:
    """Two taps of one new reader in one moment, by two replicas: both series stand."""
    one, two = open_store(store_url, patience=30), open_store(store_url, patience=30)
    for chat in range(10):
        await asyncio.gather(one.keep([choice(chat, add="starting")], EIGHT), two.keep([choice(chat, add="feelings")], EIGHT))
        kept = await one.kept(address(chat))
        assert kept
        assert kept.subscription
        assert set(kept.subscription.series) == {"starting", "feelings"}
    one.close()
    two.close()


async def test_a_tip_that_waits_is_not_sent_in_the_night_of_a_new_zone(store: Store) -> None:
    """Claimed or not, it comes there in the morning; the next one is twenty hours later, and who is awake there gets it as it was."""
    await subscribe(store, "1", "2", "3")
    time = Time(TEN + timedelta(minutes=30))
    worker = Deliveries(store, "one", time)
    await worker.plan(BOT, a_tip, 10)
    claimed = (await worker.claim(BOT, 1)).deliveries
    for chat, zone in (("1", "America/New_York"), ("2", "America/New_York"), ("3", "Europe/Madrid")):
        await store.keep([choice(chat, zone=zone)], time.at)
    nine = datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert await worker.mark(claimed) == [False]
    assert {row.chat: row.not_before for row in await rows(store)} == {
        "1": milliseconds(nine),
        "2": milliseconds(nine),
        "3": milliseconds(TEN),
    }
    assert {row.state for row in await rows(store)} == {"waiting"}
    assert [each.address.chat for each in (await worker.claim(BOT, 10)).deliveries] == ["3"]
    due = await schedules(store)
    assert due["1"] == due["2"] == milliseconds(nine + timedelta(days=1, hours=1))
    time.at = nine
    assert {each.address.chat for each in (await worker.claim(BOT, 10)).deliveries} == {"1", "2"}


@pytest.mark.parametrize(("zone", "state"), [("America/New_York", "cancelled"), ("Europe/Madrid", "waiting")])
async def test_a_tip_on_the_wire_is_not_tried_again_in_a_new_night(store: Store, zone: str, state: str) -> None:
    """It may arrive; what was refused for now waits only where it is day."""
    await subscribe(store, "42")
    time = Time()
    worker = Deliveries(store, "one", time)
    await worker.plan(BOT, a_tip, 10)
    claimed = (await worker.claim(BOT, 1)).deliveries
    await worker.mark(claimed)
    await store.keep([choice("42", zone=zone)], time.at)
    await worker.settle([(claimed[0], Sent(Outcome.LATER))])
    assert await outbox.states(store) == [state]
