"""Every text of the library that a reader may see, one after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from content.model import Card, Library

_NUMBER: Final = r"\d+(?:[.,]\d+)?"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text in its file; `signed` says that a named clinician has put a name to it."""

    path: str
    field: str
    language: str
    text: str
    signed: bool = False


def passages(library: Library) -> Iterator[Passage]:
    """Cards, topics, glossary, tips, questions and the bot's own sentences, in every language that has words of its own."""
    for language in library.languages:
        for path, card in own_cards(library, language):
            for field, text in (("title", card.title), ("text", card.text), ("action", card.action)):
                yield Passage(path, field, language, text, signed=card.reviewed is not None)
        yield from _others(library, language)


def _others(library: Library, language: str) -> Iterator[Passage]:
    for topic in library.topics[language].values():
        path = f"{language}/{topic.id}/index.yaml" if topic.id else f"{language}/index.yaml"
        yield Passage(path, "intro", language, f"{topic.title}. {topic.intro}")
    for key, term in library.terms[language].items():
        yield Passage(f"{language}/glossary.yaml", key, language, term.text)
    for series in library.series[language].values():
        for tip in series.tips.values():
            if tip.language == language:
                yield Passage(f"{language}/tips/{series.key}.yaml", f"  {tip.id.rpartition('/')[2]}", language, tip.text)
    for letter, question in library.questions[language].items():
        yield Passage(f"{language}/questions.yaml", letter, language, question.text)
    for key, phrase in library.phrases[language].items():
        if not key.endswith(".said"):
            yield Passage(f"{language}/phrases.yaml", key.split(".")[0], language, phrase)


def own_cards(library: Library, language: str) -> Iterator[tuple[str, Card]]:
    """The cards whose text is really in that language, with their files."""
    for card in library.cards[language].values():
        if card.language == language:
            yield f"{language}/{card.id}.yaml", card


def body(card: Card) -> str:
    """A card's text and action as one text."""
    return f"{card.text}\n\n{card.action}"


def met(text: str, phrases: tuple[str, ...], numbers: tuple[str, ...] = ()) -> list[str]:
    """The words of the text that these phrases name, once each, as they stand there; `numbers` are numbers in words."""
    return list(dict.fromkeys(found.group().lower() for found in pattern(phrases, numbers).finditer(text))) if phrases else []


@lru_cache(maxsize=64)
def pattern(phrases: tuple[str, ...], numbers: tuple[str, ...] = ()) -> re.Pattern[str]:
    """What finds these phrases."""
    number = "|".join((_NUMBER, *numbers)).replace("\\", r"\\")
    named = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in sorted(phrases, key=len, reverse=True))
    each = (re.sub(r"\bN(?=\\ |-)", f"(?:{number})", name).replace(r"\ ", r"[\s-]+") for name in named)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)", re.IGNORECASE)
