"""Logistic regression on what is seen in messages: the weights of words, of sentences, and of both together with what the rules heard."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from rich.console import Console
from rich.progress import track
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from content.second_reading import Seen
from content.weighing import Weights

# How loosely weights follow the messages, in how many messages a word has to stand, and how small a weight is none:
# chosen on messages of writers who were left out.
_LOOSE, _OFTEN, _SLIGHT = 0.5, 4, 0.1
# How often the strongest sentence of a dangerous message is chosen anew; and how many sentences of a harmless one are learned from.
_ROUNDS, _SENTENCES = 3, 4
# Into so many parts the messages are cut, each judged by weights that were learned from the others.
_PARTS: Final = 8


@dataclass(frozen=True, slots=True)
class Example:
    """What is seen of a message, and whether it tells of danger.

    It `counts` more or less, or nothing, where words are learned; where `judged`, by weights learned without its `part`, the evidence is
    learned from it.
    """

    seen: Seen
    so: bool
    counts: float
    part: int
    judged: bool


def weights(examples: Collection[tuple[Iterable[str], bool, float]]) -> Weights:
    """Of whatever is seen in the examples: each what is seen, whether it is so, how much it counts."""
    often = Counter(each for seen, _, _ in examples for each in seen)
    rows = [{each: 1.0 for each in seen if often[each] >= _OFTEN} for seen, _, _ in examples]
    return _fitted(rows, [so for _, so, _ in examples], [counts for *_, counts in examples], balanced=True)


def _fitted(rows: Sequence[Mapping[str, float]], so: Sequence[bool], counts: Sequence[float], *, balanced: bool) -> Weights:
    vectors = DictVectorizer()
    model = LogisticRegression(C=_LOOSE, class_weight="balanced" if balanced else None, max_iter=3_000)
    model.fit(vectors.fit_transform(rows), so, sample_weight=counts)
    each = zip(vectors.get_feature_names_out(), model.coef_[0].tolist(), strict=True)
    return Weights(round(float(model.intercept_[0]), 2), {name: round(by, 2) for name, by in each if abs(by) >= _SLIGHT})


def of_words(examples: Iterable[Example]) -> tuple[Weights, Weights]:
    """The weights of words in a message, and in a sentence."""
    counted = [each for each in examples if each.counts]
    message = weights([(each.seen.words, each.so, each.counts) for each in counted])
    return message, _of_sentences(counted, message)


def of_evidence(examples: Collection[Example]) -> Weights:
    """How words, sentences and signs weigh together, from messages each judged by weights that have not seen it."""
    rows: list[Mapping[str, float]] = []
    so: list[bool] = []
    for part in track(range(_PARTS), "Learning the evidence", console=Console(stderr=True)):
        message, sentence = of_words(each for each in examples if each.part != part)
        judged = [each for each in examples if each.judged and each.part == part]
        rows += [each.seen.evidence(message, sentence) for each in judged]
        so += [each.so for each in judged]
    return _fitted(rows, so, [1.0] * len(rows), balanced=False)


def _of_sentences(examples: Collection[Example], first: Weights) -> Weights:
    """One sentence of a dangerous message tells of the danger, which is the one that weighs most; none of a harmless one does."""
    for _ in range(_ROUNDS):
        chosen = [told for each in examples for told in _told(each, first)]
        first = weights(chosen)
    return first


def _told(example: Example, first: Weights) -> Iterator[tuple[frozenset[str], bool, float]]:
    told = sorted(example.seen.sentences, key=first.log_odds, reverse=True)[: 1 if example.so else _SENTENCES]
    yield from ((each, example.so, example.counts / len(told) ** 0.5) for each in told)


def part_of(place: int, length: int) -> int:
    """The part of the message at that place of a list: neighbours, who have one writer, stay together."""
    return place * _PARTS // length


def hidden(stories: Sequence[str], lines: Iterable[str], chance: Random) -> Iterator[str]:
    """Lines each hidden in a story: at its end, at its beginning, or between two of its sentences."""
    for line in lines:
        sentences = re.split(r"(?<=[.!?])\s+", chance.choice(stories))
        place = chance.choice((0, len(sentences), len(sentences), chance.randrange(len(sentences) + 1)))
        ended = line[:1].upper() + line[1:] + ("" if line[-1:] in ".!?" else ".")
        yield " ".join([*sentences[:place], ended, *sentences[place:]])
