"""Translations follow the English text."""

from collections.abc import Iterator
from datetime import date

from content.checks.finding import Finding
from content.load import text_hash
from content.model import Library


def translations_are_fresh(library: Library, _: date) -> Iterator[Finding]:
    """A translated text carries the mark of the English text it was made from."""
    for language in library.languages[1:]:
        for card in library.cards[language].values():
            if card.stale:
                english = library.cards["en"][card.id]
                mark = text_hash(english.text, english.action)
                yield Finding(f"{language}/{card.id}.yaml", "of", f"bring the text up to the English one, then write `of: {mark}`")
