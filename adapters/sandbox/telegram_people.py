"""The people's side of a small Telegram: what they type, tap, send and block. Nothing here asks the bot's leave."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.calls import Call
from adapters.sandbox.telegram_chats import Chat, Message, Person, message_body
from adapters.sandbox.telegram_html import Entity, Formatted, units
from adapters.sandbox.telegram_photo import Photos, smallest_png
from adapters.sandbox.telegram_world import Query, World

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,64}(?:@\w+)?", re.ASCII)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_STRANGER: Final = 555


class People:
    """Everybody who talks to the bot. A positive chat id is a person, a negative one a group."""

    def __init__(self, world: World, photos: Photos) -> None:
        self._world, self._photos = world, photos

    @property
    def calls(self) -> list[Call]:
        """Every call of the bot, in the order of the answers."""
        return self._world.journal.calls

    @property
    def queries(self) -> dict[str, Query]:
        """Every tap and inline query by its id, and what the bot answered."""
        return self._world.queries.all

    @property
    def pending(self) -> int:
        """How many updates were not confirmed yet."""
        return len(self._world.waiting)

    async def until(self, condition: Callable[[], object], timeout: float = 5) -> None:  # noqa: ASYNC109 - the seam that tests agreed on
        """Return once the condition holds; it is looked at again after every call. TimeoutError after `timeout` seconds."""
        await self._world.journal.until(condition, timeout)

    def messages(self, chat_id: int) -> tuple[Message, ...]:
        """What stands in a chat now, oldest first."""
        chat = self._world.chats.known(chat_id)
        return tuple(chat.messages.values()) if chat else ()

    def person(self, id: int, first_name: str = "Ada", language_code: str | None = "en", username: str | None = None) -> Person:
        """Somebody whom Telegram knows; until they write, the bot may not write to them."""
        person = Person(id, first_name, language_code, username)
        self._world.chats.opened(id).people[id] = person
        return person

    def group(self, id: int, title: str = "A group") -> None:
        """A group that the bot is in. Where its id begins with -100 it is a supergroup."""
        chat = self._world.chats.opened(id)
        chat.title, chat.begun = title, True

    async def type(
        self, chat_id: int, text: str, sender: int | None = None, reply_to: int | None = None, thread: int | None = None
    ) -> Message:
        """Somebody writes. In a group the bot hears it only as a command, with its name, or as an answer to it."""
        chat, person = self._room(chat_id, sender)
        if thread is not None:
            chat.threads.add(thread)
        message = self._put(chat, person, Formatted(text, _marks(text)), reply=reply_to, thread=thread)
        self._tell("message", message)
        return message

    async def follow_link(self, chat_id: int, payload: str = "") -> Message:
        """Somebody opens `t.me/<bot>?start=<payload>` and presses Start. ValueError where Telegram would not pass the payload on."""
        if payload and not _PAYLOAD.fullmatch(payload):
            raise ValueError("a start payload has 1 to 64 of A-Z a-z 0-9 _ -")
        return await self.type(chat_id, f"/start {payload}".rstrip())

    async def edit(self, chat_id: int, message_id: int, text: str) -> Message:
        """Somebody changes what they wrote, a caption too."""
        chat = self._world.chats.opened(chat_id)
        words, now = Formatted(text, _marks(text)), self._world.clock.now()
        chat.messages[message_id] = message = replace(chat.messages[message_id], words=words, edited=now)
        self._tell("edited_message", message)
        return message

    async def send_photo(self, chat_id: int, caption: str = "", sender: int | None = None) -> Message:
        """Somebody sends a picture, with words below it or without."""
        chat, person = self._room(chat_id, sender)
        message = self._put(chat, person, Formatted(caption, _marks(caption)), picture=smallest_png())
        self._tell("message", message)
        return message

    async def tap(self, chat_id: int, message_id: int, data: str, sender: int | None = None) -> Query:
        """Somebody taps a button, which may be ancient or forged; the bot has 150 seconds to answer."""
        chat, person = self._room(chat_id, sender)
        query, message = self._world.queries.ask(person.id, limits.CALLBACK_LIFE), chat.messages.get(message_id)
        gone: dict[str, object] = {"chat": chat.body(), "message_id": message_id, "date": 0}
        told = message_body(message, chat) if message else gone
        body = {"id": query.id, "from": person.body(), "message": told, "chat_instance": str(chat.id), "data": data}
        self._world.waiting.add("callback_query", body, f"taps of {person.id}", limits.CALLBACK_LIFE)
        return query

    async def ask_inline(self, person_id: int, words: str) -> Query:
        """Somebody types the bot's name and words in another chat."""
        chat = self._world.chats.opened(person_id)
        person = chat.people.get(person_id) or self.person(person_id)
        query = self._world.queries.ask(person.id, limits.INLINE_LIFE)
        body = {"id": query.id, "from": person.body(), "query": words, "offset": "", "chat_type": "private"}
        self._world.waiting.add("inline_query", body, f"inline of {person.id}", limits.INLINE_LIFE)
        return query

    async def block(self, chat_id: int) -> None:
        """Somebody blocks the bot, or a group throws it out."""
        self._change_membership(chat_id, blocked=True)

    async def unblock(self, chat_id: int) -> None:
        """Somebody lets the bot in again."""
        self._change_membership(chat_id, blocked=False)

    async def upgrade(self, chat_id: int, supergroup: int) -> None:
        """A group becomes a supergroup with another id; its old id is refused from then on."""
        old = self._world.chats.opened(chat_id)
        self.group(supergroup, old.title)
        old.moved_to = supergroup

    def _room(self, chat_id: int, sender: int | None) -> tuple[Chat, Person]:
        chat = self._world.chats.opened(chat_id)
        chat.begun = True
        number = chat_id if chat_id > 0 else sender or _STRANGER
        if number not in chat.people:
            known = self._world.chats.known(number)
            chat.people[number] = known.people[number] if known and number in known.people else Person(number)
        return chat, chat.people[number]

    def _put(
        self,
        chat: Chat,
        person: Person,
        words: Formatted,
        picture: bytes | None = None,
        reply: int | None = None,
        thread: int | None = None,
    ) -> Message:
        number, now = self._world.chats.next_message(), self._world.clock.now()
        photo = self._photos.keep(picture) if picture else None
        message = Message(number, chat.id, person, now, words, photo=photo, reply=reply, thread=thread)
        chat.messages[number] = message
        return message

    def _tell(self, kind: str, message: Message) -> None:
        chat = self._world.chats.opened(message.chat)
        if chat.kind == "private" or self._is_for_bot(message, chat):
            self._world.waiting.add(kind, message_body(message, chat), f"chat {chat.id}", limits.MESSAGE_LIFE)
        self._world.journal.wake()

    def _is_for_bot(self, message: Message, chat: Chat) -> bool:
        replied = chat.messages.get(message.reply or 0)
        called = f"@{self._world.bot.username}".lower() in message.text.lower()
        return message.text.startswith("/") or called or (replied is not None and replied.from_bot)

    def _change_membership(self, chat_id: int, blocked: bool) -> None:
        chat, person = self._room(chat_id, None)
        before, after = (self._member(each) for each in (chat.blocked, blocked))
        chat.blocked = blocked
        body = {"chat": chat.body(), "from": person.body(), "date": int(self._world.clock.now().timestamp())}
        changed = {"old_chat_member": before, "new_chat_member": after}
        self._world.waiting.add("my_chat_member", body | changed, f"chat {chat.id}", limits.MESSAGE_LIFE)
        self._world.journal.wake()

    def _member(self, blocked: bool) -> dict[str, object]:
        told: dict[str, object] = {"user": self._world.bot.body(), "status": "kicked" if blocked else "member"}
        return told | ({"until_date": 0} if blocked else {})


def _marks(text: str) -> tuple[Entity, ...]:
    found = _COMMAND.match(text)
    return (Entity("bot_command", 0, units(found[0])),) if found else ()
