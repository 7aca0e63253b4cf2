"""Does this message tell of danger? The rules are data (`urgent.yaml`): signs near each other, never whole phrases."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.words import tokens

Tier = Literal["emergency", "today"]
Slot = frozenset[str]

# Slots of one rule stand within this many tokens for each slot, in any order.
_REACH: Final = 4
_NEGATION_REACH: Final = 3
_SHORTEST_TYPO, _TWO_TYPOS = 5, 8
_FIRST: Final = ("anaphylaxis", "glands")
_CELSIUS, _FAHRENHEIT = (38.0, 43.0), (100.4, 109.9)
_BCG_EMERGENCY: Final = {"celsius": 39.0, "fahrenheit": 102.2}


@dataclass(frozen=True, slots=True)
class Rule:
    """Danger where every slot has a word of the message near the others. `negatable`: "no ..." before it takes it back."""

    group: str
    tier: Tier
    slots: tuple[Slot, ...]
    negatable: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the red flags: its ordinary card, and the medicine line of its answer where it has one."""

    card: str
    medicine: str = ""


@dataclass(frozen=True, eq=False)
class Rules:
    """One language's red flags, the words that take them back, and the sentences of the answer."""

    rules: tuple[Rule, ...]
    groups: Mapping[str, Group]
    context: Mapping[str, frozenset[str]]
    answer: Mapping[str, str]
    by_word: Mapping[str, tuple[Rule, ...]]
    vocabulary: tuple[str, ...]

    def card(self, group: str) -> str:
        """The id of the group's ordinary card."""
        return self.groups[group].card


@dataclass(frozen=True, slots=True)
class Danger:
    """What was heard. `hypothetical` is a "what if": the ordinary card with the red-flag line on top."""

    tier: Tier
    group: str
    hypothetical: bool = False
    language: str | None = None


def read_rules(raw: Mapping[str, object]) -> Rules:
    """Rules from their file. Raises ValueError, a line for each thing to mend."""
    problems: list[str] = []
    sets = {name: _words(value) for name, value in _mapping(raw, "sets", problems).items()}
    groups = {key: _group(value) for key, value in _mapping(raw, "groups", problems).items()}
    rules = [rule for key, value in _mapping(raw, "rules", problems).items() for rule in _rules(key, value, sets, groups, problems)]
    context = {name: _words(value) for name, value in _mapping(raw, "context", problems).items()}
    answer = {name: str(value).strip() for name, value in _mapping(raw, "answer", problems).items()}
    if problems:
        raise ValueError("\n".join(problems))
    by_word: dict[str, list[Rule]] = {}
    for rule in rules:
        for word in min(rule.slots, key=len):
            by_word.setdefault(word, []).append(rule)
    vocabulary = {word.rstrip("*") for rule in rules for slot in rule.slots for word in slot} | context.get("fever", frozenset())
    return Rules(
        tuple(rules),
        groups,
        context,
        answer,
        {word: tuple(each) for word, each in by_word.items()},
        tuple(sorted(word for word in vocabulary if len(word) >= _SHORTEST_TYPO and word.isalpha())),
    )


def _mapping(raw: Mapping[str, object], key: str, problems: list[str]) -> Mapping[str, object]:
    value = raw.get(key)
    if isinstance(value, Mapping):
        return value
    problems.append(f"add `{key}`")
    return {}


def _words(value: object) -> frozenset[str]:
    return frozenset(str(value).split())


def _group(value: object) -> Group:
    read = value if isinstance(value, Mapping) else {}
    return Group(str(read.get("card") or ""), str(read.get("medicine") or "").strip())


def _rules(key: str, value: object, sets: Mapping[str, Slot], groups: Mapping[str, Group], problems: list[str]) -> Iterator[Rule]:
    if key not in groups:
        problems.append(f"add `{key}` to `groups`")
    tiers = value if isinstance(value, Mapping) else {}
    for tier, lines in tiers.items():
        if tier not in ("emergency", "today"):
            problems.append(f"name a tier `emergency` or `today`, not `{tier}`")
            continue
        for line in str(lines or "").splitlines():
            if slots := tuple(_slot(part, sets, problems) for part in line.lstrip("! ").split()):
                yield Rule(key, "emergency" if tier == "emergency" else "today", slots, not line.startswith("!"))


def _slot(part: str, sets: Mapping[str, Slot], problems: list[str]) -> Slot:
    words: frozenset[str] = frozenset()
    for choice in part.split("|"):
        if choice.startswith("@") and choice[1:] not in sets:
            problems.append(f"add the set `{choice[1:]}`")
        words |= sets.get(choice[1:], frozenset()) if choice.startswith("@") else {choice}
    return words


def judge(rules: Mapping[str, Rules], words: str) -> Danger | None:
    """The gravest danger in the words, both languages read; None where there is none."""
    said = tokens(words)
    heard = [danger for language, each in rules.items() for danger in _heard(each, language, said)]
    return min(heard, key=_gravity, default=None)


def _spelled(rules: Rules, word: str) -> str:
    """The word as our rules spell it, where it is nearly one of theirs and no word of its own."""
    if len(word) < _SHORTEST_TYPO or word in rules.vocabulary or word in rules.context["never"] or not word.isalpha():
        return word
    near = process.extractOne(word, rules.vocabulary, scorer=OSA.distance, score_cutoff=1 if len(word) < _TWO_TYPOS else 2)
    return near[0] if near and near[0][0] == word[0] else word


def _gravity(danger: Danger) -> tuple[bool, bool, int]:
    first = _FIRST.index(danger.group) if danger.group in _FIRST else len(_FIRST)
    return danger.hypothetical, danger.tier != "emergency", first


def _heard(rules: Rules, language: str, said: tuple[str, ...]) -> Iterator[Danger]:
    glued = _glued(tuple(_spelled(rules, word) for word in said), rules.context["glue"])
    candidates = dict.fromkeys(rule for word in glued for key in _keys(word) for rule in rules.by_word.get(key, ()))
    hits = [rule for rule in candidates if _stands(rule, glued, rules.context["not"])]
    fever = _fever(glued, rules.context)
    if not hits and fever is None:
        return
    suppressed, hypothetical = _taken_back(glued, rules.context), _supposed(glued, rules.context)
    for rule in hits:
        if rule.group == "self-harm" or not suppressed:
            yield Danger(rule.tier, rule.group, hypothetical and rule.group != "self-harm", language)
    if fever and not suppressed:
        yield Danger(fever[1], fever[0], hypothetical, language)


def _glued(said: tuple[str, ...], pairs: frozenset[str]) -> tuple[str, ...]:
    """Pairs of words that are one sign (`can not`, `throw up`) become one token, `can_not`."""
    found: list[str] = []
    for word in said:
        if found and f"{found[-1]}_{word}" in pairs:
            found[-1] = f"{found[-1]}_{word}"
        else:
            found.append(word)
    return tuple(found)


def _keys(word: str) -> Iterator[str]:
    """The word itself and every `beginning*` that it may match."""
    yield word
    for length in range(3, len(word) + 1):
        yield f"{word[:length]}*"


def _places(slot: Slot, said: tuple[str, ...]) -> list[int]:
    return [place for place, word in enumerate(said) if any(key in slot for key in _keys(word))]


def _stands(rule: Rule, said: tuple[str, ...], negations: frozenset[str]) -> bool:
    places = [_places(slot, said) for slot in rule.slots]
    if not all(places):
        return False
    reach = _REACH * len(places)
    for start in places[0]:
        chosen = [min(each, key=lambda place: abs(place - start)) for each in places]
        if max(chosen) - min(chosen) <= reach and not (rule.negatable and _negated(said, min(chosen), negations)):
            return True
    return False


def _negated(said: tuple[str, ...], place: int, negations: frozenset[str]) -> bool:
    return any(word in negations for word in said[max(0, place - _NEGATION_REACH) : place])


def _fever(said: tuple[str, ...], context: Mapping[str, frozenset[str]]) -> tuple[str, Tier] | None:
    """The fever table: who it is decides how urgent a reading or the bare word is."""
    reading = _reading(said, context)
    named = any(word in context["fever"] and not _negated(said, place, context["not"]) for place, word in enumerate(said))
    if reading is None and not named:
        return None
    people = {
        name: any(key in context[name] for word in said for key in _keys(word)) for name in ("cells", "fragile", "bcg", "grave", "baby")
    }
    if people["cells"]:
        return "cell-therapy", "emergency"
    if people["fragile"] or people["grave"] or people["baby"] or (people["bcg"] and reading is not None and _is_high(reading)):
        return "fever", "emergency"
    return "fever", "today"


def _is_high(reading: float) -> bool:
    return reading >= _BCG_EMERGENCY["celsius"] if reading < _CELSIUS[1] else reading >= _BCG_EMERGENCY["fahrenheit"]


def _reading(said: tuple[str, ...], context: Mapping[str, frozenset[str]]) -> float | None:
    for place, word in enumerate(said):
        if re.fullmatch(r"\d{2,3}(\.\d+)?", word) and any(near in context["thermometer"] for near in said[max(0, place - 5) : place + 3]):
            value = float(word)
            if _CELSIUS[0] <= value <= _CELSIUS[1] or _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]:
                return value
    return None


def _taken_back(said: tuple[str, ...], context: Mapping[str, frozenset[str]]) -> bool:
    """A clinician dealt with it, it is long over, or nobody has it: a definition, news, a clinician's question."""
    now = any(word in context["now"] for word in said)
    if any(word in context["over"] for word in said) and not now:
        return True
    someone = any(word in context["person"] for word in said)
    return any(word in context["study"] for word in said) and not someone and not now


def _supposed(said: tuple[str, ...], context: Mapping[str, frozenset[str]]) -> bool:
    return any(word in context["suppose"] for word in said) and not any(word in context["now"] for word in said)
