"""A second reading of long stories, where single words meet by chance: by all their words, each with a weight learned from messages.

Is a sign of danger meant, or only talked about? Does somebody ask for a decision, or how something is? Rules say what danger is and what a
decision is; weights only doubt them. `weights.yaml` holds them; `python -m tests.bench.learn` learns them anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

# So many words make a story.
_STORY: Final = 40


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sign: the contexts of `doubts.yaml` in its own sentence and anywhere, and the words of the message."""

    group: str
    beside: frozenset[str]
    anywhere: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds that speak for a sign being meant, above 0, or against it; `least` is the probability under which it is doubted."""

    start: float
    least: float
    groups: Mapping[str, float]
    beside: Mapping[str, float]
    anywhere: Mapping[str, float]
    words: Mapping[str, float]

    def bear_out(self, around: Around) -> bool:
        """Whether the sign may be meant."""
        return self.log_odds(around) >= _odds(self.least)

    def log_odds(self, around: Around) -> float:
        """The sum of all weights; what has none weighs nothing."""
        listed = ((self.beside, around.beside), (self.anywhere, around.anywhere), (self.words, around.words))
        return self.start + self.groups.get(around.group, 0) + sum(weights.get(each, 0) for weights, found in listed for each in found)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Log-odds of words that speak for a story asking for a decision; between the probabilities `least` and `most` rules alone say it."""

    start: float
    least: float
    most: float
    words: Mapping[str, float]

    def wanted(self, said: Sequence[str]) -> bool | None:
        """Whether the words ask for one; None where the weights do not tell, or it is no story."""
        if not is_story(said):
            return None
        log_odds = self.log_odds(said)
        return log_odds >= _odds(self.most) if not _odds(self.least) <= log_odds < _odds(self.most) else None

    def log_odds(self, said: Sequence[str]) -> float:
        """The sum of all weights, each word once."""
        return self.start + sum(self.words.get(each, 0) for each in {numbers_alike(word) for word in said})


def is_story(said: Sequence[str]) -> bool:
    """Whether the words are so many that single ones say little."""
    return len(said) >= _STORY


def numbers_alike(word: str) -> str:
    """The word; all numbers are one."""
    return "#" if word[0].isdigit() else word


def _odds(probability: float) -> float:
    return log(probability / (1 - probability))
