"""What comes unasked: a tip, the question whether they go on, a card of a broadcast."""

import dataclasses
from datetime import date, datetime, timedelta

import pytest
from readers import GROUP, SUBSCRIBED, Person

from content.model import Card, Library
from content.pages.tip import QUESTION, delivered
from content.people import Address, Enrolment, Subscription
from content.screen import Screen

TODAY = date(2026, 11, 24)


def with_card(library: Library, id: str, **changes: object) -> Library:
    """The library with one card changed in every language."""
    cards = {language: {**each, id: changed(each[id], changes)} for language, each in library.cards.items()}
    return dataclasses.replace(library, cards=cards)


def changed(card: Card, changes: dict[str, object]) -> Card:
    """The card with some fields replaced."""
    return dataclasses.replace(card, **changes)  # type: ignore[arg-type]  # the fields of a Card


def first_tip(library: Library) -> str:
    """A tip for everybody."""
    return next(tip.id for series in library.series["en"].values() if series.audience == "everyone" for tip in series.tips.values())


def items(library: Library) -> list[str]:
    """Everything that may be delivered to a care team."""
    return [QUESTION, *(tip.id for series in library.series["en"].values() for tip in series.tips.values()), *library.cards["en"]]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_comes_unasked_opens_neutrally_and_can_be_stopped(library: Library, language: str) -> None:
    """Forty characters that name no illness, for lock screens; Stop and Urgent on every one, whatever it is."""
    ours = [library.phrase(language, f"tip.{key}").partition("\n")[0] for key in ("opening", "card_opening", "question")]
    for item in items(library):
        screen = delivered(library, item, language, "care-team", TODAY)
        assert screen, item
        assert screen.text.partition("\n")[0] in ours, item
        assert {"stop", "urgent"} <= {button.target for button in screen.buttons()}, item


def test_a_tip_says_where_it_is_from_and_leads_to_its_card(library: Library) -> None:
    """The tip, its source line, and its card to read more."""
    item = first_tip(library)
    key, _, name = item.partition("/")
    tip, screen = library.series["en"][key].tips[name], shown(library, item)
    assert tip.text.strip() in screen.text
    assert "Not yet reviewed by a clinician" in screen.text
    assert tip.card in [button.target for button in screen.buttons()]


def shown(library: Library, item: str) -> Screen:
    """The screen as a patient gets it today."""
    screen = delivered(library, item, "en", "patient", TODAY)
    assert screen
    return screen


def test_nothing_of_a_withdrawn_or_outdated_card_is_sent(library: Library) -> None:
    """Neither the tip nor the card itself, from the day on which its card is due to be checked."""
    item = first_tip(library)
    key, _, name = item.partition("/")
    id = library.series["en"][key].tips[name].card
    for here in (with_card(library, id, withdrawn="a figure is in doubt"), with_card(library, id, review_by=TODAY - timedelta(days=1))):
        assert delivered(here, item, "en", "patient", TODAY) is None
        assert delivered(here, id, "en", "patient", TODAY) is None
    assert delivered(with_card(library, id, review_by=TODAY), item, "en", "patient", TODAY)


def test_what_is_not_there_is_not_sent(library: Library) -> None:
    """A tip taken out since it was planned, a card that patients may not read, a topic, nonsense."""
    care = next(id for id, card in library.cards["en"].items() if card.audience == "care-team")
    for item in ("starting/no-such-tip", "no-such-series/tip", care, "side-effects", "", "/", "question/"):
        assert delivered(library, item, "en", "patient", TODAY) is None, item


def test_a_card_that_moved_is_sent_under_its_new_name(library: Library) -> None:
    """A broadcast that was approved before the move still arrives."""
    id = next(id for id, card in library.cards["en"].items() if card.audience == "everyone")
    here = dataclasses.replace(library, moved={**library.moved, "old/place": id})
    assert delivered(here, "old/place", "en", "patient", datetime(2026, 11, 24).date())


def series_read(library: Library, subscription: Subscription | None, room: Address | None = None) -> set[str]:
    """The series that `tip` takes from on forty days in a row."""
    person = Person(library, subscription, room=room)
    seen = set()
    for _ in range(40):
        person.now += timedelta(days=1)
        text = person.says("tip").text
        seen |= {series.key for series in library.series["en"].values() for tip in series.tips.values() if tip.text.strip() in text}
    return seen


def test_one_tip_now_suits_whoever_asks(library: Library) -> None:
    """Without a choice none is for a special group; who chose a series reads of that, but not where others read along."""
    allergy = dataclasses.replace(SUBSCRIBED, series={"allergy": Enrolment(), "starting": Enrolment(off=True)})
    assert series_read(library, None) == {"starting", "on-treatment"}
    assert series_read(library, allergy) == {"allergy"}
    assert series_read(library, allergy, GROUP) == {"starting", "on-treatment"}
