"""People on each platform: they read what is before them, type, and tap by the words on a button."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from evening import Person, Seen, plain

from adapters.clock import system_clock
from adapters.console import HERE, receive, render
from adapters.console import Seen as OnScreen
from adapters.outcome import Respond
from adapters.sandbox.calls import Call
from adapters.sandbox.slack import APP_TOKEN, BOT_TOKEN, SlackSandbox
from adapters.sandbox.slack_world import Message as SlackMessage
from adapters.sandbox.slack_world import Person as Member
from adapters.sandbox.telegram import TelegramSandbox
from adapters.sandbox.telegram_chats import Message as TelegramMessage
from adapters.slack.app import SlackApp
from adapters.slack.client import SlackClient
from adapters.telegram.client import TelegramClient
from adapters.telegram.updates import Updates
from content.conversation import urgent_words
from content.events import Event, Say
from content.model import Library
from content.screen import Screen
from content.turn import trouble

USER: Final = "U0ROBIN"
CHAT: Final = 4242


class AtTerminal:
    """Somebody at a terminal."""

    calls: Sequence[Call] = ()

    def __init__(self, respond: Respond) -> None:
        self._respond, self._seen = respond, OnScreen()

    async def say(self, words: str, hint: str | None) -> Seen:
        """Type a line."""
        return await self._ask(Say(HERE, HERE, words, hint))

    async def tap(self, label: str) -> Seen:
        """Type the number of the button with this label."""
        number = [button.label for button in self._seen.buttons].index(label) + 1
        return await self._ask(receive(str(number), self._seen))

    async def _ask(self, event: Event) -> Seen:
        screens = (await self._respond(event)).screens
        _, self._seen = render(screens)
        return Seen(plain("\n".join(screen.text for screen in screens)), tuple(button.label for button in self._seen.buttons))


class InSlack:
    """Somebody in Slack, in their conversation with the bot."""

    def __init__(self, sandbox: SlackSandbox, zone: str | None) -> None:
        self._sandbox, self._at, self._member = sandbox, "", replace(Member(USER), zone=zone)
        sandbox.welcome(self._member)

    @property
    def calls(self) -> Sequence[Call]:
        """Every call that the bot made."""
        return self._sandbox.calls

    async def say(self, words: str, hint: str | None) -> Seen:
        """Type a message; a hint is the language they read Slack in, which the bot learns when they open the conversation."""
        if hint:
            self._member = replace(self._member, locale=hint)
            self._sandbox.welcome(self._member)
            await self._sandbox.open_home(USER, "messages")
            await self._sandbox.until(lambda: self._sandbox.quiet and self._sandbox.journal.of("users.info"))
        count = len(self._answers())
        await self._sandbox.type(USER, words)
        await self._sandbox.until(lambda: self._sandbox.quiet and len(self._answers()) > count)
        return self._read(self._answers()[count:])

    async def tap(self, label: str) -> Seen:
        """Tap the button with this label on the message last read."""
        action = next(button.action_id for button in self._message().buttons if button.label == label)
        count = len(self._sandbox.journal.of("chat.update", "chat.postMessage"))
        await self._sandbox.tap(USER, USER, self._at, action)
        await self._sandbox.until(lambda: self._sandbox.quiet and len(self._sandbox.journal.of("chat.update", "chat.postMessage")) > count)
        return self._read([self._message()])

    def _answers(self) -> list[SlackMessage]:
        return [each for each in self._sandbox.messages(USER) if each.user != USER]

    def _message(self) -> SlackMessage:
        return next(each for each in self._answers() if each.ts == self._at)

    def _read(self, messages: list[SlackMessage]) -> Seen:
        self._at = messages[-1].ts
        buttons = [button.label for each in messages for button in each.buttons if not button.url]
        return Seen(plain("\n".join(each.plain for each in messages)), tuple(buttons))


class OnTelegram:
    """Somebody with a phone."""

    def __init__(self, sandbox: TelegramSandbox) -> None:
        self._sandbox, self._at = sandbox, 0

    @property
    def calls(self) -> Sequence[Call]:
        """Every call that the bot made."""
        return self._sandbox.calls

    async def say(self, words: str, hint: str | None) -> Seen:
        """Type a message; a hint is the language of their phone."""
        if hint or not self._sandbox.messages(CHAT):
            self._sandbox.person(CHAT, language_code=hint or "en")
        count = len(self._answers())
        await self._sandbox.type(CHAT, words)
        await self._sandbox.until(lambda: not self._sandbox.pending and len(self._answers()) > count)
        return self._read(self._answers()[count:])

    async def tap(self, label: str) -> Seen:
        """Tap the button with this label on the message last read."""
        data = next(key.data for key in self._message().keys if key.text == label and key.data)
        await self._sandbox.tap(CHAT, self._at, data)
        await self._sandbox.until(lambda: not self._sandbox.pending)
        return self._read([self._message()])

    def _answers(self) -> list[TelegramMessage]:
        return [each for each in self._sandbox.messages(CHAT) if each.from_bot]

    def _message(self) -> TelegramMessage:
        return next(each for each in self._answers() if each.id == self._at)

    def _read(self, messages: list[TelegramMessage]) -> Seen:
        self._at = messages[-1].id
        keys = [key.text for each in messages for key in each.keys if key.data]
        return Seen(plain("\n".join(each.text for each in messages)), tuple(keys))


@asynccontextmanager
async def terminal(respond: Respond, library: Library) -> AsyncIterator[AtTerminal]:
    """The console, which needs nobody else."""
    yield AtTerminal(respond)


@asynccontextmanager
async def slack(respond: Respond, library: Library, zone: str | None = None) -> AsyncIterator[InSlack]:
    """The real adapter against the sandbox, by Socket Mode. Only where `zone` is given does Slack know more than the other platforms."""
    sandbox = SlackSandbox()
    await sandbox.start()
    client = SlackClient(BOT_TOKEN, system_clock(), sandbox.api_url)
    app = SlackApp(client, respond, _trouble(library), system_clock(), app_token=APP_TOKEN)
    await client.connect()
    await app.start_socket()
    try:
        yield InSlack(sandbox, zone)
    finally:
        await app.stop()
        await client.close()
        await sandbox.stop()


@asynccontextmanager
async def telegram(respond: Respond, library: Library) -> AsyncIterator[OnTelegram]:
    """The real adapter against the sandbox, by polling."""
    sandbox = TelegramSandbox()
    await sandbox.start()
    client = TelegramClient(sandbox.token, system_clock(), sandbox.url)
    updates = Updates(client, respond, _trouble(library), lambda words: urgent_words(library, words), system_clock())
    await client.connect({})
    polling = asyncio.create_task(updates.poll())
    try:
        yield OnTelegram(sandbox)
    finally:
        await updates.drain()
        await polling
        await client.close()
        await sandbox.stop()


def _trouble(library: Library):  # type: ignore[no-untyped-def]  # the sentence for a turn that failed
    def told(language: str) -> Screen:
        return trouble(library, language)

    return told


PLATFORMS: Final = {"console": terminal, "slack": slack, "telegram": telegram}
People = Person
