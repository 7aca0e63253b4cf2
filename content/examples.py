"""Example questions: how alike a new one is to those that are known to mean a card."""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_NEAREST: Final = 2
# What a word tells that we do not know, in nats: that the question is about something else.
_UNKNOWN: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """`cards` are the ids the examples mean, by number, and `lengths` those of their stems; `postings` map a stem to its numbers."""

    cards: tuple[str, ...]
    lengths: Sequence[float]
    postings: Mapping[str, Sequence[int]]

    @staticmethod
    def of(examples: Iterable[tuple[str, tuple[str, ...]]], rarity: Mapping[str, float]) -> "Examples":
        """The examples as (id, stems), weighted by how much each stem tells."""
        cards, lengths = list[str](), array("d")
        postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for id, words in examples:
            for word in words:
                postings[word].append(len(cards))
            cards.append(id)
            lengths.append(_length(words, rarity))
        return Examples(tuple(cards), lengths, dict(postings))

    def likeness(self, asked: tuple[str, ...], rarity: Mapping[str, float]) -> Mapping[str, float]:
        """By card, how alike its two nearest examples are on the whole, from 0 to 1."""
        alike: dict[int, float] = defaultdict(float)
        for word in asked:
            weight = rarity.get(word, 0.0) ** 2
            for number in self.postings.get(word, ()):
                alike[number] += weight / self.lengths[number]
        length = math.hypot(_length(asked, rarity), *(_UNKNOWN for word in asked if word not in rarity))
        nearest: dict[str, list[float]] = defaultdict(list)
        for number, value in alike.items():
            nearest[self.cards[number]].append(value / length)
        return {id: sum(sorted(values)[-_NEAREST:]) / _NEAREST for id, values in nearest.items()}


def _length(words: Iterable[str], rarity: Mapping[str, float]) -> float:
    return math.sqrt(sum(rarity.get(word, 0.0) ** 2 for word in words)) or 1.0
