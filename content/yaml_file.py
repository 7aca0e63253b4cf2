"""One YAML file as plain words, lists and mappings, each with its line. Read as events, so that no nesting or alias can hurt."""

from dataclasses import dataclass, field
from typing import Final

import yaml

Location = tuple[str | int, ...]

MAXIMUM_BYTES: Final = 600_000
MAXIMUM_DEPTH: Final = 12
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Unreadable(Exception):
    """The file cannot be read at all; `line` counts from 1 and `advice` says how to mend it."""

    def __init__(self, line: int, advice: str) -> None:
        super().__init__(advice)
        self.line = line
        self.advice = advice


@dataclass(slots=True)
class Document:
    """`value` holds only dict, list, str and None; `lines` knows where each location begins; `repeated` are keys said twice."""

    value: object = None
    lines: dict[Location, int] = field(default_factory=dict)
    repeated: list[Location] = field(default_factory=list)

    def line(self, location: Location) -> int:
        """The line of the location, or of the nearest place around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    value: dict[str, object] | list[object]
    location: Location
    key: str | None = None

    def next_location(self) -> Location:
        return (*self.location, len(self.value) if self.key is None else self.key)


def read(raw: bytes) -> Document:
    """The document, or `Unreadable`: too large, not UTF-8, not YAML, too deep, or with aliases."""
    if len(raw) > MAXIMUM_BYTES:
        raise Unreadable(1, f"keep the file under {MAXIMUM_BYTES:,} bytes")
    try:
        return _build(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(raw.count(b"\n", 0, error.start) + 1, "save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(line, f"mend the YAML: {error.problem or error.context}") from None
    except yaml.YAMLError:
        raise Unreadable(1, "mend the YAML: it holds a character that YAML does not allow") from None


def _build(text: str) -> Document:
    document, stack = Document(), list[_Open]()
    for event in yaml.parse(text, Loader=_LOADER):
        match event:
            case yaml.AliasEvent():
                raise Unreadable(_line(event), "write the text out; aliases (*name) are not read")
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                _begin(document, stack, event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                stack.pop()
            case yaml.ScalarEvent():
                _word(document, stack, event)
            case yaml.DocumentStartEvent() if document.lines:
                raise Unreadable(_line(event), "keep one document in a file; remove the line ---")
    return document


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1


def _begin(document: Document, stack: list[_Open], event: yaml.Event) -> None:
    if len(stack) >= MAXIMUM_DEPTH:
        raise Unreadable(_line(event), f"nest less: at most {MAXIMUM_DEPTH} levels")
    if _awaits_key(stack):
        raise Unreadable(_line(event), "use a plain word as a key")
    value: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
    location = stack[-1].next_location() if stack else ()
    _place(document, stack, value, _line(event))
    stack.append(_Open(value, location))


def _word(document: Document, stack: list[_Open], event: yaml.ScalarEvent) -> None:
    if _awaits_key(stack):
        _name(document, stack[-1], event)
        return
    nothing = event.implicit[0] and event.value in ("", "null", "~")
    _place(document, stack, None if nothing else event.value, _line(event))


def _awaits_key(stack: list[_Open]) -> bool:
    return bool(stack) and isinstance(stack[-1].value, dict) and stack[-1].key is None


def _name(document: Document, mapping: _Open, event: yaml.ScalarEvent) -> None:
    mapping.key = event.value
    if event.value in mapping.value:
        document.repeated.append((*mapping.location, event.value))
    document.lines[(*mapping.location, event.value)] = _line(event)


def _place(document: Document, stack: list[_Open], value: object, line: int) -> None:
    if not stack:
        document.value = value
        document.lines[()] = line
        return
    around = stack[-1]
    document.lines.setdefault(around.next_location(), line)
    if isinstance(around.value, list):
        around.value.append(value)
    elif around.key is not None:
        around.value[around.key] = value
        around.key = None
