"""Ids that readers' buttons hold: none may vanish."""

from collections.abc import Iterator
from datetime import date

from content.checks.finding import Finding
from content.model import Library


def living_ids(library: Library) -> frozenset[str]:
    """Every id that a button may hold today: cards, topics and glossary entries."""
    terms = {f"glossary/{key}" for key in library.terms["en"]}
    return frozenset({*library.cards["en"], *library.topics["en"], *terms} - {""})


def ids_are_listed(library: Library, _: date) -> Iterator[Finding]:
    """Every id is listed in ids.txt from the day it ships."""
    for id in sorted(living_ids(library) - library.shipped):
        yield Finding("ids.txt", "", f"add the line {id}")


def no_id_vanished(library: Library, _: date) -> Iterator[Finding]:
    """A listed id is alive, an old name of something alive, or in gone.yaml."""
    for id in sorted(library.shipped - living_ids(library) - library.moved.keys()):
        yield Finding("ids.txt", id, f"give `{id}` to a card's or topic's `was`, or name its nearest living id in gone.yaml")
