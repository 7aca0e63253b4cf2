"""Is a message in a language that we do not read? Told where we know hardly any of its words."""

from functools import lru_cache
from typing import Final

from content.index import index_of
from content.model import Library
from content.words import tokens

# How many words there must be, and how many of them may be known, as cognates and names are.
_FEWEST, _MOST_KNOWN = 3, 1 / 3
# The same where a word sounds like one of ours: it may only be misspelt.
_FEWEST_OF_OURS, _MOST_KNOWN_OF_OURS = 5, 1 / 5
# Where the Greek letters begin, and with them every script that is not Latin.
_NOT_LATIN: Final = "\u0370"


def is_foreign(library: Library, words: str, *, ours: bool) -> bool:
    """Whether the words are neither English nor Spanish, as far as can be told; in another script one word is enough.

    `ours`: some of them are near to what we write about.
    """
    said = [word for word in tokens(words) if word.isalpha()]
    other_script = any(letter.isalpha() and letter >= _NOT_LATIN for letter in words)
    fewest, most = (_FEWEST_OF_OURS, _MOST_KNOWN_OF_OURS) if ours else (1 if other_script else _FEWEST, _MOST_KNOWN)
    return len(said) >= fewest and sum(_is_known(library, word) for word in said) <= len(said) * most


def _is_known(library: Library, word: str) -> bool:
    return word in _small_words(library) or any(word in index_of(library, each).vocabulary.spared for each in library.languages)


@lru_cache(maxsize=4)
def _small_words(library: Library) -> frozenset[str]:
    return frozenset(word for language in library.languages for word in tokens(library.phrase(language, "language.words")))
