"""How easy a text is to read. Formulas of two families: by syllables (Flesch-Kincaid, Fog, SMOG) and by letters (Coleman-Liau, ARI).

English: Kincaid 1975, Gunning 1952, McLaughlin 1969, Coleman and Liau 1975, Smith and Senter 1967.
Spanish: Fernández Huerta 1959 as corrected by Law, and Szigriszt-Pazos 1993, whose scale is INFLESZ.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_MARKS: Final = re.compile(r"\*\*|https?://\S+|\([^()]*\)")
_BREAK: Final = re.compile(r"\s*\n(?:\s*\n)*- |\s*\n\s*\n")
_SENTENCE: Final = re.compile(r"[.!?]+[\"”»)]?(?:\s+|$)")
_WORD: Final = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_ENGLISH_GROUP: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"(?:[^laeiouy]e|[aeiouy]les?|[^aeiouy]e(?:ly|ment)|[^aeioudty]ed|[^aeiouszxhgcl]es)$")
_APART: Final = re.compile(r"(?:ia(?!l\b|n\b)|io(?!u|n)|eo(?!ple)|ua|uity|ism\b|iet|(?<![gq])uid|[eoy]ing\b|rial|real|reac(?!h))")
_SPANISH_GROUP: Final = re.compile(r"[iuüy]?[aeoáéó][iuüy]?|[íú]|[iuüy]+")


@dataclass(frozen=True, slots=True)
class Ease:
    """What one text weighs: its words, sentences, syllables and letters."""

    words: int
    sentences: int
    syllables: int
    letters: int
    long_words: int
    longest_sentence: int

    @property
    def words_a_sentence(self) -> float:
        """The mean length of a sentence, in words."""
        return self.words / self.sentences

    @property
    def grade(self) -> float:
        """Flesch-Kincaid, in US school years."""
        return 0.39 * self.words_a_sentence + 11.8 * self.syllables / self.words - 15.59

    @property
    def mean_grade(self) -> float:
        """The mean of five formulas, in US school years."""
        per_hundred = 100 / self.words
        fog = 0.4 * (self.words_a_sentence + self.long_words * per_hundred)
        smog = 1.043 * math.sqrt(30 * self.long_words / self.sentences) + 3.1291
        coleman_liau = 0.0588 * self.letters * per_hundred - 0.296 * self.sentences * per_hundred - 15.8
        ari = 4.71 * self.letters / self.words + 0.5 * self.words_a_sentence - 21.43
        return (self.grade + fog + smog + coleman_liau + ari) / 5

    @property
    def fernandez_huerta(self) -> float:
        """Spanish reading ease, 0 to 100; 70 and more is easy."""
        return 206.84 - 60 * self.syllables / self.words - 1.02 * self.words_a_sentence

    @property
    def inflesz(self) -> float:
        """Spanish perspicuity, 0 to 100; 65 and more is easy."""
        return 206.835 - 62.3 * self.syllables / self.words - self.words_a_sentence


@lru_cache(maxsize=4_096)
def measure(text: str, language: str) -> Ease:
    """The weights of a text in small Markdown; what stands in brackets and in links is left out."""
    sentences = [words for part in _SENTENCE.split(_plain(text)) if (words := _WORD.findall(part))] or [["-"]]
    words = [word for sentence in sentences for word in sentence]
    count = spanish_syllables if language == "es" else english_syllables
    syllables = [count(word) for word in words]
    return Ease(
        words=len(words),
        sentences=len(sentences),
        syllables=sum(syllables),
        letters=sum(len(re.sub(r"\W", "", word)) for word in words),
        long_words=sum(number >= 3 for number in syllables),
        longest_sentence=max(map(len, sentences)),
    )


def _plain(text: str) -> str:
    return _BREAK.sub(". ", f"\n{_MARKS.sub('', text)}")


def words_of(text: str) -> int:
    """How many words a reader meets, markup aside."""
    return len(_WORD.findall(text))


@lru_cache(maxsize=50_000)
def english_syllables(word: str) -> int:
    """Syllables by rule: groups of vowels, less a silent ending, more where two vowels are said apart."""
    lower = word.lower().replace("’", "'").removesuffix("'s")
    return sum(_of_part(part) for part in re.split(r"[^a-z]+", lower)) or 1


def _of_part(part: str) -> int:
    if not part:
        return 0
    count = len(_ENGLISH_GROUP.findall(part)) + len(_APART.findall(part))
    return max(1, count - bool(_SILENT.search(part)))


@lru_cache(maxsize=50_000)
def spanish_syllables(word: str) -> int:
    """Syllables by rule: strong vowels stand apart, a weak one joins its neighbour unless it carries the accent."""
    lower = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "q", word.lower())
    return max(1, len(_SPANISH_GROUP.findall(lower)))
