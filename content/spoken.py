"""What belongs to a command as people say it, without its `/`: an hour, a whole phrase. All of it is data."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from content.model import Library
from content.words import tokens

# Longer messages are no phrase of ours, and need no reading here.
_LONGEST: Final = 100

Phrase = tuple[str, ...]


@lru_cache(maxsize=64)
def _phrases(library: Library, key: str) -> Mapping[Phrase, str]:
    """The phrases of a list with commas and their language, in every one, since people keep the words they know."""
    listed = ((tokens(each), language) for language in library.languages for each in library.phrase(language, key).split(","))
    return {phrase: language for phrase, language in listed if phrase}


def urgent_said(library: Library, words: str) -> str | None:
    """The language of a whole message that only calls for urgent help; None where it is no such message."""
    return _phrases(library, "urgent.said").get(tokens(words)) if len(words) <= _LONGEST else None


def is_courtesy(library: Library, words: str) -> bool:
    """Whether the words add nothing but good manners."""
    return len(words) <= _LONGEST and tokens(words) in _phrases(library, "found.courtesies")


def is_time(library: Library, words: str) -> bool:
    """Whether the words tell of days and hours only."""
    said = tokens(words[:_LONGEST])
    return bool(said) and all((word,) in _phrases(library, "tips.time_words") or word[0].isdigit() for word in said)
