"""The second reading of a message: do all its words, and its strongest sentence, bear out what the rules of danger heard?

In a long story the words of a rule meet by chance, and rules miss what nobody foresaw. So every word has a weight (`weights.yaml`), once
among all the words of a message and once in a single sentence; both sums are weighed together with how the rules heard the sign.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from content.hearing import Heard, Span
from content.urgent import Danger, Hearing, Passage, is_always, judge, listen, passages, unnamed
from content.urgent_rules import Rules
from content.weighing import Weights, log_odds, weighed

# From so many words on a message is a story, whose single sentences tell more than all its words together.
_STORY: Final = 45
# However much a story tells besides, all its words speak no more than so much against a danger.
_BOTTOM: Final = -4.0
# A sign in a sentence of so few words is told for its own sake.
_BARE: Final = 8
# Up to so many words, no emergency is doubted whose sentence does not tell its end, whatever is asked after it.
_PLAIN_QUESTION: Final = 12
# Up to so many, none whose sentence does not suppose it either; past them, and short of a story, it must also be told as now.
_PLAIN: Final = 20
# A shorter sentence says too little by itself, and is read with the one before.
_WHOLE: Final = 4
# Past so many words a message is no longer.
_LENGTH: Final = 100
_IN_STORY: Final = "story"
# How the sentence of a sign tells it.
_NOW: Final = "sign told as now"
_GOING_ON: Final = "sign not told as ended"
_OPEN: Final = "sign not told as over"
# Contexts that are mere small words; and those of a question, which say something of its own sentence alone.
_SMALL: Final = frozenset(("list",))
_ASKING: Final = frozenset(("question", "expected", "hypothetical", "modal", "whether", "gravity", "if"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What is weighed of a message: all its words, the words of every sentence, and by name how the rules heard a sign (0 to 1)."""

    words: frozenset[str]
    sentences: tuple[frozenset[str], ...]
    signs: Mapping[str, float]

    def evidence(self, message: Weights, sentence: Weights) -> dict[str, float]:
        """The signs beside the log-odds of all words and of the strongest sentence."""
        strongest = max(map(sentence.log_odds, self.sentences), default=sentence.start)
        if _IN_STORY not in self.signs:
            return {**self.signs, "all words": message.log_odds(self.words), "a sentence": strongest}
        all_words = max(message.log_odds(self.words), _BOTTOM)
        return {**self.signs, "all words of a story": all_words, "a sentence of a story": strongest}


@dataclass(frozen=True, slots=True)
class SecondReading:
    """The weights, and what follows: under the probability `least` a sign is no alarm, from `most` on there is one without any sign.

    In a story, in which more can be hidden, it is under `story`. From `line` to `most` what no rule heard has the red-flag line. In a
    message of fewer words than `shortest` rules alone say it.
    """

    shortest: int
    least: float
    story: float
    line: float
    most: float
    message: Weights
    sentence: Weights
    evidence: Weights

    def log_odds(self, seen: Seen) -> float:
        """How likely the message tells of a danger that is there."""
        return self.evidence.summed(seen.evidence(self.message, self.sentence))


def read(rules: Mapping[str, Rules], second: SecondReading, words: str) -> Danger | None:
    """What the rules hear, but where the weights speak against it; what they do not hear, where the weights speak for it."""
    hearing = listen(rules, words)
    found = judge(hearing)
    if not is_weighed(hearing, found, second.shortest):
        return found
    weighed_of = seen(hearing, found)
    odds = second.log_odds(weighed_of)
    if found and found.present:
        least = second.story if _IN_STORY in weighed_of.signs else second.least
        doubted = odds < log_odds(least) and not (found.tier == "emergency" and _is_plain(hearing, weighed_of))
        return replace(found, certainty="doubtful") if doubted else found
    if odds >= log_odds(second.most):
        return replace(found, certainty="present") if found else unnamed(hearing)
    return found or (replace(unnamed(hearing), certainty="doubtful") if odds >= log_odds(second.line) else None)


def is_weighed(hearing: Hearing, found: Danger | None, shortest: int) -> bool:
    """Whether rules alone do not say it."""
    return len(hearing.heard.words) >= shortest and not (found and is_always(found))


def _is_plain(hearing: Hearing, of: Seen) -> bool:
    length, ways = len(hearing.heard.words), of.signs.keys()
    is_open = _OPEN in ways and (length <= _PLAIN or (_NOW in ways and length <= _STORY))
    return is_open or (_GOING_ON in ways and length <= _PLAIN_QUESTION)


def seen(hearing: Hearing, found: Danger | None) -> Seen:
    """What is weighed of a message, of which `found` is what the rules heard."""
    heard, contexts = hearing.heard, hearing.contexts - _SMALL - _ASKING
    return Seen(weighed([word.text for word in heard.words], contexts), _sentences(hearing), _signs(hearing, found))


def _signs(hearing: Hearing, found: Danger | None) -> dict[str, float]:
    length = len(hearing.heard.words)
    signs = {"length": min(length, _LENGTH) / _LENGTH} | ({_IN_STORY: 1} if length > _STORY else {})
    return signs | {"sign": 1} | dict.fromkeys(_ways(passages(hearing)), 1) if found and found.present else signs


def _ways(told: Iterator[Passage]) -> set[str]:
    """How the sentences of the signs tell them, as far as one has to look."""
    ways = set[str]()
    for each in told:
        ways |= {name for name, is_so in _way(each) if is_so}
        if len(ways) == len(_way(each)):
            break
    return ways


def _way(told: Passage) -> tuple[tuple[str, bool], ...]:
    bare = told.open and len(told.said) <= _BARE
    return (_NOW, told.now), (_GOING_ON, not told.ended), (_OPEN, told.open), ("sign in few words", bare)


def _sentences(hearing: Hearing) -> tuple[frozenset[str], ...]:
    """The words and contexts of every sentence."""
    heard, contexts = hearing.heard, _contexts(hearing.rules[hearing.language], hearing.heard)
    return tuple(
        weighed([word.text for word in heard.words[start:end]], {name for place in range(start, end) for name in contexts.get(place, ())})
        for start, end in _bounds(heard)
    )


def _bounds(heard: Heard) -> list[Span]:
    """Where sentences start and end, short ones joined to the one before."""
    bounds: list[Span] = []
    for place, word in enumerate(heard.words):
        start, end = bounds[-1] if bounds else (0, 0)
        if bounds and word.sentence == heard.words[end - 1].sentence:
            bounds[-1] = (start, place + 1)
        else:
            bounds.append((place, place + 1))
    joined: list[Span] = []
    for start, end in bounds:
        if joined and (end - start < _WHOLE or joined[-1][1] - joined[-1][0] < _WHOLE):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _contexts(rules: Rules, heard: Heard) -> dict[int, list[str]]:
    """By word the contexts that begin at it."""
    found: dict[int, list[str]] = {}
    for name in rules.contexts.keys() - _SMALL:
        for start, _ in heard.spans.get(rules.contexts[name], ()):
            found.setdefault(start, []).append(name)
    return found
