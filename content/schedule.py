"""When: the next tip in a reader's own zone, who is awake, and how late is too late. Pure; every moment is aware and in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from content.people import Subscription

# Nobody is woken: tips come in these local hours only, and a late one before the end of the last.
FIRST_HOUR: Final = 9
QUIET_FROM: Final = 20
HOURS: Final = range(FIRST_HOUR, QUIET_FROM)
# A tip that could not be sent in time is still sent this much later; after that it is skipped.
CATCH_UP: Final = timedelta(hours=4)
# Between two tips of one reader, also where the zone changed between them.
BETWEEN: Final = timedelta(hours=20)
_LONGEST_LOOK: Final = 400


def is_zone(name: str) -> bool:
    """Whether tzdata knows the zone."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local(moment: datetime, zone: str) -> datetime:
    """The moment as a clock on the wall shows it there."""
    return moment.astimezone(_zone(zone))


@lru_cache(maxsize=4_096)
def at(zone: str, day: date, hour: int) -> datetime:
    """That hour of that day: the first of a doubled hour, and for a missing one as much later as the clocks jumped.

    Where later would be another day, it is as much earlier.
    """
    here = _zone(zone)
    moment = datetime.combine(day, time(hour), here).astimezone(UTC)
    if moment.astimezone(here).date() == day:
        return moment
    return datetime.combine(day, time(hour, fold=1), here).astimezone(UTC)


def next_due(subscription: Subscription, after: datetime) -> datetime | None:
    """The next moment for a tip that is later than `after`; None where none is to come."""
    if subscription.state != "on" or not subscription.days:
        return None
    if all(each.off or each.ended for each in subscription.series.values()):
        return None
    earliest = after + timedelta.resolution
    if subscription.sent:
        earliest = max(earliest, subscription.sent + BETWEEN)
    return _first(subscription.zone, subscription.hour, subscription.days, subscription.paused_until, earliest)


# Kept, as `at` and `too_late` are: many who are planned together have the same zone, hour and days.
@lru_cache(maxsize=4_096)
def _first(zone: str, hour: int, days: frozenset[int], paused_until: date | None, earliest: datetime) -> datetime | None:
    first = local(earliest, zone).date() - timedelta(days=1)
    first = max(first, paused_until) if paused_until else first
    coming = (first + timedelta(days=number) for number in range(_LONGEST_LOOK))
    return next((moment for day in coming if day.weekday() in days and (moment := at(zone, day, hour)) >= earliest), None)


@lru_cache(maxsize=4_096)
def too_late(zone: str, due: datetime) -> datetime:
    """Until when a tip that was due then may still be sent: some hours later, and never at night."""
    night = at(zone, local(due, zone).date(), QUIET_FROM)
    return min(due + CATCH_UP, night) if night > due else due + CATCH_UP


def moved(zone: str, begin: datetime, end: datetime, now: datetime) -> tuple[datetime, datetime]:
    """From and until when what waits may be sent once its reader is in that zone: as before, but there too by day, else next morning."""
    earliest = max(begin, now)
    if is_awake(zone, earliest):
        return begin, min(end, too_late(zone, earliest))
    morning = next_morning(zone, earliest)
    return morning, too_late(zone, morning)


def is_awake(zone: str, now: datetime) -> bool:
    """Whether it is neither night nor early morning there."""
    return FIRST_HOUR <= local(now, zone).hour < QUIET_FROM


def next_morning(zone: str, now: datetime) -> datetime:
    """The next time that it is nine there."""
    today = local(now, zone).date()
    return next(moment for number in range(3) if (moment := at(zone, today + timedelta(days=number), FIRST_HOUR)) > now)


@lru_cache(maxsize=1_024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
