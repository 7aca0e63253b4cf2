"""How bad news is heard: told of oneself or a loved one it counts, asked about it does not. A kind line on a question reads odd."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from content.gentle import told
from content.model import Library
from content.urgent import judge, listen

MESSAGES = Path(__file__).parent / "gentle"
LANGUAGES = ("en", "es")


def heard(library: Library, words: str) -> str | None:
    """The kind of news in the words."""
    news = told(library.gentle, words)
    return news.kind if news else None


def messages(language: str) -> dict[str, dict[str, list[str]]]:
    """What is told by kind, and what is none."""
    read: dict[str, dict[str, list[str]]] = yaml.safe_load((MESSAGES / f"{language}.yaml").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_news_is_heard(library: Library, language: str) -> None:
    """Every message that tells of it is heard as its kind."""
    said = [(kind, words) for kind, each in messages(language)["told"].items() for words in each]
    assert len(said) >= 40
    assert [(kind, words, found) for kind, words in said if (found := heard(library, words)) != kind] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_about_it_is_a_question(library: Library, language: str) -> None:
    """Questions, fears, plans, what is long over, other people's news, phones that died: none of them silences anybody."""
    said = messages(language)["none"]
    assert len(said) >= 40
    assert [(words, found) for words in said if (found := heard(library, words))] == []


def test_what_people_ask_the_library_is_none(library: Library) -> None:
    """Of the questions that cards expect, none is heard as news of one's own."""
    asked = {
        words
        for cards in library.cards.values()
        for card in cards.values()
        for words in card.asks
        if words.startswith(("what", "can", "is", "qu"))
    }
    assert [words for words in asked if told(library.gentle, words)] == []


def test_no_danger_is_taken_for_it(library: Library) -> None:
    """The messages of danger are danger first; none of them is heard as a loss."""
    for language in LANGUAGES:
        for tiers in yaml.safe_load((MESSAGES.parent / "urgent" / f"{language}.yaml").read_text(encoding="utf-8")).values():
            for words in (str(each) for said in tiers.values() for each in said):
                assert heard(library, words) != "bereavement", words


def test_what_else_is_said_is_left(library: Library) -> None:
    """The rest of the message is what can still be answered; of the sentence that told only a question after its last comma."""
    for words, rest in (
        ("My mom passed away. What is CAR T?", "What is CAR T?"),
        ("Hi. my husband died yesterday", "Hi."),
        ("my husband died, can you stop these?", "can you stop these?"),
        ("my mother, who had melanoma, died", ""),
    ):
        news = told(library.gentle, words)
        assert news
        assert news.rest == rest


def test_both_at_once_is_danger(library: Library) -> None:
    """Whoever has lost somebody and is in danger is in danger."""
    danger = judge(listen(library.urgent, "my husband died yesterday and I want to die too"))
    assert danger
    assert danger.group == "self-harm"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_has_a_short_line_and_a_living_card(library: Library, language: str) -> None:
    """One kind line, no cheer, no question; the card that may help is there."""
    for kind, news in library.gentle[language].kinds.items():
        assert len(news.line.split()) <= 20, kind
        assert not set("!?¡¿") & set(news.line), kind
        assert library.card(news.card, language), kind


@settings(max_examples=200, deadline=None)
@given(words=some.text(max_size=400))
def test_any_words_are_heard(library: Library, words: str) -> None:
    """Whatever is typed, nothing breaks."""
    assert heard(library, words) in (None, *library.gentle["en"].kinds)


def test_a_message_made_to_be_slow_is_not(library: Library) -> None:
    """Many sentences, many repeated words: still read."""
    for words in ("a b. " * 2_000, "my husband " * 2_000 + "died", "the treatment " * 2_000):
        told(library.gentle, words)
