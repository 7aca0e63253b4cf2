"""Slots are lists of terms that may each stand for what a rule needs, and most terms stand in many of them."""

from collections.abc import Iterable, Mapping

Term = tuple[str, ...]
Slot = frozenset[Term]
Terms = tuple[tuple[Term, tuple[int, ...]], ...]


def slots_by_term(slots: Iterable[tuple[int, Slot]]) -> Mapping[Term, tuple[int, ...]]:
    """The numbers of the slots that each term fills. Whole sets of terms fill the same ones: what is equal is held once."""
    found: dict[Term, tuple[int, ...]] = {}
    equal: dict[tuple[int, ...], tuple[int, ...]] = {}
    for number, terms in slots:
        for term in terms:
            numbers = (*found.get(term, ()), number)
            found[term] = equal.setdefault(numbers, numbers)
    return found


def by_first_words(slots: Mapping[Slot, int]) -> Mapping[str, Mapping[str, Terms]]:
    """By a term's first and second word, the rest of it and the slots it fills; what is equal is held once."""
    fills = slots_by_term((number, terms) for terms, number in slots.items())
    found: dict[str, dict[str, Terms]] = {}
    equal: dict[Terms, Terms] = {}
    for term, numbers in fills.items():
        by_second, second = found.setdefault(term[0], {}), "".join(term[1:2])
        terms = (*by_second.get(second, ()), (term[2:], numbers))
        by_second[second] = equal.setdefault(terms, terms)
    alone: dict[Terms, Mapping[str, Terms]] = {}
    return {first: alone.setdefault(each[""], each) if each.keys() == {""} else each for first, each in found.items()}
