"""Does somebody tell of a death, hospice, a treatment that stopped or failed, or a cure? The words are data (`gentle.yaml`).

A set is a list with commas: words, short phrases, `@other` sets, `@drugs`. `^` and `$` are the begin and the end of a part of a sentence.
`#` is any number. A rule is a line `slot + slot / 3`: the slots in this order, at most 3 words between. A slot is written like a set.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from content.words import fold

Term = tuple[str, ...]
# By first word, so that a long message costs no more than its words.
Slot = Mapping[str, tuple[Term, ...]]
Span = tuple[int, int]

_REACH: Final = 3
_LONGEST_TERM: Final = 12
# Who tells of such a thing does so before long.
_MOST_SENTENCES: Final = 60
_SENTENCE: Final = re.compile(r"[^.!?;:\n…]+[.!?;:\n…]*")
_TOKEN: Final = re.compile(r"[\^$#]|[^\W_]+|[,?]")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class BadNews:
    """One kind: the line it is answered with, and a card that may help."""

    line: str
    card: str


@dataclass(frozen=True, slots=True)
class News:
    """What was told, and the rest of the message: what else it says or asks."""

    kind: str
    rest: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The slots come in this order, with at most `reach` words between two."""

    kind: str
    slots: tuple[Slot, ...]
    reach: int


@dataclass(frozen=True, slots=True)
class Gentle:
    """One language. `asked` begin a question, `unsaid` make it a fear or a plan, `past` puts it long ago."""

    kinds: Mapping[str, BadNews]
    rules: tuple[Rule, ...]
    asked: Slot
    unsaid: Slot
    past: Slot


def told(gentle: Mapping[str, Gentle], words: str) -> News | None:
    """What somebody tells of themselves or of a loved one; None for a question about it. Never raises."""
    found = [(sentence, _kind(gentle, sentence)) for sentence in _SENTENCE.findall(words)[:_MOST_SENTENCES]]
    kind = next((kind for _, kind in found if kind), None)
    return News(kind, "".join(_asked_too(gentle, sentence) if kind else sentence for sentence, kind in found).strip()) if kind else None


def _asked_too(gentle: Mapping[str, Gentle], sentence: str) -> str:
    """What a sentence that tells asks after its last comma."""
    _, comma, last = sentence.rpartition(",")
    said, asks = _parts(fold(last))
    return last if comma and (asks or any(place == 1 for each in gentle.values() for place, _ in _found(each.asked, said))) else ""


def _kind(gentle: Mapping[str, Gentle], sentence: str) -> str | None:
    said, asks = _parts(fold(sentence))
    return next((kind for each in gentle.values() if (kind := _told(each, said, asks))), None)


def read_gentle(kinds: Mapping[str, BadNews], rules: Mapping[str, str], sets: Mapping[str, str], *contexts: str) -> Gentle:
    """One language from its texts: the lines of rules by kind, the sets, then `asked`, `unsaid`, `past`. Raises ValueError."""
    read = tuple(_rule(kind, line, sets) for kind, lines in rules.items() for line in lines.splitlines() if line.strip())
    asked, unsaid, past = (_slot(text, sets) for text in contexts)
    return Gentle(kinds, read, asked, unsaid, past)


def _rule(kind: str, line: str, sets: Mapping[str, str]) -> Rule:
    slots, _, reach = line.partition(" / ")
    return Rule(kind, tuple(_slot(slot, sets) for slot in slots.split(" + ")), int(reach or _REACH))


def _slot(text: str, sets: Mapping[str, str]) -> Slot:
    found: dict[str, tuple[Term, ...]] = {}
    for term in sorted(set(_terms(text, sets)), key=len, reverse=True):
        found[term[0]] = (*found.get(term[0], ()), term)
    return found


def _terms(text: str, sets: Mapping[str, str]) -> Iterator[Term]:
    for part in filter(None, (part.strip() for part in text.replace("\n", " ").split(","))):
        if not part.startswith("@"):
            yield tuple(_TOKEN.findall(fold(part)))
        elif part[1:] in sets:
            yield from _terms(sets[part[1:]], {name: each for name, each in sets.items() if name != part[1:]})
        else:
            raise ValueError(f"mend `{part}`: add it to `sets`, and let no set hold itself")


def _parts(folded: str) -> tuple[Sequence[str], bool]:
    """One sentence as its words, `^` and `$` around its parts, and whether it asks."""
    said = ["^"]
    for each in _TOKEN.findall(folded):
        if each == ",":
            said += ("$", "^")
        elif each != "?":
            said.append("#" if each.isdigit() and not _YEAR.fullmatch(each) else each)
    return (*said, "$"), "?" in folded


def _told(gentle: Gentle, said: Sequence[str], asks: bool) -> str | None:
    if any(_YEAR.fullmatch(word) for word in said) or any(_found(gentle.past, said)):
        return None
    for rule in gentle.rules:
        if any(not _is_unsaid(gentle, said, match, asks) for match in _matches(rule.slots, rule.reach, said)):
            return rule.kind
    return None


def _found(slot: Slot, said: Sequence[str]) -> Iterator[Span]:
    """Where a term of the slot stands, the longest first at each place."""
    for start, word in enumerate(said):
        for term in slot.get(word, ()):
            if tuple(said[start : start + len(term)]) == term:
                yield start, start + len(term)


def _matches(slots: Sequence[Slot], reach: int, said: Sequence[str], after: int | None = None) -> Iterator[tuple[Span, ...]]:
    if not slots:
        yield ()
        return
    first = after or 0
    for start, end in _found(slots[0], said if after is None else said[after : after + reach + _LONGEST_TERM]):
        if after is None or start <= reach:
            span = (first + start, first + end)
            yield from ((span, *rest) for rest in _matches(slots[1:], reach, said, span[1]))


def _is_unsaid(gentle: Gentle, said: Sequence[str], match: tuple[Span, ...], asks: bool) -> bool:
    """Whether that part of the sentence is a question, or what comes before in it a fear, a plan or a denial."""
    last = match[-1][1]
    start = max(place for place in range(match[0][0] + 1) if said[place] == "^")
    is_last = "$" not in said[last - 1 : -1]
    before = said[start:last]
    if (asks and is_last) or any(place == 1 for place, _ in _found(gentle.asked, before)):
        return True
    return any(not _inside((first + start, after + start), match) for first, after in _found(gentle.unsaid, before))


def _inside(span: Span, match: tuple[Span, ...]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in match)
