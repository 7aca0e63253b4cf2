"""Fewer tips, or none: by stop, by pause, by bad news, by danger. Each at once, and each said truthfully."""

from dataclasses import replace
from datetime import date

import pytest
import readers
from readers import ANNA, NOW, STOPPED, SUBSCRIBED, Person, problems

from content.conversation import answer, reads
from content.ending import pauses, stops
from content.events import Go, Say
from content.model import Library
from content.people import Enrolment, Pause, Reader, Silence, Stop, Subscription, Unpause

IN_A_WEEK = date(2026, 12, 1)
CALMED = replace(SUBSCRIBED, state="silent")


@pytest.mark.parametrize(
    "words",
    [
        "stop",
        "STOP",
        "/stop",
        "Unsubscribe",
        "quit",
        "cancel",
        "end",
        "parar",
        "baja",
        "stop tips",
        "Stop the tips!",
        "no more tips",
        "no más consejos",
        "stop sending me this",
        "Take me off this list",
        "stpo",
        "\U0001f6d1",
        "how do I stop the tips",
        "stop tips from the infusion nurse",
        "ya no quiero mensajes",
        "deja de escribirme",
        "para ya",
        "quiero darme de baja",
    ],
)
def test_stop_ends_all_tips(library: Library, words: str) -> None:
    """In any wording, as the whole message; and it says how to turn them on again."""
    person = Person(library, SUBSCRIBED).says(words)
    assert person.answer.changes == (Stop(ANNA),)
    assert "All tips are off." in person.text
    assert "type tips" in person.text
    assert person.subscription
    assert person.subscription.state == "stopped"
    assert person.taps("Turn tips on").subscription == replace(SUBSCRIBED, stopped=NOW)


@pytest.mark.parametrize(
    "words",
    [
        "can I stop my pills",
        "stop the steroids",
        "when do tips stop",
        "please don't stop the tips",
        "I want to stop treatment",
        "no more chemo",
        "quiero dejar el tratamiento",
        "para mi madre",
        "no paren los consejos",
    ],
)
def test_a_question_about_stopping_stops_nothing(library: Library, words: str) -> None:
    """Only a message about tips ends them; no word about treatment does."""
    assert Person(library, SUBSCRIBED).says(words).subscription == SUBSCRIBED


@pytest.mark.parametrize("subscription", [None, STOPPED])
def test_a_stop_where_nothing_was_on_says_so(library: Library, subscription: Subscription | None) -> None:
    """It is kept all the same: another tap may be on its way."""
    person = Person(library, subscription).says("stop")
    assert "None were on" in person.text
    assert person.answer.changes == (Stop(ANNA),)


def test_no_question_of_the_library_stops_or_pauses(library: Library) -> None:
    """What the cards are asked holds none of it."""
    asked = {words for cards in library.cards.values() for card in cards.values() for words in card.asks}
    assert [words for words in asked if stops(library, words) or pauses(library, words) is not None] == []


def test_a_death_comes_before_its_stop(library: Library) -> None:
    """Whoever tells of it in the same breath reads a kind line; no tips come either way."""
    person = Person(library, SUBSCRIBED).says("my mum died this morning, stop the tips")
    assert "sorry for your loss" in person.text
    assert person.answer.changes == (Silence(ANNA),)


def test_danger_comes_before_stop(library: Library) -> None:
    """Whoever types both is in danger."""
    person = Person(library, SUBSCRIBED).says("stop, my chest hurts")
    assert person.answer.urgent
    assert Stop(ANNA) not in person.answer.changes


@pytest.mark.parametrize(("target", "until"), [("pause/week", IN_A_WEEK), ("pause/month", date(2026, 12, 24))])
def test_a_pause_ends_by_itself(library: Library, target: str, until: date) -> None:
    """Its last day is said; tips can be turned on before."""
    person = Person(library, SUBSCRIBED).goes(target)
    assert person.answer.changes == (Pause(ANNA, until),)
    assert f"before {until.day} December 2026" in person.text
    assert person.taps("Turn tips on").subscription == SUBSCRIBED


@pytest.mark.parametrize(
    "words",
    [
        "pause, bad news",
        "pause bad news",
        "/pause bad news",
        "Pause: bad news.",
        "pausa, malas noticias",
        "/pause silent",
        "pause, bad news please",
    ],
)
def test_the_gentle_pause_asks_nothing(library: Library, words: str) -> None:
    """No more tips until they are turned on again; nobody is asked whether they are sure."""
    person = Person(library, SUBSCRIBED).says(words)
    assert person.answer.changes == (Silence(ANNA),)
    assert "?" not in person.text
    assert person.subscription == CALMED
    assert person.taps("Turn tips on").subscription == SUBSCRIBED


@pytest.mark.parametrize(
    ("words", "days"), [("pause a week please", 7), ("/pause for a month", 30), ("pausa una semana", 7), ("no tips for a week", 7)]
)
def test_a_pause_can_be_typed(library: Library, words: str, days: int) -> None:
    """In the words that people use."""
    (change,) = Person(library, SUBSCRIBED).says(words).answer.changes
    assert isinstance(change, Pause)
    assert (change.until - readers.TODAY).days == days


@pytest.mark.parametrize(
    "words", ["pause for 2 weeks", "pause until after my surgery", "take a break from tips", "pausa dos semanas", "pausar hasta enero"]
)
def test_another_pause_shows_the_choice(library: Library, words: str) -> None:
    """A time that has no button, or none at all."""
    assert "Choose how long" in Person(library, SUBSCRIBED).says(words).text


@pytest.mark.parametrize(
    "words", ["take a break from chemo", "pause my treatment for a week", "pause treatment bad news", "can we pause for a month"]
)
def test_a_question_about_a_pause_pauses_nothing(library: Library, words: str) -> None:
    """It is about treatment, not about tips."""
    assert Person(library, SUBSCRIBED).says(words).subscription == SUBSCRIBED


@pytest.mark.parametrize(
    ("subscription", "words"), [(None, "None are on"), (STOPPED, "You said stop."), (CALMED, "until you turn them on again")]
)
def test_a_pause_of_nothing_says_so(library: Library, subscription: Subscription | None, words: str) -> None:
    """Where no tips come there is nothing to pause."""
    for target in ("pause", "pause/week", "pause/silent"):
        person = Person(library, subscription).goes(target)
        assert words in person.text
        assert person.answer.changes == ()


def test_bad_news_silences_at_once(library: Library) -> None:
    """One kind line, no question, no cheer; how tips are turned on again; nothing of what only sounds alike."""
    for words, line in (
        ("My husband died on Sunday.", "sorry for your loss"),
        ("I am in hospice now", "so hard"),
        ("they stopped my treatment", "Thank you"),
    ):
        person = Person(library, SUBSCRIBED).says(words)
        assert person.answer.changes == (Silence(ANNA),)
        assert line in person.text
        assert "type tips" in person.text
        assert not {"?", "!"} & set(person.text)
        assert problems(person.screen) == []


def test_bad_news_without_tips_is_one_kind_line(library: Library) -> None:
    """Nothing is said of tips that are not on, and nothing is kept."""
    for subscription in (None, STOPPED, CALMED):
        person = Person(library, subscription).says("mi marido murió ayer")
        assert "Siento mucho su pérdida." in person.text
        assert "consejos" not in person.text
        assert (person.answer.changes, person.answer.later) == ((), ())


def test_whoever_asks_about_children_after_a_death_reads_of_feelings(library: Library) -> None:
    """Sorry first, then one card, and none that only sounds alike."""
    person = Person(library, SUBSCRIBED).says("Mom died. How do I tell the kids?")
    assert person.text.startswith("I am so sorry for your loss.")
    assert "Worry, low mood" in person.text
    assert not any(target.startswith("for-me") for target in person.targets())


def test_what_else_was_asked_is_answered_below(library: Library) -> None:
    """The kind line first, then the card."""
    person = Person(library, SUBSCRIBED).says("My mom passed away last week. What is CAR T?")
    assert person.text.startswith("I am so sorry for your loss.")
    assert "CAR T cells" in person.text


def test_a_question_about_bad_news_is_a_question(library: Library) -> None:
    """What is hospice, can it stop working: no kind line, and tips go on."""
    for words in ("what is hospice", "can it stop working", "my grandmother died of breast cancer 20 years ago"):
        person = Person(library, SUBSCRIBED).says(words)
        assert person.subscription == SUBSCRIBED
        assert "sorry" not in person.text


def test_silence_that_could_not_be_kept_says_so(library: Library) -> None:
    """The kind line stays; how to end tips is said."""
    otherwise = Person(library, SUBSCRIBED).says("my husband died yesterday").answer.otherwise
    assert otherwise
    assert "sorry for your loss" in otherwise.text
    assert "type stop" in otherwise.text


def test_bad_news_is_kept_later_where_nothing_is_known(library: Library) -> None:
    """The store looks itself whether tips are on."""
    found = answer(library, Say(ANNA, ANNA, "my wife has died"), Reader(ANNA, "patient", known=False), NOW)
    assert (found.changes, found.later) == ((), (Silence(ANNA),))
    assert "tips" not in found.screens[0].text


def test_typed_danger_pauses_tips_for_a_week(library: Library) -> None:
    """After the answer, which never waits for it; "not happening now" carries the day, shows the card and lifts that pause."""
    person = Person(library, SUBSCRIBED).says("i have chest pain on keytruda")
    assert person.answer.changes == ()
    assert person.answer.later == (Pause(ANNA, IN_A_WEEK, longer=True),)
    assert person.subscription == replace(SUBSCRIBED, paused_until=IN_A_WEEK)
    person.taps("This is not happening now")
    assert person.answer.later == (Unpause(ANNA, IN_A_WEEK),)
    assert person.subscription == SUBSCRIBED
    assert "Not yet reviewed by a clinician" in person.text


def test_a_longer_pause_stays(library: Library) -> None:
    """Danger never shortens it, and "not happening now" does not lift it."""
    longer = replace(SUBSCRIBED, paused_until=date(2026, 12, 24))
    person = Person(library, longer).says("i have chest pain on keytruda")
    assert person.subscription == longer
    assert person.taps("This is not happening now").subscription == longer


@pytest.mark.parametrize("subscription", [None, STOPPED, CALMED])
def test_danger_touches_no_tips_that_are_off(library: Library, subscription: Subscription | None) -> None:
    """Nothing is kept, and the button carries no day."""
    person = Person(library, subscription).says("i have chest pain on keytruda")
    assert person.answer.later == ()
    assert any(target.count("/") == 2 for target in person.targets() if target.startswith("urgent/not-now"))


def test_self_harm_silences(library: Library) -> None:
    """Until tips are turned on again; there is no button that lifts it."""
    person = Person(library, SUBSCRIBED).says("i want to die")
    assert person.answer.later == (Silence(ANNA),)
    assert not [target for target in person.targets() if "not-now" in target]


def test_danger_is_answered_and_pauses_where_nothing_is_known(library: Library) -> None:
    """The store looks itself whether tips are on."""
    found = answer(library, Say(ANNA, ANNA, "no puedo respirar"), Reader(ANNA, "patient", known=False), NOW)
    assert found.urgent
    assert found.later == (Pause(ANNA, IN_A_WEEK, longer=True),)


@pytest.mark.parametrize("rest", ["heart", "heart/20261201", "heart/99999999", "heart/x", "nothing/20261201", "/", "heart/2026-12-"])
def test_not_now_reads_nothing_and_always_shows_something(library: Library, rest: str) -> None:
    """Old buttons without a day, forged ones, groups that are gone."""
    event = Go(ANNA, ANNA, f"urgent/not-now/{rest}", "en")
    assert reads(library, event) == "nothing"
    found = answer(library, event, Reader(ANNA, "patient"), NOW)
    assert found.changes == ()
    assert found.later == ((Unpause(ANNA, IN_A_WEEK),) if rest.endswith("/20261201") else ())


def test_a_link_lifts_no_pause(library: Library) -> None:
    """A deep link only shows."""
    assert Person(library, SUBSCRIBED).says("/start urgent/not-now/heart/20261201").answer.later == ()


def test_the_question_after_sixty_days(library: Library) -> None:
    """Yes turns them on as they were; no stops; both below the question, and both count as a choice."""
    asked = replace(SUBSCRIBED, state="silent", chosen=date(2026, 9, 20))
    assert Person(library, asked).goes("tips/go-on", below=True).subscription == SUBSCRIBED
    stopped = Person(library, asked).goes("stop", below=True).subscription
    assert stopped
    assert stopped.state == "stopped"


def test_what_is_kept_of_tips_is_told(library: Library) -> None:
    """Zone, series, days, hour, how they stand, the last choice and the last tip; all of it, and nothing that is not kept."""
    kept = replace(SUBSCRIBED, series={"starting": Enrolment("save-the-number")}, sent=NOW, paused_until=IN_A_WEEK)
    text = Person(library, kept).says("mydata").text
    for words in (
        "Madrid",
        "Starting treatment",
        "Tuesday and Friday",
        "10:00 am",
        "paused until 1 December 2026",
        "24 November 2026, and the name",
        "in the last 7 days: nothing",
    ):
        assert words in text


def test_forgetting_tells_of_the_tips_it_erased(library: Library) -> None:
    """The receipt names them, says that none comes any more, and nothing is left."""
    person = Person(library, SUBSCRIBED).goes("forget/yes")
    for words in ("Erased.", "It is gone:", "Starting treatment", "Madrid", "No more tips come."):
        assert words in person.text
    assert person.subscription is None
    assert "keep nothing" in person.says("mydata").text


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("my data", "What we keep about you"),
        ("what do you know about me?", "What we keep about you"),
        ("show me my data please", "What we keep about you"),
        ("mis datos", "What we keep about you"),
        ("¿qué sabe de mí?", "What we keep about you"),
        ("delete my data", "Erase everything?"),
        ("please forget me", "Erase everything?"),
        ("borra mis datos", "Erase everything?"),
        ("quiero borrar mis datos", "Erase everything?"),
    ],
)
def test_what_is_kept_is_asked_for_in_any_words(library: Library, words: str, heading: str) -> None:
    """To see it, and to erase it; nothing goes before the second tap."""
    person = Person(library, SUBSCRIBED).says(words)
    assert heading in person.text
    assert person.answer.changes == ()


@pytest.mark.parametrize(
    "words", ["what do you know about melanoma", "does my hospital delete my data", "i forget things", "mis datos de la sangre"]
)
def test_a_question_is_no_wish_to_see_or_erase(library: Library, words: str) -> None:
    """One word more, and it is about something else."""
    assert not {"forget", "forget/yes"} & set(Person(library, SUBSCRIBED).says(words).targets())
