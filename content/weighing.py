"""A second reading by all the words of a message, each with a weight learned from messages.

Rules say what danger is and what a decision is; in a long story single words of theirs meet by chance, and they miss what nobody foresaw.
`weights.yaml` holds the weights; `python -m tests.bench.learn` learns them anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log


@dataclass(frozen=True, slots=True)
class Leaning:
    """Log-odds of words, and of words side by side, for what a message is asked about; `start` is that of a message without words.

    Under the probability `least` it is not so, from `most` on it is, whatever rules say. Between them, and in a message of fewer words than
    `shortest`, the weights do not tell.
    """

    shortest: int
    start: float
    least: float
    most: float
    weights: Mapping[str, float]

    def says(self, said: Sequence[str], contexts: Iterable[str] = ()) -> bool | None:
        """Whether the tokens of a message say that it is so; None where the weights do not tell."""
        if len(said) < self.shortest:
            return None
        log_odds = self.log_odds(said, contexts)
        return log_odds >= _odds(self.most) if not _odds(self.least) <= log_odds < _odds(self.most) else None

    def log_odds(self, said: Sequence[str], contexts: Iterable[str] = ()) -> float:
        """The sum of all weights, each once; what has none weighs nothing."""
        return self.start + sum(self.weights.get(each, 0) for each in weighed(said, contexts))


def weighed(said: Sequence[str], contexts: Iterable[str] = ()) -> set[str]:
    """What has a weight: every word, all numbers as one, every two side by side, and `@context` for what the rules of doubt hear."""
    alike = ["#" if word[0].isdigit() else word for word in said]
    return {*alike, *map(" ".join, pairwise(alike)), *(f"@{each}" for each in contexts)}


def _odds(probability: float) -> float:
    return log(probability / (1 - probability))
