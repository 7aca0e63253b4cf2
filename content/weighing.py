"""A second reading by all the words of a message, each with a weight learned from messages.

Rules say what danger is and what a decision is; in a long story single words of theirs meet by chance, and they miss what nobody foresaw.
`weights.yaml` holds the weights; `python -m tests.bench.learn` learns them anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from content.words import tokens


@dataclass(frozen=True, slots=True)
class Leaning:
    """Log-odds of words, and of words side by side, for what a message is asked about; `start` is that of a message without words.

    Under the probability `least` it is not so, from `most` on it is, whatever rules say; between them the weights do not tell.
    """

    start: float
    least: float
    most: float
    weights: Mapping[str, float]

    def says(self, words: str) -> bool | None:
        """Whether it is so; None where the weights do not tell."""
        log_odds = self.log_odds(words)
        return log_odds >= _odds(self.most) if not _odds(self.least) <= log_odds < _odds(self.most) else None

    def log_odds(self, words: str) -> float:
        """The sum of all weights, each once; what has none weighs nothing."""
        return self.start + sum(self.weights.get(each, 0) for each in set(weighed(tokens(words))))


def weighed(said: Sequence[str]) -> Iterator[str]:
    """What has a weight: every word and every two side by side; all numbers are one word."""
    alike = ["#" if word[0].isdigit() else word for word in said]
    yield from alike
    yield from map(" ".join, pairwise(alike))


def _odds(probability: float) -> float:
    return log(probability / (1 - probability))
