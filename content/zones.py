"""Time zones by name: which there are, how a button carries one, what people call it, and whose clocks go alike."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Final

from content.model import City, Library
from content.schedule import local
from content.words import tokens

MOST_NEAR: Final = 4
_NEAR: Final = 0.75
# Clocks that go alike in the middle of every month of a year are told apart by nobody who is asked the time.
_MONTH: Final = timedelta(days=30)
_MONTHS: Final = 13
_SLUG: Final = re.compile(r"[a-z0-9-]{1,24}")
# `Etc/GMT+5` and its like are fixed hours, with the sign the other way round from what people mean.
_NO_PLACE: Final = re.compile(r"^Etc/|\d")


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every zone of tzdata."""
    listed = (files("tzdata") / "zones").read_text(encoding="ascii").split()
    return tuple(name for name in listed if name != "Factory")


def slug(zone: str) -> str | None:
    """The zone as a button carries it, `[a-z0-9/-]`: mostly the last part of its name. None for what is no zone."""
    return _slugs()[0].get(zone)


def longest_slug() -> str:
    """The one that needs most room on a button."""
    return max(_slugs()[1], key=len)


def zone_of(slug: str) -> str | None:
    """The zone that a button carries."""
    return _slugs()[1].get(slug)


@lru_cache(maxsize=1)
def _slugs() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """By zone and by slug. Of several with one last part the whole name stays for the shorter, older ones.

    `Jamaica` is carried as `America/Jamaica`, which it is another name for.
    """
    slugs, zones = dict[str, str](), dict[str, str]()
    for name in sorted(names(), key=lambda each: (-each.count("/"), -len(each), each)):
        whole = name.lower().replace("_", "-").replace("+", "plus")
        last = whole.rpartition("/")[2]
        slugs[name] = whole if last in zones else last
        zones.setdefault(slugs[name], name)
    return slugs, zones


def called(library: Library, zone: str, language: str) -> str:
    """The best known city of the zone, else the last part of its name."""
    return short_name(city_of(library, zone), language)


def city_of(library: Library, zone: str) -> City:
    """The best known city of the zone, else a place that is called like the last part of its name."""
    return next((each for each in library.cities if each.zone == zone), City({"en": zone.rpartition("/")[2].replace("_", " ")}, zone))


def place_slug(library: Library, city: City) -> str | None:
    """The place as a button carries it; that of its zone where none of our cities has its own."""
    return _city_slugs(library)[0].get(city.names["en"]) or slug(city.zone)


def place_of(library: Library, slug: str) -> City | None:
    """The place that a button carries: one of our cities, or the best known one of a zone."""
    zone = zone_of(slug)
    return city_of(library, zone) if zone else _city_slugs(library)[1].get(slug)


@lru_cache(maxsize=4)
def _city_slugs(library: Library) -> tuple[Mapping[str, str], Mapping[str, City]]:
    """By name and by slug, where the slug is not that of a zone already."""
    cities = {"-".join(tokens(city.names["en"])): city for city in library.cities}
    free = {slug: city for slug, city in cities.items() if _SLUG.fullmatch(slug) and not zone_of(slug)}
    return {city.names["en"]: slug for slug, city in free.items()}, free


def countries(library: Library, words: str) -> tuple[str, ...]:
    """The regions that have that name."""
    return _regions(library).get(_key(words), ())


@lru_cache(maxsize=4)
def _regions(library: Library) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for region, place in library.helplines.items():
        for name in (*place.names.values(), *library.countries.get(region, ())) if region else ():
            found[_key(name)] = tuple(dict.fromkeys((*found.get(_key(name), ()), region)))
    return found


def short_name(city: City, language: str) -> str:
    """The name without what tells it apart."""
    return full_name(city, language).partition(",")[0]


def full_name(city: City, language: str) -> str:
    """The name in that language."""
    return city.names.get(language, city.names["en"])


def named(library: Library, words: str) -> tuple[City, ...]:
    """Every place of that name, best known first."""
    return _gazetteer(library).get(_key(words), ())


def near(library: Library, words: str) -> tuple[City, ...]:
    """Places whose names are spelled nearly so, or begin what was typed; of each zone one."""
    known, key = _gazetteer(library), _key(words)[:60]
    begun = [name for name in known if len(name) > 2 and key.startswith(f"{name} ")]
    alike = get_close_matches(key, known, MOST_NEAR, _NEAR)
    return _each_zone(city for name in (*sorted(begun, key=len, reverse=True), *alike) for city in known[name])[:MOST_NEAR]


def clocks(library: Library, now: datetime, region: str = "", *, only: bool = False) -> tuple[City, ...]:
    """A city for each way in which clocks go in the year to come, best known first; those of the region before, or `only` those."""
    ours = [city for city in library.cities if region and region in city.regions]
    found: dict[tuple[timedelta | None, ...], City] = {}
    for city in ours if only else (*ours, *library.cities):
        found.setdefault(_year(city.zone, now.date()), city)
    return tuple(found.values())


@lru_cache(maxsize=1_024)
def _year(zone: str, today: date) -> tuple[timedelta | None, ...]:
    middays = (datetime.combine(today, time(12), UTC) + _MONTH * number for number in range(_MONTHS))
    return tuple(local(each, zone).utcoffset() for each in middays)


def _each_zone(cities: Iterable[City]) -> tuple[City, ...]:
    found: dict[str, City] = {}
    for city in cities:
        found.setdefault(city.zone, city)
    return tuple(found.values())


def _key(words: str) -> str:
    return " ".join(tokens(words.replace("/", " ")))


@lru_cache(maxsize=4)
def _gazetteer(library: Library) -> Mapping[str, tuple[City, ...]]:
    """Places by every name they have; a zone's own name only where no city has it."""
    found: dict[str, tuple[City, ...]] = {}
    for city in library.cities:
        for key in dict.fromkeys(_key(name) for name in _names(city)):
            found[key] = (*found.get(key, ()), city)
    for zone in names():
        if not _NO_PLACE.search(zone):
            place = City({"en": zone.rpartition("/")[2].replace("_", " ")}, zone)
            for name in (place.names["en"], zone):
                found.setdefault(_key(name), (place,))
    return found


def _names(city: City) -> Iterable[str]:
    for name in city.names.values():
        yield from (name, name.partition(",")[0])
    yield from city.also
