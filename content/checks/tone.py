"""Words that frighten, sell, promise or judge, and doses: they stand nowhere."""

from collections.abc import Iterator
from datetime import date

from content.checks.finding import Finding
from content.checks.passages import met, passages
from content.model import Library, Style


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
    """What in a text reads like a dose."""
    harmless = " ".join(met(text, style.not_a_dose))
    return [dose for dose in met(text, style.dose) if dose not in harmless]
