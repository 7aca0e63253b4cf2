"""Known words by how they begin and how long they are: the few that a misspelt one may mean are found without reading all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True, eq=False)
class Shelves:
    """`words` by first letter and length, in the order of the alphabet."""

    words: Mapping[tuple[str, int], tuple[str, ...]]

    @staticmethod
    def of(words: Iterable[str]) -> "Shelves":
        """The words, sorted into their shelves."""
        found: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(words):
            found[word[0], len(word)].append(word)
        return Shelves({shelf: tuple(each) for shelf, each in found.items()})

    def near(self, first: str, length: int, errors: int) -> tuple[str, ...]:
        """Those with that first letter that are at most so many letters shorter or longer, the shortest first."""
        return tuple(chain.from_iterable(self.words.get((first, each), ()) for each in range(length - errors, length + errors + 1)))
