"""Words that frighten, sell, promise or judge, and doses: they stand nowhere."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from content.checks.finding import Finding
from content.checks.passages import met, passages, pattern
from content.model import Library, Style
from content.words import fold

_TOUCHING: Final = re.compile(r"(?<=\d)(?=[^\W\d_])")


def banned_words_are_absent(library: Library, _: date) -> Iterator[Finding]:
    """No hype, fear, promise, blame, diagnosis, or outcome without exception."""
    for passage in passages(library):
        for kind, words in library.style[passage.language].banned.items():
            for word in met(passage.text, words):
                yield Finding(passage.path, passage.field, f"say it without `{word}` ({kind})")


def no_dose_is_named(library: Library, _: date) -> Iterator[Finding]:
    """An amount or a rhythm of a medicine waits for the name of a clinician."""
    for passage in passages(library):
        if not passage.signed:
            for dose in doses(passage.text, library.style[passage.language]):
                yield Finding(passage.path, passage.field, f"leave out `{dose}`; no clinician has signed a dose here")


def doses(text: str, style: Style) -> list[str]:
    """What in a text reads like a dose, however it is spelt; an order about a medicine is one without a number."""
    plain = pattern(_folded(style.not_a_dose)).sub("", _TOUCHING.sub(" ", fold(text)))
    orders = (found[1] for found in _orders(style.order, style.medicine).finditer(plain))
    return [*met(plain, _folded(style.dose), _folded(style.numbers)), *orders]


@lru_cache(maxsize=16)
def _folded(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(word if word == "N" else fold(word) for word in phrase.split(" ")) for phrase in phrases)


@lru_cache(maxsize=16)
def _orders(verbs: tuple[str, ...], medicines: tuple[str, ...]) -> re.Pattern[str]:
    """A clause that begins with such a verb and names a medicine soon after."""
    verb, medicine = (pattern(_folded(words)).pattern for words in (verbs, medicines))
    return re.compile(rf"(?:^|[^\w\s'()\"-])\s*({verb}(?:\s+\w+){{0,2}}?\s+{medicine})", re.MULTILINE)
