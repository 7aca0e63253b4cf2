"""The second reading: a sign that all the words of a story speak against is doubted, and the red-flag line stands above the answer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from content.find import find
from content.model import Library
from content.urgent import judge, signs
from content.weighing import Around, Decisions, Weights

WEIGHTS = Weights(0.5, 0.1, {"heart": 0.5}, {"past": -1.0}, {"question": -0.5}, {"ago": -3.0, "now": 2.0, "#": -0.25})
AROUND = Around("heart", frozenset({"past"}), frozenset({"past", "question"}), frozenset({"years", "ago", "#"}))
STORY = (
    "Hello everybody, a year of the infusions for my kidney and then the tablets to calm it down, and I look it: my face is a pumpkin, "
    "my jeans are in a box and the grandchildren laugh. The lungs are clear, we walk the dog up the hill, so we are glad. "
    "What I would like to know is how the drug works and why they call it a brake."
)
CALM = "x " * 60


def alarming(library: Library, start: float) -> Library:
    """The library with weights that say nothing but how likely every sign is."""
    flat = Weights(start, 0.1, {}, {}, {}, {})
    return replace(library, urgent={language: replace(rules, weights=flat) for language, rules in library.urgent.items()})


def test_what_stands_around_is_summed_up() -> None:
    """Each weight once; what has none weighs nothing."""
    assert WEIGHTS.log_odds(AROUND) == pytest.approx(0.5 + 0.5 - 1.0 - 0.5 - 3.0 - 0.25)
    assert not WEIGHTS.bear_out(AROUND)
    assert WEIGHTS.bear_out(replace(AROUND, words=AROUND.words | {"now"}))


def test_a_doubted_sign_keeps_the_red_flag_line(library: Library) -> None:
    """No alarm, no card of the sign's group: what was asked, with the line that says what to do if it happens now."""
    doubted = find(alarming(library, -9), STORY, "patient", "en")
    assert doubted.danger
    assert doubted.danger.certainty == "doubtful"
    assert (doubted.kind, doubted.tier, doubted.group) == ("cards", None, doubted.danger.group)
    assert find(alarming(library, 9), STORY, "patient", "en").kind == "urgent"


def test_one_sign_in_doubt_hides_no_other(library: Library) -> None:
    """The weights that doubt the old one bear out what is told of today."""
    found = judge(library.urgent, STORY + " She cannot breathe and her lips are blue, since ten minutes ago.")
    assert found
    assert (found.present, found.group) == (True, "lungs")


@pytest.mark.parametrize("words", ["I want to die", "hace meses que quiero morirme", STORY + " I do not want to live any more."])
def test_a_wish_to_die_is_never_weighed(library: Library, words: str) -> None:
    """Whatever the weights say."""
    found = judge(alarming(library, -99).urgent, words)
    assert found
    assert (found.present, found.group) == (True, "self-harm")
    assert not [sign for _, sign, _ in signs(library.urgent, "I want to die") if sign.rule.tier == "emergency"]


@given(some.lists(some.sampled_from(["should", "i", "stop", "it", "what", "is", "7", "x"]), max_size=39))
def test_short_messages_are_left_to_the_rules(said: list[str]) -> None:
    """Forty words make a story."""
    assert Decisions(9, 0.3, 0.7, {}).wanted(said) is None


def test_a_story_asks_for_a_decision_or_not() -> None:
    """Between the two probabilities the rules say it; a word counts once, and all numbers are one."""
    decisions = Decisions(0, 0.3, 0.7, {"stop": 1.5, "explain": -1.5, "#": 0.2})
    assert [decisions.wanted([*CALM.split(), *said.split()]) for said in ("stop stop", "explain 7 8", "stop explain 12", "")] == [
        True,
        False,
        None,
        None,
    ]


def test_a_story_that_the_weights_take_for_a_decision_says_what_to_ask(library: Library) -> None:
    """Where no rule knows which decision it is, the words for one's own case stand there."""
    sure = replace(library, decisions=Decisions(9, 0.3, 0.7, {}))
    unsure = replace(library, decisions=Decisions(-9, 0.3, 0.7, {}))
    asks = "All of it again at the kitchen table, the scans and the letters. Should I stop my Keytruda after two years? " * 2
    assert find(sure, CALM + "melanoma and brakes", "patient", "en").matter == "own"
    assert find(sure, asks, "patient", "en").matter == "medicine"
    assert find(unsure, asks, "patient", "en").kind == "cards"
