"""The questions of `tips`: which days, what hour, and what time it is for the reader, which tells their zone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from content import zones
from content.model import City
from content.pages.times import clock, time_in, weekdays
from content.schedule import HOURS, local
from content.screen import Button, Screen
from content.subscribing import USUAL_DAYS
from content.turn import Turn, pairs

FIRST: Final = HOURS[0]
LAST: Final = HOURS[-1]
DAYS: Final[Mapping[str, frozenset[int]]] = {"1": frozenset({0}), "2": USUAL_DAYS, "3": frozenset({0, 2, 4}), "7": frozenset(range(7))}
_MOST: Final = 8
_BAND: Final = 3
_BANDS: Final = tuple(range(0, 24, _BAND))


def ask_days(turn: Turn) -> Screen:
    """On which days tips come; one a week begins it, as in a clinic's rota."""
    buttons = [Button(turn.say(f"tips.days_{number}", days=weekdays(turn, DAYS[number])), f"tips/days/{number}") for number in DAYS]
    return turn.screen(turn.say("tips.ask_days"), *pairs(buttons), back="tips")


def hour_named(rest: str) -> int | None:
    """The hour in a target; None where tips never come then."""
    return int(rest) if rest.isascii() and rest.isdigit() and len(rest) <= 2 and int(rest) in HOURS else None


def ask_hour(turn: Turn) -> Screen:
    """At what hour: the earlier ones, and the later ones on a screen of their own."""
    later = turn.rest == "later"
    hours = HOURS[_MOST - 1 :] if later else HOURS[: _MOST - 1]
    buttons = [Button(clock(turn, hour), f"tips/hour/{hour}") for hour in hours]
    more = [] if later else [turn.button("later_hours", "tips/hour/later")]
    return turn.screen(turn.say("tips.ask_hour"), *pairs([*buttons, *more]), back="tips/hour" if later else "tips")


def known_zone(turn: Turn) -> str | None:
    """The reader's zone as the platform says it, else that of a region that has one."""
    if turn.zone and zones.slug(turn.zone):
        return turn.zone
    return turn.library.zones.get(turn.region())


def ask(turn: Turn, region: str = "") -> Screen:
    """What time it is for the reader: where the region, or else their own, has a few times those, else by three hours of the day."""
    region = region or turn.region()
    here = zones.clocks(turn.library, turn.now, region, only=True)[: _MOST - 1] if region else ()
    if len(here) < 2:
        return _by_the_day(turn)
    rows = pairs([*_clocks(turn, here), turn.button("elsewhere", "tips/time")])
    return turn.screen(_asked(turn), *rows, back=_back(turn))


def ask_time(turn: Turn) -> Screen:
    """The three hours of the day in which it is now for the reader, then their time with a well-known city."""
    if not (turn.rest.isascii() and turn.rest.isdigit() and len(turn.rest) <= 2 and int(turn.rest) in _BANDS):
        return _by_the_day(turn)
    first = int(turn.rest)
    cities = [city for city in zones.clocks(turn.library, turn.now, turn.region()) if _hour(turn, city) - first in range(_BAND)]
    return turn.screen(turn.say("tips.ask_city"), *pairs(_clocks(turn, _well_known(turn, cities))), back="tips/time")


def _by_the_day(turn: Turn) -> Screen:
    bands = [
        Button(turn.say("tips.band", first=clock(turn, hour), last=clock(turn, hour + _BAND - 1, 59)), f"tips/time/{hour}")
        for hour in _BANDS
    ]
    return turn.screen(_asked(turn), *pairs(bands), back=_back(turn))


def _back(turn: Turn) -> str:
    """Where no zone is known this is the first screen of `tips` itself."""
    return "tips" if turn.reader.subscription or known_zone(turn) else "menu"


def _asked(turn: Turn) -> str:
    adults = "" if turn.reader.subscription else f"\n\n{turn.say('tips.adults')}"
    return f"{turn.say('tips.ask_time')}{adults}{channel(turn)}"


def _hour(turn: Turn, city: City) -> int:
    return local(turn.now, city.zone).hour


def _well_known(turn: Turn, cities: Sequence[City]) -> list[City]:
    """As many as a screen holds: first one for each time of the clock, best known first, then the others."""
    first: dict[str, City] = {}
    for city in cities:
        first.setdefault(time_in(turn, city.zone), city)
    ranked = [*first.values(), *(city for city in cities if city not in first.values())][:_MOST]
    return sorted(ranked, key=lambda city: (local(turn.now, city.zone).strftime("%H:%M"), ranked.index(city)))


def _clocks(turn: Turn, cities: Iterable[City]) -> list[Button]:
    return [
        Button(
            turn.say("tips.clock", time=time_in(turn, city.zone), place=zones.short_name(city, turn.language)),
            f"tips/in/{zones.slug(city.zone)}",
        )
        for city in cities
    ]


def which(turn: Turn, cities: Sequence[City]) -> Screen:
    """A name of several places: each with the time that it is there."""
    lines = [turn.say("tips.which_line", place=zones.full_name(city, turn.language), time=time_in(turn, city.zone)) for city in cities]
    text = turn.say("tips.which", name=zones.short_name(cities[0], turn.language))
    return turn.screen("\n".join((text, *lines)), *pairs(_places(turn, cities[:_MOST])), back="tips")


def unknown(turn: Turn, near: Sequence[City]) -> Screen:
    """A place that we do not know: what is spelled nearly so, and the time to tell it by."""
    if not near:
        asked = _by_the_day(turn)
        return Screen(f"{turn.say('tips.unknown')}\n\n{asked.text}", asked.rows, asked.language)
    return turn.screen(turn.say("tips.unknown_near"), *pairs([*_places(turn, near), turn.button("by_time", "tips/time")]), back="tips")


def _places(turn: Turn, cities: Iterable[City]) -> list[Button]:
    return [Button(zones.full_name(city, turn.language), f"tips/in/{zones.place_slug(turn.library, city)}") for city in cities]


def channel(turn: Turn) -> str:
    """In a channel: what tips need there. Slack does not tell whether we are in it, so the line always stands."""
    return f"\n\n{turn.say('tips.channel')}" if turn.in_room else ""
