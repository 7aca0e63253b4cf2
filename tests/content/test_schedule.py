"""When tips come: right in every zone there is, across every change of the clocks, and never at night."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from content.people import Address, Adjust, Enrolment, Subscription
from content.schedule import BETWEEN, CATCH_UP, HOURS, at, is_awake, is_zone, local, moved, next_due, next_morning, too_late
from content.subscribing import changed

ZONES = sorted(available_timezones())
EVERY_DAY = frozenset(range(7))
ANNA = Address("telegram", "100", "42")
MOMENTS = some.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1), timezones=some.just(UTC))


def daily(zone: str, hour: int, days: frozenset[int] = EVERY_DAY) -> Subscription:
    """Tips at that hour of these days."""
    return Subscription(zone, hour, days, date(2026, 1, 1), {"starting": Enrolment()})


def moments(subscription: Subscription, after: datetime) -> Iterator[datetime]:
    """One tip's moment after the other, each sent when it was due."""
    while moment := next_due(subscription, after):
        yield moment
        subscription, after = replace(subscription, sent=moment), moment


def changes(zone: str, first: date, last: date) -> Iterator[date]:
    """The days on which the clocks of a zone are changed."""
    here = ZoneInfo(zone)
    noons = [datetime.combine(first + timedelta(days=number), time(12), here) for number in range((last - first).days)]
    yield from (after.date() for before, after in pairwise(noons) if before.utcoffset() != after.utcoffset())


@pytest.mark.parametrize("zone", ZONES)
def test_a_changed_clock_neither_loses_nor_doubles_a_tip(zone: str) -> None:
    """A tip of any hour, around each change of these years: one each day, at its hour but where that hour is missing."""
    for day in changes(zone, date(2026, 1, 1), date(2029, 1, 1)):
        for hour in range(24):
            start = at(zone, day - timedelta(days=2), hour) - timedelta(hours=1)
            found = [local(moment, zone) for moment in islice(moments(daily(zone, hour), start), 4)]
            assert [moment.date() for moment in found] == [day + timedelta(days=number) for number in range(-2, 2)], (zone, day, hour)
            missing = [moment for moment in found if moment.hour != hour]
            assert all(moment.date() in (day, day - timedelta(days=1)) and abs(moment.hour - hour) <= 2 for moment in missing), zone
            assert all(moment.fold == 0 for moment in found)


def test_a_missing_hour_comes_once_and_a_doubled_one_once() -> None:
    """Madrid in 2026: half past two does not exist in March and is there twice in October."""
    march, october = date(2026, 3, 29), date(2026, 10, 25)
    assert local(at("Europe/Madrid", march, 2), "Europe/Madrid").hour == 3
    found = list(islice(moments(daily("Europe/Madrid", 2), at("Europe/Madrid", march, 0) - timedelta(days=1)), 3))
    assert [moment.isoformat() for moment in found] == [
        "2026-03-28T01:00:00+00:00",
        "2026-03-29T01:00:00+00:00",
        "2026-03-30T00:00:00+00:00",
    ]
    found = list(islice(moments(daily("Europe/Madrid", 2), at("Europe/Madrid", october, 0)), 2))
    assert [moment.isoformat() for moment in found] == ["2026-10-25T00:00:00+00:00", "2026-10-26T01:00:00+00:00"]


def test_a_day_that_a_country_left_out_has_no_tip() -> None:
    """Samoa had no 30 December 2011: its tip is the one of the 31st."""
    found = list(islice(moments(daily("Pacific/Apia", 10), datetime(2011, 12, 29, tzinfo=UTC)), 3))
    assert [local(moment, "Pacific/Apia").date().isoformat() for moment in found] == ["2011-12-29", "2011-12-31", "2012-01-01"]


@settings(max_examples=300, deadline=None)
@example("Pacific/Kiritimati", datetime(2026, 12, 30, tzinfo=UTC), 9, EVERY_DAY)
@example("America/Sao_Paulo", datetime(2027, 12, 30, tzinfo=UTC), 19, EVERY_DAY)
@given(some.sampled_from(ZONES), MOMENTS, some.sampled_from(HOURS), some.frozensets(some.integers(0, 6), min_size=1))
def test_tips_come_on_their_days_and_on_no_other(zone: str, start: datetime, hour: int, days: frozenset[int]) -> None:
    """For two weeks from any moment, year ends among them: each chosen day has its tip at its hour, by daylight."""
    found = [local(moment, zone) for moment in islice(moments(daily(zone, hour, days), start), 2 * len(days))]
    begun = local(start, zone)
    first = begun.date() if begun.time() < time(hour) else begun.date() + timedelta(days=1)
    wanted = [day for number in range(14) if (day := first + timedelta(days=number)).weekday() in days]
    assert [moment.date() for moment in found] == wanted
    assert all(moment.hour == hour and is_awake(zone, moment) for moment in found)
    assert all(after.astimezone(UTC) - before.astimezone(UTC) >= BETWEEN for before, after in pairwise(found))


@settings(max_examples=200, deadline=None)
@given(some.data())
def test_a_change_of_zone_never_brings_two_tips_close_together(data: some.DataObject) -> None:
    """A reader flies around the world and changes zone, hour and days as they like: there are always twenty hours between."""
    now = data.draw(MOMENTS)
    subscription: Subscription | None = replace(daily("UTC", 10), chosen=now.date())
    due, sent = next_due(daily("UTC", 10), now), list[datetime]()
    for _ in range(12):
        assert subscription
        now += timedelta(hours=data.draw(some.integers(1, 30)))
        while due and due <= now:
            sent.append(due)
            subscription = replace(subscription, sent=due)
            due = next_due(subscription, due)
        zone, hour = data.draw(some.sampled_from(ZONES)), data.draw(some.sampled_from(HOURS))
        subscription = changed(subscription, Adjust(ANNA, None, zone=zone, hour=hour), now)
        assert subscription
        due = next_due(subscription, now)
    assert all(after - before >= BETWEEN for before, after in pairwise(sent))


@settings(max_examples=300, deadline=None)
@given(some.sampled_from(ZONES), MOMENTS, some.sampled_from(HOURS))
def test_a_late_tip_comes_within_hours_and_never_at_night(zone: str, moment: datetime, hour: int) -> None:
    """Up to its end it is still day there, and the end is some hours off."""
    due = at(zone, moment.date(), hour)
    end = too_late(zone, due)
    assert due < end <= due + CATCH_UP
    assert is_awake(zone, end - timedelta(seconds=1))


@settings(max_examples=300, deadline=None)
@given(some.sampled_from(ZONES), some.sampled_from(ZONES), MOMENTS, some.sampled_from(HOURS), some.integers(0, 239))
def test_what_waits_comes_by_day_wherever_its_reader_goes(before: str, after: str, moment: datetime, hour: int, minutes: int) -> None:
    """From its beginning to its end; as before where both are awake, else not later than the next morning."""
    due = at(before, moment.date(), hour)
    now = due + timedelta(minutes=minutes)
    begin, end = moved(after, due, too_late(before, due), now)
    assert is_awake(after, max(begin, now)) is True
    assert end <= too_late(after, max(begin, now))
    assert begin == due or begin == next_morning(after, now)


def test_an_hour_that_the_reader_chose_at_night_is_their_own() -> None:
    """It may be late by some hours too."""
    due = at("Europe/Madrid", date(2026, 11, 25), 22)
    assert too_late("Europe/Madrid", due) == due + CATCH_UP


@settings(max_examples=200, deadline=None)
@given(some.sampled_from(ZONES), MOMENTS)
def test_the_next_morning_is_at_nine_and_soon(zone: str, now: datetime) -> None:
    """Less than a day and an hour off, wherever they are."""
    morning = next_morning(zone, now)
    assert now < morning <= now + timedelta(hours=25)
    assert (local(morning, zone).hour, local(morning, zone).minute) == (9, 0)


@pytest.mark.parametrize("name", ["Europe/Madrid", "UTC", "America/Argentina/ComodRivadavia"])
def test_zones_are_known(name: str) -> None:
    """As tzdata writes them."""
    assert is_zone(name)


@pytest.mark.parametrize("name", ["", "Atlantis", "../etc/passwd", "/etc/localtime", "Europe", "europe/madrid\0", "x" * 5_000, "\ud800"])
def test_what_is_no_zone_is_told(name: str) -> None:
    """Whatever it is, without an error and without a file read that is none of ours."""
    assert not is_zone(name)


def test_nothing_is_due_for_who_wants_nothing() -> None:
    """Off, without days, without a series that goes on; a pause begins again on its day."""
    tips, now = daily("UTC", 10), datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert next_due(replace(tips, state="stopped"), now) is None
    assert next_due(replace(tips, state="silent"), now) is None
    assert next_due(replace(tips, days=frozenset()), now) is None
    ended = {"starting": Enrolment(ended=date(2026, 11, 1)), "feelings": Enrolment(off=True)}
    assert next_due(replace(tips, series=ended), now) is None
    assert next_due(replace(tips, series={}), now) is None
    assert next_due(replace(tips, paused_until=date(2026, 12, 2)), now) == datetime(2026, 12, 2, 10, tzinfo=UTC)
    assert next_due(replace(tips, paused_until=date(2026, 11, 2)), now) == datetime(2026, 11, 26, 10, tzinfo=UTC)
