"""Places and zones: found by what people call them, carried by buttons, told by the time they have."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from content import zones
from content.model import Library
from content.schedule import is_zone, local
from content.screen import MAXIMUM_TARGET_BYTES, Press, press_data, read_press

NOW = datetime(2026, 11, 24, 21, tzinfo=UTC)


def found(library: Library, words: str) -> set[str]:
    """The zones of all the places of that name."""
    return {city.zone for city in zones.named(library, words)}


def test_every_zone_is_carried_by_a_button_and_comes_back(library: Library) -> None:
    """Each zone of tzdata, the longest too: with the longest series it still fits a target, and it means the same hours after."""
    longest = max((series.key for series in library.series["en"].values()), key=len)
    for name in zones.names():
        slug = zones.slug(name)
        assert slug
        target = f"tips/add/{longest}/{slug}"
        assert len(target) <= MAXIMUM_TARGET_BYTES, target
        assert read_press(press_data(Press("es", target, below=True))), target
        back = zones.zone_of(slug)
        assert back
        assert all(local(NOW + timedelta(days=day), back) == local(NOW + timedelta(days=day), name) for day in range(0, 365, 30)), name
    assert len(zones.names()) > 500


def test_what_is_no_zone_is_told_apart() -> None:
    """Slack may say anything, and so may an old button."""
    for name in ("", "Mars/Base", "Europe/Madri", "../../etc/passwd", "europe/madrid", "Factory"):
        assert zones.slug(name) is None, name
    assert zones.zone_of("nowhere") is None


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Madrid", "Europe/Madrid"),
        ("  madrid!! ", "Europe/Madrid"),
        ("MEXICO CITY", "America/Mexico_City"),
        ("ciudad de méxico", "America/Mexico_City"),
        ("Bogota", "America/Bogota"),
        ("nyc", "America/New_York"),
        ("Nueva York", "America/New_York"),
        ("Portland, Oregon", "America/Los_Angeles"),
        ("portland maine", "America/New_York"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("america/argentina/ushuaia", "America/Argentina/Ushuaia"),
        ("Boa Vista", "America/Boa_Vista"),
        ("Springfield, Missouri", "America/Chicago"),
        ("Japan", "Asia/Tokyo"),
        ("St. John's", "America/St_Johns"),
        ("Cancún", "America/Cancun"),
    ],
)
def test_a_place_is_found_by_what_it_is_called(library: Library, words: str, zone: str) -> None:
    """In both languages, without accents, in capitals; where no city has the name, a zone's own."""
    assert found(library, words) == {zone}


@pytest.mark.parametrize(
    "words",
    [
        "Portland",
        "Birmingham",
        "Santiago",
        "San José",
        "Valencia",
        "Córdoba",
        "Springfield",
        "London",
        "Guadalajara",
        "La Paz",
        "San Juan",
        "Mérida",
    ],
)
def test_a_name_of_several_places_gives_them_all(library: Library, words: str) -> None:
    """Nobody is put into another country's night by a name."""
    assert len(found(library, words)) > 1


def test_what_is_unknown_is_not_guessed(library: Library) -> None:
    """A name nearly right is only offered; nonsense and hours are nothing."""
    assert found(library, "Madird") == set()
    assert "Europe/Madrid" in {city.zone for city in zones.near(library, "Madird")}
    assert "America/Bogota" in {city.zone for city in zones.near(library, "Bogotta")}
    assert "Europe/Paris" in {city.zone for city in zones.near(library, "Paris, Texas")}
    for words in ("25:00", "", "😀", "xqzvw", "every day at 25:00", "GMT+5", "Etc/GMT+5"):
        assert zones.named(library, words) == ()
    assert zones.near(library, "xqzvw") == ()


def test_the_places_are_in_order(library: Library) -> None:
    """Every city has a zone that exists and a name for a button; enough of them are known."""
    assert len(library.cities) >= 150
    assert all(is_zone(city.zone) and max(map(len, city.names.values())) <= 24 for city in library.cities)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_hour_of_the_day_has_a_city(library: Library, month: int) -> None:
    """Whatever time somebody has, a city in the same three hours stands for them, at every moment of the year."""
    for hour in range(24):
        now = NOW.replace(month=month, hour=hour)
        bands = {local(now, city.zone).hour // 3 for city in zones.clocks(library, now)}
        assert bands == set(range(8)), (month, hour)


def test_a_regions_own_cities_come_first(library: Library) -> None:
    """Mexico's for Mexico; alone where only they are asked for."""
    assert zones.clocks(library, NOW, "mx")[0].names["en"] == "Mexico City"
    assert {region for city in zones.clocks(library, NOW, "us", only=True) for region in city.regions} == {"us"}
    assert len(zones.clocks(library, NOW, "gb", only=True)) == 1


@settings(max_examples=200, deadline=None)
@given(words=some.text(max_size=200))
def test_any_words_are_looked_up(library: Library, words: str) -> None:
    """Whatever is typed after `tips`, nothing breaks."""
    assert isinstance(zones.named(library, words), tuple)
    assert len(zones.near(library, words)) <= zones.MOST_NEAR
