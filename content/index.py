"""The words of the library, counted once when it is loaded: which card says what, and how much that tells."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.model import Card, Library
from content.words import stems

_K1, _B = 1.2, 0.6
_FIELD_WEIGHTS: Final = {"aliases": 3, "title": 3, "asks": 2, "text": 1, "drugs": 1}


@dataclass(frozen=True, eq=False)
class Index:
    """Fielded BM25 over one language: `postings` maps a stem to (id, weighted count), `names` the stems of a title or ask to cards."""

    postings: Mapping[str, Mapping[str, float]]
    lengths: Mapping[str, float]
    names: Mapping[tuple[str, ...], frozenset[str]]

    def rarity(self, word: str) -> float:
        """How much a stem tells, in nats; 0 where nobody uses it."""
        count = len(self.postings.get(word, ()))
        return math.log(1 + (len(self.lengths) - count + 0.5) / (count + 0.5)) if count else 0.0

    def matched(self, asked: Iterable[str]) -> float:
        """How much of what was asked stands in our own words at all."""
        return sum(map(self.rarity, set(asked)))

    def coverage(self, asked: tuple[str, ...]) -> float:
        """The share of what was asked that stands in our own words."""
        return sum(stem in self.postings for stem in asked) / max(1, len(asked))

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
def index_of(library: Library, language: str) -> Index:
    """The index of one language, built once for a library."""
    counts: dict[str, Counter[str]] = {}
    drugs = _drug_names(library)
    for card in library.cards[language].values():
        if not card.withdrawn:
            counts[card.id] = _card_counts(card, language, drugs.get(card.id, ()))
    for term in library.terms[language].values():
        counts[f"glossary/{term.key}"] = _counts({"aliases": (term.term, *term.aliases), "text": (term.text,)}, language)
    postings: dict[str, dict[str, float]] = {}
    for id, stems_of in counts.items():
        for stem, count in stems_of.items():
            postings.setdefault(stem, {})[id] = count
    return Index(postings, {id: sum(each.values()) for id, each in counts.items()}, _names(library, language))


def _names(library: Library, language: str) -> Mapping[tuple[str, ...], frozenset[str]]:
    """A title names its card; where no title is that, an expected question does, and then an alias."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for level in (_titles, _asks, _aliases):
        named: dict[tuple[str, ...], frozenset[str]] = {}
        for card in library.cards[language].values():
            for key in {stems(name, language) for name in level(card)} - found.keys():
                named[key] = named.get(key, frozenset()) | {card.id}
        found |= named
    drugs = {stems(name, language): frozenset(drug.cards[:1]) for drug in library.drugs for name in (drug.brand, drug.generic)}
    return drugs | found


def _titles(card: Card) -> tuple[str, ...]:
    return card.title, card.label


def _asks(card: Card) -> tuple[str, ...]:
    return card.asks


def _aliases(card: Card) -> tuple[str, ...]:
    return card.aliases


def _drug_names(library: Library) -> Mapping[str, tuple[str, ...]]:
    """The names that lead to each card."""
    found: dict[str, tuple[str, ...]] = {}
    for drug in library.drugs:
        for id in drug.cards:
            found[id] = (*found.get(id, ()), drug.brand, drug.generic)
    return found


def _card_counts(card: Card, language: str, drugs: Iterable[str]) -> Counter[str]:
    fields: dict[str, Iterable[str]] = {"title": (card.title, card.label), "aliases": card.aliases, "asks": card.asks, "drugs": drugs}
    if card.language == language:
        fields["text"] = (card.text, card.action)
    return _counts(fields, language)


def _counts(fields: Mapping[str, Iterable[str]], language: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, texts in fields.items():
        for stem in dict.fromkeys(stem for text in texts for stem in stems(text, language)):
            found[stem] += _FIELD_WEIGHTS[name]
    return found
