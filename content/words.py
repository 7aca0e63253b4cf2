"""Words as they are compared: folded text, tokens and stems. Pure functions, shared by the search and by the judgement of danger."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

import Stemmer

# Together a little more than the longest message that a patient can send at once.
FIRST_CHARACTERS: Final = 3_100
LAST_CHARACTERS: Final = 1_000
# So many times more are looked through for what is invisible.
_ROOM: Final = 4
# A word of so few letters may be half of another: car t, pd l1.
_SHORT: Final = 2

_ALIKE: Final = str.maketrans(
    "абвгдеёзіїјкмнорсԁтухѕһԛԝүпꞵαβγδεηικμνορτυχωɑɡıłøđßæœɩʟꜱ",
    "abbrdee3iijkmhopcdtyxshqwyпbabydenikuvoptuxwagilodsaoils",
)
# Invisible signs stand in the first two planes and in that of the tags; looking through all of them takes a tenth of a second.
_INVISIBLE: Final = dict.fromkeys(
    code for code in chain(range(0x20000), range(0xE0000, 0xE1000)) if unicodedata.category(chr(code)) == "Cf" or 0xFE00 <= code <= 0xFE0F
)
_APOSTROPHES: Final = str.maketrans("’‘ʼ´`′＇ʹ‛", "'''''''''")
_LATIN: Final = {**_APOSTROPHES, **_ALIKE}
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
            but with about into just very really please tell hi hello what which who how when where why
            ok okay like said say says know lol pls plz thx ur got go going gonna wanna want wants thing things stuff
            someone somebody anyone anybody something anything one also too even ever him them theyre hes shes youre""",
        "es": """
            el la los las un una unos unas y o de del al a en por para con es son era fue ser estar esta estan estoy yo tu usted ella
            nosotros ellos mi mis su sus me te se le les lo que cual quien como cuando donde porque si pero muy he ha han hay tengo
            tiene puede puedo hola favor este esto esa ese""",
    }.items()
}


def fold(words: str) -> str:
    """The words as they are compared: one case, no accents, look-alike letters made Latin, nothing invisible, no apostrophes.

    Only the first 3,100 characters and the last 1,000 count.
    """
    seen = visible(words)
    plain = seen.lower().replace("`", "'") if seen.isascii() else _latin(seen)
    if "'" in plain:
        plain = _DECIMAL.sub(".", plain).replace("'", "")
    return _SPACE.sub(" ", plain).strip()


def visible(words: str) -> str:
    """What a reader sees of the words, and of a long text its two ends: to be taken once, where much is done with them."""
    near = ends(words, _ROOM * FIRST_CHARACTERS, _ROOM * LAST_CHARACTERS)
    return ends(near if near.isascii() else near.translate(_INVISIBLE), FIRST_CHARACTERS, LAST_CHARACTERS)


def _latin(words: str) -> str:
    text = unicodedata.normalize("NFKC", words).casefold().translate(_LATIN)
    plain = unicodedata.normalize("NFKD", text)
    for mark in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(mark, "")
    return plain if plain.isascii() else plain.translate(_ALIKE)


def ends(words: str, first: int, last: int) -> str:
    """So many characters of either end, on lines of their own; all of a text that is not longer."""
    return words if len(words) <= first + last else f"{words[:first]}\n{words[-last:]}"


def tokens(words: str) -> tuple[str, ...]:
    """The folded words in order; a compound such as `car-t` stands as it was written."""
    return tuple(_TOKEN.findall(fold(words)))


def parts(said: Iterable[str]) -> list[str]:
    """The tokens with compounds in their parts."""
    return [part for token in said for part in token.split("-")]


def is_dull(word: str, language: str) -> bool:
    """Whether a folded word only holds others together."""
    return word in _FUNCTION_WORDS[language]


def stems(words: str, language: str) -> tuple[str, ...]:
    """What a text is about, as stems in order: no function words, compounds both in parts and joined (`car t` gives `car`, `cart`)."""
    said = tokens(words)
    split = parts(said)
    return tuple(dict.fromkeys((*plain_stems(split, language), *compounds(said, split, language))))


def plain_stems(split: Sequence[str], language: str) -> list[str]:
    """The stems of the parts of tokens, without function words and single letters."""
    dull = _FUNCTION_WORDS[language]
    return [stem(part, language) for part in split if len(part) > 1 and part not in dull]


def compounds(said: Sequence[str], split: Sequence[str], language: str) -> list[str]:
    """What tokens and their parts may mean when they are joined: neighbours of which one is short, and what a hyphen holds together."""
    dull = _FUNCTION_WORDS[language]
    short = ((one, other) for one, other in pairwise(split) if len(one) <= _SHORT or len(other) <= _SHORT)
    joined = [one + other for one, other in short if one not in dull and other not in dull]
    return joined + [token.replace("-", "") for token in said if "-" in token]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem of one folded word."""
    return str(_stemmer(language).stemWord(word)) if len(word) > 3 else word


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMERS[language])
