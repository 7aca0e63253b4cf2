"""In a group of patients or a channel of a care team others read along: nothing of one's own is told there."""

import pytest
from readers import ANNA, GROUP, NURSE, SUBSCRIBED, WARD, Person

from content.model import Library
from content.people import Address, Audience, Erase


@pytest.mark.parametrize(("address", "room", "audience"), [(ANNA, GROUP, "patient"), (NURSE, WARD, "care-team")])
def test_what_is_kept_of_one_is_not_told_to_all(library: Library, address: Address, room: Address, audience: Audience) -> None:
    """In a group of patients, or by mention in a channel: typed, linked or tapped, nothing is shown and nothing is erased."""
    person = Person(library, SUBSCRIBED, address=address, audience=audience, room=room)
    for seen in (
        person.says("mydata"),
        person.says("/start forget"),
        person.says("forget"),
        person.goes("mydata"),
        person.goes("forget/yes"),
    ):
        assert "write to me directly" in seen.text
        assert "Madrid" not in seen.text
        assert seen.subscription == SUBSCRIBED


def test_what_the_sender_alone_sees_may_tell(library: Library) -> None:
    """A slash command in a channel, and a tap on its answer."""
    nurse = Person(library, SUBSCRIBED, address=NURSE, audience="care-team", room=WARD, alone=True)
    assert "Madrid" in nurse.says("/mydata").text
    assert nurse.goes("forget/yes").answer.changes == (Erase(NURSE),)


@pytest.mark.parametrize("words", ["/stop", "stop", "parar", "/start stop"])
def test_a_stop_in_a_group_says_what_is_true(library: Library, words: str) -> None:
    """No tips come there, so nothing is stopped; how to stop one's own is said in the same line."""
    person = Person(library, SUBSCRIBED, room=GROUP).says(words)
    assert "No tips come to this group. To stop your own, tap my name" in person.text
    assert "\n" not in person.text
    assert person.answer.changes == ()
