"""What a change makes of a subscription, and what is sent next: the rules of section 5 as values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from small_library import TIPS, write

from content.load import load
from content.model import Library
from content.people import Address, Adjust, Confirm, Enrolment, Pause, Silence, Stop, Subscription, TipChange, Unpause
from content.subscribing import REST, USUAL_DAYS, USUAL_HOUR, Overtaken, changed, is_current, planned

ANNA = Address("telegram", "100", "42")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOON.date()
LAST_WEEK = NOON - timedelta(days=7)
USUAL = Subscription("UTC", 10, frozenset({1, 4}), TODAY, {"starting": Enrolment()})


def adjusted(before: Subscription | None, **wanted: Any) -> Subscription:
    """After one choice, by who saw the row as it is."""
    after = changed(before, Adjust(ANNA, before.stopped if before else None, **wanted), NOON)
    assert after
    return after


def test_choosing_a_series_subscribes_with_the_defaults() -> None:
    """Tuesday and Friday in the morning, in the reader's own zone; today is theirs."""
    auckland = adjusted(None, zone="Pacific/Auckland", add="starting")
    assert auckland == Subscription("Pacific/Auckland", USUAL_HOUR, USUAL_DAYS, date(2026, 11, 26), {"starting": Enrolment()})


def test_nobody_is_subscribed_without_a_zone() -> None:
    """Nor by any change to tips that are not there."""
    assert changed(None, Adjust(ANNA, None, add="starting"), NOON) is None
    for change in (Stop(ANNA), Silence(ANNA), Pause(ANNA, TODAY), Unpause(ANNA, TODAY), Confirm(ANNA)):
        assert changed(None, change, NOON) is None


@pytest.mark.parametrize(
    ("wanted", "after"),
    [
        ({"hour": 15}, replace(USUAL, hour=15)),
        ({"hour": 0}, replace(USUAL, hour=0)),
        ({"days": frozenset({0})}, replace(USUAL, days=frozenset({0}))),
        ({"zone": "Europe/Madrid"}, replace(USUAL, zone="Europe/Madrid")),
        ({"add": "feelings"}, replace(USUAL, series={"starting": Enrolment(), "feelings": Enrolment()})),
        ({"drop": "starting"}, replace(USUAL, series={"starting": Enrolment(off=True)})),
        ({"drop": "feelings"}, USUAL),
        ({}, USUAL),
    ],
)
def test_a_choice_changes_one_thing(wanted: dict[str, Any], after: Subscription) -> None:
    """And doing it twice is the same as once."""
    assert adjusted(USUAL, **wanted) == after
    assert adjusted(after, **wanted) == after


def test_a_series_goes_on_where_it_was_left() -> None:
    """Taken out and chosen again, it does not begin anew; one that ended does so after ninety days."""
    left = replace(USUAL, series={"starting": Enrolment("two", off=True)})
    assert adjusted(left, add="starting").series == {"starting": Enrolment("two")}
    ended = replace(USUAL, series={"starting": Enrolment("five", TODAY - REST + timedelta(days=1))})
    assert adjusted(ended, add="starting").series == ended.series
    long_ended = replace(USUAL, series={"starting": Enrolment("five", TODAY - REST)})
    assert adjusted(long_ended, add="starting").series == {"starting": Enrolment()}


def test_a_stop_wins_over_an_older_tap() -> None:
    """A button that was drawn before it changes nothing; one that was drawn after turns tips on."""
    stopped = changed(USUAL, Stop(ANNA), NOON)
    assert stopped == replace(USUAL, state="stopped", stopped=NOON)
    with pytest.raises(Overtaken):
        changed(stopped, Adjust(ANNA, None, add="feelings"), NOON)
    again = changed(stopped, Adjust(ANNA, NOON, resume=True), NOON)
    assert again == replace(USUAL, stopped=NOON)
    with pytest.raises(Overtaken):
        changed(again, Adjust(ANNA, None, hour=11), NOON)


def test_a_choice_that_adds_nothing_turns_nothing_on() -> None:
    """An hour chosen while tips are off is kept, and they stay off; a series chosen turns them on, and ends a pause."""
    off = replace(USUAL, state="silent", paused_until=TODAY)
    assert adjusted(off, hour=11) == replace(off, hour=11)
    assert adjusted(off, drop="starting").state == "silent"
    assert adjusted(off, add="feelings").state == adjusted(off, resume=True).state == "on"
    assert adjusted(off, resume=True).paused_until is None


WEEK, MONTH = TODAY + timedelta(days=7), TODAY + timedelta(days=30)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (None, Pause(ANNA, WEEK), WEEK),
        (MONTH, Pause(ANNA, WEEK), WEEK),
        (MONTH, Pause(ANNA, WEEK, longer=True), MONTH),
        (WEEK, Pause(ANNA, MONTH, longer=True), MONTH),
        (None, Pause(ANNA, WEEK, longer=True), WEEK),
        (WEEK, Unpause(ANNA, WEEK), None),
        (MONTH, Unpause(ANNA, WEEK), MONTH),
        (None, Unpause(ANNA, WEEK), None),
    ],
)
def test_pauses(before: date | None, change: TipChange, after: date | None) -> None:
    """The reader's own word counts; an emergency's pause is only ever longer, and its button lifts no other."""
    found = changed(replace(USUAL, paused_until=before), change, NOON)
    assert found == replace(USUAL, paused_until=after)
    assert changed(found, change, NOON) == found


@pytest.mark.parametrize("state", ["silent", "stopped"])
@pytest.mark.parametrize("change", [Pause(ANNA, WEEK), Pause(ANNA, WEEK, longer=True), Silence(ANNA), Unpause(ANNA, WEEK)])
def test_what_is_off_is_not_touched(state: Any, change: TipChange) -> None:
    """No reason why stands in any row."""
    off = replace(USUAL, state=state)
    assert changed(off, change, NOON) == off


def test_silence_lasts_until_tips_are_turned_on_again() -> None:
    """It has no end of its own, and ends a pause that would have one."""
    assert changed(replace(USUAL, paused_until=WEEK), Silence(ANNA), NOON) == replace(USUAL, state="silent")


def test_a_tap_under_a_tip_sets_one_date() -> None:
    """Nothing else, whatever the state."""
    old = replace(USUAL, chosen=TODAY - timedelta(days=50), state="silent")
    assert changed(old, Confirm(ANNA), NOON) == replace(old, chosen=TODAY)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Two series for everybody, of two tips each, and one for the care team."""
    both = TIPS.replace(
        "tips:\n",
        "tips:\n  limits: {text: Ask your team today what its limits are for you and for those you love., card: basics/limits}\n",
    )
    team = TIPS.replace("intro:", "audience: care-team\nintro:").replace("title: Starting", "title: Words")
    folder = write(
        tmp_path_factory.mktemp("small"),
        {
            "en/tips/starting.yaml": both,
            "en/tips/feelings.yaml": both.replace("title: Starting", "title: Feelings"),
            "en/tips/words.yaml": team,
        },
    )
    return load(folder)


def enrolled(*keys: str) -> Subscription:
    """Somebody with these series, from their beginning."""
    return replace(USUAL, series={key: Enrolment() for key in keys})


def evening(library: Library, subscription: Subscription, count: int, audience: Any = "patient") -> list[str]:
    """The next tips, one a day, and `-` where there is none."""
    said = []
    for day in range(count):
        found = planned(library, subscription, audience, NOON + timedelta(days=day))
        subscription = found.after
        said.append(found.tip.id if found.tip else "?" if found.question else "-")
    return said


def test_a_series_is_told_in_its_order_and_ends(small: Library) -> None:
    """Its last tip stays noted, and the day on which none was left."""
    assert evening(small, enrolled("starting"), 3) == ["starting/limits", "starting/guard", "-"]
    last = replace(USUAL, series={"starting": Enrolment("guard")})
    assert planned(small, last, "patient", NOON).after.series == {"starting": Enrolment("guard", TODAY)}


def test_two_series_share_the_days_by_turns(small: Library) -> None:
    """When one has ended the other goes on alone."""
    assert evening(small, enrolled("feelings", "starting"), 4) == ["feelings/limits", "starting/limits", "feelings/guard", "starting/guard"]
    ahead = replace(USUAL, series={"feelings": Enrolment("limits"), "starting": Enrolment()}, turn="feelings")
    assert evening(small, ahead, 4) == ["starting/limits", "feelings/guard", "starting/guard", "-"]


def test_a_series_of_the_care_team_is_theirs(small: Library) -> None:
    """A patient who has it, from wherever, gets none of it."""
    assert evening(small, enrolled("words"), 1) == ["-"]
    assert evening(small, enrolled("words"), 1, "care-team") == ["words/guard"]


def test_what_was_taken_out_or_is_not_in_the_library_is_not_sent(small: Library) -> None:
    """Nor is a series begun anew whose last tip nobody knows any more."""
    assert evening(small, replace(USUAL, series={"starting": Enrolment(off=True), "gone": Enrolment()}), 1) == ["-"]
    assert evening(small, replace(USUAL, series={"starting": Enrolment("of-old")}), 1) == ["-"]


def test_a_tip_leaves_with_its_card(small: Library) -> None:
    """Withdrawn or past its date, it is left out, and the next one comes."""
    limits = small.cards["en"]["basics/limits"]
    for broken in (replace(limits, withdrawn="we look at it"), replace(limits, review_by=TODAY - timedelta(days=1))):
        library = replace(small, cards={**small.cards, "en": {**small.cards["en"], limits.id: broken}})
        assert not is_current(library, library.series["en"]["starting"].tips["limits"], TODAY)
        assert evening(library, enrolled("starting"), 2) == ["starting/guard", "-"]
    last_day = replace(limits, review_by=TODAY)
    assert is_current(
        replace(small, cards={**small.cards, "en": {**small.cards["en"], limits.id: last_day}}),
        small.series["en"]["starting"].tips["limits"],
        TODAY,
    )


def test_after_sixty_days_one_question_and_then_silence(small: Library) -> None:
    """A tap under a tip in time puts it off."""
    old = replace(enrolled("starting"), chosen=TODAY - timedelta(days=60))
    found = planned(small, old, "patient", NOON)
    assert (found.question, found.tip, found.after) == (True, None, replace(old, state="silent"))
    tapped = changed(old, Confirm(ANNA), NOON)
    assert tapped
    assert planned(small, tapped, "patient", NOON).tip
    assert planned(small, replace(old, chosen=TODAY - timedelta(days=59)), "patient", NOON).tip


def test_nobody_is_asked_whether_what_has_ended_shall_go_on(small: Library) -> None:
    """Where no tip is left the series ends in silence, also after sixty days; where another goes on, the question is about that."""
    old = replace(USUAL, series={"starting": Enrolment("guard")}, chosen=TODAY - timedelta(days=60))
    found = planned(small, old, "patient", NOON)
    assert (found.question, found.tip) == (False, None)
    assert found.after == replace(old, series={"starting": Enrolment("guard", TODAY)})
    other = replace(old, series={**old.series, "feelings": Enrolment()})
    assert planned(small, other, "patient", NOON).question
