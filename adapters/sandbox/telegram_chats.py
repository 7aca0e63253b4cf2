"""The people, chats and messages of a small Telegram."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_html import Formatted, to_html
from adapters.sandbox.telegram_keyboard import Key, Rows
from adapters.sandbox.telegram_limits import Refusal, bad

_NUMBER = re.compile(r"-?[0-9]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a phone, or a bot."""

    id: int
    first_name: str = "Ada"
    language_code: str | None = "en"
    username: str | None = None
    is_bot: bool = False

    def body(self) -> dict[str, object]:
        """As the Bot API tells it."""
        told = {"username": self.username, "language_code": self.language_code}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | {k: v for k, v in told.items() if v is not None}


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in a chat; `file` is the id it can be sent again by."""

    file: str
    content: bytes
    width: int = 1
    height: int = 1

    def body(self) -> list[dict[str, object]]:
        """As the Bot API tells it."""
        size = {"width": self.width, "height": self.height, "file_size": len(self.content)}
        return [{"file_id": self.file, "file_unique_id": self.file, **size}]


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in a chat. `text` is plain (a photo's caption); `rows` are its buttons."""

    id: int
    chat: int
    sender: Person
    date: datetime
    words: Formatted
    rows: Rows = ()
    photo: Photo | None = None
    edited: datetime | None = None
    reply: int | None = None
    thread: int | None = None

    @property
    def text(self) -> str:
        """The words as a reader sees them."""
        return self.words.text

    @property
    def html(self) -> str:
        """The words with their markup, safe on a page."""
        return to_html(self.words.text, self.words.entities)

    @property
    def from_bot(self) -> bool:
        """Whether the bot said this."""
        return self.sender.is_bot

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every button in reading order."""
        return tuple(key for row in self.rows for key in row)


@dataclass(slots=True)
class Chat:
    """A private chat (a positive id) or a group (a negative one), and what stands in it."""

    id: int
    people: dict[int, Person] = field(default_factory=dict)
    title: str = ""
    begun: bool = False
    blocked: bool = False
    moved_to: int | None = None
    threads: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """private, group or supergroup."""
        if self.id > 0:
            return "private"
        return "supergroup" if str(self.id).startswith("-100") else "group"

    def body(self) -> dict[str, object]:
        """As the Bot API tells it."""
        if self.kind != "private":
            return {"id": self.id, "type": self.kind, "title": self.title}
        person = self.people[self.id]
        name = {"username": person.username} if person.username else {}
        return {"id": self.id, "type": "private", "first_name": person.first_name} | name

    def check(self) -> None:
        """Raises Refusal where the bot may not write here."""
        if self.moved_to is not None:
            raise Refusal(400, f"Bad Request: {limits.MIGRATED}", migrate_to=self.moved_to)
        if self.blocked:
            raise Refusal(403, limits.BLOCKED if self.kind == "private" else limits.KICKED.format(kind=self.kind))
        if not self.begun:
            raise Refusal(403, limits.NOT_BEGUN)


class Chats:
    """Every chat, and the numbers that are given out."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}
        self._last_message = 0

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def known(self, id: int) -> Chat | None:
        """The chat, if there is one."""
        return self._chats.get(id)

    def opened(self, id: int) -> Chat:
        """The chat; a new one where there was none."""
        return self._chats.setdefault(id, Chat(id, title="" if id > 0 else "A group"))

    def named(self, told: str) -> Chat:
        """The chat that a call means by its number or user name. Raises Refusal."""
        if not told.strip():
            raise bad("chat_id is empty")
        found = self._chats.get(int(told)) if _NUMBER.fullmatch(told.strip()) else self._by_name(told)
        if found is None:
            raise bad(limits.CHAT_NOT_FOUND)
        return found

    def next_message(self) -> int:
        """A number no message had before."""
        self._last_message += 1
        return self._last_message

    def _by_name(self, told: str) -> Chat | None:
        name = told.strip().removeprefix("@").lower()
        return next((chat for chat in self if any((each.username or "").lower() == name for each in chat.people.values())), None)


def message_body(message: Message, chat: Chat) -> dict[str, object]:
    """A message as the Bot API tells it."""
    text, marks = ("text", "entities") if message.photo is None else ("caption", "caption_entities")
    told: dict[str, object] = {
        "message_id": message.id,
        "from": message.sender.body(),
        "chat": chat.body(),
        "date": int(message.date.timestamp()),
        "edit_date": message.edited and int(message.edited.timestamp()),
        text: message.text or None,
        marks: [each.body() for each in message.words.entities] or None,
        "photo": message.photo and message.photo.body(),
        "reply_markup": {"inline_keyboard": [[key.body() for key in row] for row in message.rows]} if message.rows else None,
        "message_thread_id": message.thread,
        "is_topic_message": True if message.thread else None,
        "reply_to_message": _replied(message, chat),
    }
    return {name: value for name, value in told.items() if value is not None}


def _replied(message: Message, chat: Chat) -> dict[str, object] | None:
    found = chat.messages.get(message.reply or 0)
    return message_body(replace(found, reply=None), chat) if found else None
