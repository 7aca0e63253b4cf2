"""Screens -> Telegram's HTML and inline keyboards, encoded once per screen. Pure."""

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from content.screen import Button, Link, Press, Screen, bold_runs, press_data, read_press

MAXIMUM_TEXT: Final = 4096
MAXIMUM_CAPTION: Final = 1024
MAXIMUM_ENTITIES: Final = 100
MAXIMUM_BUTTONS: Final = 100
MAXIMUM_ROW: Final = 8
MAXIMUM_DATA_BYTES: Final = 64
MAXIMUM_KEYBOARD_BYTES: Final = 10_000
MAXIMUM_COPY: Final = 256
# Screens of a large library in two languages fit; those that only one reader saw fall out again.
_KEPT_SCREENS: Final = 4096

Key = dict[str, object]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A screen as Telegram takes it. `keyboard` is JSON, empty without buttons; `tail` and `plain_tail` end the body of a call."""

    html: str
    plain: str
    keyboard: str
    tail: bytes
    plain_tail: bytes


@lru_cache(maxsize=_KEPT_SCREENS)
def render(screen: Screen, below: bool = False) -> Drawing:
    """The screen drawn; with `below` its buttons answer below the message instead of editing it (under a tip)."""
    marked, plain = _html(screen.text), _plain(screen.text)
    keys = _keyboard(screen, below)
    keyboard = json.dumps({"inline_keyboard": keys}, ensure_ascii=False) if keys else ""
    return Drawing(marked, plain, keyboard, _tail(marked, keyboard, html_mode=True), _tail(plain, keyboard, html_mode=False))


def problems(screen: Screen) -> list[str]:
    """Why Telegram would refuse this screen; empty when it can be drawn."""
    return [*_text_problems(screen), *_keyboard_problems(screen), *(_each_problem(screen))]


def _html(text: str) -> str:
    return "\n".join("".join(_marked(bold, words) for bold, words in bold_runs(_bullet(line))) for line in text.split("\n"))


def _plain(text: str) -> str:
    return "\n".join("".join(words for _, words in bold_runs(_bullet(line))) for line in text.split("\n"))


def _marked(bold: bool, words: str) -> str:
    escaped = html.escape(words, quote=False)
    return f"<b>{escaped}</b>" if bold else escaped


def _bullet(line: str) -> str:
    return f"• {line[2:]}" if line.startswith("- ") else line


def _keyboard(screen: Screen, below: bool) -> list[list[Key]]:
    return [[_key(each, screen.language, below) for each in row] for row in screen.rows if row]


def _key(each: Button | Link, language: str, below: bool) -> Key:
    if isinstance(each, Button):
        return {"text": each.label, "callback_data": press_data(Press(language, each.target, below))}
    if each.url.startswith("tel:"):
        # Telegram refuses tel: addresses on buttons; a number that can be copied is the nearest thing.
        return {"text": each.label, "copy_text": {"text": each.url.removeprefix("tel:")}}
    return {"text": each.label, "url": each.url}


def _tail(text: str, keyboard: str, html_mode: bool) -> bytes:
    mode = ',"parse_mode":"HTML"' if html_mode else ""
    markup = f',"reply_markup":{keyboard}' if keyboard else ""
    whole = f'"text":{json.dumps(text, ensure_ascii=False)}{mode},"link_preview_options":{{"is_disabled":true}}{markup}}}'
    return whole.encode("utf-8", "replace")


def _text_problems(screen: Screen) -> Iterator[str]:
    plain = _plain(screen.text).strip()
    if not plain:
        yield "the text is empty"
    if len(plain) > MAXIMUM_TEXT:
        yield f"the text has {len(plain)} characters; Telegram takes {MAXIMUM_TEXT}"
    bold = _html(screen.text).count("<b>")
    if bold > MAXIMUM_ENTITIES:
        yield f"the text has {bold} bold parts; Telegram keeps {MAXIMUM_ENTITIES}"
    if screen.picture and len(screen.picture.alt) > MAXIMUM_CAPTION:
        yield f"the picture's alt text has {len(screen.picture.alt)} characters; a caption takes {MAXIMUM_CAPTION}"


def _keyboard_problems(screen: Screen) -> Iterator[str]:
    count, widest = sum(map(len, screen.rows)), max(map(len, screen.rows), default=0)
    if count > MAXIMUM_BUTTONS:
        yield f"there are {count} buttons; Telegram takes {MAXIMUM_BUTTONS}"
    if widest > MAXIMUM_ROW:
        yield f"a row has {widest} buttons; Telegram takes {MAXIMUM_ROW}"
    size = len(render(screen).keyboard.encode("utf-8", "replace"))
    if size > MAXIMUM_KEYBOARD_BYTES:
        yield f"the buttons have {size} bytes; Telegram takes about {MAXIMUM_KEYBOARD_BYTES}"


def _each_problem(screen: Screen) -> Iterator[str]:
    for each in (each for row in screen.rows for each in row):
        if not each.label.strip():
            yield "a button has no label"
        yield from _button_problem(each, screen.language) if isinstance(each, Button) else _link_problem(each)


def _button_problem(button: Button, language: str) -> Iterator[str]:
    data = press_data(Press(language, button.target, below=True))
    if len(data.encode("utf-8", "replace")) > MAXIMUM_DATA_BYTES or read_press(data) is None:
        yield f"the button '{button.label}' leads to a target that cannot be read back: {button.target}"


def _link_problem(link: Link) -> Iterator[str]:
    if link.url.startswith("tel:") and len(link.url) - len("tel:") in range(1, MAXIMUM_COPY + 1):
        return
    if not link.url.startswith(("https://", "http://", "tg://")):
        yield f"the link '{link.label}' is neither a web address nor a telephone number: {link.url}"
