"""What takes a red flag back: a negation, a "what if", something long over or dealt with, a question about nobody."""

from dataclasses import dataclass
from typing import Final, Literal

from content.hearing import Heard, Span, overlap
from content.urgent_rules import Rules

Doubt = Literal["none", "hypothetical", "suppressed"]

_NEGATION_REACH: Final = 8
_CLOSE: Final = 2
_SUPPOSED_REACH: Final = 16
_LIST_REACH: Final = 6


@dataclass(frozen=True, slots=True)
class Doubts:
    """The context of one heard message."""

    rules: Rules
    heard: Heard
    negations: tuple[Span, ...]
    listed: frozenset[int]

    @classmethod
    def about(cls, rules: Rules, heard: Heard) -> "Doubts":
        """The doubts that a message leaves. `listed` are the words that may stand between a negation and what it denies."""
        spans, contexts = heard.spans, rules.contexts
        signs = {slot: each for slot, each in spans.items() if slot not in contexts.values()}
        spared = [*spans.get(contexts["not_negation"], []), *(span for each in signs.values() for span in each if span[1] - span[0] > 1)]
        negations = tuple(each for each in spans.get(contexts["negation"], []) if not any(overlap(each, other) for other in spared))
        between = (spans.get(contexts["list"], []), *signs.values())
        listed = {place for each in between for start, end in each for place in range(start, end)}
        fillers = {place for place, word in enumerate(heard.words) if word.filler}
        return cls(rules, heard, negations, frozenset(listed | fillers))

    def of(self, match: tuple[Span, ...]) -> Doubt:
        """What the context makes of one match; where rules disagree, it stands."""
        start, end = min(match)[0], max(span[1] for span in match)
        last = max(match)[0]
        if self._nobody(last) and not self._negated(match):
            return "hypothetical" if self._says("gravity") else "suppressed"
        if self._negated(match) or self._dealt_with(end) or self._long_ago(start, end):
            return "suppressed"
        return "hypothetical" if self._supposed(last, match) else "none"

    def denies(self, slot: int) -> bool:
        """Whether everything that fills the slot is negated."""
        return all(any(self._reaches(negation, span, _CLOSE) for negation in self.negations) for span in self.heard.spans[slot])

    def _spans(self, context: str) -> list[Span]:
        return self.heard.spans.get(self.rules.contexts[context], [])

    def _says(self, context: str) -> bool:
        return bool(self._spans(context))

    def _negated(self, match: tuple[Span, ...]) -> bool:
        for negation in self.negations:
            if any(self._reaches(negation, span) for span in match) and not any(overlap(negation, span) for span in match):
                return True
        return self._answered_no(max(span[1] for span in match))

    def _reaches(self, negation: Span, sign: Span, reach: int = _NEGATION_REACH) -> bool:
        """Whether only other signs and words such as "any" stand between, in one sentence; over a comma only as a list with "or"."""
        if negation[1] > sign[0]:
            return False
        words = self.heard.words
        before, after = words[negation[1] - 1], words[sign[0]]
        if after.place - before.place > reach or before.sentence != after.sentence:
            return False
        if not all(place in self.listed for place in range(negation[1], sign[0])):
            return False
        return before.comma == after.comma or self._is_list(negation[1], sign[1], after.sentence)

    def _is_list(self, start: int, end: int, sentence: int) -> bool:
        words = self.heard.words[start : end + _LIST_REACH]
        return any(word.text in ("or", "nor", "ni", "o") and word.sentence == sentence for word in words)

    def _answered_no(self, end: int) -> bool:
        """`fever: no` and `fever? none`: the answer stands alone after the sign."""
        words = self.heard.words
        for start, stop in self._spans("after"):
            if start == end and (words[start].sentence, words[start].comma) != (words[end - 1].sentence, words[end - 1].comma):
                following = words[stop] if stop < len(words) else None
                if following is None or (following.sentence, following.comma) != (words[start].sentence, words[start].comma):
                    return True
        return False

    def _nobody(self, last: int) -> bool:
        """A definition, news or a clinician's question: no person, no time, no "if"."""
        anyone = self.heard.texts & self.rules.person or self._says("time") or self._says("if")
        return not anyone and (self._says("definition") or any(self._begins(start, last) for start, _ in self._spans("question")))

    def _begins(self, start: int, last: int) -> bool:
        """Whether the word begins the sentence of the sign: only there it makes it a question."""
        words = self.heard.words
        first = start == 0 or words[start - 1].sentence != words[start].sentence
        return first and words[start].sentence == words[last].sentence

    def _dealt_with(self, end: int) -> bool:
        if self._says("unsettled"):
            return False
        words = self.heard.words
        return any(words[start].sentence >= words[end - 1].sentence for start, _ in self._spans("dealt"))

    def _long_ago(self, start: int, end: int) -> bool:
        """A marker of the past in the sign's own sentence, nearer to it than to any treatment, and nothing that says "now"."""
        present, past = self._spans("present"), self._spans("past")
        if not all(any(overlap(each, other) for other in past) for each in present):
            return False
        words = self.heard.words
        for marker in past:
            same = words[marker[0]].sentence == words[start].sentence
            close = words[marker[0]].comma == words[end - 1].comma or self._begins(max(0, marker[0] - 1), start)
            distance = max(marker[0] - end, start - marker[1], 0)
            treated = min((max(marker[0] - last, first - marker[1], 0) for first, last in self._spans("therapy")), default=99)
            if same and close and distance < treated:
                return True
        return False

    def _supposed(self, last: int, match: tuple[Span, ...]) -> bool:
        words, real = self.heard.words, self._spans("not_hypothetical")
        for supposed in self._spans("hypothetical"):
            part = any(sign[0] <= supposed[0] and supposed[1] <= sign[1] for sign in match)
            part = part or any(overlap(supposed, other) for other in real)
            if part or supposed[0] > last or self._is_answer(supposed):
                continue
            same = words[supposed[0]].sentence == words[last].sentence and self._governs(supposed, match)
            if same and words[last].place - words[supposed[0]].place <= _SUPPOSED_REACH:
                return not self._happening(words[last].sentence)
        return False

    def _governs(self, supposed: Span, match: tuple[Span, ...]) -> bool:
        """Whether the supposition reaches the sign: over a comma only an "if" does."""
        words = self.heard.words
        near = any(words[start].comma == words[supposed[0]].comma for start, _ in match)
        return near or any(overlap(supposed, condition) for condition in self._spans("if"))

    def _is_answer(self, supposed: Span) -> bool:
        """Whether the word stands alone before a comma: "si, ..." is yes, not if."""
        words = self.heard.words
        parts = [(word.sentence, word.comma) for word in words[supposed[1] - 1 : supposed[1] + 1]]
        return supposed[1] - supposed[0] == 1 and len({*parts}) > 1

    def _happening(self, sentence: int) -> bool:
        return any(self.heard.words[start].sentence == sentence for start, _ in self._spans("present"))
