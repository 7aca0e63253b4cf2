"""Reading targets: each card, and the library as a whole."""

from collections.abc import Iterator
from datetime import date
from statistics import mean
from typing import Final

from content.checks.ease import Ease, measure
from content.checks.finding import Finding
from content.checks.passages import body, own_cards
from content.model import Library

HARDEST_CARD: Final = 7.0
HARDEST_MEAN_OF_FIVE: Final = 9.0
HARDEST_CARE_CARD: Final = 13.0
USUAL_CARD: Final = 6.0
USUAL_SHARE: Final = 0.9
LIBRARY_MEAN: Final = 5.0
LIBRARY_MEAN_OF_FIVE: Final = 7.0
LEAST_HUERTA: Final = 70.0
LEAST_INFLESZ: Final = 65.0


def patient_eases(library: Library) -> dict[str, Ease]:
    """The measures of every English card for patients, by its file."""
    return {path: measure(body(card), "en") for path, card in own_cards(library, "en") if card.audience == "everyone"}


def patient_cards_are_easy(library: Library, _: date) -> Iterator[Finding]:
    """No card for patients asks for more than seven school years, by syllables or by letters."""
    for path, ease in patient_eases(library).items():
        if ease.grade > HARDEST_CARD:
            yield Finding(path, "text", f"use shorter words and sentences: grade {ease.grade:.1f}, at most {HARDEST_CARD}")
        if ease.mean_grade > HARDEST_MEAN_OF_FIVE:
            advice = f"use shorter words and sentences: the mean of five formulas is {ease.mean_grade:.1f}, at most {HARDEST_MEAN_OF_FIVE}"
            yield Finding(path, "text", advice)


def the_library_is_easy(library: Library, _: date) -> Iterator[Finding]:
    """Nine cards of ten are at grade six or below, the mean at five."""
    eases = patient_eases(library).values()
    grades = [ease.grade for ease in eases]
    if grades and sum(grade <= USUAL_CARD for grade in grades) < USUAL_SHARE * len(grades):
        yield Finding("en/index.yaml", "", f"ease the hardest cards: nine of ten are to be at grade {USUAL_CARD} or below")
    if grades and mean(grades) > LIBRARY_MEAN:
        yield Finding("en/index.yaml", "", f"ease the cards: their mean grade is {mean(grades):.1f}, at most {LIBRARY_MEAN}")
    if grades and (fives := mean(ease.mean_grade for ease in eases)) > LIBRARY_MEAN_OF_FIVE:
        yield Finding("en/index.yaml", "", f"ease the cards: the mean of five formulas is {fives:.1f}, at most {LIBRARY_MEAN_OF_FIVE}")


def care_cards_are_readable(library: Library, _: date) -> Iterator[Finding]:
    """A nurse reads a card between two patients."""
    for path, card in own_cards(library, "en"):
        if card.audience == "care-team" and (grade := measure(body(card), "en").grade) > HARDEST_CARE_CARD:
            yield Finding(path, "text", f"use shorter words and sentences: grade {grade:.1f}, at most {HARDEST_CARE_CARD}")


def spanish_cards_are_easy(library: Library, _: date) -> Iterator[Finding]:
    """Spanish texts are easy by both Spanish formulas."""
    for path, card in own_cards(library, "es"):
        ease = measure(body(card), "es")
        if ease.fernandez_huerta < LEAST_HUERTA or ease.inflesz < LEAST_INFLESZ:
            found = f"Fernández Huerta {ease.fernandez_huerta:.0f}, INFLESZ {ease.inflesz:.0f}"
            advice = f"use shorter words and sentences: {found}, at least {LEAST_HUERTA:.0f} and {LEAST_INFLESZ:.0f}"
            yield Finding(path, "text", advice)
