"""Evenings in a whole Slack: the real app against the sandbox, by HTTP and by Socket Mode."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from adapters.clock import Clock, system_clock
from adapters.sandbox.calls import Fault
from adapters.sandbox.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackSandbox
from adapters.sandbox.slack_world import BOT_USER, Message
from adapters.slack.app import SlackApp
from adapters.slack.client import SlackClient
from content.events import Event, Go
from content.screen import Button, Screen
from content.turn import Answer

NURSE, WARD = "U1", "C1"
MENU = Screen("**Menu**\nPick one.", ((Button("Gut", "side-effects/serious/gut"), Button("Urgent help", "urgent")),))
GUT = Screen("**Loose stools**\nCount < 4 & call.\n- **Drink**", ((Button("Menu", "menu"), Button("Urgent help", "urgent")),))
CALL = Screen("**Call now**\n112", ((Button("Menu", "menu"),),))
WATCH = Screen("What this may be", ((Button("Gut", "side-effects/serious/gut"), Button("Menu", "menu")),))
PLACES = {"menu": Answer((MENU,)), "side-effects/serious/gut": Answer((GUT,)), "urgent": Answer((CALL,))}


async def respond(event: Event) -> Answer:
    """A conversation of three places, and danger."""
    if isinstance(event, Go):
        return PLACES.get(event.target, PLACES["menu"])
    return Answer((CALL, WATCH), urgent=True) if "breathe" in event.words else PLACES["menu"]


@dataclass
class Slack:
    """The sandbox with the app in it; `again` is the program after a kill."""

    sandbox: SlackSandbox
    app: SlackApp
    again: Callable[[], Awaitable[SlackApp]]

    async def settled(self) -> None:
        """Everything that people did was confirmed and answered."""
        await self.sandbox.until(lambda: self.sandbox.quiet)
        await self.app._tasks.drain(5)

    async def types(self, text: str) -> Message:
        """The bot's last message after the nurse typed."""
        await self.sandbox.type(NURSE, text)
        await self.settled()
        return self.seen()[-1]

    def seen(self, channel: str = NURSE) -> list[Message]:
        """What the bot said there."""
        return [message for message in self.sandbox.messages(channel) if message.user == BOT_USER]

    async def tap(self, label: str, channel: str = NURSE) -> None:
        """The button of that name on the bot's last message."""
        message = self.seen(channel)[-1]
        await self.sandbox.tap(NURSE, channel, message.ts, action(message.blocks, label))
        await self.settled()


def action(blocks: Any, label: str) -> str:
    return next(str(each["action_id"]) for block in blocks for each in block.get("elements", ()) if each["text"]["text"] == label)


def title(shown: Any) -> str:
    return str(shown.blocks[0]["text"]["text"])


@dataclass
class Program:
    """The app and its client, by one of both ways in; every one that was started is stopped at the end."""

    sandbox: SlackSandbox
    by_http: bool
    started: list[tuple[SlackApp, SlackClient, web.AppRunner]]

    async def start(self) -> SlackApp:
        """A new program in the place of the one before."""
        await self.stop()
        clock = Clock(system_clock().now, lambda seconds: asyncio.sleep(0))
        client = SlackClient(BOT_TOKEN, clock, self.sandbox.api_url)
        await client.connect()
        app = SlackApp(client, respond, lambda language: Screen("Sorry"), clock, signing_secret=SIGNING_SECRET, app_token=APP_TOKEN)
        self.started.append((app, client, await self._listening(app)))
        if not self.by_http:
            await app.start_socket()
            await self.sandbox.until(lambda: len(self.sandbox.sockets) == 1)
        return app

    async def stop(self) -> None:
        """End what runs."""
        while self.started:
            app, client, runner = self.started.pop()
            await app.stop()
            await client.close()
            await runner.cleanup()
        await self.sandbox.until(lambda: len(self.sandbox.sockets) == 0)

    async def _listening(self, app: SlackApp) -> web.AppRunner:
        served = web.Application()
        served.router.add_post("/slack/events", app.http)
        runner = web.AppRunner(served, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        if self.by_http:
            self.sandbox._delivery.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        return runner


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[Slack]:
    sandbox = SlackSandbox()
    await sandbox.start()
    program = Program(sandbox, request.param == "http", [])
    yield Slack(sandbox, await program.start(), program.start)
    await program.stop()
    await sandbox.stop()
    assert [call for call in sandbox.calls if isinstance(call.answer, dict) and not call.answer.get("ok")] == []


async def test_a_walk_stays_in_one_message(slack: Slack) -> None:
    """Words open the menu, taps edit it, and the way back leads to the very same screen."""
    menu = await slack.types("menu")
    await slack.tap("Gut")
    (gut,) = slack.seen()
    assert (gut.ts, title(gut)) == (menu.ts, "Loose stools")
    await slack.tap("Menu")
    assert [(message.ts, message.blocks) for message in slack.seen()] == [(menu.ts, menu.blocks)]


async def test_old_buttons_live_after_a_restart(slack: Slack) -> None:
    """The place and the language travel inside the button, so a new program knows all it needs."""
    await slack.types("menu")
    slack.app = await slack.again()
    await slack.tap("Gut")
    assert title(slack.seen()[-1]) == "Loose stools"


async def test_danger_is_two_messages_with_the_call_first(slack: Slack) -> None:
    """Also where a message is corrected into danger."""
    typed = await slack.sandbox.type(NURSE, "I cannot breath")
    await slack.settled()
    await slack.sandbox.edit(NURSE, slack.sandbox.world.direct(NURSE).id, typed, "I cannot breathe")
    await slack.settled()
    assert [title(message) for message in slack.seen()] == ["Menu", "Call now", "What this may be"]


async def test_a_walk_in_a_channel_is_seen_by_the_walker_alone(slack: Slack) -> None:
    """The mention's answer is for all and stays in its thread; taps answer the tapper, and each replaces the one before."""
    await slack.sandbox.mention(NURSE, WARD, "menu")
    await slack.settled()
    (public,) = slack.seen(WARD)
    assert public.thread_ts
    for label in ("Gut", "Urgent help", "Menu"):
        await slack.tap(label, WARD)
    still, private = slack.seen(WARD)
    assert (still, private.ephemeral_for, title(private)) == (public, NURSE, "Menu")


async def test_a_command_is_answered_for_its_sender_alone(slack: Slack) -> None:
    """Anywhere, also where the bot is no member; and its buttons replace it."""
    slack.sandbox.join(WARD, NURSE)
    for channel in (WARD, NURSE):
        await slack.sandbox.command(NURSE, None if channel == NURSE else channel, "menu")
        await slack.settled()
        await slack.tap("Gut", channel)
        (message,) = slack.seen(channel)
        assert (message.ephemeral_for, title(message)) == (NURSE, "Loose stools")


async def test_home_is_a_menu_to_walk_in(slack: Slack) -> None:
    """Opening it shows the menu, taps redraw it, and no message is sent."""
    await slack.sandbox.open_home(NURSE)
    await slack.settled()
    menu = slack.sandbox.home(NURSE)
    assert menu is not None
    assert title(menu) == "Menu"
    await slack.sandbox.tap_home(NURSE, action(menu.blocks, "Gut"))
    await slack.settled()
    assert title(slack.sandbox.home(NURSE)) == "Loose stools"
    assert slack.seen() == []


async def test_slack_in_trouble_is_asked_again(slack: Slack) -> None:
    """A refusal for now is no refusal."""
    slack.sandbox.fail("chat.postMessage", fault=Fault(500, "internal_error"))
    await slack.types("menu")
    assert (len(slack.seen()), slack.app.counters.failed) == (1, 0)


async def test_words_of_any_kind_are_answered(slack: Slack) -> None:
    """A long text, only emoji, right-to-left script, markup, nothing: an answer that Slack takes."""
    strange = ("word " * 20_000, "\N{PILE OF POO}" * 5, "\u05e9\u05dc\u05d5\u05dd", "<!channel> *b* & <@U1>", "/", "\u202e\u200b")
    for text in strange:
        await slack.types(text)
    assert (len(slack.seen()), slack.app.counters.failed) == (len(strange), 0)
