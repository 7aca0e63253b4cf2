"""A back-story: what befell somebody long ago, was cared for and is over, told in many sentences before the question."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from content.hearing import Heard, Span
from content.urgent_rules import Rules

_CARE_REACH: Final = 2
_RECALL_REACH: Final = 3
_END_REACH: Final = 6


@dataclass(frozen=True, slots=True)
class Story:
    """`old` are the sentences of a time long past: it reaches on until a word such as "now" or "yesterday".

    `recalled` are those before one such as "That was four years ago"; `signs` are the spans that speak for danger, in order.
    """

    rules: Rules
    heard: Heard
    signs: tuple[Span, ...]
    old: frozenset[int]
    recalled: frozenset[int]

    @classmethod
    def of(cls, rules: Rules, heard: Heard, signs: Iterable[Span]) -> "Story":
        """The message as a story, its sentences in order."""
        places = {place: sign for sign in ("now", "once", "past") for place, _ in heard.spans.get(rules.contexts[sign], ())}
        old, past = set(), False
        for place, word in enumerate(heard.words):
            past = places.get(place, "past" if past else "now") != "now"
            if past:
                old.add(word.sentence)
        recalled = frozenset(_recalled(rules, heard, places))
        return cls(rules, heard, tuple(sorted(signs)), frozenset(old) | recalled, recalled)

    def is_over(self, match: tuple[Span, ...], denied: Callable[[Span], bool]) -> bool:
        """Whether the match is told of a time long past, and the story goes on to a good end."""
        start, end = min(match)[0], max(span[1] for span in match)
        if self.heard.words[start].sentence not in self.old or self._is_now(start, end):
            return False
        if self._goes_on_to(self._spans("settled"), end, denied):
            return self._is_dated((start, end), "past", "once") or self._was_cared_for(start, end)
        return self._is_dated((start, end), "past") and self._is_well_after(end, denied)

    def _is_well_after(self, end: int, denied: Callable[[Span], bool]) -> bool:
        """Whether the story goes on to say that somebody is well, or what they do not have."""
        return self._goes_on_to(self._spans("well"), end, denied) or any(map(denied, self._soon(self.signs, end)))

    def _goes_on_to(self, spans: Sequence[Span], end: int, denied: Callable[[Span], bool]) -> bool:
        """Whether one of the spans follows soon and is not denied."""
        return not all(map(denied, self._soon(spans, end)))

    def _soon(self, spans: Sequence[Span], end: int) -> Iterator[Span]:
        """The spans that follow soon, of some in order: what is said much later belongs to another matter."""
        last = self.heard.words[end - 1].sentence + _END_REACH
        after = islice(spans, bisect_left(spans, (end, 0)), None)
        return takewhile(lambda span: self.heard.words[span[0]].sentence <= last, after)

    def _spans(self, context: str) -> list[Span]:
        return self.heard.spans.get(self.rules.contexts[context], [])

    def _in(self, context: str, sentence: int) -> list[Span]:
        return [span for span in self._spans(context) if self.heard.words[span[0]].sentence == sentence]

    def _is_now(self, start: int, end: int) -> bool:
        """Whether the sign's own part of its sentence speaks of the present."""
        words = self.heard.words
        parts = {(word.sentence, word.comma) for word in words[start:end]}
        spans = (*self._spans("now"), *self._spans("present_verb"))
        return any((words[span[0]].sentence, words[span[0]].comma) in parts for span in spans)

    def _is_dated(self, sign: Span, *contexts: str) -> bool:
        """Whether a date stands in the sign's sentence that is nearer to it than to any treatment; `once` alone may be yesterday."""
        if self.heard.words[sign[0]].sentence in self.recalled:
            return True
        markers = [marker for context in contexts for marker in self._in(context, self.heard.words[sign[0]].sentence)]
        return any(_gap(sign, marker) < min((_gap(each, marker) for each in self._spans("therapy")), default=99) for marker in markers)

    def _was_cared_for(self, start: int, end: int) -> bool:
        """Whether the sentence is told in the past, and it or one of the next tells of a hospital or a treatment."""
        sentence = self.heard.words[start].sentence
        told = any(self._in(sign, sentence) for sign in ("past_verb", "care", "past", "once"))
        care = (span for each in range(sentence, sentence + _CARE_REACH + 1) for span in self._in("care", each))
        return told and any(span[1] <= start or span[0] >= end for span in care)


def _recalled(rules: Rules, heard: Heard, places: Mapping[int, str]) -> Iterator[int]:
    """The sentences that one after them dates, back to one that speaks of now."""
    words = heard.words
    times = [(words[place].sentence, sign) for place, sign in places.items()]
    for start, _ in heard.spans.get(rules.contexts["recalls"], ()):
        last = words[start].sentence
        if (start == 0 or words[start - 1].sentence != last) and {sign for each, sign in times if each == last} & {"past", "once"}:
            for each in range(last - 1, max(-1, last - 1 - _RECALL_REACH), -1):
                if (each, "now") in times:
                    break
                yield each


def _gap(one: Span, other: Span) -> int:
    """How many words stand between two spans."""
    return max(one[0] - other[1], other[0] - one[1], 0)
