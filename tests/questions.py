"""The development set: questions, other messages and long posts, each in a half for tuning and one that is only counted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from content.people import Audience

CONTENT = Path(__file__).parent / "content"
HALVES = ("tune", "test")


@dataclass(frozen=True, slots=True)
class Asked:
    """A message and what it should be found to be: its kind, and for kind `cards` the cards that answer."""

    words: str
    kind: str
    language: str
    half: str
    answers: frozenset[str] = frozenset()
    register: str = "patient"

    @property
    def audience(self) -> Audience:
        """Nurses ask as the care team; so does whoever asks for one of its cards."""
        return "care-team" if self.register == "nurse" or any(card.startswith("care/") for card in self.answers) else "patient"


@dataclass(frozen=True, slots=True)
class Told:
    """A message of danger or near it, in its half; `source` names its file, or its folder."""

    tier: str
    words: str
    half: str
    source: str = ""
    language: str = ""

    @property
    def dangerous(self) -> bool:
        """Whether it tells of a danger that is there."""
        return self.tier in ("emergency", "today")


def questions(language: str) -> list[Asked]:
    """Questions that a card answers."""
    return [_asked(each, "cards", language) for each in _read(CONTENT / "questions" / f"{language}.yaml")]


def others() -> list[Asked]:
    """Messages that are no question for a card."""
    return _of_kinds("others")


def small_talk() -> list[Asked]:
    """Talk for its own sake, and what has nothing to do with us."""
    return _of_kinds("small-talk")


def posts() -> list[Asked]:
    """Long posts with a question for a card, or for a care team."""
    return _of_kinds("posts") + _of_kinds("stories")


def decisions() -> list[Asked]:
    """Short messages that ask for a decision, and general questions that look like them."""
    return _of_kinds("decisions")


def dangers() -> Iterator[Told]:
    """The messages of danger, and those near it as `none` or `hypothetical`, however their files are laid out."""
    folder = CONTENT / "urgent"
    for path in sorted(folder.rglob("*.yaml")):
        source = path.stem if path.parent == folder else path.parent.name
        yield from (replace(each, source=source) for each in _leaves(_read(path), ""))


def _leaves(value: Any, tier: str) -> Iterator[Told]:
    """Messages with the last tier or kind that was named on the way to them; of a bare list every second is for tuning."""
    match value:
        case {"q": str(words), **fields}:
            named = str(fields.get("tier") or fields.get("kind") or tier)
            yield from (Told(named, words, fields.get("half", "tune"), language=fields.get("language", "")) for _ in range(named in _TIERS))
        case dict():
            for key, each in value.items():
                yield from _leaves(each, key if key in _TIERS else tier)
        case list():
            for place, each in enumerate(value):
                yield from ([Told(tier, str(each), HALVES[place % 2])] if isinstance(each, str) else _leaves(each, tier))


_TIERS = ("emergency", "today", "none", "hypothetical")


def _of_kinds(name: str) -> list[Asked]:
    return [_asked(each, each["kind"], each["language"]) for each in _read(CONTENT / "questions" / f"{name}.yaml")]


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _asked(each: dict[str, Any], kind: str, language: str) -> Asked:
    answers = frozenset((each["best"], *each.get("also", ()))) if "best" in each else frozenset()
    return Asked(each["q"], kind, language, each["half"], answers, each.get("register", "patient"))
