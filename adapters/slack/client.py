"""Slack as we speak to it: sign in, show answers, send something new, and the few things asked besides."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from adapters.clock import Clock
from adapters.lanes import Lane, Spent
from adapters.outcome import Outcome, Sent, Unreachable, WrongToken
from adapters.patience import delivered
from adapters.slack.home import Prompt, prompts_body
from adapters.slack.locales import Locale
from adapters.slack.meanings import TOKEN, UNEDITABLE, meaning
from adapters.slack.modals import modal
from adapters.slack.post import Post, answer_post, kept_post, new_post
from adapters.slack.receive import Place, text
from adapters.slack.wire import NotSent, NoWord, Refused, Wire
from content.form import Form
from content.people import Address
from content.screen import Picture, Screen

API_URL: Final = "https://slack.com/api/"
ASKING_SECONDS: Final = 5.0
# Slack counts each method by itself, and tips are new messages.
_SHARED: Final = "chat.postMessage"
OPENING_SECONDS: Final = 2.5
# Slack's own libraries write whole messages at debug level, so these loggers never come to it.
QUIET: Final = logging.getLogger("adapters.slack.libraries")
QUIET.setLevel(logging.WARNING)

Pictures = Callable[[Picture], Awaitable[bytes | None]]

_log = logging.getLogger(__name__)


class SlackClient:
    """One app. `api_url` is the root of a Web API; `pictures` gives a picture as PNG, or None where it cannot be drawn."""

    def __init__(self, token: str, clock: Clock, api_url: str = API_URL, pictures: Pictures | None = None) -> None:
        if not token:
            raise WrongToken("SLACK_BOT_TOKEN is empty")
        self._clock, self._pictures = clock, pictures
        self._wire = Wire(token, api_url)
        # Screens are tried again by `delivered`, which knows the lane; everything else by the library's own handlers.
        handlers = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(), AsyncServerErrorRetryHandler()]
        self.library: Final = AsyncWebClient(token, base_url=api_url, logger=QUIET, retry_handlers=handlers)
        self.bot_user, self.bot_id, self.space = "", "", ""
        self.spent: Final = Spent()
        # Whether Slack took the token when it was last shown.
        self.token_taken = True

    async def connect(self) -> None:
        """Open the one session, for the library's calls too, and sign in. Raises WrongToken, Unreachable."""
        self.library.session = self._wire.open()
        await self.sign_in()

    async def sign_in(self) -> str:
        """Ask Slack who we are; the workspace's name. Raises WrongToken, Unreachable."""
        found = await self._first_call("auth.test", "SLACK_BOT_TOKEN")
        self.bot_user, self.bot_id, self.space = text(found, "user_id"), text(found, "bot_id"), text(found, "team_id")
        return text(found, "team")

    async def socket_url(self, app_token: str) -> str:
        """Where Socket Mode is to be reached next. Raises WrongToken, Unreachable."""
        if not app_token:
            raise WrongToken("SLACK_APP_TOKEN is empty")
        return text(await self._first_call("apps.connections.open", "SLACK_APP_TOKEN", app_token), "url")

    async def show(self, place: Place, screen: Screen, lane: Lane, by: datetime | None = None) -> Sent:
        """Answer at `place`, in place where that can be; `by` is when trying ends."""
        if screen.picture is not None:
            place = await self._show_picture(place, screen.picture)
        return await self._deliver(answer_post(place, screen), lane, by)

    async def send(self, address: Address, screen: Screen, lane: Lane, by: datetime | None = None) -> Sent:
        """Start something new. In the bulk lane it is tried once and its buttons answer below it."""
        return await self._deliver(new_post(address.chat, screen, below=lane is Lane.BULK), lane, by)

    async def open_form(self, trigger: str, form: Form, room: str) -> Sent:
        """Open a form before the person's eyes; what is sent of it tells the room again. Tried once: a trigger lives three seconds."""
        return await self._attempt(Post("views.open", {"trigger_id": trigger, "view": modal(form, room)}), OPENING_SECONDS)

    async def keep_posted(self, channel: str, message: str | None, screen: Screen) -> Sent:
        """A message that is kept up to date, with buttons that answer below it: a new one, or `message` as it is now."""
        return await self._deliver(kept_post(channel, message, screen), Lane.REPLY, None)

    async def direct(self, user: str) -> Sent:
        """Open the conversation with a person, which editing a message there needs; its id comes as the `message`."""
        try:
            found = await self._wire.call("conversations.open", {"users": user}, ASKING_SECONDS)
        except (NotSent, NoWord, Refused) as error:
            return self._heard(meaning(error))
        return Sent(Outcome.SENT, text(found.get("channel"), "id") or user)

    async def locale(self, user: str) -> Locale | None:
        """The language a person reads Slack in and the zone they live in; None where Slack does not tell."""
        try:
            found = await self.library.users_info(user=user, include_locale=True)
        except (SlackClientError, ClientError, TimeoutError) as error:
            _log.info("Slack did not tell a person's language: %s", type(error).__name__)
            return None
        user_told = found.get("user")
        return Locale(text(user_told, "locale") or None, text(user_told, "tz") or None)

    async def suggest(self, channel: str, prompts: Sequence[Prompt]) -> None:
        """Put questions to start with above the conversation. Without them nothing is lost, so a failure is only noted."""
        try:
            await self._wire.call("assistant.threads.setSuggestedPrompts", prompts_body(channel, prompts), ASKING_SECONDS)
        except (NotSent, NoWord, Refused) as error:
            _log.info("Slack did not take the suggested prompts: %s", meaning(error).reason)

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def _first_call(self, method: str, setting: str, token: str | None = None) -> Mapping[str, object]:
        try:
            return await self._wire.call(method, {}, ASKING_SECONDS, token)
        except Refused as error:
            if error.code in TOKEN or error.code == "missing_scope":
                raise WrongToken(f"Slack does not take the token in {setting}: {error.code}") from None
            raise Unreachable(f"Slack: {error.code}") from None
        except NotSent:
            raise Unreachable("Slack cannot be reached; is this computer connected, and is SLACK_API_URL right?") from None
        except NoWord:
            raise Unreachable("Slack does not answer in time") from None

    async def _deliver(self, post: Post, lane: Lane, by: datetime | None) -> Sent:
        async def attempt(seconds: float) -> Sent:
            return await self._attempt(post, seconds)

        spent = self.spent if post.method == _SHARED else None
        sent = await delivered(attempt, lane, self._clock, by, repeatable=post.repeatable, spent=spent)
        if post.method == "chat.update" and sent.reason in UNEDITABLE:
            return await self._deliver(_anew(post), lane, by)
        return sent

    async def _attempt(self, post: Post, seconds: float) -> Sent:
        try:
            if post.by_response_url:
                await self._wire.respond(post.method, post.body, seconds)
                return Sent(Outcome.SENT)
            return self._heard(Sent(Outcome.SENT, text(await self._wire.call(post.method, post.body, seconds), "ts") or None))
        except (NotSent, NoWord, Refused) as error:
            return self._heard(meaning(error))

    def _heard(self, sent: Sent) -> Sent:
        """The same; the moment from which Slack takes the token no more is told, once, and the one from which it does again."""
        if self.token_taken and sent.reason in TOKEN:
            self.token_taken = False
            _log.error(
                "SLACK_BOT_TOKEN: Slack no longer takes it (%s); install the app again, set its new token, and start again", sent.reason
            )
        elif not self.token_taken and sent.outcome is Outcome.SENT:
            self.token_taken = True
            _log.warning("SLACK_BOT_TOKEN: Slack takes it again")
        return sent

    async def _show_picture(self, place: Place, picture: Picture) -> Place:
        """Put the picture below where that can be, and tell where its words go then: below it, else where they were to go."""
        if place.home or place.response_url or not self._pictures:
            return place
        png = await self._pictures(picture)
        if png is None or not await self._upload(place, picture, png):
            return place
        return replace(place, message=None)

    async def _upload(self, place: Place, picture: Picture, png: bytes) -> bool:
        try:
            await self.library.files_upload_v2(
                channel=place.channel,
                thread_ts=place.thread,
                content=png,
                filename="picture.png",
                title=picture.alt,
                alt_txt=picture.alt,
            )
        except (SlackClientError, ClientError, TimeoutError) as error:
            _log.warning("Slack did not take a picture: %s", type(error).__name__)
            return False
        return True


def _anew(post: Post) -> Post:
    """The message cannot be edited any more: the same as a new one."""
    return Post(_SHARED, {key: value for key, value in post.body.items() if key != "ts"})
