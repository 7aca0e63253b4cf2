"""One turn of the conversation: everything a page may know, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from content.form import Form
from content.model import Library
from content.people import Change, Reader
from content.screen import Button, Row, Screen
from content.team import Order


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show and what to keep. `changes` are kept first; where they cannot be, `otherwise` is shown instead.

    `later` is kept beside the answer, which never waits for it. `order` is carried out first, as changes are kept. `form` is shown
    instead of the screens where it can be. A form that was sent is answered with `errors` by field, or else with a screen, and stays
    open; without either it was taken.
    """

    screens: tuple[Screen, ...]
    changes: tuple[Change, ...] = ()
    otherwise: Screen | None = None
    urgent: bool = False
    later: tuple[Change, ...] = ()
    order: Order | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """`rest` is what follows the page's own name, in a target or in typed words; `zone` what the platform says of the reader's.

    `in_room`: this is said in a channel or group; `overheard`: others there read the answer too. `fields` are the words of a form that
    was sent.
    """

    library: Library
    reader: Reader
    language: str
    now: datetime
    rest: str = ""
    zone: str | None = None
    in_room: bool = False
    overheard: bool = False
    fields: Mapping[str, str] | None = None

    def say(self, key: str, /, **values: object) -> str:
        """A phrase in the turn's language."""
        return self.library.phrase(self.language, key, **values)

    def button(self, key: str, target: str) -> Button:
        """A button whose label is a phrase."""
        return Button(self.say(f"buttons.{key}"), target)

    def screen(self, text: str, *rows: Row, back: str = "menu", here: str = "") -> Screen:
        """A screen that ends with the fixed row: Back, Menu, Urgent."""
        fixed = fixed_row(self.library, self.language, back, here)
        return Screen(text.strip(), tuple(row for row in (*rows, fixed) if row), self.language)

    def region(self) -> str:
        """The region whose numbers count: the reader's own, else the institution's, else the general one."""
        institution = self.library.institution
        chosen = self.reader.region or (institution.region if institution else None) or ""
        return chosen if chosen in self.library.helplines else ""


def trouble(library: Library, language: str) -> Screen:
    """The sentence for a turn that failed, with the way on."""
    spoken = library.spoken(language)
    return Screen(library.phrase(spoken, "trouble.text"), (fixed_row(library, spoken, "menu", ""),), spoken)


def fixed_row(library: Library, language: str, back: str, here: str) -> Row:
    """Back, Menu and Urgent, without a button to the screen itself and without the same target twice."""
    targets = {"back": back, "menu": "menu", "urgent": "urgent"} if back not in ("menu", "urgent") else {"menu": "menu", "urgent": "urgent"}
    return tuple(Button(library.phrase(language, f"buttons.{name}"), target) for name, target in targets.items() if target != here)


def pairs(buttons: list[Button]) -> tuple[Row, ...]:
    """Buttons two a row."""
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def written_date(library: Library, language: str, day: date, key: str = "dates.month") -> str:
    """A date as a reader says it."""
    month = library.phrase(language, "dates.months").split()[day.month - 1]
    return library.phrase(language, key, day=day.day, month=month, year=day.year)
