"""Does this message tell of danger? Rules are data; this file only reads them."""

from dataclasses import dataclass
from typing import Literal

Tier = Literal["emergency", "today"]


@dataclass(frozen=True, slots=True)
class Rules:
    """One language's red flags."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What was heard. `hypothetical` is a "what if": the ordinary card with the red-flag line on top."""

    tier: Tier
    group: str
    hypothetical: bool = False
