"""Words as they are compared: folded text, tokens and stems. Pure functions, shared by the search and by the judgement of danger."""

import re
import sys
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final

import snowballstemmer

FIRST_CHARACTERS: Final = 4_000
LAST_CHARACTERS: Final = 1_000

_ALIKE: Final = str.maketrans(
    "абвгдеёзіїјкмнорсԁтухѕһԛԝүпꞵαβγδεηικμνορτυχωɑɡıłøđßæœɩʟꜱ",
    "abbrdee3iijkmhopcdtyxshqwyпbabydenikuvoptuxwagilodsaoils",
)
_INVISIBLE: Final = dict.fromkeys(
    code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf" or 0xFE00 <= code <= 0xFE0F
)
_APOSTROPHES: Final = str.maketrans("’‘ʼ´`′＇ʹ‛", "'''''''''")
_DECIMAL: Final = re.compile(r"(?<=\d)'(?=\d)")
_SPACE: Final = re.compile(r"[^\S\n]+")
_TOKEN: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_STEMMERS: Final = {"en": "english", "es": "spanish"}
_FUNCTION_WORDS: Final = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": """
            a an the and or of to in on at by for from is are was were be been am i im ive id me my mine you your he she it its we our
            they their this that these those there here do does did have has had will would can could should shall may might as so if
            but with about into just very really please tell hi hello what which who how when where why""",
        "es": """
            el la los las un una unos unas y o de del al a en por para con es son era fue ser estar esta estan estoy yo tu usted ella
            nosotros ellos mi mis su sus me te se le les lo que cual quien como cuando donde porque si pero muy he ha han hay tengo
            tiene puede puedo hola favor este esto esa ese""",
    }.items()
}


def fold(words: str) -> str:
    """The words as they are compared: one case, no accents, look-alike letters made Latin, nothing invisible, no apostrophes.

    Only the first 4,000 characters and the last 1,000 count.
    """
    text = unicodedata.normalize("NFKC", _ends(words.translate(_INVISIBLE))).casefold().translate(_APOSTROPHES).translate(_ALIKE)
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark)).translate(_ALIKE)
    return _SPACE.sub(" ", _DECIMAL.sub(".", plain).replace("'", "")).strip()


def _ends(words: str) -> str:
    if len(words) <= FIRST_CHARACTERS + LAST_CHARACTERS:
        return words
    return f"{words[:FIRST_CHARACTERS]}\n{words[-LAST_CHARACTERS:]}"


def tokens(words: str) -> tuple[str, ...]:
    """The folded words in order; a compound such as `car-t` stands as it was written."""
    return tuple(_TOKEN.findall(fold(words)))


def stems(words: str, language: str) -> tuple[str, ...]:
    """What a text is about, as stems in order: no function words, compounds both in parts and joined (`car t` gives `car`, `cart`)."""
    dull = _FUNCTION_WORDS[language]
    parts = [part for token in tokens(words) for part in token.split("-")]
    found = [stem(part, language) for part in parts if len(part) > 1 and part not in dull]
    for before, after in pairwise(parts):
        if min(len(before), len(after)) <= 2 and not {before, after} & dull:
            found.append(before + after)
    found += [token.replace("-", "") for token in tokens(words) if "-" in token]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem of one folded word."""
    return str(_stemmer(language).stemWord(word)) if len(word) > 3 else word


@lru_cache(maxsize=4)
def _stemmer(language: str) -> "snowballstemmer.basestemmer.BaseStemmer":
    return snowballstemmer.stemmer(_STEMMERS[language])
