"""The one search: what do these words ask for? In the order of judgement, danger first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from content import second_reading
from content.commands import named
from content.foreign import is_foreign
from content.greeting import beside_courtesies, greeted, is_sad
from content.index import index_of
from content.intents import DECIDING
from content.model import Library, Term
from content.people import Audience, Gap
from content.personal import personal
from content.ranking import MAXIMUM_CARDS, ranked
from content.sayings import said
from content.spoken import urgent_said
from content.urgent import UNNAMED, Danger, Tier
from content.weighing import Said
from content.words import ends, fold, tokens, visible

Kind = Literal["cards", "urgent", "advice", "off_topic", "private", "greeting", "command"]


# What is off topic has nothing to do with us, but for these: an order to forget our rules may hold any question.
_TRICKS: Final = "tricks"
# What is asked stands at the beginning or the end: of a longer text no more than so many characters of either are searched.
_ASKED: Final = 700
# What is asked where only the weights see a decision: what is right for one's own case.
_OWN: Final = "own"
# A message of so many words tells a story, in which "what if" is seldom all that is asked.
_STORY: Final = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A card, or `glossary/<term>`, and how well it fits; higher is better, and only comparable within one question."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Findings:
    """`sure` is False where the cards are only the closest topics. `danger` is set for kind `urgent`, for a "what if" and in doubt.

    `matter` says what the advice is about that we cannot give, what is off topic or how somebody greets; `gap`, that we have no good card.
    """

    kind: Kind
    sure: bool = True
    cards: tuple[Hit, ...] = ()
    danger: Danger | None = None
    language: str = "en"
    matter: str = ""
    gap: Gap | None = None

    @property
    def tier(self) -> Tier | None:
        """How urgent; None where nothing is happening now."""
        return self.danger.tier if self.danger and self.kind == "urgent" else None

    @property
    def group(self) -> str | None:
        """The group of red flags that was heard, also in a "what if" or in doubt; None where it has no name."""
        return self.danger.group if self.danger and self.danger.group != UNNAMED else None


def find(library: Library, words: str, audience: Audience, language: str) -> Findings:
    """What the words ask for. Never raises, whatever they hold."""
    words = visible(words)
    if called := urgent_said(library, words):
        return Findings("urgent", language=called)
    danger = second_reading.read(library.urgent, library.danger, words)
    if danger and danger.present:
        return Findings("urgent", danger=danger, language=library.spoken(danger.language or language))
    whole, words = words, ends(words, _ASKED, _ASKED)
    command = named(library, words, audience)
    name = command[0].name if command else ""
    if name == "urgent":
        return Findings("urgent", language=language)
    if name != "stop" and personal(whole):
        return Findings("private", danger=danger, language=language)
    if command:
        return Findings("command", language=language)
    if wondering := said(library, "program", words):
        return Findings("greeting", danger=danger, language=wondering, matter="program")
    if is_sad(library, words):
        return Findings("greeting", danger=danger, language=language, matter="sad")
    if thanked := greeted(library, words, language):
        return Findings("greeting", danger=danger, language=thanked)
    return _asked(library, words, audience, _language_of(library, words, language), danger)


def _asked(library: Library, words: str, audience: Audience, language: str, danger: Danger | None) -> Findings:
    ranking = ranked(library, words, audience, language)
    typed = Said.of(tokens(words))
    matters = _wanted(library, typed, _matters(library, words, language), answered=ranking.sure)
    hits = tuple(Hit(match.id, round(match.score, 3)) for match in ranking.matches)
    asked = _advice(matters) if audience == "patient" else ""
    supposed = danger if danger and danger.certainty == "hypothetical" and not (asked and DECIDING in matters) else None
    card = library.urgent[language].card(supposed.group) if supposed else None
    if card and card in library.cards["en"]:
        return Findings("cards", True, _with_card(hits, card, ranking.sure), danger, language)
    elsewhere, talk = _leanings(library, words, ours=ranking.ours)
    if talk and not elsewhere and not danger:
        return Findings("greeting", language=language)
    if asked and not elsewhere:
        return Findings("advice", True, hits, danger, language, asked)
    if elsewhere or ("off_topic" in matters and elsewhere is None):
        return Findings("off_topic", False, (), danger, language, matters.get("off_topic", ""))
    sure = ranking.named or (ranking.sure and elsewhere is False and talk is False)
    if not sure and is_foreign(library, words, ours=ranking.ours):
        return Findings("off_topic", False, (), danger, language, "foreign")
    gap = None if sure or not hits or not ranking.words else Gap(language, audience, hits[0].id, ranking.words)
    ours = ranking.ours or elsewhere is False
    return Findings("cards", sure, hits, danger, language, gap=gap) if ours else Findings("off_topic", False, (), danger, language, gap=gap)


def _leanings(library: Library, words: str, *, ours: bool) -> tuple[bool | None, bool | None]:
    """Whether it has nothing to do with us, and whether it is mere talk: what stands beside courtesies, and for talk each part of it."""
    stretches = beside_courtesies(library, words)
    rest = Said.of([word for each in stretches for word in each])
    talk = library.talk.says(rest, surely=ours)
    if talk and not all(library.talk.says(Said.of(each), surely=ours) for each in stretches):
        talk = None
    return library.elsewhere.says(rest, surely=ours), talk


def _advice(matters: Mapping[str, str]) -> str:
    """What we are asked to decide; nothing where something else altogether is asked."""
    return matters.get("advice", "") if matters.get("off_topic", _TRICKS) == _TRICKS else ""


def _with_card(hits: tuple[Hit, ...], card: str, sure: bool) -> tuple[Hit, ...]:
    """The cards with the one of the red flag that was heard: first, or after a card that clearly answers."""
    clear = hits[:1] if sure and hits[0].id != card else ()
    others = (hit for hit in hits if hit.id != card and hit not in clear)
    return (*clear, Hit(card, hits[0].score if hits else 0.0), *others)[:MAXIMUM_CARDS]


def _matters(library: Library, words: str, language: str) -> dict[str, str]:
    """By kind what was recognised, in any language; the message's own wins."""
    found: dict[str, str] = {}
    for code in sorted(library.languages, key=lambda code: code == language):
        found |= library.intents[code].matters(words)
    return found


def _wanted(library: Library, typed: Said, matters: dict[str, str], *, answered: bool) -> dict[str, str]:
    """The matters as all the words tell them: whether a decision is asked for; in a story, even where somebody also asks "what if".

    Where a card clearly answers and no rule hears a decision, the words have to be sure of it.
    """
    wanted = library.decision.says(typed, surely=answered and "advice" not in matters)
    if wanted is None:
        return matters
    others = {kind: each for kind, each in matters.items() if kind not in ("advice", DECIDING)}
    if not wanted:
        return others
    matter = matters.get("advice", _OWN)
    decides = DECIDING in matters or typed.length >= _STORY
    return others | {"advice": matter} | ({DECIDING: matter} if decides else {})


def _language_of(library: Library, words: str, language: str) -> str:
    """The language that the question shows more signs of; the reader's where that is unsure."""
    typed = tokens(words)
    signs = {code: _signs(library, code, words, typed) for code in library.languages}
    best = max(signs, key=lambda code: (signs[code], code == language))
    return best if signs[best] > signs[language] else language


def _signs(library: Library, language: str, words: str, said: tuple[str, ...]) -> int:
    """Small words count twice, and letters of one language three times; a word that we know in the language counts once."""
    small, known = _small_words(library, language), index_of(library, language).vocabulary.spared
    letters = frozenset(library.phrase(language, "language.letters"))
    signs = sum((2 if word in small else 0) + (word in known) for word in said)
    return signs + (0 if letters.isdisjoint(words.casefold()) else 3)


@lru_cache(maxsize=8)
def _small_words(library: Library, language: str) -> frozenset[str]:
    return frozenset(library.phrase(language, "language.words").split())


def term_named(library: Library, word: str, language: str) -> Term | None:
    """The glossary entry of that name or alias, in the reader's language first."""
    wanted = fold(word).strip(" .?!")
    for spoken in dict.fromkeys((language, *library.languages)):
        for term in library.terms[spoken].values():
            if wanted in (fold(name) for name in (term.key, term.term, *term.aliases)):
                return library.term(term.key, language)
    return None
