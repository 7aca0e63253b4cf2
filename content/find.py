"""The one search: what do these words ask for? In the order of judgement, danger first."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.commands import named
from content.model import Card, Library, Term
from content.people import Audience
from content.personal import personal
from content.urgent import Danger, Tier, judge
from content.words import fold, stems

Kind = Literal["cards", "urgent", "advice", "off_topic", "private", "greeting", "command"]

MAXIMUM_CARDS: Final = 4
_K1, _B = 1.2, 0.6
_FIELD_WEIGHTS: Final = {"aliases": 3, "title": 3, "asks": 2, "text": 1}
_SURE_WEIGHT, _SURE_MARGIN, _KNOWN_WEIGHT = 4.0, 0.15, 2.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A card, or `glossary/<term>`, and how well it fits; higher is better, and only comparable within one question."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Findings:
    """`sure` is False where the cards are only the closest topics. `danger` is set for kind `urgent` and for a "what if"."""

    kind: Kind
    sure: bool = True
    cards: tuple[Hit, ...] = ()
    danger: Danger | None = None
    language: str = "en"

    @property
    def tier(self) -> Tier | None:
        """How urgent; None where nothing is happening now."""
        return self.danger.tier if self.danger and self.kind == "urgent" else None

    @property
    def group(self) -> str | None:
        """The group of red flags that was heard, also in a "what if"."""
        return self.danger.group if self.danger else None


def find(library: Library, words: str, audience: Audience, language: str) -> Findings:
    """What the words ask for. Never raises, whatever they hold."""
    danger = judge(library.urgent, words)
    if danger and not danger.hypothetical:
        return Findings("urgent", danger=danger, language=library.spoken(danger.language or language))
    command = named(library, words)
    name = command[0].name if command else ""
    if name == "urgent":
        return Findings("urgent", language=language)
    if name != "stop" and personal(words):
        return Findings("private", language=language)
    if command:
        return Findings("command", language=language)
    if fold(words).strip(" .!?") in _greetings(library):
        return Findings("greeting", language=language)
    return _cards(library, words, audience, _language_of(library, words, language), danger)


def _language_of(library: Library, words: str, language: str) -> str:
    """The language whose own words the question holds more of; the reader's where that is unsure."""
    weights = {code: _index(library, code).matched(stems(words, code)) for code in library.languages}
    best = max(weights, key=lambda code: weights[code])
    return best if weights[best] > 1.3 * weights[language] else language


@lru_cache(maxsize=4)
def _greetings(library: Library) -> frozenset[str]:
    return frozenset(
        fold(word.strip()) for language in library.languages for word in library.phrase(language, "found.greetings").split(",")
    )


def _cards(library: Library, words: str, audience: Audience, language: str, danger: Danger | None) -> Findings:
    index = _index(library, language)
    asked = index.spelled(stems(words, language))
    ranked = [(id, score) for id, score in index.scores(asked) if id.startswith("glossary/") or library.read_by(id, audience)]
    hits = tuple(Hit(id, round(score, 3)) for id, score in ranked[:MAXIMUM_CARDS])
    if danger and (card := library.urgent[language].card(danger.group)) and card in library.cards["en"]:
        hits = (Hit(card, hits[0].score if hits else 0.0), *(hit for hit in hits if hit.id != card))[:MAXIMUM_CARDS]
        return Findings("cards", True, hits, danger, language)
    weight = index.matched(asked)
    if not hits or weight < _KNOWN_WEIGHT:
        return Findings("off_topic", sure=False, language=language)
    margin = 1 - ranked[1][1] / ranked[0][1] if len(ranked) > 1 else 1.0
    return Findings("cards", weight >= _SURE_WEIGHT and margin >= _SURE_MARGIN, hits, language=language)


@dataclass(frozen=True, eq=False)
class Index:
    """Fielded BM25 over one language's words: `postings` maps a stem to (id, weighted count)."""

    postings: Mapping[str, Mapping[str, float]]
    lengths: Mapping[str, float]

    def rarity(self, stem: str) -> float:
        """How much a stem tells, in nats; 0 where nobody uses it."""
        count = len(self.postings.get(stem, ()))
        return math.log(1 + (len(self.lengths) - count + 0.5) / (count + 0.5)) if count else 0.0

    def matched(self, asked: Iterable[str]) -> float:
        """How much of what was asked stands in our own words at all."""
        return sum(map(self.rarity, set(asked)))

    def spelled(self, asked: Iterable[str]) -> tuple[str, ...]:
        """The stems as we spell them, where a near one exists."""
        return tuple(_spelled(stem, self.postings) for stem in dict.fromkeys(asked))

    def scores(self, asked: Iterable[str]) -> list[tuple[str, float]]:
        """Ids with their scores, best first."""
        mean = sum(self.lengths.values()) / max(1, len(self.lengths))
        found: Counter[str] = Counter()
        for stem in asked:
            for id, count in self.postings.get(stem, {}).items():
                long = 1 - _B + _B * self.lengths[id] / mean
                found[id] += self.rarity(stem) * count * (_K1 + 1) / (count + _K1 * long)  # type: ignore[assignment]  # Counter is typed for whole numbers only
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _spelled(stem: str, postings: Mapping[str, object]) -> str:
    if stem in postings or len(stem) < 5 or not stem.isalpha():
        return stem
    near = process.extractOne(stem, postings.keys(), scorer=OSA.distance, score_cutoff=1 if len(stem) < 7 else 2)
    return near[0] if near else stem


@lru_cache(maxsize=8)
def _index(library: Library, language: str) -> Index:
    counts: dict[str, Counter[str]] = {}
    for card in library.cards[language].values():
        if not card.withdrawn:
            counts[card.id] = _card_counts(library, card, language)
    for term in library.terms[language].values():
        counts[f"glossary/{term.key}"] = _counts({"aliases": (term.term, *term.aliases), "text": (term.text,)}, language)
    postings: dict[str, dict[str, float]] = {}
    for id, stems_of in counts.items():
        for stem, count in stems_of.items():
            postings.setdefault(stem, {})[id] = count
    return Index(postings, {id: sum(each.values()) for id, each in counts.items()})


def _card_counts(library: Library, card: Card, language: str) -> Counter[str]:
    fields: dict[str, Iterable[str]] = {"title": (card.title, card.label), "aliases": card.aliases, "asks": card.asks}
    if card.language == language:
        fields["text"] = (card.text, card.action)
    return _counts(fields, language)


def _counts(fields: Mapping[str, Iterable[str]], language: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, texts in fields.items():
        for stem in dict.fromkeys(stem for text in texts for stem in stems(text, language)):
            found[stem] += _FIELD_WEIGHTS[name]
    return found


def term_named(library: Library, word: str, language: str) -> Term | None:
    """The glossary entry of that name or alias, in the reader's language first."""
    wanted = fold(word).strip(" .?!")
    for spoken in dict.fromkeys((language, *library.languages)):
        for term in library.terms[spoken].values():
            if wanted in (fold(name) for name in (term.key, term.term, *term.aliases)):
                return library.term(term.key, language)
    return None
