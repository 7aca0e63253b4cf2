"""The red flags of one language as values: read once from `urgent.yaml` and `doubts.yaml`, every problem told at once.

A set is a list of terms with commas between: words, short phrases, `@other` sets, `word~` with its usual endings, `#range` of numbers.
A rule is a line `slot + slot / 5 & slot && slot ! slot !! slot`: the first slots stand near each other (at most 5 words between), the `&`
slots anywhere in the message, the `&&` slots in the same sentence or the next one, the `!` slots nowhere in the same sentence, the `!!`
slots nowhere in the message. A slot is written like a set.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Final, Literal, get_args

from content.slots import Slot, Term, Terms, by_first_words
from content.spelling import Spelling, forms
from content.words import fold

Tier = Literal["emergency", "today"]

# The group of a danger that no rule names; it has a card, and no rules.
UNNAMED: Final = "unnamed"
_REACH: Final = 5
_SIGN: Final = re.compile(r" (\+|&&?|!!?|/) ")
_PARTS: Final = ("groups", "order", "sets", "numbers", "same", "filler", "context", "rules", "persons", "answer")
CONTEXTS: Final = tuple(
    name.strip()
    for name in """
        negation, not_negation, list, after, stop, hypothetical, not_hypothetical, modal, befall, expected, not_yet, recent, confirmed,
        definition, pointing, addressing, question, whether, gravity, person, time, if, past, present,
        once, now, past_verb, present_verb, settled, well, care, returns, recalls, denies,
        dealt, unreal, clinician, handled, unsettled, therapy, calming, third, break, idiom
    """.split(",")
)
_RANK: Final = {"emergency": 0, "today": 1}


@dataclass(frozen=True, slots=True)
class Rule:
    """One danger: `near` stand within `reach` words for each further slot, `beside` in a sentence next to them, `also` anywhere.

    It falls where an `unless` stands in its own sentence or a `never` anywhere.
    """

    tier: Tier
    group: str
    near: tuple[int, ...]
    reach: int
    beside: tuple[int, ...] = ()
    also: tuple[int, ...] = ()
    unless: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    needs: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the red flags: its ordinary card, and the medicine line of its answer, said where `when` stands in the message.

    `topic` are the ordinary words for it, heard only in a "what if".
    """

    card: str
    topic: int
    medicine: str = ""
    medicine_helper: str = ""
    when: int | None = None


@dataclass(frozen=True, slots=True)
class Persons:
    """Words for the one who writes and for `others`; `aside` stand before somebody who is only beside, `telling` say who tells it.

    `upon` is what one does to another, as in "I cannot wake her"; `unborn` is somebody else but where a pregnancy is in danger.
    """

    speaker: frozenset[str]
    others: frozenset[str]
    aside: frozenset[str]
    telling: frozenset[str]
    upon: frozenset[str]
    unborn: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """One language's red flags, most urgent first, the words that take them back, and the sentences of the answer.

    `signs` are the slots that speak for danger, not against it, and `vocabulary` their words.
    `terms` finds, by a term's first and second word, the rest of it and the slots it fills; slots and contexts are numbers.
    """

    rules: tuple[Rule, ...]
    groups: Mapping[str, Group]
    order: tuple[str, ...]
    terms: Mapping[str, Mapping[str, Terms]]
    contexts: Mapping[str, int]
    signs: frozenset[int]
    vocabulary: frozenset[str]
    same: Mapping[str, tuple[tuple[Term, str], ...]]
    ranges: Mapping[str, tuple[str, tuple[tuple[float, float], ...]]]
    filler: frozenset[str]
    person: frozenset[str]
    persons: Persons
    pointing: frozenset[str]
    stop: frozenset[str]
    breaks: frozenset[str]
    spelling: Spelling
    answer: Mapping[str, str]

    def card(self, group: str) -> str | None:
        """The id of the group's ordinary card, None where no such group is known."""
        return self.groups[group].card if group in self.groups else None


@dataclass(slots=True)
class _Desk:
    """What is being read: slots as they get their numbers, endings as they are met, problems to tell."""

    language: str
    sets: Mapping[str, str]
    ranges: Mapping[str, object]
    slots: dict[Slot, int] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    same: Mapping[str, tuple[tuple[Term, str], ...]] = field(default_factory=dict)
    read: dict[str, Slot] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)

    def slot(self, text: str) -> int:
        """The number of the slot that the text lists."""
        return self.slots.setdefault(self._terms(text, ()), len(self.slots))

    def _terms(self, text: str, within: tuple[str, ...]) -> Slot:
        """A slot that is one set is that very set, since most are."""
        parts = [part.strip() for part in text.replace("\n", " ").split(",")]
        others = [self._set(part[1:], within) for part in parts if part.startswith("@")]
        terms = frozenset(self.terms.get(part) or self._term(part) for part in parts if part and not part.startswith("@"))
        return others[0] if len(others) == 1 and not terms else terms.union(*others)

    def _set(self, name: str, within: tuple[str, ...]) -> Slot:
        if name in within or name not in self.sets:
            self.problems.append(f"mend `@{name}`: " + ("it holds itself" if name in within else "add it to `sets`"))
            return frozenset()
        if name not in self.read:
            self.read[name] = self._terms(self.sets[name], (*within, name))
        return self.read[name]

    def _term(self, text: str) -> Term:
        words = [intern(word if word.startswith("#") else word.replace("-", "")) for word in fold(text).split()]
        return self.terms.setdefault(text, tuple(map(self._word, rewritten(self.same, words))))

    def _word(self, word: str) -> str:
        if word.startswith("#"):
            if word[1:] not in self.ranges:
                self.problems.append(f"add `{word[1:]}` to `numbers`")
            return word
        for form in forms(word[:-1], self.language) if word.endswith("~") else (word,):
            self.spell(form, (word,))
        return word

    def spell(self, form: str, words: tuple[str, ...]) -> None:
        """Note that this is how the words may be written."""
        known = self.words.setdefault(form, words)
        if known is not words:
            self.words[form] = tuple(sorted({*known, *words}))


def read_rules(raw: Mapping[str, object], ordinary: str = "") -> Rules:
    """Rules from their file; `ordinary` are real words that nobody may correct. Raises ValueError, a line for each thing to mend."""
    desk = _opened(raw)
    groups = {key: _group(desk, key, value) for key, value in _mapping(raw.get("groups")).items()}
    rules = [rule for key, tiers in _mapping(raw.get("rules")).items() for rule in _rules(desk, key, tiers, groups)]
    context = _texts(_mapping(raw.get("context")))
    contexts = {name: desk.slot(context.get(name, "")) for name in CONTEXTS}
    order = tuple(str(raw.get("order") or "").replace(",", " ").split())
    ranges = {f"#{name}": _range(desk, name, str(value)) for name, value in desk.ranges.items()}
    desk.problems += [f"name `{key}` once in `order` and in `groups`" for key in {*order} ^ ({*groups} - {UNNAMED})]
    desk.problems += [f"add `groups.{UNNAMED}`" for _ in range(UNNAMED not in groups)]
    if desk.problems:
        raise ValueError("\n".join(dict.fromkeys(desk.problems)))
    filler, signs = _listed(raw.get("filler")), frozenset(slot for rule in rules for slot in rule.needs)
    return Rules(
        rules=tuple(sorted(rules, key=lambda rule: (_RANK[rule.tier], order.index(rule.group)))),
        groups=groups,
        order=order,
        terms=by_first_words(desk.slots),
        contexts=contexts,
        signs=signs,
        vocabulary=frozenset(word for slot, number in desk.slots.items() if number in signs for term in slot for word in term),
        same=desk.same,
        ranges=ranges,
        filler=filler,
        person=_listed(context["person"]),
        persons=_persons(_mapping(raw.get("persons")), _listed(context["person"])),
        pointing=_listed(context["pointing"]),
        stop=_listed(context["stop"]),
        breaks=_listed(context["break"]),
        spelling=Spelling.of(desk.words, _listed(ordinary) | filler, desk.language),
        answer={name: text.strip() for name, text in _texts(_mapping(raw.get("answer"))).items()},
    )


def _opened(raw: Mapping[str, object]) -> _Desk:
    desk = _Desk(str(raw.get("language") or "en"), _texts(_mapping(raw.get("sets"))), _mapping(raw.get("numbers")))
    desk.problems += [f"add `{name}`" for name in _PARTS if not raw.get(name)]
    desk.problems += [f"remove `{name}`; no such part is known" for name in raw if name not in (*_PARTS, "language")]
    desk.problems += [f"add `{name}` to `doubts.yaml`" for name in CONTEXTS if not _mapping(raw.get("context")).get(name)]
    desk.same = _same(desk, _texts(_mapping(raw.get("same"))))
    return desk


def rewritten(same: Mapping[str, tuple[tuple[Term, str], ...]], said: Sequence[str]) -> Iterator[str]:
    """The words with phrases that are said instead of one word (`can not`) made that word (`cant`)."""
    place = 0
    while place < len(said):
        for rest, word in same.get(said[place], ()):
            if tuple(said[place + 1 : place + 1 + len(rest)]) == rest:
                yield word
                place += len(rest)
                break
        else:
            yield said[place]
        place += 1


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Mapping[str, object]) -> Mapping[str, str]:
    return {name: str(text or "") for name, text in value.items()}


def _listed(value: object) -> frozenset[str]:
    return frozenset(str(value or "").replace(",", " ").split())


def _group(desk: _Desk, key: str, value: object) -> Group:
    read = _texts(_mapping(value))
    needed = ("card",) if key == UNNAMED else ("card", "topic")
    desk.problems += [f"add `groups.{key}.{name}`" for name in needed if not read.get(name)]
    when = desk.slot(read["when"]) if read.get("when") else None
    medicine = read.get("medicine", "").strip()
    return Group(
        read.get("card", ""), desk.slot(read.get("topic", "")), medicine, read.get("medicine_helper", "").strip() or medicine, when
    )


def _persons(value: Mapping[str, object], person: frozenset[str]) -> Persons:
    speaker, either, *others = (_listed(value.get(name)) for name in ("speaker", "either", "aside", "telling", "upon", "unborn"))
    return Persons(speaker, person - speaker - either, *others)


def _rules(desk: _Desk, key: str, tiers: object, groups: Mapping[str, Group]) -> Iterator[Rule]:
    if key not in groups:
        desk.problems.append(f"add `{key}` to `groups`")
    for tier, lines in _mapping(tiers).items():
        if tier not in get_args(Tier):
            desk.problems.append(f"mend `rules.{key}.{tier}`: a tier is `emergency` or `today`")
            continue
        for line in str(lines or "").splitlines():
            if line.strip():
                yield _rule(desk, "emergency" if tier == "emergency" else "today", key, line)


def _rule(desk: _Desk, tier: Tier, group: str, line: str) -> Rule:
    first, *others = _SIGN.split(f"{line.strip()} ")
    slots: dict[str, list[int]] = {"+": [desk.slot(first)], "&": [], "&&": [], "!": [], "!!": []}
    reach = _REACH
    for sign, text in zip(others[::2], others[1::2], strict=True):
        if sign == "/":
            reach = int(text)
        else:
            slots[sign].append(desk.slot(text))
    near, beside, also, unless, never = (tuple(slots[sign]) for sign in ("+", "&&", "&", "!", "!!"))
    return Rule(tier, group, near, reach, beside, also, unless, never, frozenset((*near, *beside, *also)))


def _same(desk: _Desk, texts: Mapping[str, str]) -> Mapping[str, tuple[tuple[Term, str], ...]]:
    """By first word: phrases that are said instead of one word, longest first. Single words become a spelling of it."""
    phrases: dict[str, list[tuple[Term, str]]] = {}
    for word, text in texts.items():
        for phrase in text.replace("\n", " ").split(","):
            match fold(phrase).split():
                case [single]:
                    desk.spell(single, (word,))
                case [first, *rest]:
                    phrases.setdefault(first, []).append((tuple(rest), word))
    return {first: tuple(sorted(each, key=lambda pair: -len(pair[0]))) for first, each in phrases.items()}


def _range(desk: _Desk, name: str, text: str) -> tuple[str, tuple[tuple[float, float], ...]]:
    """The kind of number, `decimal`, `pair` (80/50) or any, and where it lies."""
    kind, numbers = text.split(maxsplit=1) if text.startswith(("decimal ", "pair ")) else ("", text)
    found = re.findall(r"([\d.]+)-([\d.]+)", numbers)
    if not found:
        desk.problems.append(f"mend `numbers.{name}`: write it as `38-43 100.4-110`")
    return kind, tuple((float(low), float(high)) for low, high in found)
