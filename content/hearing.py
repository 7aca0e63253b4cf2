"""A message as one language hears it: its words, and where the slots of that language's rules are filled."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from content.urgent_rules import Rules, Term, rewritten

Span = tuple[int, int]

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*|[.!?;\n…]+|,| [-–—] |[:()]")
_LETTERS: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-*][^\W\d_]){3,}(?![^\W_])")
_THOUSANDS: Final = re.compile(r",(?=\d{3}\b)")
_MOST_SPANS: Final = 80
_SENTENCE_GAP: Final = 3


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
        """Where all the slots are filled near each other, one answer for each place of the first slot."""
        if not all(slot in self.spans for slot in slots):
            return
        for anchor in self.spans[slots[0]]:
            chosen = [anchor]
            for slot in slots[1:]:
                if closest := self._closest(slot, chosen):
                    chosen.append(closest)
            if len(chosen) == len(slots) and self._gap(chosen) <= reach * (len(slots) - 1):
                yield tuple(chosen)

    def _closest(self, slot: int, chosen: list[Span]) -> Span | None:
        spans, (start, end) = self.spans[slot], chosen[0]
        middle = bisect_left(spans, (start, end))
        free = [each for each in spans[max(0, middle - 3) : middle + 4] if not any(overlap(each, other) for other in chosen)]
        return min(free, key=lambda each: max(each[0] - end, start - each[1]), default=None)

    def _gap(self, chosen: list[Span]) -> int:
        """How many words that matter stand between the first and the last of the spans."""
        ordered = sorted(chosen)
        return sum(max(0, self.words[after[0]].place - self.words[before[1] - 1].place - 1) for before, after in pairwise(ordered))


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a word."""
    return one[0] < other[1] and other[0] < one[1]


def hear(rules: Rules, said: list[str], known: Callable[[str], bool]) -> Heard:
    """The message as these rules hear it; `known` says whether any language knows a word as it stands."""
    breaks = {term[0] for term in _terms(rules, rules.contexts["break"])}
    words = tuple(_words(rules, rewritten(rules.same, said), known, breaks))
    return Heard(words, _unmasked(rules, _spans(rules, words)), frozenset(word.text for word in words))


def _terms(rules: Rules, slot: int) -> Iterator[tuple[str, ...]]:
    return ((first, *rest) for first, each in rules.terms.items() for rest, slots in each if slot in slots)


def _words(rules: Rules, said: Iterator[str], known: Callable[[str], bool], breaks: set[str]) -> Iterator[Word]:
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
            sentence, comma = sentence + (keys[0] in breaks), comma + (text in ("and", "y", "e"))
            yield Word(text if len(keys) > 1 or keys[0].endswith("~") else keys[0], keys, place, sentence, comma, filler)
            place += not filler


def _keys(rules: Rules, text: str, known: Callable[[str], bool]) -> list[tuple[str, ...]]:
    if text[0].isdigit():
        return [(text, *_classes(rules, text))]
    if text in rules.spelling.keys:
        return [rules.spelling.keys[text]]
    if known(text):
        return [(text,)]
    read = rules.spelling.read(text)
    return read or [(text,)]


def _classes(rules: Rules, text: str) -> Iterator[str]:
    plain = _THOUSANDS.sub("", text).replace(",", ".")
    if plain.count(".") > 1 or len(plain) > 12:
        return
    value, decimal = float(plain), "." in plain
    for name, (only_decimal, ranges) in rules.ranges.items():
        if decimal >= only_decimal and any(low <= value <= high for low, high in ranges):
            yield name


def _spans(rules: Rules, words: tuple[Word, ...]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for place, word in enumerate(words):
        for key in word.keys:
            for rest, slots in rules.terms.get(key, ()):
                end = _end(words, place + 1, rest)
                for slot in slots if end else ():
                    found.setdefault(slot, []).append((place, end))
    return {slot: spans if len(spans) <= _MOST_SPANS else spans[: _MOST_SPANS - 20] + spans[-20:] for slot, spans in found.items()}


def _end(words: tuple[Word, ...], place: int, rest: Term) -> int:
    """Where a term ends whose first word stands before `place`, words that never matter skipped; 0 where it does not stand there."""
    for key in rest:
        while place < len(words) and key not in words[place].keys and words[place].filler:
            place += 1
        if place == len(words) or key not in words[place].keys:
            return 0
        place += 1
    return place


def _unmasked(rules: Rules, spans: dict[int, list[Span]]) -> dict[int, list[Span]]:
    """The spans outside idioms."""
    idioms, contexts = spans.get(rules.contexts["idiom"], []), rules.contexts.values()
    if not idioms:
        return spans
    left = {
        slot: each if slot in contexts else [span for span in each if not any(overlap(span, idiom) for idiom in idioms)]
        for slot, each in spans.items()
    }
    return {slot: each for slot, each in left.items() if each}
