"""The shape of every content file, as pydantic models; `content/load.py` turns them into the library's values."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from content.model import Certainty, Verdict

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=45)]
SpanishTitle = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=52)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=24)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_500)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+){0,2}$", max_length=40)]
ClaimKey = Annotated[str, StringConstraints(pattern=r"^S[0-9]{1,2}$")]
Letter = Annotated[str, StringConstraints(pattern=r"^[a-z]$")]


class Shape(BaseModel):
    """A file's shape: every key is known, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PictureShape(Shape):
    file: Words
    alt: Words


class ReviewShape(Shape):
    date: date
    by: Words


class CardShape(Shape):
    title: Title
    label: Label | None = None
    text: Text
    action: Words
    sources: Annotated[tuple[Words, ...], Field(min_length=1)]
    claims: tuple[ClaimKey, ...] = ()
    written: date
    reviewed: ReviewShape | None = None
    review_by: date
    aliases: tuple[Words, ...] = ()
    asks: tuple[Words, ...] = ()
    see: tuple[Id, ...] = ()
    was: tuple[Id, ...] = ()
    audience: Literal["everyone", "care-team"] = "everyone"
    withdrawn: Words | None = None
    picture: PictureShape | None = None
    check: Words | None = None


class TranslatedCardShape(Shape):
    """A card in another language; without `text` only its title and search words are translated."""

    title: SpanishTitle
    label: Label | None = None
    text: Text | None = None
    action: Words | None = None
    of: Words | None = None
    aliases: tuple[Words, ...] = ()
    asks: tuple[Words, ...] = ()


class TopicShape(Shape):
    title: Title
    label: Label | None = None
    intro: Words
    children: Annotated[tuple[Name, ...], Field(min_length=1, max_length=8)]
    planned: tuple[Name, ...] = ()
    aside: tuple[Name, ...] = ()
    was: tuple[Id, ...] = ()
    audience: Literal["everyone", "care-team"] = "everyone"


class TranslatedTopicShape(Shape):
    title: SpanishTitle
    label: Label | None = None
    intro: Words


class TipShape(Shape):
    text: Text
    card: Id


class SeriesShape(Shape):
    """`place`: where it stands among the series, the lowest first. `general`: its tips suit whoever chose none."""

    place: int
    title: Title
    label: Label | None = None
    intro: Words
    general: bool = False
    audience: Literal["everyone", "care-team"] = "everyone"
    tips: Annotated[dict[Name, TipShape], Field(min_length=1)]


class TranslatedSeriesShape(Shape):
    """A series in another language; a tip that is not listed stays in English."""

    title: SpanishTitle
    label: Label | None = None
    intro: Words
    tips: dict[Name, Text] = Field(default_factory=dict)


class OrdinaryShape(Shape):
    words: Words


class WordWeightsShape(Shape):
    start: float
    words: dict[float, str]


class ThresholdsShape(Shape):
    shortest: Annotated[int, Field(ge=1)]
    least: Annotated[float, Field(gt=0, lt=1)]
    most: Annotated[float, Field(gt=0, lt=1)]


class LeaningShape(ThresholdsShape, WordWeightsShape):
    surely: Annotated[float, Field(gt=0, lt=1)]


class EvidenceShape(Shape):
    start: float
    each: dict[Words, float]


class SecondReadingShape(ThresholdsShape):
    story: Annotated[float, Field(gt=0, lt=1)]
    line: Annotated[float, Field(gt=0, lt=1)]
    evidence: EvidenceShape
    message: WordWeightsShape
    sentence: WordWeightsShape


class WeightsShape(Shape):
    danger: SecondReadingShape
    decision: LeaningShape
    talk: LeaningShape
    elsewhere: LeaningShape


class StyleShape(Shape):
    banned: dict[str, tuple[Words, ...]]
    dose: tuple[Words, ...]
    not_a_dose: tuple[Words, ...]
    numbers: tuple[Words, ...]
    order: tuple[Words, ...]
    medicine: tuple[Words, ...]
    compared: tuple[Words, ...]
    verbs: tuple[Words, ...]
    benefit: tuple[Words, ...]
    limit: tuple[Words, ...]
    remedy: tuple[Words, ...]
    hard: tuple[Words, ...]
    tips: tuple[Words, ...]


class SearchShape(Shape):
    """`subjects` and `same` are lists with commas between, `ordinary` words with spaces between."""

    subjects: dict[str, Words]
    same: dict[str, Words]
    ordinary: Words


class GreetingShape(Shape):
    """Words with spaces between; `phrases` with commas."""

    words: Words
    small: Words
    signs: Words
    phrases: Words
    places: Words


class IntentsShape(Shape):
    """Rules by their matter: of `advice`, of `off_topic`; `asking` those of advice where a message asks, `deciding` of a decision."""

    sets: dict[str, Words]
    advice: dict[str, tuple[Words, ...]]
    off_topic: dict[str, tuple[Words, ...]]
    asking: dict[str, tuple[Words, ...]]
    deciding: dict[str, tuple[Words, ...]]
    greeting: GreetingShape


class SourceShape(Shape):
    organisation: Words
    title: Words
    url: HttpUrl | None
    read: date | None = None
    sure: Certainty


class ClaimShape(Shape):
    claim: Words
    verdict: Verdict
    statement: Words


class TermShape(Shape):
    term: Words
    text: Words
    aliases: tuple[Words, ...] = ()
    see: tuple[Id, ...] = ()


class DrugShape(Shape):
    brand: Words
    generic: Words
    class_: Annotated[Words, Field(alias="class")]
    cards: Annotated[tuple[Id, ...], Field(min_length=1)]


class DrugsShape(Shape):
    """A list of one day; it never says that it is whole."""

    dated: date
    drugs: tuple[DrugShape, ...]


class HelplineShape(Shape):
    names: dict[str, Words]
    emergency: str
    crisis: dict[str, Words] | None = None
    poison: Words | None = None


class HelplinesShape(Shape):
    checked: date
    places: dict[Name, HelplineShape]
    general: HelplineShape


class CityShape(Shape):
    en: Words
    es: Words | None = None
    zone: Words
    regions: tuple[Name, ...] = ()
    also: tuple[Words, ...] = ()


class ZonesShape(Shape):
    cities: Annotated[tuple[CityShape, ...], Field(min_length=1)]
    regions: dict[Name, Words]
    countries: dict[Name, tuple[Words, ...]] = Field(default_factory=dict)


class BadNewsShape(Shape):
    """What is said of one kind: a line to answer with, a card that may help, and a rule a line."""

    line: Words
    card: Id
    says: Words


class GentleShape(Shape):
    sets: dict[Name, Words]
    asked: Words
    unsaid: Words
    past: Words
    kinds: Annotated[dict[Name, BadNewsShape], Field(min_length=1)]


class InstitutionShape(Shape):
    """What a hospital lays over the library."""

    team: Words
    urgent_line: Words
    hours: str = ""
    clinic_line: str = ""
    region: Name | None = None
    welcome: str = ""
