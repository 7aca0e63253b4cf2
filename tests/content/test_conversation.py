"""The conversation is one pure function: what is shown, what is kept, what a button holds."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from content.commands import COMMANDS
from content.conversation import PAGES, answer, reads, whose
from content.events import Event, Go, Say
from content.find import Findings, Hit, find
from content.model import Institution, Library
from content.pages import asked
from content.pages.reading import place
from content.people import Address, Audience, Choose, Erase, Kept, Reader, Stop
from content.screen import MAXIMUM_TARGET_BYTES, Button, Press, press_data, read_press
from content.turn import Answer, Turn

NOW = datetime(2026, 11, 24, 21, tzinfo=UTC)
ANNA = Address("telegram", "1", "42")
WARD = Address("slack", "T1", "C1")


def turn(library: Library, event: Event, audience: Audience = "patient", **known: object) -> Answer:
    """One turn of a reader."""
    return answer(library, event, Reader(ANNA, audience, **known), NOW)  # type: ignore[arg-type]  # the fields of a Reader


def say(library: Library, words: str, audience: Audience = "patient", **known: object) -> Answer:
    """One turn of a reader who types."""
    return turn(library, Say(ANNA, ANNA, words), audience, **known)


def go(library: Library, target: str, language: str = "en", audience: Audience = "patient", **known: object) -> Answer:
    """One turn of a reader who taps."""
    return turn(library, Go(ANNA, ANNA, target, language), audience, **known)


@pytest.mark.parametrize("audience", ["patient", "care-team"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_screen_can_be_walked_to_and_has_a_way_on(library: Library, audience: Audience, language: str) -> None:
    """From the menu every button leads to a screen; none leads to itself, none to the same place twice, and help is always near."""
    seen, waiting = set[str](), ["menu", "start"]
    while waiting:
        target = waiting.pop()
        if target in seen or target.startswith("questions/") or target == "forget/yes":
            continue
        seen.add(target)
        screen = go(library, target, language, audience, kept=Kept("en", "es", NOW.date())).screens[-1]
        targets = [button.target for button in screen.buttons()]
        assert len(targets) == len(set(targets)), target
        assert target not in targets, target
        assert "urgent" in targets or target.split("/")[0] == "urgent" or screen.picture, target
        assert all(len(button.target.encode()) <= MAXIMUM_TARGET_BYTES for button in screen.buttons())
        assert all(read_press(press_data(Press(language, each))) for each in targets)
        waiting += targets
    cards = {id for id in library.cards["en"] if library.read_by(id, audience)}
    assert cards <= seen


def test_every_command_answers(library: Library) -> None:
    """Each command of the table gives a screen with words, typed alone and with words after it."""
    assert set(COMMANDS) - {"ask"} <= set(PAGES)
    for name in COMMANDS:
        for words in (name, f"/{name}", f"/{name} something odd", f"/{name.upper()}"):
            assert all(screen.text.strip() for screen in say(library, words).screens), words


def test_stop_is_stop_only_as_the_whole_message(library: Library) -> None:
    """A question that holds the word is a question."""
    for words in ("STOP", "stop", "Unsubscribe", "parar", "baja", "/stop"):
        assert say(library, words).changes == (Stop(ANNA),), words
    assert "no tips" not in say(library, "can I stop my pills").screens[0].text.lower()


def test_danger_comes_before_a_command(library: Library) -> None:
    """Danger typed after a command is danger."""
    for words in ("/define i cannot breathe", "stop i have chest pain", "/start my throat is closing", "i cannot breathe"):
        found = say(library, words)
        assert found.urgent, words
        assert len(found.screens) == 2


def test_danger_is_answered_when_nothing_is_known_of_the_reader(library: Library) -> None:
    """A store that does not answer changes nothing but the numbers."""
    found = turn(library, Say(ANNA, ANNA, "no puedo respirar"), known=False)
    assert found.urgent
    assert found.screens[0].language == "es"


def test_a_region_brings_its_numbers(library: Library) -> None:
    """The page of numbers, and the urgent cards, carry the reader's own."""
    for target in ("urgent", "urgent/now"):
        assert "999" in go(library, target, region="gb").screens[0].text
        assert "999" not in go(library, target).screens[0].text


def test_an_institution_lays_its_own_numbers_over(library: Library) -> None:
    """Its team, lines, region and welcome; a reader's own region still goes first."""
    ward = Institution("Ward 5", "+1 555 010 0100", "day and night", "+1 555 010 0101", "us", "This bot is offered by Ward 5.")
    here = dataclasses.replace(library, institution=ward)
    assert "This bot is offered by Ward 5." in say(here, "/start").screens[0].text
    for words in ("Ward 5", "+1 555 010 0100", "+1 555 010 0101", "911"):
        assert words in go(here, "urgent").screens[0].text
    assert "+1 555 010 0100" in say(here, "i cannot breathe").screens[0].text
    assert "999" in go(here, "urgent", region="gb").screens[0].text


def test_a_card_of_the_care_team_is_not_for_patients(library: Library) -> None:
    """Neither by button nor by link nor by its sources; the care team reads it."""
    card = next(id for id in library.cards["en"] if id.startswith("care/"))
    for found in (go(library, card), go(library, f"{card}/sources"), say(library, f"/start {card}")):
        assert library.cards["en"][card].text[:40] not in found.screens[0].text
    assert library.cards["en"][card].text[:40] in go(library, card, audience="care-team").screens[0].text


def test_an_ancient_or_forged_button_offers_the_menu(library: Library) -> None:
    """What cannot be found says so and goes on."""
    for target in ("no/such/card", "gone", "glossary/nothing", "urgent/not-now/nothing", "questions/zzz", "region/zz", "language/xx"):
        assert list(go(library, target).screens[0].buttons())


@settings(max_examples=150, deadline=None)
@given(target=some.from_regex(r"[a-z0-9/-]{1,48}", fullmatch=True), language=some.sampled_from(["en", "es", "zz"]))
def test_any_target_gives_a_screen(library: Library, target: str, language: str) -> None:
    """Whatever a button held, there is an answer and never an error."""
    assert go(library, target, language).screens[0].text


@settings(max_examples=150, deadline=None)
@given(words=some.text(max_size=300))
def test_any_words_give_a_screen(library: Library, words: str) -> None:
    """Whatever is typed, there is an answer and never an error."""
    assert say(library, words).screens[0].text


@pytest.mark.parametrize(
    "words", ["", " ", "/", "a", "x" * 100_000, "\0\x01\x02", "‮שלום עולם", "😀😀😀", "help " * 20_000, "ch\u200best pain"]
)
def test_strange_words_give_a_kind_answer(library: Library, words: str) -> None:
    """Empty, one letter, 100 kB, binary, right to left, only emoji: always a way on."""
    assert list(say(library, words).screens[-1].buttons())


def test_choosing_keeps_one_thing(library: Library) -> None:
    """A tap keeps exactly what was chosen; where it cannot be kept, the screen does not say that it was."""
    chosen = go(library, "language/es")
    assert chosen.changes == (Choose(ANNA, language="es"),)
    assert chosen.screens[0].language == "es"
    region = go(library, "region/es")
    assert region.changes == (Choose(ANNA, region="es"),)
    assert region.otherwise
    assert "Saved" in region.screens[0].text
    assert "Saved" not in region.otherwise.text


def test_forgetting_asks_first_and_gives_a_receipt(library: Library) -> None:
    """Nothing is erased by asking; the receipt names what was."""
    kept = Kept("es", "mx", NOW.date())
    asked = say(library, "forget", kept=kept)
    assert asked.changes == ()
    done = go(library, "forget/yes", kept=kept)
    assert done.changes == (Erase(ANNA),)
    assert "Mexico" in done.screens[0].text
    assert go(library, "forget/yes").changes == ()


def test_a_link_only_shows(library: Library) -> None:
    """A deep link to a change opens the page where a tap decides."""
    kept = Kept("es", "mx", NOW.date())
    for words in ("/start forget/yes", "/start language/es", "/start region/mx"):
        assert say(library, words, kept=kept).changes == ()
    assert say(library, "/start urgent/fever").screens[0].text == go(library, "urgent/fever").screens[0].text


def test_a_tap_on_a_card_reads_no_table(library: Library) -> None:
    """Only typed words and personal pages need the reader's row, and only two pages everything kept."""
    assert reads(library, Go(ANNA, ANNA, "side-effects/overview", "en")) == "nothing"
    assert reads(library, Go(ANNA, ANNA, "urgent/now", "en")) == "row"
    assert reads(library, Say(ANNA, ANNA, "hello")) == "row"
    assert reads(library, Say(ANNA, ANNA, "mydata")) == "all"


def test_in_a_channel_tips_mean_the_channel(library: Library) -> None:
    """Whose row an event needs: the room's for tips, stop and pause, else the sender's."""
    for words in ("tips", "stop", "/pause"):
        assert whose(library, Say(ANNA, WARD, words)) == WARD
    assert whose(library, Say(ANNA, WARD, "language")) == ANNA


def test_a_cards_screen_depends_on_nothing_else(library: Library) -> None:
    """The same library, target, language and audience give the very same screen."""
    assert place(library, "side-effects/overview", "en", "patient") is place(library, "side-effects/overview", "en", "patient")


def test_a_page_without_a_translation_says_so(library: Library) -> None:
    """An English text under a Spanish menu stands under one Spanish line."""
    text = go(library, "side-effects/overview", "es").screens[0].text
    assert text.startswith("Esta página todavía está en inglés.")
    assert not go(library, "urgent/now", "es").screens[0].text.startswith("Esta página todavía")


def test_every_card_says_that_no_clinician_has_signed_it(library: Library) -> None:
    """Until one has, the source line says so, and the welcome too."""
    for card in library.cards["en"].values():
        assert "Not yet reviewed by a clinician" in go(library, card.id, audience="care-team").screens[0].text
    assert "No clinician has reviewed" in say(library, "/start").screens[0].text


def test_personal_data_is_not_repeated(library: Library) -> None:
    """A message with a name or number gets a kind answer that holds none of it."""
    for words in ("my name is Maria Lopez and i have a rash", "call me at +34 612 345 678", "maria@example.org"):
        text = say(library, words).screens[0].text
        assert "personal details" in text
        assert "aria" not in text


def test_a_withdrawn_card_says_so_and_leaves_search(library: Library) -> None:
    """At once after a reload: its id answers that it is being checked, and nobody finds its text."""
    card = library.cards["en"]["side-effects/fewer"]
    withdrawn = {**library.cards["en"], card.id: dataclasses.replace(card, withdrawn="a figure is in doubt")}
    here = dataclasses.replace(library, cards={**library.cards, "en": withdrawn})
    for found in (go(here, card.id), say(here, f"/start {card.id}"), go(here, f"{card.id}/picture")):
        assert "while we check it" in found.screens[0].text
        assert card.text[:30] not in found.screens[0].text
    assert card.id not in [hit.id for hit in find(here, card.title, "patient", "en").cards]
    assert card.id in [hit.id for hit in find(library, card.title, "patient", "en").cards]


@pytest.mark.parametrize("words", ["i have a rash", "rash", "tengo un sarpullido"])
def test_no_other_page_answers_for_a_withdrawn_one(library: Library, words: str) -> None:
    """What is near it is offered, and said to be no more than that."""
    id = "side-effects/common/skin"
    withdrawn = {
        language: {**cards, id: dataclasses.replace(cards[id], withdrawn="a figure is in doubt")}
        for language, cards in library.cards.items()
    }
    here = dataclasses.replace(library, cards=withdrawn)
    assert find(library, words, "patient", "en").sure
    found = find(here, words, "patient", "en")
    assert not found.sure
    assert found.cards
    assert id not in [hit.id for hit in found.cards]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Urgent help", "nobody watches this chat"),
        ("Ver mis consejos", "What time is it for you?"),
        ("My country", "Which emergency numbers"),
        ("Questions to ask", "Questions for your next visit"),
        ("erase", "nothing to erase"),
        ("español", "Seguimos en español"),
    ],
)
def test_a_typed_label_does_what_the_button_does(library: Library, typed: str, told: str) -> None:
    """Texts say "tap Urgent help"; whoever types it is taken there, not to a search."""
    assert told in say(library, typed).screens[0].text


@pytest.mark.parametrize("words", ["define antibody", "Define: antibody", "definir antibody"])
def test_a_word_is_looked_up_without_a_slash(library: Library, words: str) -> None:
    """The page about words gives this very example."""
    assert say(library, words).screens[0].text.startswith("**Antibody**")


@pytest.mark.parametrize("words", ["/start", "hello", "qwrtz plmkn"])
def test_a_screen_with_every_topic_has_no_button_to_the_menu(library: Library, words: str) -> None:
    """Such a button would bring the same buttons again."""
    assert "menu" not in [button.target for row in say(library, words).screens[0].rows for button in row if hasattr(button, "target")]


def offered(library: Library, hits: dict[str, float], *, sure: bool) -> dict[str, str]:
    """The labels of a found answer by their targets."""
    findings = Findings("cards", sure, tuple(Hit(id, score) for id, score in hits.items()))
    screen = asked.found(Turn(library, Reader(ANNA, "patient"), "en", NOW), findings).screens[0]
    return {button.target: button.label for row in screen.rows for button in row if isinstance(button, Button)}


def test_under_a_clear_answer_stands_only_what_is_near(library: Library) -> None:
    """Whoever reads that a treatment fails is not handed a page about myths, which shares a word or two with the question."""
    far = offered(library, {"treatment/results/not-working": 10.0, "more/myths/safe": 5.0}, sure=True)
    assert "treatment/results/comfort" in far
    assert "more/myths/safe" not in far
    assert "more/next/beyond" in offered(library, {"treatment/results/not-working": 10.0, "more/next/beyond": 9.0}, sure=True)


def test_a_word_and_a_page_of_one_name_can_be_told_apart(library: Library) -> None:
    """Two buttons that read "Chemo" would leave the choice to chance."""
    labels = offered(library, {"for-me/compare/chemo": 4.0, "glossary/chemo": 3.9, "glossary/colitis": 3.8}, sure=False)
    assert (labels["for-me/compare/chemo"], labels["glossary/chemo"], labels["glossary/colitis"]) == ("Chemo", "Word: Chemo", "Colitis")
