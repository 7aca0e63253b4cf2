"""An evening with the bot, read from YAML, on any platform: what a person types and taps, and what they then see."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import yaml

JOURNEYS = Path(__file__).parent / "journeys"


@dataclass(frozen=True)
class Seen:
    """What a person has before their eyes: plain words, one line each, and the choices in their order."""

    words: str
    choices: tuple[str, ...]


class Person(Protocol):
    """Somebody with a phone or a keyboard."""

    async def say(self, words: str, hint: str | None) -> Seen: ...
    async def tap(self, label: str) -> Seen: ...


@dataclass(frozen=True)
class Journey:
    """One evening and who has it."""

    name: str
    audience: str
    steps: tuple[dict[str, object], ...]


def journeys() -> list[Journey]:
    """Every evening under tests/journeys."""
    return [_journey(path) for path in sorted(JOURNEYS.glob("*.yaml"))]


def _journey(path: Path) -> Journey:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(read) == {"evening", "audience", "steps"}, path
    for step in read["steps"]:
        assert set(step) <= {"say", "tap", "hint", "sees", "offers", "hides"}, (path, step)
    return Journey(path.stem, read["audience"], tuple(read["steps"]))


async def play(journey: Journey, person: Person) -> list[Seen]:
    """Live the evening, hold every expectation, and return all that was seen."""
    transcript = []
    for step in journey.steps:
        seen = await _act(step, person)
        for words in step.get("sees", ()):  # type: ignore[attr-defined]  # steps are plain YAML
            assert str(words) in seen.words, f"{journey.name}: {step} saw {seen.words!r}"
        for label in step.get("offers", ()):  # type: ignore[attr-defined]  # steps are plain YAML
            assert str(label) in seen.choices, f"{journey.name}: {step} was offered {seen.choices}"
        for label in step.get("hides", ()):  # type: ignore[attr-defined]  # steps are plain YAML
            assert str(label) not in seen.choices, f"{journey.name}: {step} was offered {seen.choices}"
        transcript.append(seen)
    return transcript


async def _act(step: dict[str, object], person: Person) -> Seen:
    if "say" in step:
        hint = step.get("hint")
        return await person.say(str(step["say"]), str(hint) if hint else None)
    return await person.tap(str(step["tap"]))


def plain(text: str) -> str:
    """Words as every platform shows them: bullets alike, no markup, no empty lines."""
    lines = (line.strip().replace("**", "") for line in text.replace("• ", "- ").splitlines())
    return "\n".join(line for line in lines if line)


Play = Callable[[Journey], Awaitable[list[Seen]]]
