"""Whatever is typed, there is an answer: never an exception, never a card for somebody else."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from content.conversation import answer
from content.events import Say
from content.find import Kind, find
from content.model import Library
from content.people import Address, Reader

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVE = Address("console", "local", "eve")
PIECES = some.sampled_from(
    [
        *(
            "chest pain",
            "ch\u200best pa\u200cin",
            "сhеst раin",
            "CHEST PAIN",
            "c h e s t",
            "no puedo respirar",
            "keytruda",
            "what is",
            "should i stop",
        ),
        *(
            "ألم في الصدر",
            "胸が痛い",
            "\u202egnihtaerb elbuort\u202c",
            "my name is",
            "a@b.org",
            "/ask",
            "/define",
            "stop",
            "🙏",
            "@may + @own / 3",
        ),
        *(
            "' OR 1=1 --",
            "{ask}",
            "**",
            "%s",
            "\0",
            "\ud800",
            "١٢٣",
            "½",
            "ﬁ",
            "İ",
            "ß",
            "-",
            "--",
            "(a|b)",
            "=tired",
            "glossary/pd-l1",
            "\n",
            "\t",
            "...",
        ),
    ]
)
HOSTILE = some.lists(PIECES | some.text(max_size=12), max_size=30).map(" ".join) | some.lists(PIECES, max_size=30).map("".join)


def check(library: Library, words: str) -> None:
    """One message, asked by a patient: found, answered, and only with what a patient may read."""
    found = find(library, words, "patient", "en")
    assert found.kind in get_args(Kind)
    assert not [hit for hit in found.cards if not hit.id.startswith("glossary/") and not library.read_by(hit.id, "patient")]
    assert len(found.cards) <= 4
    screens = answer(library, Say(EVE, EVE, words), Reader(EVE, "patient"), NOW).screens
    assert all(screen.text for screen in screens)


@settings(max_examples=150, deadline=None)
@given(words=HOSTILE)
def test_hostile_text_is_answered(library: Library, words: str) -> None:
    """Zero-width, right-to-left, look-alikes, five languages in one line, our own notation."""
    check(library, words)


@settings(max_examples=50, deadline=None)
@given(raw=some.binary(max_size=400))
def test_bytes_are_answered(library: Library, raw: bytes) -> None:
    """What is no text at all, as it comes from a pipe."""
    check(library, raw.decode("utf-8", errors="replace"))


@pytest.mark.parametrize("words", ["", " ", "a", "?", "\u200b", "x" * 100_000, "keytruda " * 12_000, "\u202e" * 50_000, "ب" * 50_000])
def test_the_empty_and_the_endless_are_answered(library: Library, words: str) -> None:
    """Nothing, one letter, 100 kB."""
    check(library, words)
