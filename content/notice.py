"""A notice in a care team's own words: the rules that it passes before anybody may propose it. Pure."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from content.checks.ease import measure, words_of
from content.checks.passages import met
from content.checks.tips import HARDEST_TIP, LEAST_HUERTA
from content.checks.tone import doses
from content.links import MAXIMUM_CHARACTERS
from content.model import Library
from content.personal import personal
from content.screen import Button, Screen
from content.words import fold, is_dull, tokens

WORDS: Final = (15, 60)
_LEAST_SMALL_WORDS: Final = 4
_DAY_OR_HOUR: Final = re.compile(
    r"(?<![\d.:/-])(?:\d{4}-[01]?\d-[0-3]?\d|[0-3]?\d([/.])[0-3]?\d\1(?:\d{4}|\d{2})|(?:[01]?\d|2[0-3])[:.][0-5]\d)(?![.:/]?\d)"
)
# Controls, marks that turn or hide letters, halves of letters, letters of a private make.
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co")
# Seven digits on, however they are grouped: shorter than what `personal` takes for a telephone, since nobody else wrote this.
_TELEPHONE: Final = re.compile(r"\d(?:[\s().-]{0,3}\d){6,}")
_MEDICAL: Final = (
    r"(?:scans?|results?|tests?|blood|treatment|surgery|tumou?r|cancer|biopsy|chemo\w*|illness|infusions?|visit|appointment|health|family"
    r"|resultados?|pruebas?|an[aá]lisis|tratamiento|cirug[ií]a|c[aá]ncer|biopsia|quimio\w*|cita|enfermedad|familia|resonancia|esc[aá]ner)"
)
_DAYS: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|To)day|Tomorrow|Everyone|Everybody|Nobody|Patient|People|Children|Women|Men"
# What `personal` lets pass in a question, since an illness may be called so or an address lead to help; in a notice it is of somebody.
_STRANGERS: Final = (
    re.compile(r"\b(?:Mrs?|Ms|Miss|Mx|Sra?|Srta|Don|Doña)\b\.? [A-ZÁÉÍÓÚÑ]\w+"),
    re.compile(rf"\b(?!(?:{_DAYS})\b)[A-ZÁÉÍÓÚÑ][\w-]+['’]s (?:\w+ )?{_MEDICAL}\b"),
    re.compile(rf"\b(?i:{_MEDICAL}) de (?:don |doña )?(?!Telegram\b|Slack\b)[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+"),
    re.compile(r"\b[\w.-]+ (?:at|arroba|\(at\)|\[at\]) [\w-]+ (?:dot|punto) [a-z]{2,}\b", re.IGNORECASE),
    re.compile(r"https?://\S*[?#@=]", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be mended in one field of a proposal: a phrase below `broadcast.problem`, and the values in it."""

    field: str
    phrase: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


def notice_problems(library: Library, text: str, language: str) -> tuple[Problem, ...]:
    """Everything that keeps a text from being sent, all at once; empty where it may be."""
    found = [*_unreadable(text), *_length(library, text, language), *_private(library, text), *_words(library, text, language)]
    return tuple(Problem("text", phrase, values) for phrase, values in found)


_Found = Iterator[tuple[str, dict[str, object]]]


def _unreadable(text: str) -> _Found:
    if any(unicodedata.category(mark) in _UNSEEN and mark not in "\n\r\t" for mark in text):
        yield "unreadable", {}


def _length(library: Library, text: str, language: str) -> _Found:
    least, most = WORDS
    count = words_of(text)
    if not least <= count <= most:
        yield "length", {"least": least, "most": most, "count": count}
    size, limit = len(notice_screen(library, text, language).text), MAXIMUM_CHARACTERS["everyone"]
    if size > limit:
        yield "size", {"over": size - limit}


def _private(library: Library, text: str) -> _Found:
    strangers = _DAY_OR_HOUR.sub(" ", _without_our_numbers(library, text))
    # `personal` reads so many characters only; the rest of a long text is read in pieces that overlap.
    pieces = [text[start : start + 4_000] for start in range(0, max(len(text), 1), 3_800)]
    named = any(pattern.search(strangers) for pattern in _STRANGERS)
    if named or _TELEPHONE.search(strangers) or any(personal(_without_our_numbers(library, piece)) for piece in pieces):
        yield "private", {}


def _without_our_numbers(library: Library, text: str) -> str:
    """The text without the team's own numbers, which it may give."""
    ours = (library.institution.urgent_line, library.institution.clinic_line) if library.institution else ()
    for number in filter(None, ours):
        text = text.replace(number, " ")
    return text


def _words(library: Library, text: str, language: str) -> _Found:
    style = library.style[language]
    if found := doses(text, style):
        yield "dose", {"words": ", ".join(found[:3])}
    if found := [word for words in style.banned.values() for word in met(text, words)]:
        yield "banned", {"words": ", ".join(dict.fromkeys(found[:3]))}
    if _is_foreign(library, text, language):
        yield "foreign", {"language": library.phrase(language, "language.name")}
    elif not _is_easy(text, language):
        yield "hard", {}


def _is_foreign(library: Library, text: str, language: str) -> bool:
    """Whether its small words are those of another of our languages, by far."""
    said = tokens(fold(text))
    known = {each: sum(is_dull(word, each) for word in said) for each in library.languages}
    most = max(known.values())
    return most >= _LEAST_SMALL_WORDS and most > 2 * known[language]


def _is_easy(text: str, language: str) -> bool:
    ease = measure(text, language)
    return ease.fernandez_huerta >= LEAST_HUERTA if language == "es" else ease.grade <= HARDEST_TIP


def notice_screen(library: Library, text: str, language: str) -> Screen:
    """The notice as its readers see it: a neutral first line, since lock screens show it, the team's name, and the way out below."""
    team = library.institution.team if library.institution else library.phrase(language, "broadcast.notice.team")
    opening = library.phrase(language, "broadcast.notice.opening")
    body = "\n".join(line.strip() for line in text.strip().splitlines())
    rows = ((Button(library.phrase(language, "buttons.stop"), "stop"), Button(library.phrase(language, "buttons.urgent"), "urgent")),)
    return Screen(f"{opening}\n\n**{team}**\n{body}", rows, language)
