"""What a text is about, as the search compares it: stems, and beside them what several words mean alike."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from content.model import Library
from content.words import compounds, is_dull, parts, plain_stems, stem, tokens

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """One language's words. `same` maps the stems of a word or phrase to what they may mean, such as `=tired`.

    `longest` tells by its first word how long such a phrase may be; `subjects` are the meanings that we write about.
    """

    language: str
    same: Mapping[Phrase, tuple[str, ...]]
    longest: Mapping[str, int]
    subjects: frozenset[str]

    def read(self, said: tuple[str, ...], known: Container[str] | None = None) -> tuple[str, ...]:
        """The stems of a text's tokens, then what they mean, each once; of compounds only those that are `known`."""
        split = parts(said)
        joined = (word for word in compounds(said, split, self.language) if known is None or word in known)
        return tuple(dict.fromkeys((*plain_stems(split, self.language), *joined, *self._meant(_phrase(split, self.language)))))

    def _meant(self, said: Phrase) -> Iterator[str]:
        for start, first in enumerate(said):
            for end in range(start + 1, min(start + self.longest.get(first, 0), len(said)) + 1):
                yield from self.same.get(said[start:end], ())


def wording_of(library: Library, language: str) -> Wording:
    """The words of one language with what means the same: its synonyms, and for a drug's names the drug's kind."""
    words = library.search[language]
    subjects = (*words.subjects.items(), *_drugs(library))
    same: dict[Phrase, tuple[str, ...]] = {}
    for meaning, names in (*subjects, *words.same.items()):
        for name in names:
            key = _phrase(parts(tokens(name)), language)
            same[key] = (*same.get(key, ()), f"={meaning}")
    longest: dict[str, int] = {}
    for phrase in filter(None, same):
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return Wording(language, same, longest, frozenset(f"={meaning}" for meaning, _ in subjects))


def _drugs(library: Library) -> Iterator[tuple[str, Iterable[str]]]:
    return ((drug.kind, (drug.brand, drug.generic)) for drug in library.drugs)


def _phrase(split: Iterable[str], language: str) -> Phrase:
    return tuple(word if is_dull(word, language) else stem(word, language) for word in split)
