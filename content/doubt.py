"""What takes a red flag back: a negation, a "what if", something long over or dealt with, a question about nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from content.hearing import Heard, Span, overlap
from content.story import Story
from content.urgent_rules import Rules

Doubt = Literal["none", "hypothetical", "suppressed"]

_NEGATION_REACH: Final = 8
_CLOSE: Final = 2
_SUPPOSED_REACH: Final = 20
_LIST_REACH: Final = 6
_HANDLED_REACH: Final = 4
_DEALT_REACH: Final = 25
_POSSIBLE_REACH: Final = 6


@dataclass(frozen=True, slots=True)
class Doubts:
    """The context of one heard message. `listed` are the words that may stand between a negation and what it denies."""

    rules: Rules
    heard: Heard
    negations: tuple[Span, ...]
    listed: frozenset[int]
    story: Story

    @classmethod
    def about(cls, rules: Rules, heard: Heard) -> "Doubts":
        """The doubts that a message leaves. A negation inside a sign, such as "no strength", denies nothing."""
        words, spans, contexts = heard.words, heard.spans, rules.contexts
        lists = {place for start, end in spans.get(contexts["list"], []) for place in range(start, end)}
        fillers = {place for place, word in enumerate(words) if word.filler and word.text not in rules.stop}
        signs = {span for slot in rules.signs & spans.keys() for span in spans[slot]}
        spared = {*spans.get(contexts["not_negation"], []), *(span for span in signs if span[1] - span[0] > 1)}
        negations = tuple(
            each
            for each in spans.get(contexts["negation"], [])
            if not any(_is_within(each, other) and {*range(*other)} - {*range(*each)} - lists - fillers for other in spared)
        )
        listed = {place for start, end in signs for place in range(start, end)}
        return cls(rules, heard, negations, frozenset(listed | lists | fillers), Story.of(rules, heard, signs))

    def of(self, match: tuple[Span, ...]) -> Doubt:
        """What the context makes of one match; where rules disagree, it stands."""
        start, end = min(match)[0], max(span[1] for span in match)
        if self._says("unreal") or self._negated(match) or self._is_over(match, start, end):
            return "suppressed"
        if self._about_nobody(match):
            return "hypothetical" if self._says("gravity") or self._somebody() else "suppressed"
        return "hypothetical" if self._supposed(match) else "none"

    def supposes(self, topic: Span) -> bool:
        """Whether somebody asks what would be, or whether it is common, in the sentence of the topic; and nothing denies the topic."""
        sentence = self._sentence(topic)
        supposed = any(self._sentence(each) == sentence for each in self._suppositions())
        wondered = self._asks(sentence) and self._says("expected", sentence) and not self._somebody(sentence)
        return (supposed or wondered) and not self._negated((topic,))

    def denies(self, slot: int) -> bool:
        """Whether everything that fills the slot is negated."""
        return all(self._is_denied(span, _CLOSE) or self._answered_no(span) for span in self.heard.spans[slot])

    def beside(self, slot: int, match: tuple[Span, ...]) -> bool:
        """Whether the slot is filled, and not negated, in a sentence of the match or next to it."""
        first, last = self.place(match)
        near = (span for span in self.heard.spans.get(slot, ()) if first - 1 <= self._sentence(span) <= last + 1)
        return any(not self._is_denied(span, _CLOSE, self._own(match)) for span in near)

    def within(self, slot: int, match: tuple[Span, ...]) -> bool:
        """Whether the slot is filled in a sentence of the match."""
        first, last = self.place(match)
        return any(first <= self._sentence(span) <= last for span in self.heard.spans.get(slot, ()))

    def place(self, match: tuple[Span, ...]) -> Span:
        """The first and the last sentence of a match."""
        return self._sentence(min(match)), self._sentence(max(match))

    def _sentence(self, span: Span) -> int:
        return self.heard.words[span[0]].sentence

    def _last(self, span: Span) -> int:
        return self.heard.words[span[1] - 1].sentence

    def _spans(self, context: str, sentence: int | None = None) -> list[Span]:
        """Where the words of a context stand, each within one sentence."""
        spans = [each for each in self.heard.spans.get(self.rules.contexts[context], []) if self._sentence(each) == self._last(each)]
        return spans if sentence is None else [span for span in spans if self._sentence(span) == sentence]

    def _says(self, context: str, sentence: int | None = None) -> bool:
        return bool(self._spans(context, sentence))

    def _negated(self, match: tuple[Span, ...]) -> bool:
        own = self._own(match)
        answered = any(self._answered_no(span, match) for span in match)
        return answered or any(self._is_denied(span, without=own) for span in match)

    def _own(self, match: tuple[Span, ...]) -> list[Span]:
        """The negations that are part of the match, such as the "no" of "no urine"."""
        return [negation for negation in self.negations if any(start <= negation[0] < end for start, end in match)]

    def _is_denied(self, sign: Span, reach: int = _NEGATION_REACH, without: Sequence[Span] = ()) -> bool:
        return any(self._reaches(negation, sign, reach) for negation in self.negations if negation not in without)

    def _reaches(self, negation: Span, sign: Span, reach: int) -> bool:
        """Whether only other signs and words such as "any" stand between, in one sentence; over a comma after "denies" or with "or"."""
        if negation[0] >= sign[0]:
            return False
        words = self.heard.words
        before, after = words[negation[1] - 1], words[sign[0]]
        if after.place - before.place > reach or before.sentence != after.sentence:
            return False
        if not all(place in self.listed for place in range(negation[1], sign[0])):
            return False
        return before.comma == after.comma or self._is_list(negation[1], sign[1], after.sentence) or negation in self._spans("denies")

    def _is_list(self, start: int, end: int, sentence: int) -> bool:
        words = self.heard.words[start : end + _LIST_REACH]
        return any(word.text in ("or", "nor", "ni", "o") and word.sentence == sentence for word in words)

    def _answered_no(self, sign: Span, match: Sequence[Span] = ()) -> bool:
        """`fever: no` and `fever no, chest pain no`: an answer that is all else in the sign's part, or the whole part after it.

        It is none inside the match, nor behind another negation: "no ... nada" is one.
        """
        return any(
            self._part(after) != self._part(answer)
            and answer >= sign[1]
            and not any(start <= answer < end for start, end in match)
            and (answer == sign[1] if self._part(answer) != self._part(sign[0]) else self._is_bare(answer))
            for answer, after in self._spans("after")
        )

    def _is_bare(self, answer: int) -> bool:
        """Whether only signs and words such as "any" stand before the answer in its part, and no negation."""
        part = self._part(answer)
        doubled = any(self._part(span[0]) == part and span[0] < answer for span in self._spans("negation"))
        return not doubled and all(place in self.listed for place in range(answer) if self._part(place) == part)

    def _part(self, place: int) -> tuple[int, int] | None:
        """The sentence and the part of it in which a word stands; None past the message."""
        words = self.heard.words
        return (words[place].sentence, words[place].comma) if 0 <= place < len(words) else None

    def _somebody(self, sentence: int | None = None) -> bool:
        """Whether the message, or its one sentence, speaks of a person; "tell me" does not."""
        addressed = {place for start, end in self._spans("addressing") for place in range(start, end)}
        return any(
            word.text in self.rules.person and place not in addressed
            for place, word in enumerate(self.heard.words)
            if sentence is None or word.sentence == sentence
        )

    def _about_nobody(self, match: tuple[Span, ...]) -> bool:
        """A definition, news or a clinician's question: its sentence knows no person, no time and no "if"."""
        sentence = self._sentence(max(match))
        if self._somebody(sentence) or self._says("time", sentence) or self._says("if", sentence):
            return False
        asked = self._asks(sentence) or self._says("addressing", sentence)
        if not self._somebody() and not self._says("time"):
            return asked or self._says("definition", sentence)
        return self._is_defined(match) or (asked and (self._says("expected", sentence) or self._says("not_yet")))

    def _is_defined(self, match: tuple[Span, ...]) -> bool:
        """Whether a word such as "what is" stands right before the sign, and nothing that points at it."""
        words, sign = self.heard.words, min(match)
        for _, end in self._spans("definition", self._sentence(sign)):
            between = words[end : sign[0]]
            if (
                end <= sign[0]
                and words[sign[0]].place - words[end - 1].place <= _CLOSE
                and not any(word.text in self.rules.pointing for word in between)
            ):
                return True
        return False

    def _asks(self, sentence: int) -> bool:
        """Whether a word such as "how" begins that sentence, "could" a part of it, or "is" one that asks what is normal."""
        openings = {start for start, _ in self._spans("question", sentence) if self._begins(start)}
        openings |= {start for start, _ in self._spans("modal", sentence) if self._opens(start)}
        if self._says("gravity", sentence) or self._says("expected", sentence):
            openings |= {start for start, _ in self._spans("whether", sentence) if self._begins(start)}
        return bool(openings)

    def _begins(self, start: int) -> bool:
        words = self.heard.words
        return start == 0 or words[start - 1].sentence != words[start].sentence

    def _opens(self, start: int) -> bool:
        return self._begins(start) or self.heard.words[start - 1].comma != self.heard.words[start].comma

    def _dealt_with(self, start: int, end: int) -> bool:
        """Whether a clinician did something about it, told in its own sentence, and not in a part before it."""
        if self._says("unsettled"):
            return False
        words = self.heard.words
        return any(
            words[start].sentence <= self._sentence(span) <= words[end - 1].sentence
            and (span[1] > start or self._part(span[0]) == self._part(start))
            and abs(words[span[0]].place - words[start].place) <= _DEALT_REACH
            and not self._is_denied(span)
            for span in (*self._spans("dealt"), *self._handled())
        )

    def _handled(self) -> Iterator[Span]:
        """Where a clinician looked, treated or ruled out."""
        words = self.heard.words
        for clinician in self._spans("clinician"):
            for done in self._spans("handled", self._sentence(clinician)):
                distance = max(done[0] - clinician[1], clinician[0] - done[1])
                if distance >= 0 and abs(words[done[0]].place - words[clinician[0]].place) <= _HANDLED_REACH:
                    yield min(clinician, done)[0], max(clinician, done)[1]

    def _long_ago(self, start: int, end: int) -> bool:
        """A marker of the past in the sign's own sentence, nearer to it than to any treatment, and nothing that says "now"."""
        words, past = self.heard.words, self._spans("past", self.heard.words[start].sentence)
        part = {word.comma for word in words[start:end]}
        present = [each for each in self._spans("present", words[start].sentence) if words[each[0]].comma in part]
        present += self._spans("unsettled")
        if not all(any(overlap(each, other) for other in past) for each in present):
            return False
        return any(self._is_time_of(marker, start, end) for marker in past)

    def _is_over(self, match: tuple[Span, ...], start: int, end: int) -> bool:
        """Whether it was dealt with or is long ago, and did not come back."""
        if any(span[0] >= end and not self._is_denied(span) for span in self._spans("returns")):
            return False
        return self._dealt_with(start, end) or self._long_ago(start, end) or self.story.is_over(match, self._is_denied)

    def _is_time_of(self, marker: Span, start: int, end: int) -> bool:
        words = self.heard.words
        close = words[marker[0]].comma == words[end - 1].comma or self._stands_alone(marker)
        distance = max(marker[0] - end, start - marker[1], 0)
        treated = min((max(marker[0] - last, first - marker[1], 0) for first, last in self._spans("therapy")), default=99)
        return close and distance < treated

    def _stands_alone(self, marker: Span) -> bool:
        """Whether its part of the sentence holds little else, such as "In 1998, ..."."""
        words, (start, end) = self.heard.words, marker
        comma = words[start].comma
        before = [word for word in words[max(0, start - 3) : start] if word.comma == comma and not word.filler]
        return not before and (end == len(words) or words[end].comma != comma)

    def _suppositions(self) -> list[Span]:
        """Where something is supposed and not told: "what if", but not "as if"; "could it bring on a fever"."""
        real = self._spans("not_hypothetical")
        told = [each for each in self._spans("hypothetical") if not any(_is_within(each, other) and each != other for other in real)]
        return sorted([*told, *self._possibilities()])

    def _possibilities(self) -> Iterator[Span]:
        """Where a question begins with a word such as "could" and goes on to what may befall."""
        words = self.heard.words
        for modal in self._spans("modal"):
            if self._opens(modal[0]):
                for start, end in self._spans("befall", self._sentence(modal)):
                    if start >= modal[1] and words[start].place - words[modal[0]].place <= _POSSIBLE_REACH:
                        yield modal[0], end
                        break

    def _supposed(self, match: tuple[Span, ...]) -> bool:
        last = max(match)[0]
        sentence = self.heard.words[last].sentence
        if self._happening(sentence):
            return False
        if any(self._governs(supposed, match, last) for supposed in self._suppositions()):
            return True
        return self._asks(sentence) and not self._somebody(sentence) and (self._says("expected", sentence) or self._says("not_yet"))

    def _governs(self, supposed: Span, match: tuple[Span, ...], last: int) -> bool:
        """Whether the supposition stands before the sign and reaches it: over a comma only an "if" does."""
        words = self.heard.words
        if any(sign[0] <= supposed[0] and supposed[1] <= sign[1] for sign in match) or supposed[0] > last or self._is_answer(supposed):
            return False
        if words[supposed[0]].sentence != words[last].sentence or words[last].place - words[supposed[0]].place > _SUPPOSED_REACH:
            return False
        near = any(words[start].comma == words[supposed[0]].comma for start, _ in match)
        return near or any(overlap(supposed, condition) for condition in self._spans("if"))

    def _is_answer(self, supposed: Span) -> bool:
        """Whether the word stands alone before a comma: "si, ..." is yes, not if."""
        words = self.heard.words
        return supposed[1] - supposed[0] == 1 and supposed[1] < len(words) and self._part(supposed[0]) != self._part(supposed[1])

    def _happening(self, sentence: int) -> bool:
        """Whether the sentence has a time that is past or now, or it or a later one says "I do"."""
        return self._says("recent", sentence) or any(self._sentence(span) >= sentence for span in self._spans("confirmed"))


def _is_within(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]
