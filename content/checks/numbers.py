"""Figures of outcomes: counted out of one number, with their year, from sources that were read."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.finding import Finding
from content.checks.passages import body, met, own_cards
from content.model import Card, Library

_COUNT: Final = re.compile(r"\b\d[\d,.]*\s+(?:out of|of|in|de cada|de)\s+(?:every\s+)?(\d[\d,]*)\b")
_PERCENT: Final = re.compile(r"\d\s?%|\b\d+ (?:percent|per cent|por ciento)\b")
_YEAR: Final = re.compile(r"\b20[0-4]\d\b")


def denominators(text: str) -> list[str]:
    """The numbers that a text counts out of, in order: `100` for "16 out of 100"."""
    return [found for found in _COUNT.findall(text) if not _YEAR.fullmatch(found)]


def percentages(text: str) -> list[str]:
    """The percentages of a text."""
    return _PERCENT.findall(text)


def _with_figures(library: Library) -> Iterator[tuple[str, Card]]:
    for language in library.languages:
        for path, card in own_cards(library, language):
            if denominators(body(card)):
                yield path, card


def figures_have_two_sources(library: Library, _: date) -> Iterator[Finding]:
    """A figure stands on two sources."""
    for path, card in _with_figures(library):
        if len(card.sources) < 2:
            yield Finding(path, "sources", "name a second source; the card holds a figure")


def figures_were_read(library: Library, _: date) -> Iterator[Finding]:
    """A figure that nobody read in a source stays out."""
    for path, card in _with_figures(library):
        if all(library.sources[key].sure != "read" for key in card.sources):
            yield Finding(path, "sources", "read the figure in one of the sources first, or leave it out")


def figures_have_a_year(library: Library, _: date) -> Iterator[Finding]:
    """A reader sees how old a figure is."""
    for path, card in _with_figures(library):
        if not _YEAR.search(body(card)):
            yield Finding(path, "text", "say the year of the figure")


def figures_share_a_denominator(library: Library, _: date) -> Iterator[Finding]:
    """Nobody should have to calculate: one card counts out of one number."""
    for path, card in _with_figures(library):
        found = list(dict.fromkeys(denominators(body(card))))
        if len(found) > 1 and card.audience == "everyone":
            yield Finding(path, "text", f"count everything on this card out of the same number, not out of {' and '.join(found)}")


def figures_are_counts(library: Library, _: date) -> Iterator[Finding]:
    """Patients read `16 out of 100`, never a percentage or a bare comparison."""
    for language in library.languages:
        for path, card in own_cards(library, language):
            if card.audience == "everyone":
                bare = [*percentages(body(card)), *met(body(card), library.style[language].compared)]
                for figure in bare:
                    yield Finding(path, "text", f"write `{figure}` as a count, such as `16 out of 100`")
