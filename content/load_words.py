"""What people call places, and how they tell of bad news: `zones.yaml` and `<lang>/gentle.yaml` as values."""

from collections.abc import Iterable, Mapping

from content import shapes
from content.gentle import BadNews, Gentle, read_gentle
from content.model import City, Drug
from content.problems import Desk


def places(desk: Desk) -> tuple[tuple[City, ...], Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """The places, best known first, the zone of each region that has one, and what else a region is called."""
    read = desk.read("zones.yaml", shapes.ZonesShape)
    if read is None:
        return (), {}, {}
    cities = tuple(City({"en": each.en, "es": each.es or each.en}, each.zone, each.regions, each.also) for each in read.cities)
    return cities, read.regions, read.countries


def gentle_words(desk: Desk, language: str, drugs: Iterable[Drug]) -> Gentle | None:
    """One language's words, the names of drugs among them."""
    path = f"{language}/gentle.yaml"
    read = desk.read(path, shapes.GentleShape)
    if read is None:
        return None
    kinds = {kind: BadNews(each.line, each.card) for kind, each in read.kinds.items()}
    sets = {**read.sets, "drugs": ", ".join(name for drug in drugs for name in (drug.brand, drug.generic))}
    try:
        return read_gentle(kinds, {kind: each.says for kind, each in read.kinds.items()}, sets, read.asked, read.unsaid, read.past)
    except ValueError as error:
        desk.tell(path, ("sets",), str(error))
        return None
