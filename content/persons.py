"""The words of one language that tell who has a sign: the one who writes, or somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Persons:
    """Words for the one who writes and for `others`; `aside` stand before somebody who is only beside, `telling` say who tells it."""

    speaker: frozenset[str]
    others: frozenset[str]
    aside: frozenset[str]
    telling: frozenset[str]

    @classmethod
    def of(cls, texts: Mapping[str, str], person: frozenset[str]) -> "Persons":
        """From lists of words; of all words for a `person` those that are neither the writer's nor `either` are of others."""
        speaker, either, aside, telling = (frozenset(texts.get(name, "").split()) for name in ("speaker", "either", "aside", "telling"))
        return cls(speaker, person - speaker - either, aside, telling)
