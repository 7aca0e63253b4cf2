"""Thanks and greetings: messages that hold nothing else."""

import re
from functools import lru_cache
from itertools import dropwhile
from typing import Final

from content.intents import Greeting
from content.model import Library
from content.words import tokens

_LONGEST: Final = 14
_SHORTEST_WITH_PLACE: Final = 2
_STRETCH_END: Final = re.compile(r"[,.;:!?¡¿()\n]+| - ")
_DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")


def greeted(library: Library, words: str, language: str) -> str | None:
    """The language of a message that only greets or thanks, the reader's first; None where it holds anything else."""
    said = [_DRAWN_OUT.sub(r"\1", word) for word in tokens(words)]
    languages = sorted(library.languages, key=lambda code: code != language)
    return next((code for code in languages if _only_greets(library, code, words, said)), None)


def beside_courtesies(library: Library, words: str) -> tuple[tuple[str, ...], ...]:
    """The stretches of a message that hold more than courtesies, as tokens; a greeting or thanks before them is cut off."""
    greets, courteous = _courtesies(library)
    stretches = (tokens(stretch) for stretch in _STRETCH_END.split(words))
    return tuple(tuple(dropwhile(greets.__contains__, said)) for said in stretches if not courteous.issuperset(said))


@lru_cache(maxsize=8)
def _courtesies(library: Library) -> tuple[frozenset[str], frozenset[str]]:
    """Of all languages the words that greet or thank, and with them those that may stand beside."""
    each = [library.intents[code].greeting for code in library.languages]
    greets = frozenset[str]().union(*(greeting.words for greeting in each))
    return greets, greets.union(*(greeting.small for greeting in each))


def is_sad(library: Library, words: str) -> bool:
    """Whether tears or a broken heart are all that was sent."""
    return not tokens(words) and any(
        sign in library.phrase(code, "found.sad_signs").split() for code in library.languages for sign in words
    )


def _only_greets(library: Library, language: str, words: str, said: list[str]) -> bool:
    greeting = library.intents[language].greeting
    if not said:
        return any(sign in greeting.signs for sign in words)
    said = _without_place(greeting, said)
    text = f" {' '.join(said)} "
    greets = not greeting.words.isdisjoint(said) or any(f" {phrase} " in text for phrase in greeting.phrases)
    return len(said) <= _LONGEST and greets and all(word in greeting.words | greeting.small for word in said)


def _without_place(greeting: Greeting, said: list[str]) -> list[str]:
    """`hello from Lagos` as `hello`: any one word may be the name of a place."""
    return said[:-2] if len(said) > _SHORTEST_WITH_PLACE and said[-2] in greeting.places else said
