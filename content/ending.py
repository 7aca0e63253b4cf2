"""Do these words end tips, or hold them for a while? A short message of known words only, in any order, or "stop" right before "tips"."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from content.model import Library
from content.words import parts, tokens

Phrase = tuple[str, ...]

PAUSES: Final = ("week", "month", "silent")
_LONGEST: Final = 100
_MOST_WORDS: Final = 12
# By letter the lists of words; of two that hold the same phrase the later counts.
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "s": ("stop.small", "found.courtesies"),
    "d": ("pause.times", "pause.said_week", "pause.said_month"),
    "f": ("pause.before_times",),
    "u": ("pause.until",),
    "t": ("stop.tips",),
    "w": ("stop.less",),
    "e": ("stop.ends",),
    "p": ("pause.words",),
    "b": ("pause.said_silent",),
    "n": ("stop.never",),
}
_UNKNOWN: Final = "x"
_STOP: Final = re.compile(r"[^nx]*e[^nx]*|[^nx]*(ws*t|ts*w)[^nx]*")
# Whatever else is said: these words mean nothing else.
_STOP_TIPS: Final = re.compile(r"[^n]*es*t[^n]*")
_PAUSE: Final = re.compile(r"[^enwx]*p[^enwx]*|[^enwxp]*p[^enwxp]*u[^n]*|[^nxp]*[ew]s*t[^nxp]*(fs*d|us*d)[^nxp]*")


def stops(library: Library, words: str) -> bool:
    """Whether the message asks for no more tips."""
    if len(words) > _LONGEST:
        return False
    said = tokens(words)
    if not said:
        return any(sign in words for language in library.languages for sign in library.phrase(language, "stop.signs").split())
    marks = "".join(letter for letter, _ in _marked(library, said))
    if len(said) > _MOST_WORDS or _PAUSE.fullmatch(marks):
        return False
    return said in _phrases(library, ("stop.said",)) or bool(_STOP.fullmatch(marks) or _STOP_TIPS.fullmatch(marks))


def pauses(library: Library, words: str) -> str | None:
    """The pause that the message asks for, `week`, `month` or `silent`; empty where it tells none; None where it asks for no pause."""
    said = tokens(words) if len(words) <= _LONGEST else ()
    marked = tuple(_marked(library, said))
    if len(said) > _MOST_WORDS or not _PAUSE.fullmatch("".join(letter for letter, _ in marked)):
        return None
    if any(letter == "b" for letter, _ in marked):
        return "silent"
    times = [phrase for letter, phrase in marked if letter in "du"]
    return next((name for name in PAUSES[:2] if len(times) == 1 and times[0] in _phrases(library, (f"pause.said_{name}",))), "")


def _marked(library: Library, said: Phrase) -> Iterator[tuple[str, Phrase]]:
    """The letters of the lists that hold the words, the longest phrase first at each place, and the phrase."""
    known, said = _known(library), tuple(parts(said))
    longest, place = max(map(len, known)), 0
    while place < len(said):
        phrases = (said[place : place + length] for length in range(min(longest, len(said) - place), 0, -1))
        phrase = next((phrase for phrase in phrases if phrase in known), said[place : place + 1])
        yield known.get(phrase, "d" if phrase[0].isdigit() else _UNKNOWN), phrase
        place += len(phrase)


@lru_cache(maxsize=4)
def _known(library: Library) -> Mapping[Phrase, str]:
    """The letter of each phrase. Every language counts, since people keep the words they know."""
    return {phrase: letter for letter, keys in _LISTS.items() for phrase in _phrases(library, keys)}


@lru_cache(maxsize=64)
def _phrases(library: Library, keys: tuple[str, ...]) -> frozenset[Phrase]:
    listed = (library.phrase(language, key).split(",") for language in library.languages for key in keys)
    return frozenset(filter(None, (tokens(phrase) for each in listed for phrase in each)))
