"""The editorial rules, one small function each, and the list of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from content.checks import claims, dates, lengths, phrases, shipped, translations
from content.checks.finding import Finding
from content.model import Library

Rule = Callable[[Library, date], Iterator[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    claims.every_claim_is_answered,
    dates.review_is_due,
    dates.helplines_are_fresh,
    lengths.screens_fit,
    phrases.languages_agree,
    shipped.ids_are_listed,
    shipped.no_id_vanished,
    translations.translations_are_fresh,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules found; `due` is what only the calendar made wrong."""

    errors: tuple[Finding, ...]
    due: tuple[Finding, ...]


def run(library: Library, today: date) -> Result:
    """Every rule over the whole library."""
    found = [finding for rule in RULES for finding in rule(library, today)]
    return Result(tuple(each for each in found if not each.calendar), tuple(each for each in found if each.calendar))
