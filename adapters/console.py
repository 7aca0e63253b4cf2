"""The third platform: the same conversation in a terminal. A number taps a button, anything else is typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from content.events import Event, Go, Say
from content.people import Address
from content.screen import Button, Screen, bold_runs

HERE: Final = Address("console", "local", "you")
_BOLD, _PLAIN = "\033[1m", "\033[0m"


@dataclass(frozen=True, slots=True)
class Seen:
    """The buttons on the screen last drawn, which the next number means."""

    buttons: tuple[Button, ...] = ()
    language: str = "en"


def receive(line: str, seen: Seen, sender: Address = HERE, hint: str | None = None) -> Event:
    """The event of one line: a number on the screen taps, all else is words."""
    number = line.strip()
    if number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= len(seen.buttons):
        return Go(sender, sender, seen.buttons[int(number[:6]) - 1].target, seen.language)
    return Say(sender, sender, line, hint)


def render(screens: tuple[Screen, ...], *, colour: bool = False) -> tuple[str, Seen]:
    """The screens as lines of text, their buttons numbered through, and what the numbers mean."""
    buttons = tuple(button for screen in screens for button in screen.buttons())
    lines = [_text(screen, colour) for screen in screens]
    lines += [f"  [{number}] {button.label}" for number, button in enumerate(buttons, 1)]
    lines += [f"  {link}" for link in _links(screens)]
    return "\n".join(lines) + "\n", Seen(buttons, screens[-1].language)


def _text(screen: Screen, colour: bool) -> str:
    return "\n".join(_line(line, colour) for line in screen.text.splitlines()) + "\n"


def _line(line: str, colour: bool) -> str:
    return "".join(f"{_BOLD}{words}{_PLAIN}" if bold and colour else words for bold, words in bold_runs(line))


def _links(screens: tuple[Screen, ...]) -> Iterator[str]:
    for screen in screens:
        for row in screen.rows:
            for each in row:
                if not isinstance(each, Button):
                    yield f"{each.label}: {each.url}"
