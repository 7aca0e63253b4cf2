"""What came in, in words that any platform can say."""

from collections.abc import Mapping
from dataclasses import dataclass

from content.people import Address


@dataclass(frozen=True, slots=True)
class Go:
    """Somebody tapped: they want to be at `target`, in the button's own language. `room` is `sender` but in a channel or group.

    `below`: the button stood under a tip. `zone` is the platform's idea of their time zone, an IANA name. `fields` are the words of a
    form that was sent. `alone`: nobody else in the room sees the answer.
    """

    sender: Address
    room: Address
    target: str
    language: str
    below: bool = False
    zone: str | None = None
    fields: Mapping[str, str] | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody typed. A command begins with `/`. `hint` is the platform's idea of their language, such as `es-MX`.

    `passing`: they are still typing, and may share what is shown into any chat; nothing is changed by it. `alone`: as for a tap.
    """

    sender: Address
    room: Address
    words: str
    hint: str | None = None
    zone: str | None = None
    passing: bool = False
    alone: bool = False


Event = Go | Say
