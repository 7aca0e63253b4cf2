"""What a message wants of us, told by words near each other: the rules are data (`intents.yaml`).

A rule is `slot + slot / 8 ~ slot ! slot & slot`: the first slots stand within that many words (12 where none is told), the `~` slot not
among these words, the `!` slot nowhere in what is judged, nor what stands under `never` for the whole kind, the `&` slot anywhere in the
message. Each question and the end of a message are also judged alone, with the sentences beside them, there by the rules of `asking` too,
where what stands under `about` is in the message; of a long story with questions nothing else is judged to be advice.
A slot is a list with commas between: words, phrases such as `(can|may) (i|we)`, each with each, `@other` sets, `@number` for any number;
`?` is a word too.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice, product
from sys import intern
from typing import Final

from content.slots import Slot, Term, slots_by_term
from content.words import fold, parts

_REACH: Final = 12
_NEVER, _NUMBER, _ABOUT = "never", "@number", "about"
_ADVICE, _ASKING = "advice", "asking"
DECIDING: Final = "deciding"
# Past so many sentences a message is a story.
_SHORT: Final = 3
_SENTENCES_BEFORE, _SENTENCES_AFTER = 2, 1
_MOST_QUESTIONS: Final = 12
_GAP: Final = (".",) * 4
# What asks how or why stands before what is asked about.
_BEFORE: Final = 5
_SENTENCE_END: Final = re.compile(r"[.!;]+(?=\s|$)|(?<=\?)(?!\?)|\n+")
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*|\?")
_CHOICE: Final = re.compile(r"[()]")
# Where each slot is filled, in order.
Places = Mapping[int, list[int]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to want something: `near` are slots within `reach` words, `without` slots not among them, `unless` slots nowhere.

    `anywhere` are slots that stand somewhere in the message, `matter` says which thing it is.
    """

    matter: str
    near: tuple[int, ...]
    reach: int
    without: tuple[int, ...]
    unless: tuple[int, ...]
    anywhere: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Greeting:
    """`words` greet or thank, `small` words may stand beside them, `signs` are single characters that say as much.

    `phrases` greet as a whole; after the words `places` the name of one may stand.
    """

    words: frozenset[str]
    small: frozenset[str]
    signs: frozenset[str]
    phrases: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Intents:
    """The rules of one language by what they recognise. `terms` tell the slots they fill, `longest` the longest term by its first word."""

    rules: Mapping[str, tuple[Rule, ...]]
    terms: Mapping[Term, tuple[int, ...]]
    longest: Mapping[str, int]
    greeting: Greeting
    about: tuple[int, ...] = ()

    def matters(self, words: str) -> Mapping[str, str]:
        """By kind, the matter of the first rule that holds; a long story is a decision where it asks for advice."""
        folded = fold(words)
        sentences = _sentences(folded)
        story = len(sentences) > _SHORT
        whole = self._places(_said(sentences))
        found = {kind: self._first(kind, whole, whole) for kind in self.rules.keys() - {_ADVICE, _ASKING}}
        found[_ADVICE] = self._where_it_asks(sentences, whole)
        if not (story and "?" in folded):
            found[_ADVICE] = found[_ADVICE] or self._first(_ADVICE, whole, whole)
        if story:
            found[DECIDING] = found[_ADVICE]
        return {kind: matter for kind, matter in found.items() if matter}

    def _first(self, kind: str, places: Places, whole: Places) -> str | None:
        return next((rule.matter for rule in self.rules.get(kind, ()) if _holds(rule, places, whole)), None)

    def _where_it_asks(self, sentences: Sequence[str], whole: Places) -> str | None:
        about = bool(self.about) and len(sentences) > 1 and all(slot in whole for slot in self.about)
        stretches = (_cut(whole, start, end) for start, end in _asking(sentences))
        kinds = (_ADVICE, _ASKING) if about else (_ADVICE,)
        return next((matter for places in stretches for kind in kinds if (matter := self._first(kind, places, whole))), None)

    def _places(self, said: Sequence[str]) -> Places:
        """Where each slot is filled, in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for place, word in enumerate(said):
            for slot in self._slots(said, place, word):
                if found[slot][-1:] != [place]:
                    found[slot].append(place)
        return found

    def _slots(self, said: Sequence[str], place: int, word: str) -> Iterator[int]:
        if word.isdigit():
            yield from self.terms.get((_NUMBER,), ())
        for end in range(place + 1, place + 1 + self.longest.get(word, 0)):
            yield from self.terms.get(tuple(said[place:end]), ())


def _sentences(folded: str) -> list[str]:
    """The sentences. Where nothing is marked as a question the end is taken as one."""
    return [each for each in _SENTENCE_END.split(folded if "?" in folded else f"{folded} ?") if each.strip()]


def _asking(sentences: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the last sentence, and each that asks, begins and ends among the words; from the last one on, with those beside it."""
    last, ends = len(sentences) - 1, list(accumulate((len(_said([each])) for each in sentences), initial=0))
    asking = (place for place in range(last, -1, -1) if place == last or "?" in sentences[place])
    for place in islice(asking, _MOST_QUESTIONS):
        yield ends[max(0, place - _SENTENCES_BEFORE)], ends[min(last, place + _SENTENCES_AFTER) + 1]


def _cut(places: Places, start: int, end: int) -> Places:
    """The places from start to end."""
    cut = {slot: filled[bisect_left(filled, start) : bisect_left(filled, end)] for slot, filled in places.items()}
    return {slot: filled for slot, filled in cut.items() if filled}


def _said(sentences: Iterable[str]) -> list[str]:
    """The words and question marks in order, compounds in parts; the end of a sentence keeps what follows at a distance."""
    return [word for sentence in sentences for word in (*parts(_WORD.findall(sentence)), *_GAP)]


def _holds(rule: Rule, places: Places, whole: Places) -> bool:
    if not all(map(places.__contains__, rule.near)) or any(map(places.__contains__, rule.unless)):
        return False
    if not all(map(whole.__contains__, rule.anywhere)):
        return False
    last: dict[int, int] = {}
    for place, filled in sorted((place, slot) for slot in rule.near for place in places[slot]):
        last[filled] = place
        start = min(last.values())
        if len(last) == len(set(rule.near)) and place - start <= rule.reach and not _between(rule.without, places, start, place):
            return True
    return False


def _between(slots: tuple[int, ...], places: Places, start: int, end: int) -> bool:
    return any(start - _BEFORE <= place <= end for slot in slots for place in places.get(slot, ()))


def _each_with_each(phrase: str) -> Iterator[Term]:
    """`(can|may) (i|we) go` as its four terms; an empty choice leaves its place out."""
    choices = [[tuple(map(intern, parts(_WORD.findall(choice)))) for choice in part.split("|")] for part in _CHOICE.split(fold(phrase))]
    return (tuple(chain.from_iterable(chosen)) for chosen in product(*choices))


@dataclass(slots=True)
class _Desk:
    """What is being read: `slots` get their numbers as they are met, by their text."""

    sets: Mapping[str, str]
    slots: dict[str, tuple[int, Slot]] = field(default_factory=dict)
    read: dict[str, Slot] = field(default_factory=lambda: {_NUMBER.removeprefix("@"): frozenset({(_NUMBER,)})})

    def slot(self, text: str) -> int:
        if text not in self.slots:
            self.slots[text] = len(self.slots), self._terms(text, ())
        return self.slots[text][0]

    def _terms(self, text: str, within: tuple[str, ...]) -> Slot:
        """A slot that is one set is that very set, since most are."""
        names = [name.strip() for name in text.replace("\n", " ").split(",")]
        others = [self._set(name[1:], within) for name in names if name.startswith("@")]
        terms = frozenset(chain.from_iterable(_each_with_each(name) for name in names if name and not name.startswith("@")))
        return others[0] if len(others) == 1 and not terms else (terms - {()}).union(*others)

    def _set(self, name: str, within: tuple[str, ...]) -> Slot:
        if name not in self.read:
            if name not in self.sets or name in within:
                raise ValueError(f"the set `{name}` " + ("holds itself" if name in within else "is not there"))
            self.read[name] = self._terms(self.sets[name], (*within, name))
        return self.read[name]

    def rule(self, matter: str, line: str, never: tuple[int, ...]) -> Rule:
        held, *anywhere = line.split(" & ")
        held, *unless = held.split(" ! ")
        held, *without = held.split(" ~ ")
        held, _, reach = held.partition(" / ")
        slots = [tuple(map(self.slot, each)) for each in (held.split(" + "), without, unless, anywhere)]
        return Rule(matter, slots[0], int(reach or _REACH), slots[1], (*never, *slots[2]), slots[3])


def read_intents(sets: Mapping[str, str], rules: Mapping[str, Mapping[str, Sequence[str]]], greeting: Greeting) -> Intents:
    """Rules by kind and matter, from their texts. ValueError: a set that is missing or holds itself, a reach that is no number."""
    desk = _Desk(sets)
    read = {kind: tuple(_rules(desk, matters)) for kind, matters in rules.items()}
    about = tuple(map(desk.slot, rules.get(_ASKING, {}).get(_ABOUT, ())))
    terms = slots_by_term(desk.slots.values())
    longest: dict[str, int] = defaultdict(int)
    for first, *rest in terms:
        longest[first] = max(longest[first], 1 + len(rest))
    return Intents(read, terms, dict(longest), greeting, about)


def _rules(desk: _Desk, matters: Mapping[str, Sequence[str]]) -> Iterator[Rule]:
    never = tuple(map(desk.slot, matters.get(_NEVER, ())))
    for matter, lines in matters.items():
        if matter not in (_NEVER, _ABOUT):
            yield from (desk.rule(matter, line, never) for line in lines)
