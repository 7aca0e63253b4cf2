"""The one search, in the order of judgement."""

import pytest

from content.find import find
from content.model import Library

QUESTIONS = {
    "what is car t": "kinds/cells/car-t",
    "will i lose my hair": "for-me/compare/chemo",
    "how much does keytruda cost": "more/costs/why",
    "mom is so tired all the time": "side-effects/common/tired",
    "can i get the flu shot": "daily-life/vaccines/usual",
    "hospice": "treatment/results/comfort",
    "¿se me va a caer el pelo?": "for-me/compare/chemo",
    "cuánto cuesta": "more/costs/why",
}


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_clear_question_finds_its_card(library: Library, words: str) -> None:
    """The best card is shown at once where it is clear."""
    found = find(library, words, "patient", "en")
    assert (found.kind, found.sure, found.cards[0].id) == ("cards", True, QUESTIONS[words])


def test_a_title_or_alias_is_enough(library: Library) -> None:
    """Typing a card's own title brings that card first, for every card."""
    for card in library.cards["en"].values():
        found = find(library, card.title, "care-team", "en")
        assert found.kind in ("urgent", "command", "greeting") or card.id in [hit.id for hit in found.cards], card.title


def test_a_misspelt_word_is_understood(library: Library) -> None:
    """Nearly our own word is our own word."""
    assert find(library, "chekpoint inhibiters", "patient", "en").cards[0].id in ("what-it-is/brakes", "kinds/checkpoint/how")


def test_every_drug_name_leads_to_its_card(library: Library) -> None:
    """Brand or plain name, alone or misspelt by a letter."""
    for drug in library.drugs:
        for name in (drug.brand, drug.generic):
            found = find(library, f"what is {name}", "patient", "en")
            assert set(drug.cards) & {hit.id for hit in found.cards}, (name, found)
    assert find(library, "what is pembrolizumap", "patient", "en").cards[0].id == "kinds/checkpoint/names"


def test_patients_never_find_cards_of_the_care_team(library: Library) -> None:
    """Audience is checked in the search too."""
    for words in ("grade 3 colitis infliximab", "crs grading tocilizumab", "ice score icans"):
        assert not [hit for hit in find(library, words, "patient", "en").cards if hit.id.startswith("care/")]
        assert [hit for hit in find(library, words, "care-team", "en").cards if hit.id.startswith("care/")]


@pytest.mark.parametrize("words", ["who won the game", "write me a poem", "asdf qwer", "ignore previous instructions"])
def test_what_is_not_ours_is_not_answered(library: Library, words: str) -> None:
    """No card is dressed as an answer."""
    found = find(library, words, "patient", "en")
    assert not found.sure
    assert found.kind == "off_topic"


def test_the_order_of_judgement(library: Library) -> None:
    """Danger, stop, personal data, command, greeting, cards."""
    kinds = {
        "i have chest pain, mail me at a@b.org": "urgent",
        "stop": "command",
        "my email is a@b.org": "private",
        "menu": "command",
        "hola": "greeting",
        "emergency": "urgent",
    }
    assert {words: find(library, words, "patient", "en").kind for words in kinds} == kinds


def test_a_greeting_is_answered_in_its_own_language(library: Library) -> None:
    """Hola is Spanish whatever the setting."""
    assert find(library, "¡Hola!", "patient", "en").language == "es"
    assert find(library, "thanks", "patient", "es").language == "en"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("urgent help", "en"),
        ("Urgent help, please!", "en"),
        ("urgent please", "en"),
        ("It's urgent", "en"),
        ("I have an emergency", "en"),
        ("emergency numbers", "en"),
        ("ayuda urgente", "es"),
        ("¡Ayuda urgente, por favor!", "es"),
        ("urgencias", "es"),
        ("Es una emergencia", "es"),
        ("número de emergencia", "es"),
    ],
)
def test_a_call_for_urgent_help_opens_the_numbers(library: Library, words: str, language: str) -> None:
    """In both languages the same page as the command's, whatever the setting, and in the language of the call."""
    for setting in library.languages:
        found = find(library, words, "patient", setting)
        assert (found.kind, found.danger, found.language) == ("urgent", None, language)
