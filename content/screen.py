"""What a reader sees, in words that any platform can draw."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

MAXIMUM_TARGET_BYTES: Final = 48
_PRESS = re.compile(r"([gb]):([a-z]{2}):([a-z0-9/-]{1,48})", re.ASCII)
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Button:
    """A tap inside the bot. `target` is a place: `[a-z0-9-]` and `/`, at most 48 bytes."""

    label: str
    target: str


@dataclass(frozen=True, slots=True)
class Link:
    """A tap that leaves the bot."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to send below the text; `file` is a path inside the library."""

    file: str
    alt: str


Row = tuple[Button | Link, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: small Markdown (`**bold**`, lines that begin with `- `) and rows of buttons."""

    text: str
    rows: tuple[Row, ...] = ()
    language: str = "en"
    picture: Picture | None = None

    def buttons(self) -> Iterator[Button]:
        """Every button that stays inside the bot, in reading order."""
        return (each for row in self.rows for each in row if isinstance(each, Button))


def as_one(screens: tuple[Screen, ...]) -> tuple[Screen, ...]:
    """Several screens as one text with all their buttons, for a message that is redrawn in place."""
    if len(screens) < 2:
        return screens
    text = "\n\n".join(screen.text for screen in screens)
    return (replace(screens[0], text=text, rows=_each_once([row for screen in screens for row in screen.rows])),)


def _each_once(rows: list[Row]) -> tuple[Row, ...]:
    """The rows without a button that comes again further down, where readers look for Back and Menu."""
    seen: set[Button | Link] = set()
    kept: list[Row] = []
    for row in reversed(rows):
        kept.insert(0, tuple(each for each in row if each not in seen))
        seen.update(row)
    return tuple(row for row in kept if row)


@dataclass(frozen=True, slots=True)
class Press:
    """What a button said when it was tapped: `below` answers under a tip instead of editing in place."""

    language: str
    target: str
    below: bool = False


def press_data(press: Press) -> str:
    """The press as button data, `<g|b>:<language>:<target>`, at most 53 bytes."""
    return f"{'b' if press.below else 'g'}:{press.language}:{press.target}"


def read_press(data: str) -> Press | None:
    """The press behind button data, or None where it cannot be read."""
    found = _PRESS.fullmatch(data)
    return Press(found[2], found[3], found[1] == "b") if found else None


def bold_runs(line: str) -> Iterator[tuple[bool, str]]:
    """The line cut into (is bold, words): the only markup our texts have."""
    for place, words in enumerate(_BOLD.split(line)):
        if words:
            yield place % 2 == 1, words
