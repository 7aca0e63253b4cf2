"""The little we know about a person, and what may be kept of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Audience = Literal["patient", "care-team"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached. `space` is the bot on Telegram, the workspace on Slack."""

    platform: str
    space: str
    chat: str


@dataclass(frozen=True, slots=True)
class Kept:
    """All that the store holds of one reader; read only for `mydata` and `forget`."""

    language: str | None
    region: str | None
    since: date


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader as one turn knows them. `language` and `region` are None until chosen; `known` is False where the store did not answer."""

    address: Address
    audience: Audience
    language: str | None = None
    region: str | None = None
    kept: Kept | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Choose:
    """Keep what the reader chose; None leaves that field as it stands. Setting it twice changes nothing."""

    address: Address
    language: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Erase:
    """Forget everything about the reader."""

    address: Address


Change = Choose | Erase
