"""The source article's claims."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.finding import Finding
from content.model import Library

TWICE: Final = frozenset({"S20", "S21", "S25", "S26", "S33"})


def every_claim_is_answered(library: Library, _: date) -> Iterator[Finding]:
    """Each claim has a card that answers it; the most misleading ones have two."""
    answered = Counter(key for card in library.cards["en"].values() for key in card.claims)
    for key in library.claims:
        needed = 2 if key in TWICE else 1
        if answered[key] < needed:
            yield Finding("claims.yaml", key, f"name {key} under `claims:` of {needed - answered[key]} more card(s) that answer it")
