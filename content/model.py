"""The library as values: cards, topics, sources and the words of the bot itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from content.gentle import Gentle
from content.intents import Intents
from content.people import Audience
from content.screen import Picture
from content.second_reading import SecondReading
from content.urgent import Rules
from content.weighing import Leaning

Certainty = Literal["read", "seen", "unchecked"]
Verdict = Literal["true", "needs balance", "outdated", "misleading", "left out"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from. `sure` says how well the address is known: its text was read, it was seen, or neither."""

    key: str
    organisation: str
    title: str
    url: str | None
    read: date | None
    sure: Certainty


@dataclass(frozen=True, slots=True)
class Review:
    """A named clinician who signed a card, and when."""

    date: date
    by: str


@dataclass(frozen=True, slots=True)
class Card:
    """One screenful: the unit of reading. `language` is the language its text is really in."""

    id: str
    title: str
    label: str
    text: str
    action: str
    sources: tuple[str, ...]
    written: date
    review_by: date
    language: str
    claims: tuple[str, ...] = ()
    reviewed: Review | None = None
    aliases: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    audience: Literal["everyone", "care-team"] = "everyone"
    withdrawn: str | None = None
    picture: Picture | None = None
    check: str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the menu. `children` are full ids, in order, without those `planned`; `aside` have a button of their own elsewhere."""

    id: str
    title: str
    label: str
    intro: str
    children: tuple[str, ...]
    planned: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    audience: Literal["everyone", "care-team"] = "everyone"


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry."""

    key: str
    term: str
    text: str
    aliases: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drug:
    """A name that people type, and the cards it leads to; never a headline."""

    brand: str
    generic: str
    kind: str
    cards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of the source article, and what is true today."""

    key: str
    claim: str
    verdict: Verdict
    statement: str


@dataclass(frozen=True, slots=True)
class Question:
    """A prepared question for the next visit; its letter is its own for ever."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Helpline:
    """Who to call in one place. `crisis` and `poison` are by language and None where nobody has read the number yet."""

    region: str
    names: Mapping[str, str]
    emergency: str
    crisis: Mapping[str, str] | None
    poison: str | None
    checked: date


@dataclass(frozen=True, slots=True)
class Tip:
    """A short message of a series; it links to its card and expires with it."""

    id: str
    text: str
    card: str
    language: str


@dataclass(frozen=True, slots=True)
class Series:
    """Tips in their order, for one kind of reader; `general` ones suit also whoever chose none."""

    key: str
    title: str
    label: str
    intro: str
    tips: Mapping[str, Tip]
    audience: Literal["everyone", "care-team"] = "everyone"
    general: bool = False


@dataclass(frozen=True, slots=True)
class City:
    """A place that people name when they are asked where they are. What stands after a comma tells places of one name apart."""

    names: Mapping[str, str]
    zone: str
    regions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """The words that the editorial rules look for in one language: `*` stands for any ending, `N` for any number."""

    banned: Mapping[str, tuple[str, ...]]
    dose: tuple[str, ...]
    not_a_dose: tuple[str, ...]
    numbers: tuple[str, ...]
    order: tuple[str, ...]
    medicine: tuple[str, ...]
    compared: tuple[str, ...]
    verbs: tuple[str, ...]
    benefit: tuple[str, ...]
    limit: tuple[str, ...]
    remedy: tuple[str, ...]
    hard: tuple[str, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchWords:
    """What the search knows of one language: what people say for one thing, and words that are never ours misspelt.

    `subjects` are the things we write about, `same` other things.
    """

    subjects: Mapping[str, tuple[str, ...]]
    same: Mapping[str, tuple[str, ...]]
    ordinary: frozenset[str]


@dataclass(frozen=True, slots=True)
class Institution:
    """What one hospital lays over the library: its own name, numbers, region and welcome."""

    team: str
    urgent_line: str
    hours: str = ""
    clinic_line: str = ""
    region: str | None = None
    welcome: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Library:
    """Everything the bots can say. English is whole; another language lies over it where it has words of its own.

    `cities` come best known first; `zones` are of the regions that have one time.
    """

    cards: Mapping[str, Mapping[str, Card]]
    topics: Mapping[str, Mapping[str, Topic]]
    terms: Mapping[str, Mapping[str, Term]]
    phrases: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, Mapping[str, Question]]
    series: Mapping[str, Mapping[str, Series]]
    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    drugs: tuple[Drug, ...]
    helplines: Mapping[str, Helpline]
    cities: tuple[City, ...]
    zones: Mapping[str, str]
    countries: Mapping[str, tuple[str, ...]]
    gentle: Mapping[str, Gentle]
    moved: Mapping[str, str]
    parents: Mapping[str, str]
    shipped: frozenset[str]
    urgent: Mapping[str, Rules]
    style: Mapping[str, Style]
    search: Mapping[str, SearchWords]
    intents: Mapping[str, Intents]
    danger: SecondReading
    decision: Leaning
    talk: Leaning
    elsewhere: Leaning
    exceptions: Mapping[str, Mapping[str, str]]
    institution: Institution | None = None

    def __repr__(self) -> str:
        """Short, so that an error's text holds no library."""
        return f"<Library of {len(self.cards['en'])} cards>"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it speaks, English first."""
        return tuple(self.phrases)

    def spoken(self, language: str | None) -> str:
        """The language to answer in: the one asked for where we speak it, else English."""
        code = (language or "")[:2].lower()
        return code if code in self.phrases else "en"

    def phrase(self, language: str, key: str, /, **values: object) -> str:
        """A sentence of the bot itself, its `{names}` filled in."""
        return self.phrases[language][key].format(**values)

    def card(self, id: str, language: str) -> Card | None:
        """The card as that language has it."""
        return self.cards[language].get(id)

    def topic(self, id: str, language: str) -> Topic | None:
        """The topic as that language has it; `""` is home."""
        return self.topics[language].get(id)

    def term(self, key: str, language: str) -> Term | None:
        """The glossary entry in that language, else in English."""
        return self.terms[language].get(key) or self.terms["en"].get(key)

    def living(self, id: str) -> str | None:
        """Today's id for one that was ever shipped, or None."""
        id = self.moved.get(id, id)
        return id if id in self.cards["en"] or id in self.topics["en"] else None

    def read_by(self, id: str, audience: Audience) -> bool:
        """Whether that audience may read the card or topic."""
        node = self.cards["en"].get(id) or self.topics["en"].get(id)
        return node is not None and (node.audience == "everyone" or audience == "care-team")

    def walk(self, topic: str = "") -> Iterator[str]:
        """Every id below a topic, parents first, in menu order."""
        for child in self.topics["en"][topic].children:
            yield child
            if child in self.topics["en"]:
                yield from self.walk(child)
