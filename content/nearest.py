"""Our own words, and which of them a misspelt one means. Few people miss the first letter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.words import stem

_SHORTEST, _LONG = 5, 7


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The words of one language by first letter and length; neither `spared` words nor forms of ours are a misspelling."""

    language: str
    stems: frozenset[str]
    spared: frozenset[str]
    shelves: Mapping[tuple[str, int], tuple[str, ...]]

    @staticmethod
    def of(language: str, ours: frozenset[str], ordinary: frozenset[str]) -> "Vocabulary":
        """`ordinary` are common words of the language that are not ours."""
        shelves: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(ours):
            shelves[word[0], len(word)].append(word)
        known = frozenset(stem(word, language) for word in ours)
        return Vocabulary(language, known, ours | ordinary, {shelf: tuple(each) for shelf, each in shelves.items()})

    def mended(self, said: Iterable[str]) -> tuple[str, ...]:
        """Tokens spelled as we spell them, where a near word exists."""
        return tuple("-".join(map(self._mended, token.split("-"))) for token in said)

    def _mended(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self.spared or not word.isalpha() or stem(word, self.language) in self.stems:
            return word
        errors = 1 if len(word) < _LONG else 2
        lengths = range(len(word) - errors, len(word) + errors + 1)
        choices = [near for length in lengths for near in self.shelves.get((word[0], length), ())]
        near = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=errors)
        return near[0] if near else word
