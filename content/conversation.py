"""The whole conversation as one function: `answer(library, event, reader, now) -> Answer`."""

from dataclasses import dataclass

from content.people import Change
from content.screen import Screen


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show and what to keep. Changes are kept first; where they cannot be, `otherwise` is shown instead."""

    screens: tuple[Screen, ...]
    changes: tuple[Change, ...] = ()
    otherwise: Screen | None = None
    urgent: bool = False
