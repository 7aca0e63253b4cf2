"""A form to fill in, in words that any platform can draw. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what it is called, and what is then sent."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Options under a heading; under an empty one they stand by themselves."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of many options, or none; with `chosen` one is always chosen, and all are in sight."""

    key: str
    label: str
    groups: tuple[Group, ...]
    hint: str = ""
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Room for a person's own words."""

    key: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields to fill in; what they hold is sent to `target`."""

    title: str
    target: str
    submit: str
    close: str
    fields: tuple[Choice | Words, ...]
    language: str = "en"
