"""Telegram's HTML parse mode: its tags, its four named entities, its complaints; and the way back for a page."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from adapters.sandbox.telegram_limits import PARSE, bad

_KINDS: Final = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_LINKS: Final = ("http://", "https://", "tg://", "mailto:")
_TAGS: Final = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#[xX](?P<hex>[0-9a-fA-F]{1,6})|#(?P<decimal>[0-9]{1,7})|(?P<name>lt|gt|amp|quot));?", re.ASCII)
_WORDS = re.compile(r"[^<&]+")
_NAME = re.compile(r"<([^\s>]*)\s*")
_END = re.compile(r"</([^\s>]*)\s*")
_ATTRIBUTE = re.compile(r"""([^\s=>]+)(?:\s*(=)\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]*)(?=[\s>])))?\s*""", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked part of a text; `offset` and `length` count UTF-16 units, `value` is its address or language."""

    kind: str
    offset: int
    length: int
    value: str = ""

    def body(self) -> dict[str, object]:
        """As the Bot API tells it."""
        named = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}.get(self.kind)
        told: dict[str, object] = {"type": self.kind, "offset": self.offset, "length": self.length}
        return told | ({named: self.value} if named and self.value else {})


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text without its markup, and what was marked."""

    text: str
    entities: tuple[Entity, ...] = ()

    def trimmed(self) -> "Formatted":
        """Without white space around it, as Telegram stores every text."""
        start = units(self.text) - units(self.text.lstrip())
        text = self.text.strip()
        moved = (replace(each, offset=each.offset - start) for each in self.entities)
        return Formatted(text, tuple(each for each in (_within(each, units(text)) for each in moved) if each.length > 0))


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    value: str
    offset: int


@dataclass(slots=True)
class _Reader:
    text: str
    place: int = 0
    words: list[str] = field(default_factory=list)
    offset: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> Formatted:
        while self.place < len(self.text):
            if self.text.startswith("</", self.place):
                self._end()
            elif self.text[self.place] == "<":
                self._start()
            else:
                self._add(self._next_words())
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return Formatted("".join(self.words), tuple(sorted(self.entities, key=lambda each: (each.offset, -each.length))))

    def _add(self, words: str) -> None:
        self.words.append(words)
        self.offset += units(words)

    def _next_words(self) -> str:
        if entity := _ENTITY.match(self.text, self.place):
            self.place = entity.end()
            return _decoded(entity)
        found = _WORDS.match(self.text, self.place)
        words = found[0] if found else self.text[self.place]
        self.place += len(words)
        return words

    def _start(self) -> None:
        begun = self._bytes(self.place)
        found = _NAME.match(self.text, self.place)
        assert found is not None, "a tag begins here"  # noqa: S101 - the caller saw its bracket
        if found.end() == len(self.text):
            raise _wrong(f"Unclosed start tag at byte offset {begun}")
        tag, self.place = found[1].lower(), found.end()
        if tag not in _KINDS:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {begun}')
        attributes = dict(self._attributes(tag, begun))
        self.place += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {begun}')
        self.open.append(_Open(tag, _value(tag, attributes), self.offset))

    def _attributes(self, tag: str, begun: int) -> Iterator[tuple[str, str]]:
        while not self.text.startswith(">", self.place):
            if self.place >= len(self.text):
                raise _wrong(f"Unclosed start tag at byte offset {begun}")
            found = _ATTRIBUTE.match(self.text, self.place)
            if found is None:
                raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {begun}')
            if found[2] is None and found[1].lower() != "expandable":
                raise _wrong(self._attribute_trouble(found.end(), tag, begun))
            self.place = found.end()
            yield found[1].lower(), html.unescape(found[3] or found[4] or found[5] or "")

    def _attribute_trouble(self, place: int, tag: str, begun: int) -> str:
        if not self.text.startswith("=", place):
            return f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {begun}'
        if ">" not in self.text[place:] or self.text[place + 1 : place + 2] in ("'", '"'):
            return f"Unclosed start tag at byte offset {begun}"
        return f"Unexpected end of name token at byte offset {self._bytes(place + 1)}"

    def _end(self) -> None:
        begun = self._bytes(self.place)
        found = _END.match(self.text, self.place)
        if not self.open:
            raise _wrong(f"Unexpected end tag at byte offset {begun}")
        if found is None or not self.text.startswith(">", found.end()):
            raise _wrong(f"Unclosed end tag at byte offset {begun}")
        opened = self.open.pop()
        if found[1] and found[1].lower() != opened.tag:
            raise _wrong(f'Unmatched end tag at byte offset {begun}, expected "</{opened.tag}>", found "</{found[1].lower()}>"')
        self.place = found.end() + 1
        if self.offset > opened.offset and (opened.tag != "a" or opened.value.startswith(_LINKS)):
            self.entities.append(Entity(_KINDS[opened.tag], opened.offset, self.offset - opened.offset, opened.value))

    def _bytes(self, place: int) -> int:
        return len(self.text[:place].encode("utf-8", "replace"))


def parse_html(text: str) -> Formatted:
    """The text without its tags, and the entities they made. Raises Refusal in Telegram's words."""
    return _Reader(text).read()


def to_html(text: str, entities: tuple[Entity, ...]) -> str:
    """The text with its entities as HTML that is safe on a page."""
    coded = text.encode("utf-16-le", "surrogatepass")
    edges = sorted({0, len(coded) // 2, *(edge for each in entities for edge in (each.offset, each.offset + each.length))})
    return "".join(_part(coded, start, end, entities) for start, end in pairwise(edges))


def units(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _part(coded: bytes, start: int, end: int, entities: tuple[Entity, ...]) -> str:
    marked = html.escape(coded[start * 2 : end * 2].decode("utf-16-le", "replace"), quote=False)
    for each in reversed(entities):
        if each.offset <= start and end <= each.offset + each.length:
            marked = _wrapped(each, marked)
    return marked


def _wrapped(entity: Entity, marked: str) -> str:
    if entity.kind == "text_link":
        return f'<a href="{html.escape(entity.value)}" rel="noopener" target="_blank">{marked}</a>'
    tag = _TAGS.get(entity.kind)
    return f"<{tag}>{marked}</{tag}>" if tag else marked


def _decoded(entity: re.Match[str]) -> str:
    if entity["name"]:
        return _NAMED[entity["name"]]
    code = int(entity["hex"], 16) if entity["hex"] else int(entity["decimal"])
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else entity[0]


def _value(tag: str, attributes: dict[str, str]) -> str:
    if tag == "a":
        return attributes.get("href", "")
    return attributes.get("emoji-id", "") if tag == "tg-emoji" else ""


def _within(entity: Entity, length: int) -> Entity:
    start = max(entity.offset, 0)
    return replace(entity, offset=start, length=min(entity.offset + entity.length, length) - start)


def _wrong(why: str) -> Exception:
    return bad(PARSE.format(why=why))
