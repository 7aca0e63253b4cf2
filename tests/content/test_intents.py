"""Rules that tell what a message wants: words near each other, as data."""

from pathlib import Path

import pytest
import small_library

from content.intents import Greeting, Intents, read_intents
from content.load import LIBRARY, load
from content.problems import Problems

NOBODY = Greeting(frozenset(), frozenset(), frozenset())
SETS = {"may": "(can|may) (i|my mum), should i", "pills": "pills, sick-day pills", "own": "@pills, doses"}


def rules(*lines: str, never: tuple[str, ...] = ()) -> Intents:
    """The lines as rules of one kind and matter."""
    return read_intents(SETS, {"advice": {"never": never, "pills": lines}}, NOBODY)


def heard(intents: Intents, words: str) -> bool:
    """Whether a rule holds."""
    return intents.matters(words).get("advice") == "pills"


@pytest.mark.parametrize(
    "words", ["can i stop my pills", "MAY MY MUM stop the sick day pills?", "pills, should I", "may i double my doses"]
)
def test_words_stand_near_each_other_in_any_order(words: str) -> None:
    """Each of the choices with each, sets within sets, compounds in parts."""
    assert heard(rules("@may + @own / 6"), words)


@pytest.mark.parametrize("words", ["can you stop my pills", "can i", "can i sit here and read a long book about birds or pills"])
def test_words_that_are_missing_or_far_are_not_heard(words: str) -> None:
    """Every slot is needed, within the reach."""
    assert not heard(rules("@may + @own / 6"), words)


def test_the_end_of_a_sentence_keeps_what_follows_at_a_distance() -> None:
    """What is near across a full stop is not near."""
    assert heard(rules("@may + @own / 4"), "can i stop pills")
    assert not heard(rules("@may + @own / 4"), "can i stop. pills")


def test_a_word_that_must_not_stand_there() -> None:
    """For one rule, or for the whole kind."""
    assert not heard(rules("@may + @own ! dog"), "can i give my dog these pills")
    assert not heard(rules("@may + @own", never=("dog",)), "can i give my dog these pills")
    assert heard(rules("@may + @own ! dog", "@own"), "can i give my dog these pills")


def test_any_number_is_a_number() -> None:
    """`@number` is filled by figures alone."""
    assert heard(rules("pills + @number / 3"), "took 3 of the pills")
    assert not heard(rules("pills + @number / 3"), "took three of the pills")


@pytest.mark.parametrize("line", ["@nowhere + pills", "@may + pills / soon"])
def test_a_rule_that_cannot_be_read_is_named(line: str) -> None:
    """A set that is not there, a reach that is no number."""
    with pytest.raises(ValueError, match=r"nowhere|soon"):
        rules(line)


def test_a_set_that_holds_itself_is_named() -> None:
    """It would never end."""
    with pytest.raises(ValueError, match="holds itself"):
        read_intents({"a": "@b", "b": "@a"}, {"advice": {"x": ["@a"]}}, NOBODY)


def test_a_broken_file_of_rules_is_told_like_a_broken_card(tmp_path: Path) -> None:
    """With its path, and what to mend."""
    whole = (LIBRARY / "en" / "intents.yaml").read_text(encoding="utf-8")
    with pytest.raises(Problems, match=r"en/intents\.yaml:2: mend the rules: the set `gone` is not there"):
        load(small_library.write(tmp_path, {"en/intents.yaml": whole.replace('"@fate"', '"@gone"')}))


def story(*asking: str) -> Intents:
    """Rules of which the lines hold only where a message about pills asks."""
    advice = {"never": ("dog",), "pills": ("@may + @own",)}
    return read_intents(SETS, {"advice": advice, "asking": {"about": ("@own",), "pills": asking}}, NOBODY)


def test_a_story_is_judged_by_what_it_asks() -> None:
    """In its questions and its end, where the message tells elsewhere what it is about; `never` is read there alone."""
    told, rest = "i have pills and a dog. we went out. it rained. it stopped.", "one. two. three. four."
    assert heard(story("take it or"), f"{told} take it or not?")
    assert heard(story("take it or"), f"{told} take it or not? {rest}")
    assert heard(story(), f"{told} can i stop pills? {rest}")
    assert not heard(story("take it or"), "we went out. take it or not?")
    assert not heard(story("take it or"), "pills, take it or not?")


def test_what_a_story_tells_on_its_way_is_not_what_it_asks() -> None:
    """Once it has a question; without one all of it is judged."""
    told = "can i stop pills, i said. they laughed. we went home. it rained. it stopped."
    assert heard(story(), told)
    assert not heard(story(), f"{told} what is a biologic?")


def test_a_word_may_stand_anywhere_in_the_message() -> None:
    """However far from where it asks."""
    told = "the report is here. we went out. it rained. it stopped. pills."
    assert heard(story("what now & report"), f"{told} what now?")
    assert not heard(story("what now & letter"), f"{told} what now?")
