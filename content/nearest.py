"""Our own words, and which of them a misspelt one means. Few people miss the first letter."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.shelves import Shelves
from content.words import stem

_SHORTEST, _LONG = 5, 7


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The words of one language; neither `spared` words nor forms of ours are a misspelling."""

    language: str
    stems: frozenset[str]
    spared: frozenset[str]
    shelves: Shelves

    @staticmethod
    def of(language: str, ours: frozenset[str], ordinary: frozenset[str]) -> "Vocabulary":
        """`ordinary` are common words of the language that are not ours."""
        return Vocabulary(language, frozenset(stem(word, language) for word in ours), ours | ordinary, Shelves.of(ours))

    def mended(self, said: Iterable[str]) -> tuple[str, ...]:
        """Tokens spelled as we spell them, where a near word exists."""
        return tuple("-".join(map(self._mended, token.split("-"))) for token in said)

    def _mended(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self.spared or not word.isalpha() or stem(word, self.language) in self.stems:
            return word
        errors = 1 if len(word) < _LONG else 2
        choices = self.shelves.near(word[0], len(word), errors)
        near = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=errors)
        return near[0] if near else word
