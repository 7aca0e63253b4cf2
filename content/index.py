"""The words of the library, counted once when it is loaded: which card says what, how much that tells, and what people ask."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from content.examples import Examples, Likeness
from content.model import Card, Library
from content.nearest import Vocabulary
from content.wording import Wording, wording_of
from content.words import is_dull, parts, stem, tokens

_K1, _B = 1.2, 0.6
_FIELD_WEIGHTS: Final = {"aliases": 3.0, "title": 3.0, "asks": 2.0, "text": 1.0, "drugs": 1.0}
# What only stands in questions is more often how people talk than what they talk about.
_CHATTER: Final = 0.6

Read = tuple[str, ...]
Texts = Mapping[str, Iterable[str]]
Fields = Mapping[str, tuple[Read, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """How well a card fits: `score` is comparable within one question, `likeness` (0 to 1) is that of its nearest examples."""

    id: str
    score: float
    likeness: float


@dataclass(frozen=True, eq=False)
class Index:
    """Fielded BM25 over one language, and its example questions.

    `postings` maps a stem to (id, how often it stands there), `lengths` an id to how long it is, `rarity` a stem to how much it tells
    in nats, `names` a title, ask or alias as it is read to cards.
    `telling` are the stems of titles, aliases, texts, drugs and glossary: those that tell what a question is about; `terms` the names
    of glossary entries.
    """

    wording: Wording
    postings: Mapping[str, tuple[tuple[str, float], ...]]
    lengths: Mapping[str, float]
    rarity: Mapping[str, float]
    telling: frozenset[str]
    names: Mapping[Read, tuple[str, ...]]
    terms: Mapping[Read, str]
    examples: Examples
    vocabulary: Vocabulary

    def read(self, words: str) -> Read:
        """What was asked, spelled as we spell it."""
        return self.wording.read(self.vocabulary.mended(tokens(words)), known=self.rarity)

    def as_name(self, words: str) -> Read:
        """What was asked, as the name of a card or a term would be read."""
        return self.wording.read(tokens(words))

    def telling_words(self, words: str) -> tuple[str, ...]:
        """The words of a question that stand in our own texts, as we spell them, those that tell most first."""
        said = dict.fromkeys(parts(self.vocabulary.mended(tokens(words))))
        stemmed = {word: stem(word, self.wording.language) for word in said if not is_dull(word, self.wording.language)}
        ours = (word for word, each in stemmed.items() if each in self.telling)
        return tuple(sorted(ours, key=lambda word: (-self.rarity[stemmed[word]], word)))

    def unknown(self, asked: Read) -> float:
        """The share of the words asked that stand nowhere in our texts and questions."""
        plain = [word for word in asked if not word.startswith("=")]
        return sum(word not in self.rarity for word in plain) / max(1, len(plain))

    def matches(self, asked: Read, allowed: Callable[[str], bool]) -> list[Match]:
        """The cards and glossary entries that share a word with the question, best first."""
        found = {id: score for id, score in self._keywords(asked).items() if allowed(id)}
        best = max(found.values(), default=1.0)
        alike = defaultdict(Likeness, self.examples.likeness(asked, self.rarity))
        matches = (Match(id, score / best + alike[id].near, alike[id].nearest) for id, score in found.items())
        return sorted(matches, key=lambda match: (-match.score, match.id))

    def _keywords(self, asked: Read) -> Mapping[str, float]:
        found: dict[str, float] = defaultdict(float)
        for word in asked:
            for id, count in self.postings.get(word, ()):
                found[id] += self.rarity[word] * count * (_K1 + 1) / (count + self.lengths[id])
        return found


@lru_cache(maxsize=8)
def index_of(library: Library, language: str) -> Index:
    """The index of one language, built once for a library."""
    wording, ours = wording_of(library, language), set[str]()
    fields = {id: _read(wording, texts, ours) for id, texts in _texts(library, language)}
    counts = {id: _counts(each) for id, each in fields.items()}
    uses = Counter(word for counted in counts.values() for word in counted)
    telling = frozenset(
        word for each in fields.values() for name, read in each.items() if name != "asks" for words in read for word in words
    )
    rarity = {word: _rarity(times, len(counts)) * (1 if word in telling else _CHATTER) for word, times in uses.items()}
    return Index(
        wording,
        _postings(counts),
        _lengths(counts),
        rarity,
        telling,
        _names(wording, library, fields),
        {read: f"glossary/{term.key}" for term in library.terms[language].values() for read in fields[f"glossary/{term.key}"]["aliases"]},
        Examples.of(_examples(fields), rarity),
        Vocabulary.of(language, frozenset(ours), library.search[language].ordinary),
    )


def count_words(library: Library) -> None:
    """Build the index of every language now, so that nobody's question waits for it."""
    for language in library.languages:
        index_of(library, language)


def _postings(counts: Mapping[str, Mapping[str, float]]) -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Most words stand as often in a card as others do: each such pair is held once."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    equal: dict[tuple[str, float], tuple[str, float]] = {}
    for id, counted in counts.items():
        for word, count in counted.items():
            found[word].append(equal.setdefault((id, count), (id, count)))
    return {word: tuple(each) for word, each in found.items()}


def _lengths(counts: Mapping[str, Mapping[str, float]]) -> Mapping[str, float]:
    """How long each text is beside the others, as BM25 weighs it."""
    mean = sum(sum(counted.values()) for counted in counts.values()) / max(1, len(counts))
    return {id: _K1 * (1 - _B + _B * sum(counted.values()) / mean) for id, counted in counts.items()}


def _rarity(count: int, of: int) -> float:
    return math.log(1 + (of - count + 0.5) / (count + 0.5))


def _texts(library: Library, language: str) -> Iterator[tuple[str, Texts]]:
    drugs = _drug_names(library)
    for card in library.cards[language].values():
        yield card.id, _card_texts(card, language, drugs.get(card.id, ()))
    for term in library.terms[language].values():
        yield f"glossary/{term.key}", {"aliases": (term.term, *term.aliases), "text": (term.text,)}


def _read(wording: Wording, texts: Texts, ours: set[str]) -> Fields:
    """The texts as stems; their words are added to ours."""
    said = {name: [tokens(text) for text in each] for name, each in texts.items()}
    ours.update(part for each in said.values() for one in each for part in parts(one))
    return {name: tuple(wording.read(one) for one in each) for name, each in said.items()}


def _card_texts(card: Card, language: str, drugs: Iterable[str]) -> Texts:
    text = (card.text, card.action) if card.language == language else ()
    return {"title": (card.title, card.label), "aliases": card.aliases, "asks": card.asks, "drugs": drugs, "text": text}


def _counts(fields: Fields) -> Mapping[str, float]:
    """A word said again counts less each time."""
    found: Counter[str] = Counter()
    for name, read in fields.items():
        for word, times in Counter(word for words in read for word in words).items():
            found[word] += _FIELD_WEIGHTS[name] * (1 + math.log(times))  # type: ignore[assignment]  # Counter is typed for whole numbers only
    return found


def _examples(fields: Mapping[str, Fields]) -> Iterator[tuple[str, Read]]:
    for id, each in fields.items():
        for name in ("asks", "aliases", "title"):
            yield from ((id, words) for words in each.get(name, ()) if not id.startswith("glossary/"))


def _names(wording: Wording, library: Library, fields: Mapping[str, Fields]) -> Mapping[Read, tuple[str, ...]]:
    """A title names its card; where no title is that, an expected question does, and then an alias."""
    found: dict[Read, tuple[str, ...]] = {}
    for level in ("title", "asks", "aliases"):
        named: dict[Read, tuple[str, ...]] = {}
        for id in library.cards[wording.language]:
            for key in set(fields[id][level]) - found.keys():
                named[key] = (*named.get(key, ()), id)
        found |= named
    drugs = {wording.read(tokens(name)): drug.cards[:1] for drug in library.drugs for name in (drug.brand, drug.generic)}
    return drugs | found


def _drug_names(library: Library) -> Mapping[str, tuple[str, ...]]:
    """The names that lead to each card."""
    found: dict[str, tuple[str, ...]] = {}
    for drug in library.drugs:
        for id in drug.cards:
            found[id] = (*found.get(id, ()), drug.brand, drug.generic)
    return found
