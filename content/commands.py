"""The commands, the same on every platform. Their words and descriptions stand in `phrases.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from content.ending import pauses, stops
from content.model import Library
from content.people import Audience
from content.sayings import said, tips_meant
from content.spoken import is_courtesy, is_time
from content.whereabouts import is_place, lives_in, may_be_place, regions
from content.words import fold


@dataclass(frozen=True, slots=True)
class Command:
    """A command; its name is also its target. `takes` says that words may follow it, `team` that only care teams have it."""

    name: str
    takes: bool = False
    team: bool = False


COMMANDS: Final[Mapping[str, Command]] = {
    command.name: command
    for command in (
        Command("start", takes=True),
        Command("menu"),
        Command("ask", takes=True),
        Command("define", takes=True),
        Command("urgent"),
        Command("tip"),
        Command("tips", takes=True),
        Command("stop"),
        Command("pause", takes=True),
        Command("questions"),
        Command("language", takes=True),
        Command("region", takes=True),
        Command("about"),
        Command("privacy"),
        Command("mydata"),
        Command("forget"),
        Command("help"),
        Command("broadcast", team=True),
        Command("stats", team=True),
        Command("share", takes=True, team=True),
    )
}

# What the static buttons do when somebody types their label, as people do when a text says: tap Urgent help.
_LABELLED: Final[Mapping[str, tuple[str, str]]] = {
    **{name: (name, "") for name in ("menu", "urgent", "help", "about", "language", "region", "questions", "tip", "tips", "stop", "pause")},
    **dict.fromkeys(("change_tips", "tips_now"), ("tips", "")),
    "erase": ("forget", ""),
    "pause_silent": ("pause", "silent"),
}
# What is also asked for in everyday words.
_SAID: Final = ("tip", "forget", "mydata")
_LONGEST_TERM: Final = 4


def named(library: Library, words: str, audience: Audience = "care-team") -> tuple[Command, str] | None:
    """The command that these words give and what follows it: `/define CAR T`, or one word that is the whole message."""
    stripped = words.strip()
    if stops(library, stripped):
        return COMMANDS["stop"], ""
    if labelled := _labels(library).get(fold(stripped)):
        return COMMANDS[labelled[0]], labelled[1]
    if (held := pauses(library, stripped)) is not None:
        return COMMANDS["pause"], held
    if meant := _meant(library, stripped):
        return meant
    head, rest = _divided(library, stripped)
    command = COMMANDS.get(head)
    if command is None or not open_to(command, audience):
        return None
    if rest and not stripped.startswith("/") and not _belongs(library, command, rest):
        return None
    return command, rest


def _divided(library: Library, words: str) -> tuple[str, str]:
    """The name of the command that the first word is, if any, and what follows it."""
    head, _, rest = words.strip().removeprefix("/").partition(" ")
    return _spoken(library).get(head.casefold().strip(".!,:"), ""), rest.strip()


def _meant(library: Library, words: str) -> tuple[Command, str] | None:
    """The command that a whole message asks for in everyday words."""
    head, rest = _divided(library, words)
    if head == "tips" and is_time(library, rest) and any(map(str.isdigit, rest)):
        return None
    if tips_meant(library, words) is not None:
        return COMMANDS["tips"], words
    if place := lives_in(library, words):
        return COMMANDS["region"], place
    if language := said(library, "language", words):
        return COMMANDS["language"], language
    return next(((COMMANDS[name], "") for name in _SAID if said(library, name, words)), None)


def place_tried(library: Library, words: str) -> str:
    """What stands after the word for tips where it may be a place, though every word of it is one of ours; else nothing."""
    head, rest = _divided(library, words)
    return rest if head == "tips" and may_be_place(library, rest) else ""


def _belongs(library: Library, command: Command, rest: str) -> bool:
    """Whether the words belong to the command also without its `/`: `tips Madrid` does, "tips for better sleep" is a question."""
    match command.name:
        case "tips":
            return is_courtesy(library, rest) or is_time(library, rest) or is_place(library, rest)
        case "define":
            return len(rest.split()) <= _LONGEST_TERM
        case "region":
            return bool(regions(library, rest))
        case _:
            # Patients ask in whole sentences that may begin like a command; a care team's own ones begin nothing else.
            return command.team and command.takes


def open_to(command: Command, audience: Audience) -> bool:
    """Whether that audience has the command."""
    return audience == "care-team" or not command.team


def _spoken(library: Library) -> Mapping[str, str]:
    """Every word for a command in any language, since people keep the words they know."""
    return {name: name for name in COMMANDS} | {
        word: name
        for language in library.languages
        for name in COMMANDS
        for word in library.phrase(language, f"commands.{name}.also").split()
    }


@lru_cache(maxsize=4)
def _labels(library: Library) -> Mapping[str, tuple[str, str]]:
    return {
        fold(library.phrase(language, f"buttons.{label}")): meant
        for language in reversed(library.languages)
        for label, meant in _LABELLED.items()
    }


def described(library: Library, language: str, audience: Audience) -> tuple[tuple[str, str], ...]:
    """The name of each command that the audience has, and what it does."""
    return tuple(
        (name, library.phrase(language, f"commands.{name}.does")) for name, command in COMMANDS.items() if open_to(command, audience)
    )
