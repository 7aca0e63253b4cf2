"""A message as one language hears it: its words, and where the slots of that language's rules are filled."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from content.slots import Term, Terms
from content.urgent_rules import Rules, rewritten

Span = tuple[int, int]

_TOKEN: Final = re.compile(r"\d+/\d+(?!/)|\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*|[.!?;\n…]+|,| [-–—] |[:()]")
_LETTERS: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-*][^\W\d_]){3,}(?![^\W_])")
_NO_OWNERS: Final = "she that what there here who how where when let".split()
# The apostrophe comes first, since a search for one sign is the fast one.
_POSSESSIVE: Final = re.compile(r"['’](?<=\w{3}.)" + "".join(rf"(?<!\b{each}.)" for each in _NO_OWNERS) + r"s\b", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r",(?=\d{3}\b)")
_MOST_SPANS: Final = 80
_SENTENCE_GAP: Final = 3
_CLOSEST: Final = 3
_LONGEST_NUMBER: Final = 12
_MOST_SKIPPED: Final = 6


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `keys` are what it may mean, `place` counts the words that matter, a sentence's end counting for three.

    `sentence` ends at a full stop and at words such as "but"; `comma` counts the parts inside.
    """

    text: str
    keys: tuple[str, ...]
    place: int
    sentence: int
    comma: int
    filler: bool = False


def told(words: str) -> str:
    """The message with `leg's` made `leg s`: the letter never matters, and the word stays what it is."""
    return _POSSESSIVE.sub(" s", words)


def spoken(folded: str) -> list[str]:
    """The folded text cut into words, numbers and punctuation; letters spelled one by one are joined."""
    return _TOKEN.findall(_LETTERS.sub(lambda run: re.sub(r"[ .\-*]", "", run[0]), folded))


@dataclass(frozen=True, slots=True)
class Heard:
    """`spans` by slot, in order; `texts` are the words as they were said."""

    words: tuple[Word, ...]
    spans: dict[int, list[Span]]
    texts: frozenset[str]

    def near(self, slots: tuple[int, ...], reach: int) -> Iterator[tuple[Span, ...]]:
        """Where all the slots are filled near each other, each with its closest fillings."""
        if all(slot in self.spans for slot in slots):
            for anchor in self.spans[slots[0]]:
                yield from self._joined((anchor,), slots[1:], reach * (len(slots) - 1))

    def _joined(self, chosen: tuple[Span, ...], slots: tuple[int, ...], reach: int) -> Iterator[tuple[Span, ...]]:
        if not slots:
            yield chosen
            return
        for each in self._closest(slots[0], chosen):
            if self._gap((*chosen, each)) <= reach:
                yield from self._joined((*chosen, each), slots[1:], reach)

    def _closest(self, slot: int, chosen: tuple[Span, ...]) -> list[Span]:
        spans = self.spans[slot]
        middle = bisect_left(spans, chosen[0])
        near = spans[max(0, middle - _CLOSEST) : middle + _CLOSEST]
        return [each for each in near if not any(overlap(each, other) for other in chosen)]

    def _gap(self, chosen: tuple[Span, ...]) -> int:
        """How many words that matter stand between the first and the last of the spans."""
        ordered = sorted(chosen)
        return sum(max(0, self.words[after[0]].place - self.words[before[1] - 1].place - 1) for before, after in pairwise(ordered))


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a word."""
    return one[0] < other[1] and other[0] < one[1]


def hear(rules: Rules, said: list[str], known: Callable[[str], bool]) -> Heard:
    """The message as these rules hear it; `known` says whether any language knows a word as it stands."""
    words = tuple(_words(rules, rewritten(rules.same, said), known))
    return Heard(words, _unmasked(rules, words, _spans(rules, words)), frozenset(word.text for word in words))


def _words(rules: Rules, said: Iterator[str], known: Callable[[str], bool]) -> Iterator[Word]:
    place = sentence = comma = 0
    read: dict[str, list[tuple[str, ...]]] = {}
    for text in said:
        if not (text[0].isalnum()):
            ends = text[0] in ".!?;\n…"
            place, sentence, comma = place + (_SENTENCE_GAP if ends else 0), sentence + ends, comma + (not ends)
            continue
        if text not in read:
            read[text] = _keys(rules, text, known)
        for keys in read[text]:
            filler = keys[0] in rules.filler
            sentence, comma = sentence + (keys[0] in rules.breaks), comma + (keys[0] in ("and", "y", "e"))
            yield Word(text if len(keys) > 1 or keys[0].endswith("~") else keys[0], keys, place, sentence, comma, filler)
            place += not filler


def _keys(rules: Rules, text: str, known: Callable[[str], bool]) -> list[tuple[str, ...]]:
    if text[0].isdigit():
        return [(text, *_classes(rules, text))]
    own = rules.spelling.keys.get(text, ())
    if rules.vocabulary.isdisjoint(own) and (kin := rules.spelling.kin(text)):
        return [(*(own or (text,)), *kin)]
    if own:
        return [own]
    if known(text):
        return [(text,)]
    read = rules.spelling.read(text)
    return read or [(text,)]


def _classes(rules: Rules, text: str) -> Iterator[str]:
    """The ranges that the number lies in; of a pair such as 80/50 its first number counts, in the ranges for pairs alone."""
    first, _, second = _THOUSANDS.sub("", text).replace(",", ".").partition("/")
    if first.count(".") > 1 or len(text) > _LONGEST_NUMBER or (second and float(second) >= float(first)):
        return
    kind = "pair" if second else "decimal" if "." in first else ""
    for name, (only, ranges) in rules.ranges.items():
        if (only == kind if "pair" in (only, kind) else only in ("", kind)) and any(low <= float(first) <= high for low, high in ranges):
            yield name


def _spans(rules: Rules, words: tuple[Word, ...]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for place, word in enumerate(words):
        for key in word.keys:
            for slots, end in _ends(words, place + 1, rules.terms.get(key)):
                for slot in slots:
                    found.setdefault(slot, []).append((place, end))
    return {slot: spans if len(spans) <= _MOST_SPANS else spans[: _MOST_SPANS - 20] + spans[-20:] for slot, spans in found.items()}


def _ends(words: tuple[Word, ...], place: int, terms: Mapping[str, Terms] | None) -> Iterator[tuple[tuple[int, ...], int]]:
    """The slots of the terms whose first word stands before `place`, and where each ends; words that never matter are skipped."""
    if not terms:
        return
    for _, slots in terms.get("", ()):
        yield slots, place
    for after in range(place, min(place + _MOST_SKIPPED, len(words))) if len(terms) > ("" in terms) else ():
        for key in words[after].keys:
            for rest, slots in terms.get(key, ()):
                if end := _end(words, after + 1, rest):
                    yield slots, end
        if not words[after].filler:
            return


def _end(words: tuple[Word, ...], place: int, rest: Term) -> int:
    """Where the rest of a term ends that goes on at `place`; 0 where it does not stand there."""
    for key in rest:
        last = min(place + _MOST_SKIPPED, len(words))
        while place < last and key not in words[place].keys and words[place].filler:
            place += 1
        if place == last or key not in words[place].keys:
            return 0
        place += 1
    return place


def _unmasked(rules: Rules, words: tuple[Word, ...], spans: dict[int, list[Span]]) -> dict[int, list[Span]]:
    """The spans outside idioms; an idiom stands in one sentence."""
    idioms = (each for each in spans.get(rules.contexts["idiom"], []) if words[each[0]].sentence == words[each[1] - 1].sentence)
    masked = {place for start, end in idioms for place in range(start, end)}
    if not masked:
        return spans
    contexts = rules.contexts.values()
    left = {slot: each if slot in contexts else [span for span in each if masked.isdisjoint(range(*span))] for slot, each in spans.items()}
    return {slot: each for slot, each in left.items() if each}
