"""What the calendar makes wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from content.checks.finding import Finding
from content.model import Library

HELPLINES_KEEP: Final = timedelta(days=183)


def review_is_due(library: Library, today: date) -> Iterator[Finding]:
    """A card is checked against its sources before its `review_by` has passed."""
    for card in library.cards["en"].values():
        if card.review_by < today:
            yield Finding(
                f"en/{card.id}.yaml", "review_by", f"check the card against its sources again; it was due on {card.review_by}", True
            )


def helplines_are_fresh(library: Library, today: date) -> Iterator[Finding]:
    """Phone numbers are checked every six months; an old one is still shown."""
    checked = min((line.checked for line in library.helplines.values()), default=today)
    if today - checked > HELPLINES_KEEP:
        yield Finding("helplines.yaml", "checked", f"check every number again; the last time was {checked}", True)
