"""What a text is about, as the search compares it: stems, and beside them what several words mean alike."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from content.model import Library
from content.words import compounds, is_dull, parts, plain_stems, stem, tokens

_LONGEST_PHRASE = 4
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """One language's words. `same` maps the stems of a word or phrase to what they may mean, such as `=tired`.

    `subjects` are the meanings that we write about.
    """

    language: str
    same: Mapping[Phrase, tuple[str, ...]]
    subjects: frozenset[str]

    def read(self, said: tuple[str, ...], known: Container[str] | None = None) -> tuple[str, ...]:
        """The stems of a text's tokens, then what they mean, each once; of compounds only those that are `known`."""
        joined = (word for word in compounds(said, self.language) if known is None or word in known)
        return tuple(dict.fromkeys((*plain_stems(said, self.language), *joined, *self._meant(_phrase(said, self.language)))))

    def _meant(self, said: Phrase) -> Iterator[str]:
        for start in range(len(said)):
            for end in range(start + 1, min(start + _LONGEST_PHRASE, len(said)) + 1):
                yield from self.same.get(said[start:end], ())


def wording_of(library: Library, language: str) -> Wording:
    """The words of one language with what means the same: its synonyms, and for a drug's names the drug's kind."""
    words = library.search[language]
    subjects = (*words.subjects.items(), *_drugs(library))
    same: dict[Phrase, tuple[str, ...]] = {}
    for meaning, names in (*subjects, *words.same.items()):
        for name in names:
            key = _phrase(tokens(name), language)
            same[key] = (*same.get(key, ()), f"={meaning}")
    return Wording(language, same, frozenset(f"={meaning}" for meaning, _ in subjects))


def _drugs(library: Library) -> Iterator[tuple[str, Iterable[str]]]:
    return ((drug.kind, (drug.brand, drug.generic)) for drug in library.drugs)


def _phrase(said: tuple[str, ...], language: str) -> Phrase:
    return tuple(word if is_dull(word, language) else stem(word, language) for word in parts(said))
