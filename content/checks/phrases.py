"""The bot's own sentences."""

import string
from collections.abc import Iterator
from datetime import date

from content.checks.finding import Finding
from content.model import Library


def languages_agree(library: Library, _: date) -> Iterator[Finding]:
    """Every language has the same phrases with the same {names} in them."""
    english = library.phrases["en"]
    for language in library.languages:
        spoken = library.phrases[language]
        path = f"{language}/phrases.yaml"
        for key in english.keys() ^ spoken.keys():
            yield Finding(path, key.split(".")[0], f"add `{key}`" if key in english else f"remove `{key}`; English has none")
        for key in english.keys() & spoken.keys():
            if _names(english[key]) != _names(spoken[key]):
                yield Finding(path, key.split(".")[0], f"use the same {{names}} in `{key}` as English does: {sorted(_names(english[key]))}")


def _names(phrase: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name)
