"""How danger words are misspelt: usual endings, typing errors, words without spaces, figures for letters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.shelves import Shelves

_LEAST, _LONG, _LEAST_GLUED = 4, 9, 6
_LONGEST_WORD: Final = 16
_FEW_PARTS: Final = 3
_LEAST_KIN: Final = 4
_LONGEST_RUN: Final = 1_200
_COST_UNKNOWN: Final = 3
_REPEATED: Final = re.compile(r"(.)\1{2,}")
_FIGURES: Final = str.maketrans("013457@$", "oleastas")
# What a word loses, and gets instead, to become one of ours: mouths, throats; deditos, helao, hinchadisima.
_GROWN: Final = {
    "en": (("s", ""), ("es", ""), ("ish", ""), ("in", "ing")),
    "es": (
        ("s", ""),
        ("es", ""),
        ("ao", "ado"),
        ("aos", "ados"),
        *((f"{small}{end}", end) for small in ("it", "cit", "ecit", "ill", "isim", "az") for end in ("o", "a", "os", "as")),
        *((f"{small}{end}", "") for small in ("it", "cit", "ecit") for end in ("o", "a", "os", "as")),
        *((f"qu{small}{end}", f"c{end}") for small in ("it", "isim") for end in ("o", "a", "os", "as")),
        *((f"gu{small}{end}", f"g{end}") for small in ("it", "isim") for end in ("o", "a", "os", "as")),
    ),
}
_ENDINGS: Final = {
    ending: tuple(listed.split())
    for ending, listed in {
        "ar": """ar arme arse arle arlo arla o as a amos an ando andome ado ada ados adas
            e aste aron aba aban abamos ara aran aria en es""",
        "er": """er erme erse erle erlo erla o es e emos en iendo iendome ido ida idos idas i iste io ieron ia ian iamos era eran eria
            a an as""",
        "ir": """ir irme irse irle irlo irla o es e imos en iendo iendome ido ida idos idas i iste io ieron ia ian iamos ira iran iria
            a an as""",
    }.items()
}


def forms(word: str, language: str) -> tuple[str, ...]:
    """The word with its usual endings: English nouns and verbs, Spanish verbs, nouns and adjectives."""
    return tuple(dict.fromkeys(_spanish(word) if language == "es" else _english(word)))


def _english(word: str) -> Iterator[str]:
    yield word
    if word.endswith("e"):
        yield from (f"{word}s", f"{word}d", f"{word[:-1]}ing")
    elif re.search(r"[^aeiou]y$", word):
        yield from (f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing")
    else:
        last = word[-1] if len(word) <= 4 and re.search(r"[^aeiou][aeiou][^aeiouwxy]$", word) else ""
        yield from (word + ("es" if re.search(r"(?:s|x|z|ch|sh)$", word) else "s"), f"{word}{last}ed", f"{word}{last}ing")


def _spanish(word: str) -> Iterator[str]:
    yield word
    if word[-2:] in _ENDINGS:
        yield from (word[:-2] + ending for ending in _ENDINGS[word[-2:]])
    elif word.endswith(("o", "a")):
        yield from (word[:-1] + ending for ending in ("o", "a", "os", "as"))
    else:
        yield from (f"{word}s", f"{word}es")


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """The danger words of one language. `keys` gives a spelling's words, `spared` are real words that nobody may correct,
    `grown` the `endings` with what stands in their place in a word of ours, `shelves` the spellings that a misspelt word may mean.
    """

    keys: Mapping[str, tuple[str, ...]]
    spared: frozenset[str]
    grown: tuple[tuple[str, str], ...]
    endings: tuple[str, ...]
    shelves: Shelves

    @classmethod
    def of(cls, keys: Mapping[str, tuple[str, ...]], spared: frozenset[str], language: str) -> "Spelling":
        """Made of spellings with their words."""
        grown = _GROWN.get(language, ())
        shelves = Shelves.of(word for word in keys if len(word) >= _LEAST and word.isalpha())
        return cls(keys, spared, grown, tuple(ending for ending, _ in grown), shelves)

    def kin(self, word: str) -> tuple[str, ...]:
        """The words of which this one is the plural, the diminutive or another form; empty where it is of none."""
        if not word.endswith(self.endings):
            return ()
        for ending, instead in self.grown:
            if word.endswith(ending):
                base = word.removesuffix(ending) + instead
                if len(base) >= _LEAST_KIN and base in self.keys:
                    return self.keys[base]
        return ()

    def knows(self, word: str) -> bool:
        """Whether the word stands as it is."""
        return word in self.keys or word in self.spared

    def read(self, word: str) -> list[tuple[str, ...]]:
        """The words behind an unknown spelling: for each word its possible meanings; empty where it is none of ours."""
        calm = _REPEATED.sub(r"\1", word)
        for guess in (calm, _REPEATED.sub(r"\1\1", word), calm.translate(_FIGURES)):
            if guess in self.keys:
                return [self.keys[guess]]
        if near := self._near(calm.translate(_FIGURES) if calm[0].isalpha() else calm):
            return [tuple(dict.fromkeys(key for each in near for key in self.keys[each]))]
        parts = self._parts(calm[:_LONGEST_RUN]) if len(calm) >= _LEAST_GLUED else []
        return [self.keys.get(part, (part,)) for part in parts]

    def _near(self, word: str) -> list[str]:
        """The spellings one typing error away, two in a long word; the first letter is seldom the wrong one."""
        if len(word) < _LEAST or not word.isalpha() or len(word) > _LONGEST_WORD + 2:
            return []
        reach = 1 if len(word) < _LONG else 2
        found = process.extract(word, self._choices(word, reach), scorer=OSA.distance, score_cutoff=reach, limit=None)
        return sorted({other for other, distance, _ in found if distance == found[0][1]})

    def _choices(self, word: str, reach: int) -> tuple[str, ...]:
        """The spellings of about that length that begin with the same letter, or with the same two the wrong way round."""
        turned = [other for other in self.shelves.near(word[1], len(word), reach) if other[1] == word[0]]
        return (*self.shelves.near(word[0], len(word), reach), *turned)

    def _parts(self, glued: str) -> list[str]:
        """The known words that make up a run without spaces; empty where more than a tenth of it is none."""
        cost, came = [0], [0]
        for end in range(1, len(glued) + 1):
            best, before = cost[end - 1] + _COST_UNKNOWN, end - 1
            for start in range(max(0, end - _LONGEST_WORD), end):
                if cost[start] + 1 < best and self.knows(glued[start:end]):
                    best, before = cost[start] + 1, start
            cost.append(best)
            came.append(before)
        parts, end = list[str](), len(glued)
        while end:
            parts.append(glued[came[end] : end])
            end = came[end]
        return self._trusted(parts[::-1], len(glued))

    def _trusted(self, parts: list[str], length: int) -> list[str]:
        """The parts where they are words of ours above all: of two both, of more the better half; a letter only as a small word."""
        unknown = sum(part not in self.spared if len(part) == 1 else not self.knows(part) for part in parts)
        ours = [part for part in parts if part in self.keys]
        enough = len(ours) == len(parts) if len(parts) < _FEW_PARTS else sum(map(len, ours)) * 2 > length
        long = any(len(part) >= _LEAST for part in ours)
        return parts if enough and long and unknown * 10 <= length and len(parts) * 2.4 <= length else []
