"""Evenings in a whole Slack: the real app against the sandbox, by HTTP and by Socket Mode, with the library that ships."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from adapters.clock import system_clock
from adapters.sandbox.calls import Fault
from adapters.sandbox.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackSandbox
from adapters.sandbox.slack_world import BOT_USER, Message
from adapters.slack.app import SlackApp
from adapters.slack.client import SlackClient
from content.conversation import answer
from content.events import Event
from content.model import Library
from content.people import Reader
from content.turn import Answer, trouble

NURSE, WARD = "U1", "C1"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class Slack:
    """The sandbox with the app in it."""

    sandbox: SlackSandbox
    app: SlackApp

    async def settled(self) -> None:
        """Everything that people did was confirmed and answered."""
        await self.sandbox.until(lambda: self.sandbox.quiet)
        await self.app._tasks.drain(5)

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


def words(blocks: Any) -> str:
    return "\n".join(block["text"]["text"] for block in blocks if "text" in block)


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest, library: Library) -> AsyncIterator[Slack]:
    async def respond(event: Event) -> Answer:
        return answer(library, event, Reader(event.sender, "care-team"), NOW)

    sandbox, clock = SlackSandbox(), system_clock()
    await sandbox.start()
    client = SlackClient(BOT_TOKEN, clock, sandbox.api_url)
    await client.connect()
    app = SlackApp(client, respond, lambda language: trouble(library, language), clock, signing_secret=SIGNING_SECRET, app_token=APP_TOKEN)
    served = web.Application()
    served.router.add_post("/slack/events", app.http)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    if request.param == "http":
        sandbox._delivery.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    else:
        await app.start_socket()
        await sandbox.until(lambda: len(sandbox.sockets) == 1)
    yield Slack(sandbox, app)
    await app.stop()
    await client.close()
    await runner.cleanup()
    await sandbox.stop()
    assert [call for call in sandbox.calls if call.status == 200 and isinstance(call.answer, dict) and not call.answer.get("ok")] == []


async def test_a_walk_through_the_menu_stays_in_one_message(slack: Slack, library: Library) -> None:
    """Words open it, taps edit it, Back leads back to the very same screen."""
    await slack.sandbox.type(NURSE, "menu")
    await slack.settled()
    (menu,) = slack.seen()
    label = library.topic(library.topics["en"][""].children[0], "en").label
    await slack.tap(label)
    (topic,) = slack.seen()
    assert (topic.ts, topic.blocks == menu.blocks) == (menu.ts, False)
    await slack.tap(library.phrase("en", "buttons.menu"))
    assert slack.seen()[0].blocks == menu.blocks


async def test_danger_is_two_messages_with_the_call_first(slack: Slack, library: Library) -> None:
    """In a direct message, and again when a message is corrected into danger."""
    typed = await slack.sandbox.type(NURSE, "hello")
    await slack.settled()
    await slack.sandbox.edit(NURSE, slack.sandbox.world.direct(NURSE).id, typed, "I cannot breathe")
    await slack.settled()
    assert len(slack.seen()) == 3


async def test_an_ephemeral_walk_in_a_channel(slack: Slack, library: Library) -> None:
    """The mention's answer is for all and stays; a tap on it is for the tapper alone, and so is every tap after."""
    await slack.sandbox.mention(NURSE, WARD, "menu")
    await slack.settled()
    (public,) = slack.seen(WARD)
    assert public.thread_ts
    await slack.tap(library.phrase("en", "buttons.help"), WARD) if "Help" in str(public.blocks) else await slack.tap(
        library.phrase("en", "buttons.urgent"), WARD
    )
    still, private = slack.seen(WARD)
    assert still == public
    assert private.ephemeral_for == NURSE
    await slack.tap(library.phrase("en", "buttons.menu"), WARD)
    assert [message.ephemeral_for for message in slack.seen(WARD)] == [None, NURSE]


async def test_a_command_is_answered_for_its_sender_alone(slack: Slack, library: Library) -> None:
    """Anywhere; and its buttons replace it."""
    slack.sandbox.join(WARD, NURSE)
    for channel in (WARD, None):
        await slack.sandbox.command(NURSE, channel, "menu")
        await slack.settled()
        await slack.tap(library.phrase("en", "buttons.urgent"), channel or NURSE)
        (message,) = slack.seen(channel or NURSE)
        assert message.ephemeral_for == NURSE


async def test_home_is_a_menu_to_walk_in(slack: Slack, library: Library) -> None:
    """Opening it shows the menu, taps redraw it, no message is sent."""
    await slack.sandbox.open_home(NURSE)
    await slack.settled()
    menu = slack.sandbox.home(NURSE)
    assert menu is not None
    await slack.sandbox.tap_home(NURSE, action(menu.blocks, library.phrase("en", "buttons.urgent")))
    await slack.settled()
    urgent = slack.sandbox.home(NURSE)
    assert urgent is not None
    assert words(urgent.blocks) != words(menu.blocks)
    assert slack.seen() == []


async def test_slack_in_trouble_is_asked_again(slack: Slack) -> None:
    """A refusal for now is no refusal."""
    slack.sandbox.fail("chat.postMessage", fault=Fault(500, "internal_error"))
    await slack.sandbox.type(NURSE, "menu")
    await slack.settled()
    assert len(slack.seen()) == 1
    assert slack.app.counters.failed == 0


async def test_words_of_any_kind_are_answered(slack: Slack) -> None:
    """A long text, only emoji, right-to-left script, markup: a kind answer that Slack takes."""
    strange = ("word " * 20_000, "\N{PILE OF POO}" * 5, "\u05e9\u05dc\u05d5\u05dd", "<!channel> *b* & <@U1>", "/", "\u202e\u200b")
    for text in strange:
        await slack.sandbox.type(NURSE, text)
        await slack.settled()
    assert len(slack.seen()) >= len(strange)
    assert slack.app.counters.failed == 0
