"""Hours, days and dates as a reader says them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from content import zones
from content.schedule import local
from content.turn import Turn, written_date

_NOON: Final = 12
_WEEK: Final = 7


def clock(turn: Turn, hour: int, minute: int = 0) -> str:
    """`9:05 am`, or as the language writes it."""
    half = "morning" if hour < _NOON else "afternoon"
    shown = hour if turn.say("dates.hours_on_the_clock") == "24" else hour % _NOON or _NOON
    return turn.say(f"dates.{half}", hour=shown, minute=f"{minute:02}")


def clock_of(turn: Turn, moment: datetime) -> str:
    """The time that a clock shows at that moment there."""
    return clock(turn, moment.hour, moment.minute)


def time_in(turn: Turn, zone: str) -> str:
    """What time it is there now."""
    return clock_of(turn, local(turn.now, zone))


def place_in(turn: Turn, zone: str) -> str:
    """The zone by its best known city."""
    return zones.called(turn.library, zone, turn.language)


def weekdays(turn: Turn, days: Iterable[int]) -> str:
    """`Tuesday and Friday`; Monday is 0."""
    chosen, names = sorted(days), turn.say("dates.weekdays").split()
    if len(chosen) == _WEEK:
        return turn.say("dates.every_day")
    return listed(turn, [names[day] for day in chosen])


def listed(turn: Turn, names: list[str]) -> str:
    """`one, two and three`."""
    *first, last = names
    return turn.say("dates.and", first=", ".join(first), last=last) if first else last


def day(turn: Turn, day: date) -> str:
    """A date as a reader says it."""
    return written_date(turn.library, turn.language, day, "dates.day")
