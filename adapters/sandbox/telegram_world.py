"""What the methods of the Bot API and the people share: chats, queries, waiting updates, the time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.clock import Clock
from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.calls import Journal
from adapters.sandbox.telegram_chats import Chats, Person
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_html import Entity, Formatted
from adapters.sandbox.telegram_keyboard import Rows
from adapters.sandbox.telegram_limits import bad
from adapters.sandbox.telegram_updates import Waiting

Method = Callable[[Given], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Told:
    """A result that comes with a sentence."""

    result: object
    description: str


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result of an inline query, as the person would send it."""

    id: str
    title: str
    description: str
    words: Formatted
    rows: Rows


@dataclass(slots=True)
class Query:
    """A tap or an inline query. `toasts` are what the bot answered to the tap; `results` what it offered."""

    id: str
    person: int
    until: datetime
    toasts: list[str] = field(default_factory=list)
    results: tuple[InlineResult, ...] = ()
    answered: bool = False


class Queries:
    """Every query that was asked, by its id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.all: dict[str, Query] = {}

    def ask(self, person: int, life: int) -> Query:
        """A new query, which can be answered for `life` seconds."""
        query = Query(str(4_000_000_000 + len(self.all) + 1), person, self._clock.now() + timedelta(seconds=life))
        self.all[query.id] = query
        return query

    def open(self, id: str) -> Query:
        """The query that is to be answered. Raises Refusal where it is too old."""
        query = self.all.get(id)
        if query is None or query.until < self._clock.now():
            raise bad(limits.QUERY_TOO_OLD)
        return query


@dataclass(frozen=True, slots=True)
class World:
    """One bot, and everybody who talks to it."""

    bot: Person
    clock: Clock
    chats: Chats
    waiting: Waiting
    queries: Queries
    journal: Journal


def text_entities(told: object) -> tuple[Entity, ...]:
    """The entities that a call names itself, instead of a parse mode."""
    if not isinstance(told, list):
        return ()
    return tuple(_entity(each) for each in told if isinstance(each, dict))


def _entity(told: dict[str, object]) -> Entity:
    value = told.get("url") or told.get("language") or told.get("custom_emoji_id") or ""
    inside = Given(told)
    return Entity(inside.text("type"), inside.number("offset"), inside.number("length"), str(value))
