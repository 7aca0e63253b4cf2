"""Who has the sign: the one who writes, or somebody else? Where that is unsure, the one who writes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from content.hearing import Heard, Span, Word
from content.urgent_rules import Persons, Rules

_ACT_REACH: Final = 5


def is_of_another(rules: Rules, heard: Heard, match: tuple[Span, ...], *, strict: bool, unborn: bool = False) -> bool:
    """Whether the sign is told of somebody else.

    `strict`: not where its sentence speaks of the writer at all; `unborn`: the baby is still part of the writer.
    """
    persons = replace(rules.persons, others=rules.persons.others - rules.persons.unborn) if unborn else rules.persons
    told = _Told(persons, heard.words, dict(_people(persons, heard.words)))
    start, end = min(match)[0], max(span[1] for span in match)
    if not told.people:
        return any(verb[0] < end for verb in heard.spans.get(rules.contexts["third"], ()))
    return told.of_another(start, end, strict)


def _people(persons: Persons, words: tuple[Word, ...]) -> list[tuple[int, bool]]:
    """Where a person stands who may have something, and whether it is somebody else."""
    speakers = (
        (place, False) for place, word in enumerate(words) if word.text in persons.speaker and not _only_tells(persons, words, place)
    )
    others = ((place, True) for place, word in enumerate(words) if word.text in persons.others and not _stands_aside(persons, words, place))
    return sorted([*speakers, *others])


def _only_tells(persons: Persons, words: tuple[Word, ...], place: int) -> bool:
    """Whether it says who tells it ("I think", "told me"), belongs to another word ("my mother") or acts on somebody ("I cannot wake her")."""
    following = words[place + 1].text if place + 1 < len(words) else ""
    if following in persons.others or any(word.text in persons.telling for word in words[max(0, place - 1) : place + 2]):
        return True
    return any(
        verb.text in persons.upon and other.text in persons.others for verb, other in pairwise(words[place + 1 : place + _ACT_REACH])
    )


def _stands_aside(persons: Persons, words: tuple[Word, ...], place: int) -> bool:
    """Whether the person is only somebody beside: "with my husband", "I am a mother"."""
    before = words[max(0, place - 2) : place]
    return any(word.text in persons.aside and _part(word) == _part(words[place]) for word in before)


def _part(word: Word) -> tuple[int, int]:
    return word.sentence, word.comma


@dataclass(frozen=True, slots=True)
class _Told:
    persons: Persons
    words: tuple[Word, ...]
    people: Mapping[int, bool]

    def of_another(self, start: int, end: int, strict: bool) -> bool:
        sentence = self.words[start].sentence
        here = [place for place in self.people if self.words[place].sentence == sentence]
        if before := [place for place in here if place < start]:
            return self._is_subject(before[-1], start, strict, all(self.people[place] for place in here))
        parts = {_part(word) for word in self.words[start:end]}
        if beside := [place for place in here if _part(self.words[place]) in parts]:
            return not strict and all(self.people[place] for place in beside)
        earlier = [self.people[place] for place in self.people if place < start]
        return not strict and bool(earlier) and earlier[0] and earlier[-1]

    def _is_subject(self, place: int, start: int, strict: bool, alone: bool) -> bool:
        """Whether what follows is told of the person there: `alone` says that its sentence does not speak of the writer."""
        between = self.words[place + 1 : start]
        if not self.people[place] or (strict and not alone) or any(word.text in self.persons.telling for word in between):
            return False
        if _part(self.words[place]) == _part(self.words[start]):
            return True
        return alone and not strict and self._begins(place)

    def _begins(self, place: int) -> bool:
        return all(word.filler for word in self.words[:place] if _part(word) == _part(self.words[place]))
