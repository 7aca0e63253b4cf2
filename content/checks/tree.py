"""The menu, and who answers to which word."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.finding import Finding
from content.model import Library
from content.words import fold

DEEPEST: Final = 4


def aliases_lead_to_one_card(library: Library, _: date) -> Iterator[Finding]:
    """A word that two cards of one audience claim leads to neither."""
    for language in library.languages:
        claimed: dict[tuple[str, str], list[str]] = defaultdict(list)
        for card in library.cards[language].values():
            for alias in dict.fromkeys(map(fold, card.aliases)):
                claimed[card.audience, alias].append(card.id)
        for (_audience, alias), ids in claimed.items():
            for id in ids[1:]:
                yield Finding(f"{language}/{id}.yaml", "aliases", f"take out the alias `{alias}`; {ids[0]} claims it too")


def the_menu_is_shallow(library: Library, _: date) -> Iterator[Finding]:
    """A reader reaches every card in at most four screens, the menu included."""
    for id in library.walk():
        if (depth := id.count("/") + 2) > DEEPEST:
            yield Finding(f"en/{id}.yaml", "", f"move it up; it stands {depth} screens deep, and {DEEPEST} is the most")


def care_cards_name_their_guideline(library: Library, _: date) -> Iterator[Finding]:
    """A card for the care team names a source's year in its text, and says that the local protocol wins."""
    for card in library.cards["en"].values():
        if card.audience == "care-team" and card.id.startswith("care/") and "local protocol wins" not in card.text.lower():
            yield Finding(f"en/{card.id}.yaml", "text", "say that the local protocol wins")
