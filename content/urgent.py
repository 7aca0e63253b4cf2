"""Does this message tell of danger? The rules are data (`urgent.yaml`): signs near each other, never whole phrases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from content.doubt import Doubts
from content.hearing import Heard, Span, hear, spoken, told
from content.subject import is_of_another
from content.urgent_rules import UNNAMED, Rule, Rules, Tier, read_rules
from content.words import fold

__all__ = [
    "UNNAMED",
    "Certainty",
    "Danger",
    "Hearing",
    "Passage",
    "Rules",
    "Tier",
    "is_always",
    "judge",
    "listen",
    "passages",
    "read_rules",
    "unnamed",
]

# "hypothetical": a "what if"; "doubtful": the words of the message speak against it, or not clearly for it. Neither is an alarm.
Certainty = Literal["present", "hypothetical", "doubtful"]

# Contexts that say that something is now, each with those beside which they do not.
_OVER: Final = frozenset(("past", "settled", "once"))
_ENDED: Final = _OVER | {"past_verb", "care", "dealt", "handled"}
_NOT_OPEN: Final = _ENDED | {"hypothetical", "well"}
_NOW: Final = ((frozenset(("now", "present", "recent")), _OVER), (frozenset(("present_verb",)), _NOT_OPEN))
# A long story holds every word somewhere: past so many words the parts of a sign stand nearly side by side.
_LONG: Final = 45
_LONG_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Danger:
    """What was heard. What is not present has the red-flag line on top of the answer; a "what if" also has the group's ordinary card.

    `language` is the message's, None where that is unsure; `medicine` says that the group's medicine line belongs to the answer;
    `calming`, that the person takes a medicine for RA, MS or allergy rather than against cancer; `of_another`, that it is not the writer.
    """

    tier: Tier
    group: str
    certainty: Certainty = "present"
    language: str | None = None
    medicine: bool = False
    calming: bool = False
    of_another: bool = False

    @property
    def present(self) -> bool:
        """Whether it is happening, as far as can be told."""
        return self.certainty == "present"


@dataclass(frozen=True, slots=True)
class Hearing:
    """A message as each language hears it, with what takes a sign back there; `main` is its own language, None where that is unsure."""

    rules: Mapping[str, Rules]
    main: str | None
    ears: Mapping[str, Doubts]

    @property
    def contexts(self) -> frozenset[str]:
        """The contexts of `doubts.yaml` that stand anywhere in it, as its own language hears it."""
        return frozenset(name for name, slot in self.rules[self.language].contexts.items() if slot in self.heard.spans)

    @property
    def heard(self) -> Heard:
        """What its own language hears."""
        return self.ears[self.language].heard

    @property
    def language(self) -> str:
        """Its own language, or the first where that is unsure."""
        return self.main or next(iter(self.rules))


def listen(rules: Mapping[str, Rules], words: str) -> Hearing:
    """The message in every language, whatever is chosen."""
    said = spoken(fold(told(words)))
    ears = {language: Doubts.about(each, hear(each, said, lambda word: _is_known(rules, word))) for language, each in rules.items()}
    return Hearing(rules, _main_language(rules, said), ears)


def judge(hearing: Hearing) -> Danger | None:
    """The gravest danger in the words; None where there is none. Never raises."""
    rules, main, ears = hearing.rules, hearing.main, hearing.ears
    found = [
        (each, language)
        for language, doubts in ears.items()
        for each in _gravest(doubts, rules[main] if main and main != language else None)
    ]
    if not found:
        return None
    (rule, hypothetical, of_another), first = min(found, key=lambda each: _gravity(rules[each[1]], *each[0][:2]))
    return Danger(
        rule.tier,
        rule.group,
        "hypothetical" if hypothetical else "present",
        main or (first if len({language for _, language in found}) == 1 else None),
        _needs_medicine(ears[first], rule.group),
        _is_calming(hearing),
        of_another,
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences in which a sign stands, as words, with the contexts there."""

    said: tuple[str, ...]
    contexts: frozenset[str]

    @property
    def now(self) -> bool:
        """Whether it is told as happening now."""
        return any(not self.contexts.isdisjoint(some) and self.contexts.isdisjoint(over) for some, over in _NOW)

    @property
    def ended(self) -> bool:
        """Whether something beside it says that it is over or cared for."""
        return not self.contexts.isdisjoint(_ENDED)

    @property
    def open(self) -> bool:
        """Whether nothing beside it says that it is over, cared for or only supposed."""
        return self.contexts.isdisjoint(_NOT_OPEN)


def passages(hearing: Hearing) -> Iterator[Passage]:
    """Where a sign stands that nothing takes back, in every language; each place once."""
    for doubts in hearing.ears.values():
        told = set[Span]()
        for rule in _filled(doubts):
            for match in _matches(rule, doubts):
                place = doubts.place(match)
                if place not in told and doubts.of(match) == "none":
                    told.add(place)
                    yield _passage(doubts, *place)


def _passage(doubts: Doubts, first: int, last: int) -> Passage:
    words, spans = doubts.heard.words, doubts.heard.spans
    standing = {
        name: any(first <= words[start].sentence <= last for start, _ in spans.get(slot, ()))
        for name, slot in doubts.rules.contexts.items()
    }
    said = tuple(word.text for word in words if first <= word.sentence <= last)
    return Passage(said, frozenset(name for name, stands in standing.items() if stands))


def unnamed(hearing: Hearing) -> Danger:
    """An emergency that no rule names, in a message that says so as a whole."""
    heard = hearing.heard
    of_another = is_of_another(hearing.rules[hearing.language], heard, ((0, len(heard.words)),), strict=False)
    return Danger("emergency", UNNAMED, language=hearing.main, calming=_is_calming(hearing), of_another=of_another)


def _is_known(rules: Mapping[str, Rules], word: str) -> bool:
    return any(each.spelling.knows(word) for each in rules.values())


def _gravity(rules: Rules, rule: Rule, hypothetical: bool) -> tuple[bool, bool, int]:
    return hypothetical, rule.tier != "emergency", rules.order.index(rule.group)


def _gravest(doubts: Doubts, main: Rules | None) -> Iterator[tuple[Rule, bool, bool]]:
    """The first rule that holds without doubt, else the first that somebody only supposes; rules come gravest first.

    `main` are the rules of the message's own language where that is another: what they can read themselves is left to them.
    """
    rules, heard, supposed = doubts.rules, doubts.heard, None
    for rule in _filled(doubts):
        for match in _matches(rule, doubts):
            if main and _is_read_by(main, heard, match):
                continue
            doubt = "none" if is_always(rule) else doubts.of(match)
            if doubt == "none":
                yield rule, False, is_of_another(rules, heard, match, strict=is_always(rule), unborn=rule.group == "pregnancy")
                return
            if doubt == "hypothetical":
                supposed = supposed or rule
    if supposed := supposed or _asked_about(doubts, main):
        yield supposed, True, False


def _asked_about(doubts: Doubts, main: Rules | None) -> Rule | None:
    """The group whose ordinary words stand in a "what if", where no sign of danger does."""
    for group in doubts.rules.order:
        for topic in doubts.heard.spans.get(doubts.rules.groups[group].topic, ()):
            if doubts.supposes(topic) and not (main and _is_read_by(main, doubts.heard, (topic,))):
                return Rule("today", group, (), 0)
    return None


def is_always(danger: Danger | Rule) -> bool:
    """Self-harm is never doubted: also supposed, past, or said of somebody else."""
    return danger.group == "self-harm" and danger.tier == "emergency"


def _filled(doubts: Doubts) -> list[Rule]:
    """The rules of which every slot that they need is filled; of most one is not."""
    filled = doubts.heard.spans.keys()
    return [rule for rule in doubts.rules.rules if rule.needs <= filled]


def _matches(rule: Rule, doubts: Doubts) -> Iterator[tuple[Span, ...]]:
    heard = doubts.heard
    if any(slot in heard.spans for slot in rule.never):
        return
    if any(doubts.denies(slot) for slot in rule.also):
        return
    for match in heard.near(rule.near, min(rule.reach, _LONG_REACH) if len(heard.words) > _LONG else rule.reach):
        if all(doubts.beside(slot, match) for slot in rule.beside) and not any(doubts.within(slot, match) for slot in rule.unless):
            yield match


def _needs_medicine(doubts: Doubts, group: str) -> bool:
    each = doubts.rules.groups[group]
    return bool(each.medicine) and (each.when is None or each.when in doubts.heard.spans)


def _is_calming(hearing: Hearing) -> bool:
    return any(hearing.rules[language].contexts["calming"] in doubts.heard.spans for language, doubts in hearing.ears.items())


def _is_read_by(main: Rules, heard: Heard, match: tuple[Span, ...]) -> bool:
    words = (word for start, end in match for word in heard.words[start:end])
    return all(word.text[0].isdigit() or main.spelling.knows(word.text) for word in words)


def _main_language(rules: Mapping[str, Rules], said: list[str]) -> str | None:
    """The language whose small words the message holds most of, else whose words at all; None where that is unsure."""
    signs = {language: _small_and_known(each, said) for language, each in rules.items()}
    best = max(signs, key=lambda language: signs[language])
    return best if list(signs.values()).count(signs[best]) == 1 else None


def _small_and_known(rules: Rules, said: list[str]) -> tuple[int, int]:
    small = sum(word in rules.filler or word in rules.person for word in said)
    return small, sum(rules.spelling.knows(word) for word in said)
