"""The second reading: what all the words of a message speak for, where rules hear too much or nothing."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from readers import Person

from content.find import find
from content.model import Library
from content.second_reading import SecondReading, read, seen
from content.urgent import UNNAMED, judge, listen
from content.weighing import Leaning, Said, Weights, weighed
from content.words import tokens

WEIGHTS = Weights(0.5, {"ago": -3.0, "now": 2.0, "years ago": -1.0, "#": -0.25})
LEANING = Leaning(1, 0.1, 0.9, 0.99, WEIGHTS)
NONE, NO, YES = Weights(0, {}), Weights(-9, {}), Weights(9, {})
HEARD = "chest pain twice on the way home"
OVER = "I had chest pain twice on the way home, a colleague drove me, and we laughed about the traffic all the way to the coast and back"
PLAIN = "how does the drug know where to go"
STORY = (
    "Hello everybody, a year of the infusions for my kidney and then some tablets, we walk the dog up the hill every day and are glad, the "
    "grandchildren come on Sundays and we bake. "
)


def danger(library: Library, evidence: Weights) -> Library:
    """The library with other weights of danger."""
    return replace(library, danger=SecondReading(1, 0.1, 0.1, 0.2, 0.9, NONE, NONE, evidence))


def decision(library: Library, weights: Weights) -> Library:
    """The library with other weights of a decision, where nothing is danger that no rule hears."""
    return replace(danger(library, NO), decision=Leaning(1, 0.1, 0.9, 0.99, weights))


def test_the_weights_of_words_and_of_neighbours_are_summed_up() -> None:
    """Each once, all numbers as one; what has none weighs nothing."""
    assert WEIGHTS.log_odds(weighed(tokens("Two years ago, 3 years AGO, in 2019!"))) == pytest.approx(0.5 - 3.0 - 1.0 - 0.25)


@pytest.mark.parametrize(("words", "says"), [("years ago", False), ("now now", True), ("", None), ("now, 7 years ago", None)])
def test_between_two_probabilities_nothing_is_said(words: str, says: bool | None) -> None:
    """Log-odds of 2.2 and of -2.2 are a probability of nine and of one in ten."""
    assert LEANING.says(Said.of(tokens(words))) is says


@given(some.text())
def test_any_text_is_weighed(words: str) -> None:
    """Whatever it holds."""
    assert isinstance(WEIGHTS.log_odds(weighed(tokens(words))), float)


def test_of_few_words_nothing_is_said() -> None:
    """There a single word would tip the scale."""
    few = Leaning(3, 0.1, 0.9, 0.99, YES)
    assert (few.says(Said.of(["years", "ago"])), few.says(Said.of(["two", "years", "ago"]))) == (None, True)


def test_what_the_rules_of_doubt_hear_has_a_weight_too() -> None:
    """A context counts once, wherever it stands."""
    assert Weights(0, {"@past": -4.0}).log_odds(weighed(["long", "ago"], {"past", "question"})) == -4


def test_a_doubted_danger_keeps_the_red_flag_line(library: Library) -> None:
    """No alarm, and no card of its group: what was asked, with the line for those to whom it happens now."""
    assert find(danger(library, YES), OVER, "patient", "en").tier == "emergency"
    doubted = find(danger(library, NO), OVER, "patient", "en")
    assert doubted.danger
    assert (doubted.kind == "urgent", doubted.tier, doubted.group, doubted.danger.certainty) == (False, None, "heart", "doubtful")


@pytest.mark.parametrize(
    "words",
    [
        HEARD,
        "I have chest pain, is that normal on Keytruda?",
        "coughing up blood, what can I take for it?",
        "me duele el pecho, ¿puede esperar hasta el jueves?",
        "no puedo respirar",
    ],
)
def test_a_plain_emergency_is_never_doubted(library: Library, words: str) -> None:
    """In few words, whatever the weights say and whatever is asked after it."""
    assert find(danger(library, NO), words, "patient", "en").tier == "emergency"


@pytest.mark.parametrize("words", ["I want to die", "hace meses que quiero morirme", "he says he will kill himself tonight"])
def test_a_wish_to_die_is_never_doubted(library: Library, words: str) -> None:
    """Whatever the weights say."""
    found = find(danger(library, NO), words, "patient", "en")
    assert (found.kind, found.group) == ("urgent", "self-harm")


@pytest.mark.parametrize(("words", "language"), [(PLAIN, "en"), ("cómo sabe la medicina adónde ir", "es")])
def test_a_danger_that_no_rule_names_is_an_emergency(library: Library, words: str, language: str) -> None:
    """It is answered in the language of the message; no group is made up."""
    assert judge(listen(library.urgent, words)) is None
    found = find(danger(library, YES), words, "patient", "en")
    assert (found.kind, found.tier, found.group, found.language) == ("urgent", "emergency", None, language)


def test_a_danger_that_no_rule_names_may_be_somebody_elses(library: Library) -> None:
    """Who speaks of another is spoken to as a helper."""
    others, own = (find(danger(library, YES), words, "patient", "en").danger for words in ("my wife looks odd", "I feel odd"))
    assert others
    assert own
    assert (others.of_another, own.of_another) == (True, False)


def test_what_is_told_beside_a_what_if_is_heard(library: Library) -> None:
    """Who asks what would be gets the card; unless all the words tell that it is so."""
    what_if = "what if I get chest pain on Keytruda"
    supposed, told = (find(danger(library, by), what_if, "patient", "en") for by in (NO, YES))
    assert (supposed.kind, supposed.tier, supposed.group) == ("cards", None, "heart")
    assert (told.kind, told.tier, told.group) == ("urgent", "emergency", "heart")


def test_between_the_two_what_no_rule_heard_has_the_line(library: Library) -> None:
    """No alarm, no group, but the line for those to whom it happens now."""
    found = find(danger(library, NONE), PLAIN, "patient", "en")
    assert found.danger
    assert (found.kind, found.group, found.danger.certainty) == ("cards", None, "doubtful")


def test_words_may_ask_for_a_decision_without_a_rule(library: Library) -> None:
    """Where no rule knows which decision it is, the words for one's own case stand there; a rule's matter stays."""
    sure, unsure = (decision(library, by) for by in (YES, NO))
    asks = "Should I stop my Keytruda after two years?"
    assert find(sure, PLAIN, "patient", "en").matter == "own"
    assert find(sure, asks, "patient", "en").matter == "medicine"
    assert find(unsure, asks, "patient", "en").kind == "cards"


def test_only_in_a_story_do_words_ask_for_a_decision_beside_a_what_if(library: Library) -> None:
    """In a short one the card of what is feared answers."""
    what_if = "What if I get chest pain on Keytruda?"
    short, story = (find(decision(library, YES), words, "patient", "en") for words in (what_if, STORY + what_if))
    assert (short.kind, story.kind) == ("cards", "advice")
    assert story.danger


def test_a_line_in_few_words_is_seen_in_a_story(library: Library) -> None:
    """What is weighed of a sign is how its own sentence tells it, whatever stands around."""
    told, over = (
        sorted(name for name in signs(library, STORY + line) if name.startswith("sign"))
        for line in ("I cannot breathe.", "Back in 2019 I could not breathe for days, which was treated and is long over.")
    )
    assert told == ["sign", "sign in few words", "sign not told as ended", "sign not told as over"]
    assert over == []


def signs(library: Library, words: str) -> Mapping[str, float]:
    """How the rules heard a sign."""
    hearing = listen(library.urgent, words)
    return seen(hearing, judge(hearing)).signs


def test_nothing_of_our_own_sounds_like_danger(library: Library) -> None:
    """Of what leads to our cards hardly one in a thousand alarms where no rule does; the weights know all of it, so more is a fault."""
    cards = [card for language in library.cards.values() for card in language.values() if not card.id.startswith("urgent/")]
    said = {words for card in cards for words in (card.title, *card.aliases, *card.asks)}
    said |= {term.term for language in library.terms.values() for term in language.values()}
    heard = {words: read(library.urgent, library.danger, words) for words in said}
    alarming = [words for words, found in heard.items() if found and found.present and found.group == UNNAMED]
    assert len(alarming) < len(said) / 1_000, alarming


def talk_and_elsewhere(library: Library, talk: Weights, elsewhere: Weights) -> Library:
    """The library with other weights of both."""
    return replace(library, talk=Leaning(1, 0.1, 0.9, 0.99, talk), elsewhere=Leaning(1, 0.1, 0.9, 0.99, elsewhere))


@pytest.mark.parametrize(
    ("talk", "elsewhere", "kind"), [(YES, NO, "greeting"), (NO, YES, "off_topic"), (YES, YES, "off_topic"), (NO, NO, "cards")]
)
def test_words_may_only_talk_or_have_nothing_to_do_with_us(library: Library, talk: Weights, elsewhere: Weights, kind: str) -> None:
    """Where no rule knows them; what is about something else is that, however kindly it is said."""
    assert find(talk_and_elsewhere(library, talk, elsewhere), "the neighbours brought us plums again", "patient", "en").kind == kind


@pytest.mark.parametrize(("talk", "elsewhere", "sure"), [(NO, NO, True), (NONE, NO, False), (NO, NONE, False)])
def test_a_card_is_the_answer_where_the_words_speak_for_a_question_of_ours(
    library: Library, talk: Weights, elsewhere: Weights, sure: bool
) -> None:
    """Where that is open, it is one of the closest topics."""
    question = "how soon do side effects start after an infusion in most people"
    found = find(talk_and_elsewhere(library, talk, elsewhere), question, "patient", "en")
    assert (found.kind, found.sure, found.cards[0].id) == ("cards", sure, "side-effects/when")


def test_a_card_that_is_named_is_the_answer(library: Library) -> None:
    """In one word, which may mean anything."""
    named = find(talk_and_elsewhere(library, NONE, NONE), library.card("side-effects/when", "en").title, "patient", "en")  # type: ignore[union-attr]  # it is there
    assert named.sure


def test_small_talk_is_never_more_than_danger(library: Library) -> None:
    """Danger comes first, whatever the words speak for."""
    assert find(talk_and_elsewhere(library, YES, YES), "haha thanks, i cant breathe", "patient", "en").kind == "urgent"


def test_doubt_that_no_rule_names_has_the_red_flag_line(library: Library) -> None:
    """It has no group, and is shown all the same."""
    doubted = Person(danger(library, NONE)).says("when do side effects start").text
    assert doubted.startswith(library.phrase("en", "found.maybe_urgent"))
