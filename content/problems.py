"""Reading files at the door: every problem told at once, as `path:line: what to do`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from content.yaml_file import Document, Location, Unreadable, read

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something a writer can mend. `path` is relative to the library, `line` counts from 1."""

    path: str
    line: int
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.advice}"


class Problems(Exception):
    """The library cannot be used as it stands; it holds every problem that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Desk:
    """Files as they are read, and the problems met so far. Nothing is kept of a file but its path, unless something is wrong in it."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    _again: dict[str, Document] = field(default_factory=dict)

    def tell(self, path: str, location: Location, advice: str) -> None:
        """Note a problem at a place in a file that was read."""
        self.problems.append(Problem(path, self.again(path).line(location), advice))

    def again(self, path: str) -> Document:
        """The file, read once more to look closer at it; an empty one where it cannot be read."""
        if path not in self._again:
            try:
                self._again[path] = read((self.folder / path).read_bytes())
            except (Unreadable, OSError):
                self._again[path] = Document()
        return self._again[path]

    def read(self, path: str, shape: type[Shape]) -> Shape | None:
        """The file in that shape, or None after telling what is wrong."""
        document = self._document(path)
        if document is None:
            return None
        try:
            return TypeAdapter(shape).validate_python(document.value)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False, include_input=False):
                self.tell(path, _in_file(each["loc"]), _advice(each["loc"], each["msg"], each["type"]))
            return None

    def _document(self, path: str) -> Document | None:
        try:
            document = read((self.folder / path).read_bytes())
        except Unreadable as error:
            self.problems.append(Problem(path, error.line, error.advice))
            return None
        except OSError:
            self.problems.append(Problem(path, 1, "add this file; it is missing or cannot be opened"))
            return None
        self.paths.add(path)
        for location in document.repeated:
            self.tell(path, location, f"remove one of the two `{location[-1]}`")
        return document

    def files(self, below: str, pattern: str = "*.yaml") -> Iterator[str]:
        """Paths of files below a folder, in the order of their names."""
        for path in sorted((self.folder / below).rglob(pattern)):
            yield path.relative_to(self.folder).as_posix()


def _in_file(location: Location) -> Location:
    return tuple(part for part in location if part != "[key]")


def _advice(location: Location, message: str, kind: str) -> str:
    name = ".".join(str(part) for part in _in_file(location)) or "the file"
    match kind:
        case "missing":
            return f"add `{name}`"
        case "extra_forbidden":
            return f"remove `{name}`; no such field is known"
        case _:
            return f"mend `{name}`: {message[:1].lower()}{message[1:]}"


def read_one(path: Path, shape: type[BaseModel]) -> BaseModel:
    """A single file outside the library, or `Problems`."""
    desk = Desk(path.parent)
    value = desk.read(path.name, shape)
    if value is None or desk.problems:
        raise Problems(desk.problems)
    return value
