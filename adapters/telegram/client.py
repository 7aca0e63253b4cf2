"""Telegram as we speak to it: sign in, show answers, send something new, ask for updates."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from telegram import Bot, User
from telegram.error import BadRequest, InvalidToken, TelegramError, TimedOut

from adapters.clock import Clock
from adapters.lanes import Lane, Spent
from adapters.outcome import Outcome, Sent, Unreachable, WrongToken
from adapters.patience import delivered
from adapters.telegram.delivery import Delivery
from adapters.telegram.http import AiohttpRequest, NotSent, NotSentInTime
from adapters.telegram.inline import InlineAnswer
from adapters.telegram.post import Post, answer_post, photo_post
from adapters.telegram.receive import UPDATES, Place
from adapters.telegram.render import render
from content.people import Address
from content.screen import Picture, Screen

API_URL: Final = "https://api.telegram.org"
MAXIMUM_CONNECTIONS: Final = 100
MAXIMUM_UPDATES: Final = 100
QUERY_SECONDS: Final = 2.0
# What a long poll may take on the way, above the time that Telegram itself holds it.
ASKING_MARGIN: Final = 10.0

Pictures = Callable[[Picture], Awaitable[bytes | None]]
Commands = Mapping[str, Sequence[tuple[str, str]]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates, and the secret it shows there."""

    url: str
    secret: str


class TelegramClient:
    """One bot. `api_url` is the root of a Bot API server; `pictures` gives a picture as PNG, or None where it cannot be drawn."""

    def __init__(self, token: str, clock: Clock, api_url: str = API_URL, pictures: Pictures | None = None) -> None:
        if not token:
            raise WrongToken("TELEGRAM_BOT_TOKEN is empty")
        self._clock, self._pictures = clock, pictures
        self._request = AiohttpRequest()
        self._bot = Bot(token, base_url=f"{api_url.rstrip('/')}/bot", request=self._request, get_updates_request=self._request)
        self._me: User | None = None
        self.space: Final = token.partition(":")[0]
        self.spent: Final = Spent()

    @property
    def name(self) -> str:
        """The bot's user name, empty until it has signed in."""
        return (self._me.username if self._me else None) or ""

    async def connect(self, commands: Commands, webhook: Webhook | None = None) -> None:
        """Sign in, publish the commands (the first language is everybody's), choose the way in. Raises WrongToken, Unreachable."""
        await self.sign_in()
        try:
            await self._publish(commands)
            await self._choose_way_in(webhook)
        except TelegramError as error:
            raise _unreachable(error) from None

    async def sign_in(self) -> str:
        """Ask who we are; the bot's user name. Changes nothing. Raises WrongToken, Unreachable."""
        try:
            self._me = await self._bot.get_me()
        except InvalidToken:
            raise WrongToken("Telegram does not know the token in TELEGRAM_BOT_TOKEN") from None
        except TelegramError as error:
            raise _unreachable(error) from None
        return self.name

    async def show(self, place: Place, screen: Screen, lane: Lane, by: datetime | None = None) -> Sent:
        """Answer at `place`, in place where that can be; `by` is when trying ends."""
        if place.inline is not None:
            return await delivered(InlineAnswer(self._bot, self._me, place.inline, screen).attempt, lane, self._clock, by)
        return await self._deliver(await self._answer(place, screen), lane, by)

    async def send(self, address: Address, screen: Screen, lane: Lane, by: datetime | None = None) -> Sent:
        """Start something new. In the bulk lane it is tried once and its buttons answer below it."""
        if not address.chat.removeprefix("-").isdecimal():
            return Sent(Outcome.REFUSED, reason="not a Telegram chat")
        post = Post(int(address.chat), render(screen, below=lane is Lane.BULK))
        return await self._deliver(post, lane, by)

    async def answer_query(self, query: str) -> None:
        """Stop the button's spinner. What comes of it changes nothing for the reader, so a failure is only noted."""
        try:
            await self._bot.answer_callback_query(query, read_timeout=QUERY_SECONDS)
        except TelegramError as error:
            _log.info("A button's spinner could not be stopped: %s", type(error).__name__)

    async def ask(self, offset: int | None, hold: int, limit: int = MAXIMUM_UPDATES) -> list[object]:
        """Updates from `offset` on, which confirms those before it; Telegram holds the call `hold` seconds. Raises TelegramError."""
        wanted = {"timeout": hold, "limit": limit, "allowed_updates": UPDATES} | ({} if offset is None else {"offset": offset})
        url = f"{self._bot.base_url}/getUpdates"
        found = await self._request.post_json(url, json.dumps(wanted).encode(), hold + ASKING_MARGIN)
        return found if isinstance(found, list) else []

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    async def _deliver(self, post: Post, lane: Lane, by: datetime | None) -> Sent:
        return await delivered(Delivery(self._request, self._bot, post).attempt, lane, self._clock, by, spent=self.spent)

    async def _answer(self, place: Place, screen: Screen) -> Post:
        if screen.picture is None:
            return answer_post(place, screen)
        png = await self._pictures(screen.picture) if self._pictures else None
        return answer_post(replace(place, below=True), screen) if png is None else photo_post(place, screen, png)

    async def _publish(self, commands: Commands) -> None:
        for place, (language, listed) in enumerate(commands.items()):
            try:
                await self._bot.set_my_commands(listed, language_code=language if place else None)
            except (BadRequest, InvalidToken):
                # The menu of commands is a convenience; a bot without it still answers.
                _log.warning("Telegram refused the list of commands in '%s'", language)

    async def _choose_way_in(self, webhook: Webhook | None) -> None:
        if webhook is None:
            await self._bot.delete_webhook()
            return
        await self._bot.set_webhook(
            webhook.url,
            max_connections=MAXIMUM_CONNECTIONS,
            allowed_updates=UPDATES,
            secret_token=webhook.secret,
        )


def _unreachable(error: TelegramError) -> Unreachable:
    if isinstance(error, NotSent | NotSentInTime):
        return Unreachable("Telegram cannot be reached; is this computer connected, and is TELEGRAM_API_URL right?")
    return Unreachable("Telegram does not answer in time" if isinstance(error, TimedOut) else "Telegram cannot answer now")
