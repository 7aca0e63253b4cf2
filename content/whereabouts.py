"""Where somebody says they are: a place or a country among few words. The words are data."""

from functools import lru_cache
from typing import Final

from content import zones
from content.index import index_of
from content.model import Library
from content.words import stem, tokens

_LONGEST: Final = 100
_LONGEST_PLACE: Final = 5


def bare(library: Library, words: str) -> str:
    """The place without what only leads to it: "Madrid" of "I live in Madrid"."""
    typed = " ".join(tokens(words[:_LONGEST]))
    return next((typed.removeprefix(lead).strip() for lead in _leads(library) if typed.startswith(lead)), words)


def lives_in(library: Library, words: str) -> str | None:
    """The place where somebody says they live, in a whole message; None where we do not know it."""
    place = bare(library, words) if len(words) <= _LONGEST else words
    return place if place != words and _is_known(library, place) else None


def regions(library: Library, words: str) -> tuple[str, ...]:
    """The regions whose numbers count in the place that the words name."""
    place = bare(library, words)
    cities = (region for city in zones.named(library, place) for region in city.regions)
    return tuple(dict.fromkeys((*zones.countries(library, place), *cities)))


def is_place(library: Library, words: str) -> bool:
    """Whether these few words name a place, or hold one that we never use and so may be a try at one: "better sleep" is neither."""
    place = bare(library, words)
    if _is_known(library, place):
        return True
    named = [word for word in tokens(place) if word not in _small_words(library)] if may_be_place(library, place) else []
    return bool(named) and (place != words or not any(_is_ours(library, word) for word in named))


def _is_known(library: Library, place: str) -> bool:
    return bool(zones.named(library, place) or zones.countries(library, place))


def may_be_place(library: Library, words: str) -> bool:
    """Whether the words are few, and do not begin as what is about something does: "for better sleep"."""
    typed = tokens(words) if len(words) <= _LONGEST else ()
    return 0 < len(typed) <= _LONGEST_PLACE and (typed[0],) not in _listed(library, "tips.topic_words")


def _is_ours(library: Library, word: str) -> bool:
    """Whether the word stands in our texts."""
    return any(stem(word, language) in index_of(library, language).postings for language in library.languages)


@lru_cache(maxsize=4)
def _small_words(library: Library) -> frozenset[str]:
    return frozenset(word for language in library.languages for word in tokens(library.phrase(language, "language.words")))


@lru_cache(maxsize=8)
def _listed(library: Library, key: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tokens(each) for language in library.languages for each in library.phrase(language, key).split(","))


@lru_cache(maxsize=4)
def _leads(library: Library) -> tuple[str, ...]:
    """The longest first."""
    return tuple(sorted((f"{' '.join(lead)} " for lead in _listed(library, "said.here")), key=len, reverse=True))
