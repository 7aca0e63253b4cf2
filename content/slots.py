"""Slots are lists of terms that may each stand for what a rule needs, and most terms stand in many of them."""

from collections.abc import Iterable, Mapping

Term = tuple[str, ...]
Slot = frozenset[Term]


def slots_by_term(slots: Iterable[tuple[int, Slot]]) -> Mapping[Term, tuple[int, ...]]:
    """The numbers of the slots that each term fills. Whole sets of terms fill the same ones: what is equal is held once."""
    found: dict[Term, tuple[int, ...]] = {}
    equal: dict[tuple[int, ...], tuple[int, ...]] = {}
    for number, terms in slots:
        for term in terms:
            numbers = (*found.get(term, ()), number)
            found[term] = equal.setdefault(numbers, numbers)
    return found
