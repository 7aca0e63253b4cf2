"""Does this message tell of danger? The rules are data (`urgent.yaml`): signs near each other, never whole phrases.

What a rule hears stands unless its context takes it back (`doubt.py`), or what stands around it speaks against it (`weighing.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from content.doubt import Doubt, Doubts
from content.hearing import Heard, Span, hear, spoken, told
from content.subject import is_of_another
from content.urgent_rules import Rule, Rules, Tier, read_rules
from content.weighing import Around, numbers_alike
from content.words import fold

__all__ = ["Certainty", "Danger", "Rules", "Sign", "Tier", "judge", "read_rules", "signs"]

# "doubtful": what stands around it speaks against it; "hypothetical": a "what if". Neither is shown as an alarm.
Certainty = Literal["present", "hypothetical", "doubtful"]
_CERTAINTIES: Final[tuple[Certainty, ...]] = ("present", "hypothetical", "doubtful")

# A long story holds every word somewhere: past so many words the parts of a sign stand nearly side by side.
_LONG: Final = 45
_LONG_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Danger:
    """What was heard. What is not `present` has the red-flag line on top of the ordinary answer; a "what if" also has the group's card.

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
class Sign:
    """What one rule heard in the message, and what the context makes of it."""

    rule: Rule
    match: tuple[Span, ...]
    doubt: Doubt


def judge(rules: Mapping[str, Rules], words: str) -> Danger | None:
    """The gravest danger in the words, every language read whatever is chosen; None where there is none. Never raises."""
    main, ears = _heard(rules, words)
    found = [(each, language) for language, doubts in ears.items() for each in _gravest(doubts, _other(rules, main, language))]
    if not found:
        return None
    (rule, certainty, of_another), first = min(found, key=lambda each: _gravity(rules[each[1]], *each[0][:2]))
    return Danger(
        rule.tier,
        rule.group,
        certainty,
        main or (first if len({language for _, language in found}) == 1 else None),
        _needs_medicine(rules[first], ears[first].heard, rule.group),
        any(_is_calming(rules[language], doubts.heard) for language, doubts in ears.items()),
        of_another,
    )


def signs(rules: Mapping[str, Rules], words: str) -> Iterator[tuple[str, Sign, Around]]:
    """Every sign that any rule hears, however it is doubted, with its language and what stands around it: what weights are learned from."""
    main, ears = _heard(rules, words)
    for language, doubts in ears.items():
        for sign in _signs(doubts, _other(rules, main, language)):
            if not _is_always(sign.rule):
                yield language, sign, _around(doubts, sign)


def _heard(rules: Mapping[str, Rules], words: str) -> tuple[str | None, dict[str, Doubts]]:
    """The message's own language, None where that is unsure, and the message as each language hears it."""
    said = spoken(fold(told(words)))
    ears = {language: hear(each, said, lambda word: _is_known(rules, word)) for language, each in rules.items()}
    return _main_language(rules, said), {language: Doubts.about(rules[language], heard) for language, heard in ears.items()}


def _other(rules: Mapping[str, Rules], main: str | None, language: str) -> Rules | None:
    """The rules of the message's own language where that is another: what they can read themselves is left to them."""
    return rules[main] if main and main != language else None


def _is_known(rules: Mapping[str, Rules], word: str) -> bool:
    return any(each.spelling.knows(word) for each in rules.values())


def _gravity(rules: Rules, rule: Rule, certainty: Certainty) -> tuple[int, bool, int]:
    return _CERTAINTIES.index(certainty), rule.tier != "emergency", rules.order.index(rule.group)


def _gravest(doubts: Doubts, main: Rules | None) -> Iterator[tuple[Rule, Certainty, bool]]:
    """The first rule that holds, else the first that is only supposed, else that is doubtful; rules come gravest first."""
    rules, less = doubts.rules, dict[Certainty, Rule]()
    for sign in _signs(doubts, main):
        certainty = _certainty(doubts, sign)
        if certainty == "present":
            always, unborn = _is_always(sign.rule), sign.rule.group == "pregnancy"
            yield sign.rule, certainty, is_of_another(rules, doubts.heard, sign.match, strict=always, unborn=unborn)
            return
        if certainty:
            less.setdefault(certainty, sign.rule)
    if supposed := less.get("hypothetical") or _asked_about(rules, doubts, main):
        yield supposed, "hypothetical", False
    elif doubtful := less.get("doubtful"):
        yield doubtful, "doubtful", False


def _signs(doubts: Doubts, main: Rules | None) -> Iterator[Sign]:
    for rule in doubts.rules.rules:
        for match in _matches(rule, doubts):
            if not (main and _is_read_by(main, doubts.heard, match)):
                yield Sign(rule, match, "none" if _is_always(rule) else doubts.of(match))


def _certainty(doubts: Doubts, sign: Sign) -> Certainty | None:
    if sign.doubt != "none":
        return "hypothetical" if sign.doubt == "hypothetical" else None
    return "present" if _is_always(sign.rule) or doubts.rules.weights.bear_out(_around(doubts, sign)) else "doubtful"


def _around(doubts: Doubts, sign: Sign) -> Around:
    """What stands around a sign."""
    heard, match = doubts.heard, sign.match
    first, last = heard.words[min(match)[0]].sentence, heard.words[max(match)[0]].sentence
    spans = {name: heard.spans[slot] for name, slot in doubts.rules.contexts.items() if slot in heard.spans}
    beside = (name for name, each in spans.items() if any(first <= heard.words[start].sentence <= last for start, _ in each))
    return Around(sign.rule.group, frozenset(beside), frozenset(spans), frozenset(map(numbers_alike, heard.texts)))


def _asked_about(rules: Rules, doubts: Doubts, main: Rules | None) -> Rule | None:
    """The group whose ordinary words stand in a "what if", where no sign of danger does."""
    for group in rules.order:
        for topic in doubts.heard.spans.get(rules.groups[group].topic, ()):
            if doubts.supposes(topic) and not (main and _is_read_by(main, doubts.heard, (topic,))):
                return Rule("today", group, (), 0)
    return None


def _is_always(rule: Rule) -> bool:
    """Self-harm is never doubted: also supposed, past, or said of somebody else."""
    return rule.group == "self-harm" and rule.tier == "emergency"


def _matches(rule: Rule, doubts: Doubts) -> Iterator[tuple[Span, ...]]:
    heard = doubts.heard
    if not rule.needs <= heard.spans.keys() or any(slot in heard.spans for slot in rule.never):
        return
    if any(doubts.denies(slot) for slot in rule.also):
        return
    for match in heard.near(rule.near, min(rule.reach, _LONG_REACH) if len(heard.words) > _LONG else rule.reach):
        if all(doubts.beside(slot, match) for slot in rule.beside) and not any(doubts.within(slot, match) for slot in rule.unless):
            yield match


def _needs_medicine(rules: Rules, heard: Heard, group: str) -> bool:
    each = rules.groups[group]
    return bool(each.medicine) and (each.when is None or each.when in heard.spans)


def _is_calming(rules: Rules, heard: Heard) -> bool:
    return rules.contexts["calming"] in heard.spans


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
