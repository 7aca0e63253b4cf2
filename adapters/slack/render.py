"""Screens -> Block Kit, encoded once per screen. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from adapters.slack.receive import LINK_ACTION
from content.screen import Button, Link, Press, Screen, bold_runs, press_data, read_press

MAXIMUM_BLOCKS: Final = 50
MAXIMUM_TEXT: Final = 10_000
MAXIMUM_SECTION: Final = 3000
MAXIMUM_HEADER: Final = 150
MAXIMUM_ROW: Final = 5
MAXIMUM_LABEL: Final = 75
MAXIMUM_URL: Final = 3000
MAXIMUM_ALT: Final = 2000
# Longer fallback texts are cut by Slack itself, somewhere.
MAXIMUM_FALLBACK: Final = 3900
# An escaped letter is five at most, so a piece of so many letters fits one section whatever they are.
_PIECE: Final = MAXIMUM_SECTION // 5
# mrkdwn has no escape for its own marks: where a pair of them would format, letters that look like them stand in.
_LOOKALIKES: Final = {
    "*": "\N{ASTERISK OPERATOR}",
    "_": "\N{FULLWIDTH LOW LINE}",
    "~": "\N{TILDE OPERATOR}",
    "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
}
# A member's id with this mark before it is shown as their name.
_MEMBER: Final = re.compile(r"(?<![\w@])@([UW][A-Z0-9]{4,20})(?!\w)")
# Sent as a link that shows itself, whose letters Slack leaves alone: with look-alikes in it nobody could open it.
_ADDRESS: Final = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,;:!?*\"')\]”»])")
_QUOTE_LOOKALIKE: Final = "\N{FULLWIDTH GREATER-THAN SIGN}"
# Screens of a large library in two languages fit; those that only one reader saw fall out again.
_KEPT_SCREENS: Final = 4096

Block = dict[str, object]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A screen as Slack takes it: its blocks (never changed after this), and the text of notifications and screen readers."""

    blocks: tuple[Block, ...]
    text: str


@lru_cache(maxsize=_KEPT_SCREENS)
def render(screen: Screen, below: bool = False) -> Drawing:
    """The screen drawn; with `below` its buttons answer below the message instead of editing it (under a tip)."""
    lines = screen.text.strip("\n").split("\n")
    title = _title(lines[0])
    body = lines if title is None else lines[1:]
    blocks: list[Block] = [] if title is None else [{"type": "header", "text": plain_text(title)}]
    blocks += [_section(words) for words in _sections(body) if words.strip()]
    blocks += [_section(_telephone(each)) for row in screen.rows for each in row if _is_telephone(each)]
    return Drawing((*blocks, *_actions(screen, below)), _fallback(screen))


def problems(screen: Screen) -> list[str]:
    """Why Slack would refuse this screen; empty when it can be drawn."""
    buttons = [each for row in screen.rows for each in row]
    return [*_text_problems(screen), *(problem for each in buttons for problem in _button_problems(each, screen.language))]


def escaped(words: str) -> str:
    """The three letters that Slack reads as its own, escaped."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _title(line: str) -> str | None:
    runs = list(bold_runs(line))
    return runs[0][1] if len(runs) == 1 and runs[0][0] and len(runs[0][1]) <= MAXIMUM_HEADER else None


def _sections(lines: Sequence[str]) -> Iterator[str]:
    """The lines, drawn, in as few texts of a section's length as hold them; cut on line ends."""
    held: list[str] = []
    size = 0
    for drawn in (drawn for line in lines for drawn in _drawn(line)):
        if held and size + len(drawn) >= MAXIMUM_SECTION:
            yield "\n".join(held)
            held, size = [], 0
        held.append(drawn)
        size += len(drawn) + 1
    yield "\n".join(held)


def _drawn(line: str) -> Iterator[str]:
    """One line as mrkdwn; one that no section holds comes in pieces, without its bold."""
    whole = _marked(line)
    if len(whole) < MAXIMUM_SECTION:
        yield whole
        return
    plain = line.replace("**", "")
    yield from (_marked(plain[start : start + _PIECE]) for start in range(0, len(plain), _PIECE))


def _marked(line: str) -> str:
    runs = list(bold_runs(_bullet(line)))
    bold = any(is_bold for is_bold, _ in runs)
    every = _ADDRESS.sub("", "".join(words for _, words in runs))
    harmful = [mark for mark in _LOOKALIKES if every.count(mark) > (0 if bold and mark == "*" else 1)]
    marks = str.maketrans({mark: _LOOKALIKES[mark] for mark in harmful})
    marked = "".join(_bold(_linked(words, marks)) if is_bold else _linked(words, marks) for is_bold, words in runs)
    return _QUOTE_LOOKALIKE + marked.removeprefix("&gt;") if marked.startswith("&gt;") else marked


def _linked(words: str, marks: Mapping[int, str]) -> str:
    """The words escaped, with their addresses and members as Slack's links."""
    parts = enumerate(_ADDRESS.split(words))
    return "".join(f"<{escaped(part)}>" if place % 2 else _MEMBER.sub(r"<@\1>", escaped(part.translate(marks))) for place, part in parts)


def _bold(words: str) -> str:
    """Slack's stars count only where they touch the words."""
    core = words.strip()
    return words.replace(core, f"*{core}*", 1) if core else words


def _bullet(line: str) -> str:
    return f"• {line[2:]}" if line.startswith("- ") else line


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}


def plain_text(words: str) -> Block:
    """Words without markup, as Slack takes them."""
    return {"type": "plain_text", "text": words, "emoji": False}


def _actions(screen: Screen, below: bool) -> Iterator[Block]:
    """A block of buttons a row; a row of more than five is broken."""
    number = 0
    for row in screen.rows:
        elements = [_element(each, screen.language, below, number + place) for place, each in enumerate(row) if not _is_telephone(each)]
        number += len(row)
        for start in range(0, len(elements), MAXIMUM_ROW):
            yield {"type": "actions", "elements": elements[start : start + MAXIMUM_ROW]}


def _element(each: Button | Link, language: str, below: bool, number: int) -> Block:
    if isinstance(each, Link):
        return {"type": "button", "action_id": f"{LINK_ACTION}-{number}", "text": plain_text(each.label), "url": each.url}
    data = press_data(Press(language, each.target, below))
    return {"type": "button", "action_id": f"press-{number}", "text": plain_text(each.label), "value": data}


def _is_telephone(each: Button | Link) -> bool:
    """A button's address must be of the web; a number to call stands in the text, where it can be tapped."""
    return isinstance(each, Link) and each.url.startswith("tel:")


def _telephone(each: Button | Link) -> str:
    return f"<{escaped(each.url)}|{escaped(each.label)}>" if isinstance(each, Link) else ""


def _fallback(screen: Screen) -> str:
    lines = ("".join(words for _, words in bold_runs(_bullet(line))) for line in screen.text.split("\n"))
    words = "\n".join(line for line in lines if line)[:MAXIMUM_FALLBACK]
    return escaped(words)


def _text_problems(screen: Screen) -> Iterator[str]:
    if not screen.text.replace("**", "").strip():
        yield "the text is empty"
        return
    blocks = render(screen).blocks
    if len(blocks) > MAXIMUM_BLOCKS:
        yield f"the screen has {len(blocks)} blocks; Slack takes {MAXIMUM_BLOCKS}"
    size = sum(_size(block) for block in blocks)
    if size > MAXIMUM_TEXT:
        yield f"the blocks have {size} characters of text; Slack takes about {MAXIMUM_TEXT}"
    if screen.picture and len(screen.picture.alt) > MAXIMUM_ALT:
        yield f"the picture's alt text has {len(screen.picture.alt)} characters; Slack takes {MAXIMUM_ALT}"


def _size(value: object) -> int:
    """Characters of text in a block, its buttons' labels included."""
    if isinstance(value, dict):
        return sum(len(each) if key == "text" and isinstance(each, str) else _size(each) for key, each in value.items())
    return sum(map(_size, value)) if isinstance(value, list) else 0


def _button_problems(each: Button | Link, language: str) -> Iterator[str]:
    if not each.label.strip():
        yield "a button has no label"
    if len(each.label) > MAXIMUM_LABEL:
        yield f"the button '{each.label}' has {len(each.label)} characters; Slack takes {MAXIMUM_LABEL}"
    if isinstance(each, Button):
        if read_press(press_data(Press(language, each.target))) is None:
            yield f"the button '{each.label}' leads to a target that cannot be read back: {each.target}"
    elif len(each.url) > MAXIMUM_URL or not each.url.startswith(("https://", "http://", "mailto:", "tel:")):
        yield f"the link '{each.label}' is neither a web address nor a telephone number: {each.url[:100]}"
