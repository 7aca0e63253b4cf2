"""YAML to Library: the only place that sees raw files. All problems are told at once."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from content import shapes
from content.links import check_links
from content.load_search import intents, search_words, weights
from content.load_tips import english_series, translated_series
from content.load_words import gentle_words, places
from content.model import Card, Claim, Drug, Helpline, Institution, Library, Question, Review, Source, Style, Term, Topic
from content.problems import Desk, Problems, read_one
from content.screen import Picture
from content.urgent import Rules, read_rules

LIBRARY: Final = Path(__file__).parent / "library"
LANGUAGES: Final = ("en", "es")
_NOT_CARDS: Final = frozenset(
    f"{name}.yaml" for name in ("phrases", "search", "intents", "glossary", "questions", "style", "urgent", "doubts", "ordinary", "gentle")
)

Value = TypeVar("Value")


def load(folder: Path = LIBRARY, institution: Path | None = None) -> Library:
    """The whole library, or `Problems` with everything that is wrong in it."""
    desk = Desk(folder)
    library = _library(desk, read_institution(institution) if institution else None)
    found = list(desk.problems)
    check_links(library, desk)
    # A card that could not be read is missed by every other that points to it: the cause is told alone.
    unread = [f"`{_id(problem.path)}`" for problem in found if problem.path.startswith("en/")]
    missing = [problem for problem in desk.problems[len(found) :] if not any(id in problem.advice for id in unread)]
    desk.problems[len(found) :] = missing
    if desk.problems:
        raise Problems(desk.problems)
    return library


def read_institution(path: Path) -> Institution:
    """A hospital's overlay file, checked like a card."""
    return Institution(**read_one(path, shapes.InstitutionShape).model_dump())


def text_hash(text: str, action: str) -> str:
    """The mark that a translation keeps of the English text it was made from."""
    return hashlib.sha256(f"{text.strip()}\n{action.strip()}".encode()).hexdigest()[:12]


def _library(desk: Desk, institution: Institution | None) -> Library:
    # The largest of all comes first: what is read after it takes the room that its reading leaves.
    urgent = _urgent(desk)
    english = _english_cards(desk)
    topics = _english_topics(desk)
    series = english_series(desk)
    drugs = _drugs(desk)
    cities, zones, countries = places(desk)
    search = search_words(desk, LANGUAGES)
    learned = weights(desk)
    cards = {"en": english} | {language: _translated_cards(desk, language, english) for language in LANGUAGES[1:]}
    return Library(
        cards=cards,
        topics={"en": topics} | {language: _translated_topics(desk, language, topics) for language in LANGUAGES[1:]},
        terms={language: _terms(desk, language) for language in LANGUAGES},
        phrases={language: _phrases(desk, language) for language in LANGUAGES},
        questions={language: _questions(desk, language) for language in LANGUAGES},
        series={"en": series} | {language: translated_series(desk, language, series) for language in LANGUAGES[1:]},
        sources=_sources(desk),
        claims=_claims(desk),
        drugs=drugs,
        helplines=_helplines(desk),
        cities=cities,
        zones=zones,
        countries=countries,
        gentle={language: words for language in LANGUAGES if (words := gentle_words(desk, language, drugs))},
        moved=_moved(desk, english, topics),
        parents=_parents(topics),
        shipped=_shipped(desk),
        urgent=urgent,
        style=_styles(desk),
        search=search,
        intents=intents(desk, search, drugs),
        danger=learned.danger,
        decision=learned.decision,
        talk=learned.talk,
        elsewhere=learned.elsewhere,
        exceptions=desk.read("exceptions.yaml", dict[str, dict[str, shapes.Words]]) or {},
        institution=institution,
    )


def _id(path: str) -> str:
    return path.split("/", 1)[1].removesuffix(".yaml").removesuffix("/index").removesuffix("index")


def _card_files(desk: Desk, language: str) -> list[str]:
    return [
        path
        for path in desk.files(language)
        if not path.endswith("/index.yaml") and path.split("/", 1)[1] not in _NOT_CARDS and not path.startswith(f"{language}/tips/")
    ]


def _english_cards(desk: Desk) -> Mapping[str, Card]:
    read = ((_id(path), desk.read(path, shapes.CardShape)) for path in _card_files(desk, "en"))
    return {id: _card(id, shape) for id, shape in read if shape}


def _card(id: str, shape: shapes.CardShape) -> Card:
    return Card(
        id=id,
        title=shape.title,
        label=shape.label or shape.title,
        language="en",
        reviewed=Review(shape.reviewed.date, shape.reviewed.by) if shape.reviewed else None,
        picture=Picture(shape.picture.file, shape.picture.alt) if shape.picture else None,
        **shape.model_dump(exclude={"title", "label", "reviewed", "picture"}),
    )


def _translated_cards(desk: Desk, language: str, english: Mapping[str, Card]) -> Mapping[str, Card]:
    translated = dict(english)
    for path in _card_files(desk, language):
        shape = desk.read(path, shapes.TranslatedCardShape)
        original = english.get(_id(path))
        if shape and original is None and f"en/{path.split('/', 1)[1]}" not in desk.paths:
            desk.tell(path, (), "write the English card first, or move this file to where it stands")
        elif shape and original:
            translated[original.id] = _translated(original, shape, language)
    return translated


def _translated(card: Card, shape: shapes.TranslatedCardShape, language: str) -> Card:
    whole = shape.text is not None and shape.action is not None
    return dataclasses.replace(
        card,
        title=shape.title,
        label=shape.label or shape.title,
        text=shape.text if whole and shape.text else card.text,
        action=shape.action if whole and shape.action else card.action,
        language=language if whole else "en",
        aliases=shape.aliases,
        asks=shape.asks,
        stale=whole and shape.of != text_hash(card.text, card.action),
    )


def _english_topics(desk: Desk) -> Mapping[str, Topic]:
    read = ((_id(path), desk.read(path, shapes.TopicShape)) for path in desk.files("en", "index.yaml"))
    return {id: _topic(id, shape) for id, shape in read if shape}


def _topic(id: str, shape: shapes.TopicShape) -> Topic:
    def full(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{id}/{name}" if id else name for name in names)

    planned = full(shape.planned)
    return Topic(
        id=id,
        title=shape.title,
        label=shape.label or shape.title,
        intro=shape.intro,
        children=tuple(child for child in full(shape.children) if child not in planned),
        planned=planned,
        aside=full(shape.aside),
        was=shape.was,
        audience=shape.audience,
    )


def _translated_topics(desk: Desk, language: str, english: Mapping[str, Topic]) -> Mapping[str, Topic]:
    translated = dict(english)
    for id, topic in english.items():
        shape = desk.read(f"{language}/{id}/index.yaml" if id else f"{language}/index.yaml", shapes.TranslatedTopicShape)
        if shape:
            translated[id] = dataclasses.replace(topic, title=shape.title, label=shape.label or shape.title, intro=shape.intro)
    return translated


def _parents(topics: Mapping[str, Topic]) -> Mapping[str, str]:
    return {child: topic.id for topic in topics.values() for child in (*topic.children, *topic.aside)}


def _moved(desk: Desk, cards: Mapping[str, Card], topics: Mapping[str, Topic]) -> Mapping[str, str]:
    gone = desk.read("gone.yaml", dict[str, str]) or {}
    nodes: tuple[Card | Topic, ...] = (*cards.values(), *topics.values())
    return gone | {old: node.id for node in nodes for old in node.was}


def _shipped(desk: Desk) -> frozenset[str]:
    listed = desk.folder / "ids.txt"
    return frozenset(listed.read_text(encoding="utf-8").split()) if listed.is_file() else frozenset()


def _keyed(desk: Desk, path: str, shape: type[Value]) -> Mapping[str, Value]:
    return desk.read(path, dict[str, shape]) or {}  # type: ignore[valid-type]  # mypy cannot see a type held in a variable


def _sources(desk: Desk) -> Mapping[str, Source]:
    read = _keyed(desk, "sources.yaml", shapes.SourceShape)
    return {
        key: Source(key, each.organisation, each.title, str(each.url) if each.url else None, each.read, each.sure)
        for key, each in read.items()
    }


def _claims(desk: Desk) -> Mapping[str, Claim]:
    return {key: Claim(key, **each.model_dump()) for key, each in _keyed(desk, "claims.yaml", shapes.ClaimShape).items()}


def _drugs(desk: Desk) -> tuple[Drug, ...]:
    read = desk.read("drugs.yaml", shapes.DrugsShape)
    return tuple(Drug(each.brand, each.generic, each.class_, each.cards) for each in read.drugs) if read else ()


def _terms(desk: Desk, language: str) -> Mapping[str, Term]:
    return {key: Term(key, **each.model_dump()) for key, each in _keyed(desk, f"{language}/glossary.yaml", shapes.TermShape).items()}


def _questions(desk: Desk, language: str) -> Mapping[str, Question]:
    read = desk.read(f"{language}/questions.yaml", dict[shapes.Letter, shapes.Words]) or {}
    return {letter: Question(letter, text) for letter, text in read.items()}


def _helplines(desk: Desk) -> Mapping[str, Helpline]:
    read = desk.read("helplines.yaml", shapes.HelplinesShape)
    places = {**read.places, "": read.general} if read else {}
    return {
        region: Helpline(region, place.names, place.emergency, place.crisis, place.poison, read.checked)
        for region, place in places.items()
        if read
    }


def _phrases(desk: Desk, language: str) -> Mapping[str, str]:
    read = desk.read(f"{language}/phrases.yaml", dict[str, str | dict[str, str | dict[str, str]]]) or {}
    return MappingProxyType(dict(_flat(read)))


def _flat(tree: Mapping[str, object], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        found += _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else [(before + key, str(value).strip())]
    return found


def _styles(desk: Desk) -> Mapping[str, Style]:
    read = {language: desk.read(f"{language}/style.yaml", shapes.StyleShape) for language in LANGUAGES}
    return {language: Style(**each.model_dump()) for language, each in read.items() if each}


@lru_cache(maxsize=8)
def _rules(raw: str, ordinary: str) -> Rules:
    """The rules of one file. They cost more than all cards together, and are the same ones where the file is."""
    return read_rules(json.loads(raw), ordinary)


def _urgent(desk: Desk) -> Mapping[str, Rules]:
    rules: dict[str, Rules] = {}
    for language in LANGUAGES:
        path = f"{language}/urgent.yaml"
        raw, doubts = desk.read(path, dict[str, object]), desk.read(f"{language}/doubts.yaml", dict[str, object])
        ordinary = desk.read(f"{language}/ordinary.yaml", shapes.OrdinaryShape)
        try:
            rules |= {language: _rules(json.dumps(raw | {"context": doubts}), ordinary.words)} if raw and doubts and ordinary else {}
        except ValueError as error:
            for advice in str(error).splitlines():
                desk.tell(path, (), advice)
    return rules
