"""Getting one message to Telegram: each attempt mends what can be mended, each lane has its own patience."""

import json
import logging

from telegram import Bot, InlineKeyboardMarkup, ReplyParameters
from telegram.error import ChatMigrated, TelegramError

from adapters.outcome import Outcome, Sent
from adapters.telegram.http import AiohttpRequest
from adapters.telegram.meanings import Repair, meaning
from adapters.telegram.post import Photo, Post, repaired
from adapters.telegram.shape import number, part

_log = logging.getLogger(__name__)


class Delivery:
    """One post and the form it has taken so far; `attempt` may be called again with what was mended kept."""

    def __init__(self, request: AiohttpRequest, bot: Bot, post: Post) -> None:
        self._request, self._bot, self._post = request, bot, post

    async def attempt(self, seconds: float) -> Sent:
        """Try once, in every form that Telegram asks for; `seconds` is what each call may take."""
        while True:
            try:
                message = await self._call(seconds)
            except TelegramError as error:
                sent = self._mended(error)
                if sent is not None:
                    return sent
            else:
                return Sent(Outcome.SENT, message)

    def _mended(self, error: TelegramError) -> Sent | None:
        """None where the post has another form to try now."""
        means = meaning(error, editing=self._post.edit is not None)
        if isinstance(means, Sent):
            return Sent(Outcome.SENT, _text(self._post.edit)) if means.outcome is Outcome.SENT else means
        better = repaired(self._post, means, error.new_chat_id if isinstance(error, ChatMigrated) else None)
        if better is None:
            return Sent(Outcome.REFUSED, reason=means.name.lower())
        if means is Repair.PLAIN:
            _log.warning("Telegram could not parse a screen; sending it without markup")
        self._post = better
        return None

    async def _call(self, seconds: float) -> str | None:
        post = self._post
        if post.photo is not None:
            return await self._send_photo(post, post.photo, seconds)
        result = await self._request.post_json(f"{self._bot.base_url}/{post.method}", post.body(), seconds)
        return _text(number(part(result), "message_id")) or _text(post.edit)

    async def _send_photo(self, post: Post, photo: Photo, seconds: float) -> str:
        keyboard = InlineKeyboardMarkup.de_json(json.loads(post.drawing.keyboard), self._bot) if post.drawing.keyboard else None
        quoted = ReplyParameters(post.reply, allow_sending_without_reply=True) if post.reply is not None else None
        sent = await self._bot.send_photo(
            post.chat,
            photo.png,
            caption=photo.caption,
            filename="picture.png",
            reply_markup=keyboard,
            message_thread_id=post.thread,
            reply_parameters=quoted,
            read_timeout=seconds,
            write_timeout=0,
        )
        return str(sent.message_id)


def _text(identifier: int | None) -> str | None:
    return None if identifier is None else str(identifier)
