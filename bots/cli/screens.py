"""Every kind of screen that the library makes, so that `check` can draw them: cards, commands, tips, and what comes unasked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, get_args

from content.commands import COMMANDS
from content.conversation import answer
from content.events import Event, Go, Say
from content.model import Library
from content.pages.reading import place
from content.pages.tip import QUESTION, delivered
from content.people import Address, Audience, Enrolment, Kept, Reader, Subscription
from content.screen import Screen
from content.subscribing import USUAL_DAYS, USUAL_HOUR

_SOMEBODY: Final = Address("console", "local", "you")
_ROOM: Final = Address("console", "local", "room")
_TARGETS: Final = (
    *(name for name in COMMANDS if name != "ask"),
    *(f"tips/{rest}" for rest in ("series", "days", "hour", "hour/later", "zone", "time", "days/7", "hour/19", "go-on", "in/madrid")),
    *(f"tips/time/{hour}" for hour in range(0, 24, 3)),
    *(f"pause/{rest}" for rest in ("week", "month", "silent")),
    "forget/yes",
)
_TYPED: Final = ("/tips Springfield", "/tips Madird", "/tips xqzvw", "/tips 25:00")


def screens(library: Library, now: datetime) -> Iterator[tuple[str, Screen]]:
    """Each screen with the file that it is told of."""
    for language in library.languages:
        for id in (*library.cards["en"], *library.topics["en"]):
            yield f"en/{id}.yaml", place(library, id or "menu", language, "care-team")
        for told in (*_conversed(library, language, now), *_unasked(library, language, now.date())):
            yield f"{language}/phrases.yaml", told


def _conversed(library: Library, language: str, now: datetime) -> Iterator[Screen]:
    for audience in get_args(Audience):
        for room, subscription in ((_SOMEBODY, None), (_ROOM, None), *((_SOMEBODY, each) for each in _subscriptions(library, now.date()))):
            kept = Kept(language, None, now.date(), subscription)
            reader = Reader(_SOMEBODY, audience, language, "us", kept, subscription=subscription)
            for event in _events(room, language):
                found = answer(library, event, reader, now)
                yield from (*found.screens, *((found.otherwise,) if found.otherwise else ()))


def _events(room: Address, language: str) -> Iterator[Event]:
    yield from (Go(_SOMEBODY, room, target, language) for target in _TARGETS)
    yield from (Say(_SOMEBODY, room, words, language) for words in _TYPED)


def _subscriptions(library: Library, today: date) -> Iterator[Subscription]:
    """One with every series on, one paused with every series ended, one stopped."""
    everything = {key: Enrolment() for key in library.series["en"]}
    whole = Subscription("America/Argentina/Buenos_Aires", USUAL_HOUR, USUAL_DAYS, today, everything)
    ended = {key: Enrolment(ended=today) for key in everything}
    yield from (whole, replace(whole, series=ended, paused_until=today + timedelta(days=7)), replace(whole, state="stopped"))


def _unasked(library: Library, language: str, today: date) -> Iterator[Screen]:
    tips = (tip.id for series in library.series["en"].values() for tip in series.tips.values())
    for item in (QUESTION, *tips, *library.cards["en"]):
        if screen := delivered(library, item, language, "care-team", today):
            yield screen
