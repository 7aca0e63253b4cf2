"""What one file alone cannot know: that everything named exists, once, and can be reached."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from content.commands import COMMANDS
from content.model import Card, Library, Series, Topic
from content.problems import Desk
from content.screen import MAXIMUM_TARGET_BYTES
from content.yaml_file import Location
from content.zones import longest_slug, slug

MAXIMUM_CHARACTERS: Final = {"everyone": 1_000, "care-team": 1_600}
MAXIMUM_LABEL: Final = 24
MAXIMUM_SERIES: Final = 7
MAXIMUM_INTRO_WORDS: Final = 30


def check_links(library: Library, desk: Desk) -> None:
    """Tell every broken link of the library to the desk."""
    for topic in library.topics["en"].values():
        _topic(library, desk, topic)
    for card in library.cards["en"].values():
        _card(library, desk, card)
    for language in library.languages:
        _labels(library, desk, language)
    _tips(library, desk)
    _drugs(library, desk)
    _places(library, desk)
    _gentle(library, desk)
    _old_ids(library, desk)
    _overlay(library, desk)


def _topic_path(id: str, language: str = "en") -> str:
    return f"{language}/{id}/index.yaml" if id else f"{language}/index.yaml"


def _exists(library: Library, id: str) -> bool:
    return id in library.cards["en"] or id in library.topics["en"]


def _topic(library: Library, desk: Desk, topic: Topic) -> None:
    path = _topic_path(topic.id)
    for child in (*topic.children, *topic.aside):
        if not _exists(library, child):
            desk.tell(path, ("children",), f"write `{child}`, or name it under `planned` too")
    for child in topic.planned:
        if _exists(library, child):
            desk.tell(path, ("planned",), f"remove `{child}` from `planned`; it is written")
        if child.rpartition("/")[2] not in _names(desk, path):
            desk.tell(path, ("planned",), f"name `{child}` under `children` too, in its place")
    _once(desk, path, ("children",), (*topic.children, *topic.aside))
    _name_and_place(library, desk, topic, path)


def _names(desk: Desk, path: str) -> tuple[str, ...]:
    written = desk.again(path).value
    children = written.get("children") if isinstance(written, dict) else ()
    return tuple(children) if isinstance(children, list) else ()


def _name_and_place(library: Library, desk: Desk, topic: Topic, path: str) -> None:
    first = topic.id.split("/")[0]
    if first != "urgent" and first in COMMANDS:
        desk.tell(path, (), f"rename the folder; `{first}` is a command")
    if topic.id in library.cards["en"]:
        desk.tell(path, (), "rename the folder or the card; both would have one id")
    if topic.id and topic.id not in library.parents:
        desk.tell(path, (), f"name it under `children` of {_topic_path(topic.id.rpartition('/')[0])}")
    if len(topic.intro.split()) > MAXIMUM_INTRO_WORDS:
        desk.tell(path, ("intro",), f"say the intro in at most {MAXIMUM_INTRO_WORDS} words")


def _card(library: Library, desk: Desk, card: Card) -> None:
    path = f"en/{card.id}.yaml"
    if card.id not in library.parents:
        desk.tell(path, (), f"name it under `children` of {_topic_path(card.id.rpartition('/')[0])}")
    for key in card.sources:
        if key not in library.sources:
            desk.tell(path, ("sources",), f"add `{key}` to sources.yaml, or name a source that stands there")
    for key in card.claims:
        if key not in library.claims:
            desk.tell(path, ("claims",), f"add `{key}` to claims.yaml, or remove it here")
    planned = {child for topic in library.topics["en"].values() for child in topic.planned}
    for id in card.see:
        if not _exists(library, id) and id not in planned:
            desk.tell(path, ("see",), f"point to a card that exists; `{id}` does not")
    _length(desk, path, card)
    if card.picture and not (desk.folder / card.picture.file).is_file():
        desk.tell(path, ("picture", "file"), f"add the file `{card.picture.file}`, or mend its name")


def _length(desk: Desk, path: str, card: Card) -> None:
    most = MAXIMUM_CHARACTERS[card.audience] - 100
    if (length := len(card.title) + len(card.text) + len(card.action)) > most:
        desk.tell(path, ("text",), f"shorten the card by {length - most} characters; title, text and action share {most}")


def _labels(library: Library, desk: Desk, language: str) -> None:
    for topic in library.topics[language].values():
        children = [library.cards[language].get(child) or library.topics[language].get(child) for child in topic.children]
        _once(desk, _topic_path(topic.id, language), (), [child.label for child in children if child])
        _label(desk, _topic_path(topic.id, language), topic)
    for card in library.cards[language].values():
        path = f"{language}/{card.id}.yaml"
        _label(desk, path if path in desk.paths else f"en/{card.id}.yaml", card)


def _label(desk: Desk, path: str, node: Card | Topic | Series) -> None:
    if len(node.label) > MAXIMUM_LABEL:
        desk.tell(path, ("title",), f"add a `label` of at most {MAXIMUM_LABEL} characters; the title is too long for a button")


def _once(desk: Desk, path: str, location: Location, names: Iterable[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            desk.tell(path, location, f"give each child its own name; `{name}` stands {count} times")


def _tips(library: Library, desk: Desk) -> None:
    if all(series.audience == "care-team" for series in library.series["en"].values()):
        desk.tell("en/tips", (), "write a series of tips for patients")
    if len(library.series["en"]) > MAXIMUM_SERIES:
        desk.tell("en/tips", (), f"have at most {MAXIMUM_SERIES} series; each has a button on one screen")
    for series in library.series["en"].values():
        path = f"en/tips/{series.key}.yaml"
        if (over := len(f"tips/add/{series.key}/{longest_slug()}") - MAXIMUM_TARGET_BYTES) > 0:
            desk.tell(path, (), f"shorten the file's name by {over}; a button carries it beside a time zone")
        for id, tip in series.tips.items():
            card = library.cards["en"].get(tip.card)
            if card is None or (card.audience == "care-team" and series.audience == "everyone"):
                desk.tell(path, ("tips", id, "card"), f"point to a card that its readers may read; `{tip.card}` is none")
            if len(f"tip/{tip.id}") > MAXIMUM_TARGET_BYTES:
                desk.tell(path, ("tips", id), f"shorten the name; with its series it has {MAXIMUM_TARGET_BYTES - 4} characters")
    for language in library.languages:
        for series in library.series[language].values():
            path = f"{language}/tips/{series.key}.yaml"
            _label(desk, path if path in desk.paths else f"en/tips/{series.key}.yaml", series)
        _once(desk, f"{language}/tips", (), [series.label for series in library.series[language].values()])


def _drugs(library: Library, desk: Desk) -> None:
    for number, drug in enumerate(library.drugs):
        for id in drug.cards:
            if id not in library.cards["en"]:
                desk.tell("drugs.yaml", ("drugs", number, "cards"), f"point {drug.brand} to a card that exists; `{id}` does not")
    _once(desk, "drugs.yaml", ("drugs",), [drug.brand for drug in library.drugs])


def _places(library: Library, desk: Desk) -> None:
    for number, city in enumerate(library.cities):
        if slug(city.zone) is None:
            desk.tell("zones.yaml", ("cities", number, "zone"), f"name a zone of tzdata; `{city.zone}` is none")
        for region in city.regions:
            if region not in library.helplines:
                desk.tell("zones.yaml", ("cities", number, "regions"), f"name a region of helplines.yaml; `{region}` is none")
        if any(len(name) > MAXIMUM_LABEL for name in city.names.values()):
            desk.tell("zones.yaml", ("cities", number), f"shorten the name to {MAXIMUM_LABEL} characters; it stands on a button")
    for region, zone in library.zones.items():
        if region not in library.helplines or slug(zone) is None:
            desk.tell("zones.yaml", ("regions", region), "give a region of helplines.yaml a zone of tzdata")
    _once(desk, "zones.yaml", (), [city.names["en"] for city in library.cities])


def _gentle(library: Library, desk: Desk) -> None:
    for language, words in library.gentle.items():
        for kind in library.gentle["en"].kinds.keys() ^ words.kinds.keys() if "en" in library.gentle else ():
            desk.tell(f"{language}/gentle.yaml", ("kinds",), f"have the same kinds in every language; `{kind}` is not in each")


def _old_ids(library: Library, desk: Desk) -> None:
    for old, new in library.moved.items():
        if _exists(library, old):
            desk.tell(f"en/{new}.yaml", ("was",), f"remove `{old}`; that id is alive")
        if not _exists(library, new):
            desk.tell("gone.yaml", (old,), f"point to a living id; `{new}` is none")
    nodes: tuple[Card | Topic, ...] = (*library.cards["en"].values(), *library.topics["en"].values())
    named = [old for node in nodes for old in node.was]
    _once(desk, "gone.yaml", (), named)


def _overlay(library: Library, desk: Desk) -> None:
    region = library.institution.region if library.institution else None
    if region and region not in library.helplines:
        desk.tell("helplines.yaml", ("places",), f"add the institution's region `{region}`, or mend it there")
