"""The methods that write in chats: send, edit, delete, answer a tap."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_chats import Chat, Message, Photo, message_body
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_html import Formatted
from adapters.sandbox.telegram_keyboard import read_keyboard
from adapters.sandbox.telegram_limits import bad
from adapters.sandbox.telegram_photo import Photos
from adapters.sandbox.telegram_words import read_caption, read_text
from adapters.sandbox.telegram_world import Method, World

_ACTIONS: Final = (
    "typing",
    "upload_photo",
    *("record_video", "upload_video", "record_voice", "upload_voice", "record_video_note", "upload_video_note"),
    *("upload_document", "choose_sticker", "find_location"),
)
_FULL_CHAT: Final = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    ),
}


class Sending:
    """Messages of the bot."""

    def __init__(self, world: World, photos: Photos) -> None:
        self._world, self._photos = world, photos

    def methods(self) -> dict[str, Method]:
        """The methods by their names."""
        return {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "sendChatAction": self._act,
            "answerCallbackQuery": self._answer_tap,
            "getChat": self._get_chat,
        }

    async def _send_message(self, given: Given) -> object:
        return self._written(given, read_text(given))

    async def _send_photo(self, given: Given) -> object:
        caption = read_caption(given)
        chat = self._world.chats.named(given.text("chat_id"))
        chat.check()
        return self._written(given, caption, self._photos.read(given))

    def _written(self, given: Given, words: Formatted, photo: Photo | None = None) -> object:
        rows = read_keyboard(given)
        chat = self._world.chats.named(given.text("chat_id"))
        chat.check()
        thread, reply = _thread(given, chat), _reply(given, chat)
        number, now = self._world.chats.next_message(), self._world.clock.now()
        message = Message(number, chat.id, self._world.bot, now, words, rows, photo, reply=reply, thread=thread)
        chat.messages[number] = message
        return message_body(message, chat)

    async def _edit_text(self, given: Given) -> object:
        words, rows = read_text(given), read_keyboard(given)
        chat, message = self._editable(given)
        if message.photo is not None:
            raise bad(limits.NO_TEXT)
        return self._edited(chat, message, replace(message, words=words, rows=rows))

    async def _edit_markup(self, given: Given) -> object:
        rows = read_keyboard(given)
        chat, message = self._editable(given)
        return self._edited(chat, message, replace(message, rows=rows))

    def _editable(self, given: Given) -> tuple[Chat, Message]:
        if not given.text("chat_id") and given.text("inline_message_id"):
            raise bad(limits.NO_INLINE_MESSAGE)
        chat = self._world.chats.named(given.text("chat_id"))
        if given.number("message_id") <= 0:
            raise bad(limits.NO_MESSAGE_ID)
        chat.check()
        message = chat.messages.get(given.number("message_id"))
        if message is None:
            raise bad(limits.EDIT_NOT_FOUND)
        if not message.from_bot:
            raise bad(limits.EDIT_FORBIDDEN)
        return chat, message

    def _edited(self, chat: Chat, before: Message, after: Message) -> object:
        if after == before:
            raise bad(limits.NOT_MODIFIED)
        chat.messages[after.id] = replace(after, edited=self._world.clock.now())
        return message_body(chat.messages[after.id], chat)

    async def _delete(self, given: Given) -> object:
        chat = self._world.chats.named(given.text("chat_id"))
        message = chat.messages.get(given.number("message_id"))
        if message is None:
            raise bad(limits.DELETE_NOT_FOUND)
        if self._world.clock.now() - message.date > timedelta(seconds=limits.DELETE_LIFE):
            raise bad(limits.DELETE_FORBIDDEN)
        del chat.messages[message.id]
        return True

    async def _act(self, given: Given) -> object:
        if given.text("action").lower() not in _ACTIONS:
            raise bad(limits.ACTION)
        self._world.chats.named(given.text("chat_id")).check()
        return True

    async def _answer_tap(self, given: Given) -> object:
        query = self._world.queries.open(given.text("callback_query_id"))
        if len(given.text("text")) > limits.TOAST:
            raise bad(limits.TOAST_TOO_LONG)
        query.toasts.append(given.text("text"))
        query.answered = True
        return True

    async def _get_chat(self, given: Given) -> object:
        return self._world.chats.named(given.text("chat_id")).body() | _FULL_CHAT


def _thread(given: Given, chat: Chat) -> int | None:
    thread = given.number("message_thread_id")
    if thread and thread not in chat.threads:
        raise bad(limits.THREAD_NOT_FOUND)
    return thread or None


def _reply(given: Given, chat: Chat) -> int | None:
    told = given.value("reply_parameters")
    inside = Given(told if isinstance(told, dict) else {"message_id": given.text("reply_to_message_id") or None})
    reply = inside.number("message_id")
    if not reply or reply in chat.messages:
        return reply or None
    if inside.flag("allow_sending_without_reply"):
        return None
    raise bad(limits.REPLY_NOT_FOUND)
