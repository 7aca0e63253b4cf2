"""Words with a weight each, learned from messages: for where rules meet too much by chance, or foresaw too little.

`weights.yaml` holds the weights; `python -m tests.bench.learn` learns them anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import log
from typing import Final

# Longer words that begin alike in so many letters are mostly forms of one.
_BEGINNING: Final = 4


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each thing seen speaks for something, above 0, or against it, as log-odds; `start` are those of a message without any."""

    start: float
    of: Mapping[str, float]

    def log_odds(self, seen: Iterable[str]) -> float:
        """The sum of all weights; what has none weighs nothing."""
        return self.start + sum(self.of.get(each, 0) for each in seen)

    def summed(self, measured: Mapping[str, float]) -> float:
        """The same where things are seen more or less: each weight times its measure."""
        return self.start + sum(self.of.get(each, 0) * by for each, by in measured.items())


@dataclass(frozen=True, slots=True)
class Leaning:
    """What the words of a message say. Under the probability `least` it is not so, from `most` on it is, whatever rules say.

    Where something else speaks clearly against it, it is so only from `surely` on. Between `least` and those, and in a message of fewer
    words than `shortest`, the weights do not tell.
    """

    shortest: int
    least: float
    most: float
    surely: float
    weights: Weights

    def says(self, said: "Said", *, surely: bool = False) -> bool | None:
        """Whether the words of a message say that it is so; None where the weights do not tell."""
        if said.length < self.shortest:
            return None
        odds, most = self.weights.log_odds(said.weighed), log_odds(self.surely if surely else self.most)
        return odds >= most if not log_odds(self.least) <= odds < most else None


@dataclass(frozen=True, slots=True)
class Said:
    """How many tokens a message has, and what of it has a weight."""

    length: int
    weighed: frozenset[str]

    @staticmethod
    def of(tokens: Sequence[str]) -> "Said":
        """What is read once for all weights."""
        return Said(len(tokens), weighed(tokens))


def weighed(said: Sequence[str], contexts: Iterable[str] = ()) -> frozenset[str]:
    """What has a weight: every word, all numbers as one, every two side by side, and `~` with the first letters of a longer word.

    Also `@context` for what the rules of doubt hear, and every two of these together.
    """
    alike = ["#" if word[0].isdigit() else word for word in said]
    begun = (f"~{word[:_BEGINNING]}" for word in alike if len(word) > _BEGINNING)
    heard = sorted(f"@{each}" for each in contexts)
    return frozenset((*alike, *map(" ".join, pairwise(alike)), *begun, *heard, *map(" ".join, combinations(heard, 2))))


def log_odds(probability: float) -> float:
    """Of a probability between 0 and 1."""
    return log(probability / (1 - probability))
