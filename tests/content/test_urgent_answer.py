"""The urgent answer, to whomever it speaks: short, and to the person who can act on it."""

import pytest
from readers import Person

from content.model import Library
from content.people import Audience
from content.urgent import UNNAMED, Danger
from content.urgent_answer import urgent_screens

MOST_WORDS = 60
MOST_WORDS_WITH_MEDICINE = 80


@pytest.mark.parametrize("helper", [False, True])
def test_the_first_message_is_short(library: Library, helper: bool) -> None:
    """In every language, for every group and region; a medicine line may make it longer."""
    for language in library.languages:
        for name, group in library.urgent[language].groups.items():
            for region in library.helplines:
                for danger in (Danger("emergency", name, medicine=True, calming=True), Danger("today", name)):
                    most = MOST_WORDS_WITH_MEDICINE if group.medicine and danger.medicine else MOST_WORDS
                    first, _ = urgent_screens(library, danger, region, language, helper=helper)
                    assert len(first.text.split()) <= most, (language, name, region)


@pytest.mark.parametrize("region", ["", "us"])
def test_a_danger_that_no_rule_names_may_be_despair(library: Library, region: str) -> None:
    """So its second message has the crisis line too; the button for "not now" opens a card."""
    assert region in ("", *library.helplines)
    for language in library.languages:
        _, second = urgent_screens(library, Danger("emergency", UNNAMED), region, language, helper=False)
        assert any(line in second.text for line in ("988", "findahelpline.com")), second.text
        assert library.card(library.urgent[language].card(UNNAMED) or "", language)


@pytest.mark.parametrize(
    ("words", "audience", "to_helper"),
    [
        ("my mum can't breathe", "patient", True),
        ("I can't breathe, my husband drives me", "patient", False),
        ("my mum says he wants to die", "patient", True),
        ("mi marido no puede respirar", "patient", True),
        ("no puedo respirar", "patient", False),
        ("I can't breathe", "care-team", True),
    ],
)
def test_it_speaks_to_who_can_act(library: Library, words: str, audience: Audience, to_helper: bool) -> None:
    """A carer is told what to do for the other; whoever writes of themselves, what to do; a care team always helps."""
    text = Person(library, audience=audience).says(words).text
    spoken_to_helper = ("They must not drive", "Que no conduzca", "for you and for them")
    assert any(each in text for each in spoken_to_helper) is to_helper


@pytest.mark.parametrize(
    ("language", "number", "wrong"),
    [("en", "(112 or 911 work from many mobiles)", "call now: find"), ("es", "(el 112 o el 911 funcionan", "llame ahora: find")],
)
@pytest.mark.parametrize("helper", [False, True])
def test_a_life_in_danger_gets_a_number_also_where_no_country_is_known(
    library: Library, language: str, number: str, wrong: str, helper: bool
) -> None:
    """A web address is looked up and not called, the emergency number stands beside it, and the country is one tap away."""
    first, second = urgent_screens(library, Danger("emergency", "self-harm"), "", language, helper=helper)
    assert number in first.text
    assert "findahelpline.com" in first.text
    assert wrong not in first.text
    assert "region" in [button.target for button in second.buttons()]


def test_a_known_country_is_not_asked_for(library: Library) -> None:
    """The crisis line of the country is called, and no button asks where the reader is."""
    first, second = urgent_screens(library, Danger("emergency", "self-harm"), "us", "en", helper=False)
    assert "Please call now: 988" in first.text
    assert "region" not in [button.target for button in second.buttons()]
