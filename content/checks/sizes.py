"""How long a text may be, so that it is read."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.ease import measure, words_of
from content.checks.finding import Finding
from content.checks.passages import body, own_cards
from content.model import Card, Library

CARD_WORDS: Final = {"en": (40, 90), "es": (45, 125)}
CARE_WORDS: Final = (40, 150)
TERM_WORDS: Final = {"en": (8, 25), "es": (8, 30)}
LONGEST_SENTENCE: Final = {"en": 20, "es": 24}
CARE_LONGEST_SENTENCE: Final = 30
MEAN_SENTENCE: Final = {"en": 11, "es": 13}
CARE_MEAN_SENTENCE: Final = 16
TITLE_WORDS: Final = 7


def cards_keep_their_length(library: Library, _: date) -> Iterator[Finding]:
    """A card is one thought: long enough to help, short enough to be read."""
    for language in library.languages:
        for path, card in own_cards(library, language):
            least, most = CARE_WORDS if _for_team(card) else CARD_WORDS[language]
            if not least <= (count := words_of(card.text)) <= most:
                yield Finding(path, "text", f"say it in {least} to {most} words; these are {count}")


def terms_keep_their_length(library: Library, _: date) -> Iterator[Finding]:
    """A glossary entry is one or two sentences."""
    for language in library.languages:
        least, most = TERM_WORDS[language]
        for key, term in library.terms[language].items():
            if not least <= (count := words_of(term.text)) <= most:
                yield Finding(f"{language}/glossary.yaml", key, f"say `{term.term}` in {least} to {most} words; these are {count}")


def sentences_are_short(library: Library, _: date) -> Iterator[Finding]:
    """Nobody has to hold a long sentence in mind."""
    for language in library.languages:
        for path, card in own_cards(library, language):
            ease = measure(body(card), language)
            longest, mean = _sentence_limits(card, language)
            if ease.longest_sentence > longest:
                yield Finding(path, "text", f"cut the sentence of {ease.longest_sentence} words; {longest} is the most")
            if ease.words_a_sentence > mean:
                yield Finding(path, "text", f"shorten the sentences from {ease.words_a_sentence:.1f} words to {mean} on average")


def _sentence_limits(card: Card, language: str) -> tuple[int, int]:
    if _for_team(card):
        return CARE_LONGEST_SENTENCE, CARE_MEAN_SENTENCE
    return LONGEST_SENTENCE[language], MEAN_SENTENCE[language]


def titles_are_short(library: Library, _: date) -> Iterator[Finding]:
    """A title is read at a glance."""
    for card in library.cards["en"].values():
        if (count := words_of(card.title)) > TITLE_WORDS:
            yield Finding(f"en/{card.id}.yaml", "title", f"name it in at most {TITLE_WORDS} words; these are {count}")


def _for_team(card: Card) -> bool:
    return card.audience == "care-team"
