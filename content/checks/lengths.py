"""What fits on a screen."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.finding import Finding
from content.model import Library
from content.pages.reading import place
from content.screen import MAXIMUM_TARGET_BYTES

MAXIMUM_SCREEN: Final = {"everyone": 1_000, "care-team": 1_600}
MAXIMUM_BUTTON: Final = 24


def screens_fit(library: Library, _: date) -> Iterator[Finding]:
    """Every card's screen keeps its limit, and so do its buttons and their targets."""
    for language in library.languages:
        for card in library.cards[language].values():
            screen = place(library, card.id, language, "care-team")
            path = f"{card.language}/{card.id}.yaml"
            if (over := len(screen.text) - MAXIMUM_SCREEN[card.audience]) > 0:
                yield Finding(path, "text", f"shorten the card by {over} characters; its {language} screen is too long")
            for button in screen.buttons():
                if len(button.label) > MAXIMUM_BUTTON or len(button.target.encode()) > MAXIMUM_TARGET_BYTES:
                    yield Finding(path, "title", f"shorten the button `{button.label}` or its id `{button.target}`")
