"""What a whole message asks for in everyday words: a core such as "my data" among small words. All of it is data (`said`)."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Final

from content.model import Library
from content.words import tokens

Phrase = tuple[str, ...]

# Longer messages are no phrase of ours.
_LONGEST: Final = 100
# What `tips` may mean beside a place, and the part of it that is opened; what is more special comes first.
TIPS: Final = {"minor": "minor", "on": "go-on", "hour": "hour", "days": "days", "tips": ""}
# Beside these an hour may stand.
_WITH_NUMBERS: Final = frozenset({"hour", "days"})
_AGE: Final = "#"
_ALONE: Final = "="
_MARKS: Final = (_AGE, _ALONE)
_GROWN_UP: Final = 18
_YOUNGEST: Final = 5


def said(library: Library, name: str, words: str) -> str | None:
    """The language of the list `said.<name>` that holds the core of the whole message; None where it says something else."""
    typed = tokens(words) if len(words) <= _LONGEST else ()
    typed = tuple(word for word in typed if not (name in _WITH_NUMBERS and word[0].isdigit()))
    if not all(word in _words(library, name) or word.isdecimal() for word in typed):
        return None
    return next((language for core, language in _cores(library, name) if _holds(library, core, typed)), None)


def tips_meant(library: Library, words: str) -> str | None:
    """The part of `tips` that the words ask for; None where they are no such words."""
    return next((part for name, part in TIPS.items() if said(library, name, words)), None)


@lru_cache(maxsize=64)
def _cores(library: Library, name: str) -> tuple[tuple[Phrase, str], ...]:
    """The phrases of a list in every language, since people keep the words they know."""
    return tuple((_core(each), language) for language in library.languages for each in library.phrase(language, f"said.{name}").split(","))


@lru_cache(maxsize=64)
def _words(library: Library, name: str) -> frozenset[str]:
    """Every word that may stand in such a message: most messages hold another."""
    return _around(library).union(*(core for core, _ in _cores(library, name)))


def _core(phrase: str) -> Phrase:
    """`#` is any age below eighteen; what begins with `=` stands alone."""
    return tuple(chain.from_iterable((part,) if part in _MARKS else tokens(part) for part in phrase.split()))


@lru_cache(maxsize=4)
def _around(library: Library) -> frozenset[str]:
    return frozenset(word for language in library.languages for word in tokens(library.phrase(language, "said.around")))


def _holds(library: Library, core: Phrase, typed: Phrase) -> bool:
    if core[0] == _ALONE:
        return typed == core[1:]
    return any(_around(library).issuperset(rest) for rest in _without(core, typed))


def _without(core: Phrase, typed: Phrase) -> Iterator[Phrase]:
    """What is left of the words wherever the core stands in them."""
    for start in range(len(typed) - len(core) + 1):
        if all(_fits(part, word) for part, word in zip(core, typed[start:], strict=False)):
            yield typed[:start] + typed[start + len(core) :]


def _fits(part: str, word: str) -> bool:
    return word == part or (part == _AGE and word.isdecimal() and _YOUNGEST <= int(word[:3]) < _GROWN_UP)
