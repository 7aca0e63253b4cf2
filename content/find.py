"""The one search: what do these words ask for? In the order of judgement, danger first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from content.commands import named
from content.index import index_of
from content.model import Library, Term
from content.people import Audience
from content.personal import personal
from content.urgent import Danger, Tier, judge
from content.words import fold, stem, stems, tokens

Kind = Literal["cards", "urgent", "advice", "off_topic", "private", "greeting", "command"]

MAXIMUM_CARDS: Final = 4
_SURE_WEIGHT, _SURE_MARGIN, _SURE_COVERAGE, _KNOWN_WEIGHT = 4.0, 0.1, 0.5, 2.7


@dataclass(frozen=True, slots=True)
class Hit:
    """A card, or `glossary/<term>`, and how well it fits; higher is better, and only comparable within one question."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Findings:
    """`sure` is False where the cards are only the closest topics. `danger` is set for kind `urgent` and for a "what if"."""

    kind: Kind
    sure: bool = True
    cards: tuple[Hit, ...] = ()
    danger: Danger | None = None
    language: str = "en"

    @property
    def tier(self) -> Tier | None:
        """How urgent; None where nothing is happening now."""
        return self.danger.tier if self.danger and self.kind == "urgent" else None

    @property
    def group(self) -> str | None:
        """The group of red flags that was heard, also in a "what if"."""
        return self.danger.group if self.danger else None


def find(library: Library, words: str, audience: Audience, language: str) -> Findings:
    """What the words ask for. Never raises, whatever they hold."""
    danger = judge(library.urgent, words)
    if danger and not danger.hypothetical:
        return Findings("urgent", danger=danger, language=library.spoken(danger.language or language))
    command = named(library, words, audience)
    name = command[0].name if command else ""
    if name == "urgent":
        return Findings("urgent", language=language)
    if name != "stop" and personal(words):
        return Findings("private", language=language)
    if command:
        return Findings("command", language=language)
    if greeted := _greetings(library).get(fold(words).strip(" .!?¡¿")):
        return Findings("greeting", language=greeted)
    return _cards(library, words, audience, _language_of(library, words, language), danger)


def _language_of(library: Library, words: str, language: str) -> str:
    """The language that the question shows more signs of; the reader's where that is unsure."""
    said = tokens(words)
    signs = {code: _signs(library, code, words, said) for code in library.languages}
    best = max(signs, key=lambda code: (signs[code], code == language))
    return best if signs[best] > signs[language] else language


def _signs(library: Library, language: str, words: str, said: tuple[str, ...]) -> int:
    """Small words count twice, and letters of one language three times; a word that stands in our texts counts once."""
    small, ours = set(library.phrase(language, "language.words").split()), index_of(library, language).postings
    letters = library.phrase(language, "language.letters")
    known = sum((2 if word in small else 0) + (stem(word, language) in ours) for word in said)
    return known + (3 if any(letter in letters for letter in words.casefold()) else 0)


@lru_cache(maxsize=4)
def _greetings(library: Library) -> Mapping[str, str]:
    return {
        fold(word.strip()): language
        for language in reversed(library.languages)
        for word in library.phrase(language, "found.greetings").split(",")
    }


def _cards(library: Library, words: str, audience: Audience, language: str, danger: Danger | None) -> Findings:
    index = index_of(library, language)
    asked = index.spelled(stems(words, language))
    ranked = [(id, score) for id, score in index.scores(asked) if id.startswith("glossary/") or library.read_by(id, audience)]
    meant = [pair for pair in ranked if pair[0] in index.names.get(tuple(asked), ())]
    ranked = [*meant, *(pair for pair in ranked if pair not in meant)]
    hits = tuple(Hit(id, round(score, 3)) for id, score in ranked[:MAXIMUM_CARDS])
    if danger and (card := library.urgent[language].card(danger.group)) and card in library.cards["en"]:
        hits = (Hit(card, hits[0].score if hits else 0.0), *(hit for hit in hits if hit.id != card))[:MAXIMUM_CARDS]
        return Findings("cards", True, hits, danger, language)
    weight = index.matched(asked)
    if not meant and (not hits or weight < _KNOWN_WEIGHT):
        return Findings("off_topic", sure=False, language=language)
    margin = 1 - ranked[1][1] / ranked[0][1] if len(ranked) > 1 else 1.0
    foreseen = weight >= _SURE_WEIGHT and margin >= _SURE_MARGIN and index.coverage(asked) > _SURE_COVERAGE
    return Findings("cards", len(meant) == 1 or foreseen, hits, language=language)


def term_named(library: Library, word: str, language: str) -> Term | None:
    """The glossary entry of that name or alias, in the reader's language first."""
    wanted = fold(word).strip(" .?!")
    for spoken in dict.fromkeys((language, *library.languages)):
        for term in library.terms[spoken].values():
            if wanted in (fold(name) for name in (term.key, term.term, *term.aliases)):
                return library.term(term.key, language)
    return None
