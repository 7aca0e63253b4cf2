"""`check` draws what the conversation shows, not the cards alone."""

from dataclasses import replace
from datetime import UTC, datetime

from bots.cli.screens import screens
from content.model import Library

NOW = datetime(2026, 11, 24, 21, 5, tzinfo=UTC)


def said(library: Library) -> str:
    """Every word on every screen."""
    return "\n".join("\n".join((screen.text, *(button.label for button in screen.buttons()))) for _, screen in screens(library, NOW))


def test_the_screens_of_tips_are_among_them(library: Library) -> None:
    """First screens, settings, questions, pauses, stops, what could not be kept, and what comes unasked; in both languages."""
    words = said(library)
    for key in (
        "tips.ask_city",
        "tips.choice",
        "tips.not_kept",
        "tips.group",
        "tips.channel",
        "stop.group",
        "stop.lost",
        "pause.silent",
        "tip.opening",
        "tip.question",
        "mydata.room",
        "forget.room",
        "mydata.tips_stopped",
        "forget.no_more",
        "buttons.pause_silent",
    ):
        for language in library.languages:
            assert library.phrase(language, key) in words, (language, key)


def test_a_long_label_anywhere_is_seen(library: Library) -> None:
    """Also one that stands on a screen of tips only."""
    long = {language: {**phrases, "buttons.later_hours": "A label that no phone shows"} for language, phrases in library.phrases.items()}
    assert "A label that no phone shows" in said(replace(library, phrases=long))
