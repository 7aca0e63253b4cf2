"""Inline queries: a card shared into any chat, as text with one link into the bot and no callbacks."""

from typing import Final

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    User,
)
from telegram.error import TelegramError

from adapters.outcome import Outcome, Sent
from adapters.telegram.meanings import meaning
from adapters.telegram.render import Drawing, render
from content.screen import Screen

TITLE: Final = 64
DESCRIPTION: Final = 160
CACHE_SECONDS: Final = 10


class InlineAnswer:
    """The answer to one inline query; `attempt` may be repeated."""

    def __init__(self, bot: Bot, me: User | None, query: str, screen: Screen) -> None:
        self._bot, self._query, self._article = bot, query, _article(render(screen), me)

    async def attempt(self, seconds: float) -> Sent:
        """Try once; a query that is too old counts as answered, for nobody waits for it any more."""
        try:
            await self._bot.answer_inline_query(
                self._query, [self._article], cache_time=CACHE_SECONDS, is_personal=True, read_timeout=seconds
            )
        except TelegramError as error:
            means = meaning(error, editing=True)
            return means if isinstance(means, Sent) else Sent(Outcome.REFUSED, reason="inline query")
        return Sent(Outcome.SENT)


def _article(drawing: Drawing, me: User | None) -> InlineQueryResultArticle:
    title, *rest = [line for line in drawing.plain.splitlines() if line.strip()] or [""]
    return InlineQueryResultArticle(
        id="card",
        title=title[:TITLE],
        description=" ".join(rest)[:DESCRIPTION],
        input_message_content=InputTextMessageContent(
            drawing.html, parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
        reply_markup=_door(me),
    )


def _door(me: User | None) -> InlineKeyboardMarkup | None:
    """The one link: the bot under its own name."""
    if me is None or me.username is None:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(me.first_name, url=f"https://t.me/{me.username}")]])
