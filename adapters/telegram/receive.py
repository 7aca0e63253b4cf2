"""Updates as Telegram tells them -> events as we understand them. Pure: nothing is sent, nothing is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.telegram.shape import number, part, text
from content.events import Event, Go, Say
from content.people import Address
from content.screen import Press, read_press

UPDATES: Final = ("message", "edited_message", "callback_query", "inline_query")
_PICTURED = ("animation", "document", "game", "paid_media", "photo", "sticker", "story", "video", "video_note")
_OTHERWISE = ("audio", "checklist", "contact", "dice", "location", "poll", "venue", "voice")
_WORDLESS: Final = frozenset((*_PICTURED, *_OTHERWISE))
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w{1,64}))?(?:\s+(.*))?", re.DOTALL)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_HINT = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer belongs.

    `message` is edited in place unless `below`; `query` and `inline` are queries to answer; `reply` is a message to quote.
    """

    chat: int
    thread: int | None = None
    message: int | None = None
    below: bool = False
    query: str | None = None
    inline: str | None = None
    reply: int | None = None


def receive(update: object, space: str, name: str = "") -> tuple[Event, Place] | None:
    """The event and where its answer belongs, None for what is not for us. `space` is the bot's id, `name` its user name once known."""
    whole = part(update)
    if "callback_query" in whole:
        return _tapped(part(whole, "callback_query"), space)
    if "inline_query" in whole:
        return _asked_inline(part(whole, "inline_query"), space)
    if "message" in whole:
        return _said(part(whole, "message"), space, name, wordless="")
    return _said(part(whole, "edited_message"), space, name, wordless=None)


def query_of(update: object) -> str | None:
    """The id of the callback query inside an update: it is answered whatever becomes of the rest."""
    return text(part(update, "callback_query"), "id") or None


def _tapped(query: Mapping[str, object], space: str) -> tuple[Event, Place] | None:
    person = number(part(query, "from"), "id")
    if person is None:
        return None
    press = read_press(text(query, "data") or "") or Press(_language(query), "gone")
    place = _tapped_place(query, person, press.below)
    return Go(_address(space, person), _address(space, place.chat), press.target, press.language, press.below), place


def _tapped_place(query: Mapping[str, object], person: int, below: bool) -> Place:
    message = part(query, "message")
    chat, tapped = number(part(message, "chat"), "id"), text(query, "id") or None
    if chat is None:
        return Place(person, query=tapped)
    return Place(chat, _thread(message), number(message, "message_id"), below, tapped)


def _asked_inline(query: Mapping[str, object], space: str) -> tuple[Event, Place] | None:
    person, asked, words = number(part(query, "from"), "id"), text(query, "id"), (text(query, "query") or "").strip()
    if person is None or not asked or not words:
        return None
    sender = _address(space, person)
    return Say(sender, sender, words, _hint(query), passing=True), Place(person, inline=asked)


def _said(message: Mapping[str, object], space: str, name: str, wordless: str | None) -> tuple[Event, Place] | None:
    sender, room = part(message, "from"), part(message, "chat")
    person, chat = number(sender, "id"), number(room, "id")
    if person is None or chat is None or sender.get("is_bot") is True or _is_ours(part(message, "via_bot"), space):
        return None
    private = room.get("type") == "private"
    words = _private_words(message, wordless, name) if private else _group_words(message, room, space, name)
    if words is None:
        return None
    place = Place(chat, _thread(message), reply=None if private else number(message, "message_id"))
    return Say(_address(space, person), _address(space, chat), words, _hint(message)), place


def _private_words(message: Mapping[str, object], wordless: str | None, name: str) -> str | None:
    words = _written(message)
    if words is not None:
        return _plain_command(words, name) if words.startswith("/") else words
    # Of an album only the part with the caption speaks; ten pictures are not ten questions.
    return wordless if "media_group_id" not in message and not _WORDLESS.isdisjoint(message) else None


def _group_words(message: Mapping[str, object], room: Mapping[str, object], space: str, name: str) -> str | None:
    words = _written(message)
    if words is None or room.get("type") not in ("group", "supergroup"):
        return None
    if words.startswith("/"):
        return _plain_command(words, name)
    mention = re.compile(rf"@{re.escape(name)}\b", re.IGNORECASE)
    if name and mention.search(words):
        return mention.sub(" ", words).strip()
    return words if _is_ours(part(part(message, "reply_to_message"), "from"), space) else None


def _written(message: Mapping[str, object]) -> str | None:
    words = text(message, "text")
    return words if words is not None else text(message, "caption")


def _plain_command(words: str, name: str) -> str | None:
    """`/menu@our_bot` -> `/menu`; None where another bot is meant."""
    found = _COMMAND.fullmatch(words)
    if found is None:
        return words
    command, meant, rest = found[1], found[2], found[3] or ""
    if meant and name and meant.casefold() != name.casefold():
        return None
    if command == "start" and _PAYLOAD.fullmatch(rest):
        rest = rest.replace("_", "/")
    return f"/{command} {rest}".rstrip()


def _thread(message: Mapping[str, object]) -> int | None:
    return number(message, "message_thread_id") if message.get("is_topic_message") is True else None


def _is_ours(bot: Mapping[str, object], space: str) -> bool:
    found = number(bot, "id")
    return found is not None and str(found) == space


def _address(space: str, chat: int) -> Address:
    """A person's, whose private chat has their own number, or a group's."""
    return Address("telegram", space, str(chat))


def _hint(spoken: Mapping[str, object]) -> str | None:
    hint = text(part(spoken, "from"), "language_code") or ""
    return hint if _HINT.fullmatch(hint) else None


def _language(query: Mapping[str, object]) -> str:
    return (_hint(query) or "en")[:2].lower()
