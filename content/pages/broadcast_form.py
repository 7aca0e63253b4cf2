"""The form in which a broadcast is written: one thing to send, to whom, in which language, and when."""

from collections.abc import Callable, Iterator
from typing import Final, get_args

from content.broadcasting import is_for_all
from content.form import Choice, Form, Group, Option, Words
from content.model import Library
from content.team import At

# What the platforms' own lists take.
LONGEST_LABEL: Final = 75
MOST_OPTIONS: Final = 100

Say = Callable[[str], str]


def broadcast_form(library: Library, language: str) -> Form:
    """The form; exactly one of page, tip and notice is to be filled in."""

    def say(key: str) -> str:
        return library.phrase(language, f"broadcast.form.{key}")

    fields = (
        Choice("card", say("card"), tuple(_cards(library, language))),
        Choice("tip", say("tip"), tuple(_tips(library, language))),
        Words("text", say("text"), say("text_hint")),
        Choice("series", say("series"), (_series(library, language),)),
        Choice("language", say("language"), (_languages(library),), say("language_hint")),
        Choice("at", say("at"), (Group("", tuple(Option(say(at), at) for at in get_args(At))),), chosen=get_args(At)[0]),
    )
    return Form(say("title"), "broadcast/new", say("submit"), say("close"), fields, language)


def _cards(library: Library, language: str) -> Iterator[Group]:
    home = library.topics["en"][""]
    for topic in (*home.children, *home.aside):
        cards = [card for id in library.walk(topic) if (card := library.card(id, language)) and is_for_all(card)]
        named = library.topic(topic, language)
        yield from _group(named.title if named else topic, [Option(card.title[:LONGEST_LABEL], card.id) for card in cards])


def _tips(library: Library, language: str) -> Iterator[Group]:
    for series in library.series[language].values():
        yield from _group(series.label, [Option(_short(tip.text), tip.id) for tip in series.tips.values()])


def _group(label: str, options: list[Option]) -> Iterator[Group]:
    """A list takes so many options under one heading; what is over has the heading again."""
    for start in range(0, len(options), MOST_OPTIONS):
        yield Group(label[:LONGEST_LABEL], tuple(options[start : start + MOST_OPTIONS]))


def _series(library: Library, language: str) -> Group:
    return Group("", tuple(Option(series.label, key) for key, series in library.series[language].items()))


def _languages(library: Library) -> Group:
    return Group("", tuple(Option(library.phrase(code, "language.name"), code) for code in library.languages))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1]}…"
