"""The cards nearest to a question, and how sure it is that the first of them answers it."""

from dataclasses import dataclass
from typing import Final

from content.index import Index, Match, Read, index_of
from content.model import Library
from content.people import Audience

MAXIMUM_CARDS: Final = 4
_GLOSSARY, _MOST_WORDS = "glossary/", 3
_SURE_MARGIN, _SURE_LIKENESS = 0.1, 0.25
# A word in five that we do not know: perhaps the one that matters.
_MOST_UNKNOWN: Final = 0.2
# Without a subject of ours, how alike an example question has to be.
_LIKE_AN_EXAMPLE, _NEAR_AN_EXAMPLE = 0.6, 0.35


@dataclass(frozen=True, slots=True)
class Ranking:
    """`ours`: it is about something that we write about; `sure`: the first card is a clear answer; `named`: by its own name, even.

    `words` are those of the question that tell most, at most three, and only such as stand in our own texts.
    """

    matches: tuple[Match, ...]
    ours: bool
    sure: bool
    named: bool
    words: tuple[str, ...]


def ranked(library: Library, words: str, audience: Audience, language: str) -> Ranking:
    """The best cards and glossary entries that this audience may read, at most four."""
    index = index_of(library, language)
    asked = index.read(words)
    found = index.matches(asked, lambda card: card.startswith(_GLOSSARY) or library.read_by(card, audience))
    name = index.as_name(words)
    named = index.names.get(name, ())
    meant = [match for match in found if match.id in named]
    ordered = [*meant, *(match for match in found if match.id not in named)]
    first = _with_term(index, ordered, name)
    likeness = max((match.likeness for match in first), default=0.0)
    subject = not index.wording.subjects.isdisjoint(asked)
    ours = bool(meant) or subject or likeness >= _NEAR_AN_EXAMPLE
    clear = (subject or likeness >= _LIKE_AN_EXAMPLE) and index.unknown(asked) < _MOST_UNKNOWN and _is_clear(first)
    shown = _with_term(index, [match for match in ordered if not _is_withdrawn(library, match, language)], name)
    # Where the card that answers is withdrawn no other one is the answer.
    same = shown[:1] == first[:1]
    by_name = len(meant) == 1
    return Ranking(shown, ours, (by_name or clear) and same, by_name and same, index.telling_words(words)[:_MOST_WORDS])


def _is_withdrawn(library: Library, match: Match, language: str) -> bool:
    card = library.card(match.id, language)
    return card is not None and card.withdrawn is not None


def _with_term(index: Index, found: list[Match], name: Read) -> tuple[Match, ...]:
    """The first four, a card before any glossary entry; where the question is a term of the glossary its entry is among them."""
    card = next((match for match in found if not match.id.startswith(_GLOSSARY)), None)
    entry = index.terms.get(name)
    term = [match for match in found if match.id == entry]
    first = [match for match in (card, *term) if match]
    return tuple([*first, *(match for match in found if match not in first)][:MAXIMUM_CARDS])


def _is_clear(first: tuple[Match, ...]) -> bool:
    if not first:
        return False
    margin = 1 - first[1].score / first[0].score if len(first) > 1 else 1.0
    return margin >= _SURE_MARGIN and first[0].likeness >= _SURE_LIKENESS
