"""What stands in the sandbox's workspace: people, channels, messages, Homes, and the addresses that answers may go to."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from adapters.sandbox.slack_forms import APP as APP
from adapters.sandbox.slack_forms import TEAM as TEAM
from adapters.sandbox.slack_forms import Modal
from adapters.sandbox.slack_limits import RESPONSE_URL_SECONDS, RESPONSE_URL_USES

BOT_USER, BOT = "U0BOT", "B0IMMUNO"
_MARKUP: Final = re.compile(r"\*([^*\n]+)\*|<[^|>\n]*\|([^>\n]*)>")
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace. `zone` may be None, as Slack's own is for some accounts."""

    id: str
    name: str = "Robin"
    locale: str = "en-US"
    zone: str | None = "Europe/Madrid"


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button as it stands on a message or Home."""

    label: str
    action_id: str
    value: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its readers see it. `ephemeral_for` is the one person who sees it; `ts` is its id in the channel."""

    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    ephemeral_for: str | None = None
    edited: bool = False

    @property
    def plain(self) -> str:
        """Its words without markup: those of its blocks, else its text."""
        return "\n".join(_words(self.blocks)) if self.blocks else _plain(self.text, "mrkdwn")

    @property
    def buttons(self) -> tuple[Pressable, ...]:
        """Its buttons in reading order."""
        return tuple(pressables(self.blocks))


@dataclass(frozen=True, slots=True)
class Home:
    """One person's Home as it was last published."""

    blocks: tuple[Json, ...]
    hash: str

    @property
    def plain(self) -> str:
        """Its words without markup."""
        return "\n".join(_words(self.blocks))

    @property
    def buttons(self) -> tuple[Pressable, ...]:
        """Its buttons in reading order."""
        return tuple(pressables(self.blocks))


def pressables(blocks: tuple[Json, ...]) -> Iterator[Pressable]:
    """The buttons of blocks."""
    for block in blocks:
        elements = block.get("elements")
        for each in elements if block.get("type") == "actions" and isinstance(elements, list) else ():
            label = each["text"]["text"] if isinstance(each.get("text"), dict) else ""
            yield Pressable(label, str(each.get("action_id", "")), str(each.get("value", "")), str(each.get("url", "")))


def _words(blocks: tuple[Json, ...]) -> Iterator[str]:
    for block in blocks:
        text = block.get("text")
        if isinstance(text, dict):
            yield _plain(str(text.get("text", "")), str(text.get("type")))


def _plain(words: str, kind: str) -> str:
    if kind == "plain_text":
        return words
    return html.unescape(_MARKUP.sub(lambda found: found[1] or found[2] or "", words))


@dataclass(slots=True)
class Channel:
    """A conversation: `D…` between one person and the bot, `C…` a channel."""

    id: str
    members: set[str] = field(default_factory=set)
    archived: bool = False
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        """The message of that id."""
        return next((each for each in self.messages if each.ts == ts), None)

    def put(self, message: Message) -> None:
        """Add the message, or let it take the place of the one with its id."""
        for place, each in enumerate(self.messages):
            if each.ts == message.ts:
                self.messages[place] = replace(message, edited=True)
                return
        self.messages.append(message)


@dataclass(slots=True)
class ResponseUrl:
    """An address for answers to one tap or command: five uses within half an hour."""

    channel: str
    user: str
    source: str | None
    until: datetime
    uses: int = 0


class World:
    """The workspace. `now` is asked for ids and for what has expired."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, Home] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, tuple[str, datetime]] = {}
        self.modals: dict[str, Modal] = {}
        self.home_enabled = True
        self._number = 0

    def person(self, user: str) -> Person:
        """The person, who joins the workspace when first named."""
        return self.people.setdefault(user, Person(user))

    def direct(self, user: str) -> Channel:
        """The conversation between a person and the bot."""
        self.person(user)
        identifier = f"D{user[1:]}"
        return self.channels.setdefault(identifier, Channel(identifier, {user, BOT_USER}))

    def join(self, channel: str, *users: str) -> Channel:
        """A channel with these members."""
        found = self.channels.setdefault(channel, Channel(channel))
        found.members.update(users)
        return found

    def number(self) -> int:
        """A number that nothing else has had."""
        self._number += 1
        return self._number

    def timestamp(self, now: datetime) -> str:
        """A new message's id."""
        return f"{int(now.timestamp())}.{self.number():06d}"

    def response_url(self, channel: str, user: str, source: str | None, now: datetime) -> str:
        """The secret part of a new address for answers."""
        token = f"{TEAM}-{self.number()}"
        self.response_urls[token] = ResponseUrl(channel, user, source, now + timedelta(seconds=RESPONSE_URL_SECONDS))
        return token

    def use(self, token: str, now: datetime) -> ResponseUrl | None:
        """The address, used once more; None where it is unknown, too old or used up."""
        found = self.response_urls.get(token)
        if found is None or now > found.until or found.uses >= RESPONSE_URL_USES:
            return None
        found.uses += 1
        return found

    def trigger(self, user: str, now: datetime) -> str:
        """A new trigger of one person, good for three seconds and once."""
        token = f"{self.number()}.{self.number()}.trigger"
        self.triggers[token] = (user, now)
        return token
