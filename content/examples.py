"""Example questions: how alike a new one is to those that are known to mean a card."""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

# The two nearest tell whether it is such a question; the nearest eight, which of two cards it rather means.
_NEAREST, _NEAR = 2, 8
# What a word tells that we do not know, in nats: that the question is about something else.
_UNKNOWN: Final = 4.0


class Likeness(NamedTuple):
    """How alike a card's nearest examples are on the whole: the `nearest` two, and all that are `near`. From 0 to 1."""

    nearest: float = 0.0
    near: float = 0.0


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

    def likeness(self, asked: tuple[str, ...], rarity: Mapping[str, float]) -> Mapping[str, Likeness]:
        """By card, how alike its examples are."""
        alike: dict[int, float] = defaultdict(float)
        for word in asked:
            weight = rarity.get(word, 0.0) ** 2
            for number in self.postings.get(word, ()):
                alike[number] += weight / self.lengths[number]
        length = math.hypot(_length(asked, rarity), *(_UNKNOWN for word in asked if word not in rarity))
        found: dict[str, list[float]] = defaultdict(list)
        for number, value in alike.items():
            found[self.cards[number]].append(value / length)
        return {id: _likeness(sorted(values)) for id, values in found.items()}


def _likeness(values: Sequence[float]) -> Likeness:
    return Likeness(sum(values[-_NEAREST:]) / _NEAREST, sum(values[-_NEAR:]) / _NEAR)


def _length(words: Iterable[str], rarity: Mapping[str, float]) -> float:
    return math.sqrt(sum(rarity.get(word, 0.0) ** 2 for word in words)) or 1.0
