"""Medical words: few on a card, each one in the glossary or explained where it stands."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.finding import Finding
from content.checks.passages import body, met, own_cards
from content.model import Card, Library
from content.words import stems

MOST_NEW_WORDS: Final = 2
_EXPLAINING: Final = (
    r"\bWORD(?:-?\w*| \w+)?(?: is | are | means | that |: | \(|, or |, which |, an? |, your )",
    r"(?:\bcalled|\(|, or|: ) ?WORD",
    r"\b(?:is|are) WORD\.",
)


def hard_words_are_explained(library: Library, _: date) -> Iterator[Finding]:
    """A reader can look up each medical word of a card, or reads it explained beside it."""
    known = _looked_up(library)
    for path, card in own_cards(library, "en"):
        if card.audience == "everyone":
            for word in _hard(library, card):
                if not _known(word, known) and not explained(word, body(card)):
                    yield Finding(path, "text", f"explain `{word}` in its sentence, or give it an entry in glossary.yaml")


def hard_words_are_few(library: Library, _: date) -> Iterator[Finding]:
    """A card brings at most two medical words that neither its title names nor its text explains."""
    for path, card in own_cards(library, "en"):
        if card.audience == "everyone":
            new = [word for word in _hard(library, card) if not explained(word, body(card)) and not met(card.title, (word,))]
            if len(new) > MOST_NEW_WORDS:
                yield Finding(path, "text", f"use at most {MOST_NEW_WORDS} new medical words on a card, not {', '.join(new)}")


def _hard(library: Library, card: Card) -> list[str]:
    return met(body(card), library.style["en"].hard)


def explained(word: str, text: str) -> bool:
    """Whether a text says what the word means: `Colitis is ...`, `... (colitis)`, `called colitis`, `colitis: ...`."""
    low = f" {text.lower().replace('*', '')} "
    return any(re.search(form.replace("WORD", re.escape(word)), low) for form in _EXPLAINING)


def _looked_up(library: Library) -> frozenset[str]:
    terms = library.terms["en"].values()
    return frozenset(stem for term in terms for name in (term.term, *term.aliases) for stem in stems(name, "en"))


def _known(word: str, known: frozenset[str]) -> bool:
    return all(stem in known for stem in stems(word, "en"))
