"""Forms in Slack: drawn as a modal, read when they are sent, and kept open with what is to be mended."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.clock import Clock, system_clock
from adapters.outcome import Outcome
from adapters.sandbox.calls import Call, Fault
from adapters.sandbox.slack import APP_TOKEN, BOT_TOKEN, SlackSandbox
from adapters.sandbox.slack_forms import modal_refusals
from adapters.sandbox.slack_world import BOT_USER
from adapters.slack.app import SlackApp
from adapters.slack.client import SlackClient
from adapters.slack.modals import modal
from adapters.slack.receive import Place, receive
from adapters.slack.render import render
from content.events import Event, Go
from content.form import Choice, Form, Group, Option, Words
from content.people import Address
from content.screen import Button, Screen
from content.turn import Answer

NURSE, WARD = "U0NURSE", "C0WARD"
PAGES = (Group("Gut", (Option("Loose stools", "gut"), Option("Pain", "pain"))), Group("Skin", (Option("Rash", "rash"),)))
FORM = Form(
    "New",
    "broadcast/new",
    "Send",
    "Close",
    (
        Choice("card", "A page", PAGES),
        Words("text", "Or your own words", "Easy ones."),
        Choice("series", "Only for", (Group("", ()),)),
        Choice("language", "In", (Group("", (Option("English", "en"),)),), "Or yours."),
        Choice("at", "When", (Group("", (Option("Now", "now"), Option("At nine", "morning"))),), chosen="now"),
    ),
    "es",
)
LISTED = Screen("**Broadcasts**\nWrite one.", ((Button("Write", "broadcast/new"), Button("Urgent help", "urgent")),))
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


def submitted(**view: Any) -> dict[str, Any]:
    """A form as Slack sends it."""
    usual = {
        "callback_id": "g:en:broadcast/new",
        "private_metadata": "",
        "blocks": [{"type": "input", "block_id": "text"}],
        "state": {"values": {}},
    }
    return {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": usual | view}


def test_a_form_is_drawn_as_slack_takes_it(specified: Any) -> None:
    """By its published shapes and by the sandbox's own rules; a list without anything to choose is left out."""
    view = modal(FORM, WARD)
    assert specified(Call("views.open", {"trigger_id": "1", "view": view}, 200)) == []
    assert modal_refusals(view) == []
    assert [block["block_id"] for block in view["blocks"]] == ["card", "text", "language", "at"]  # type: ignore[attr-defined]  # JSON
    assert (view["callback_id"], view["private_metadata"]) == ("g:es:broadcast/new", WARD)


def test_what_was_filled_in_is_read() -> None:
    """Words, what was chosen, and what was left empty; with the room in which the form was asked for."""
    values = {
        "card": {"field": {"type": "static_select", "selected_option": {"value": "gut"}}},
        "text": {"field": {"type": "plain_text_input", "value": None}},
        "at": {"field": {"type": "radio_buttons", "selected_option": None}},
    }
    blocks = [{"type": "input", "block_id": key} for key in ("card", "text", "at")] + [{"type": "divider"}]
    person, room = Address("slack", "T1", "U1"), Address("slack", "T1", WARD)
    read = receive(submitted(state={"values": values}, blocks=blocks, private_metadata=WARD))
    assert read == (Go(person, room, "broadcast/new", "en", fields={"card": "gut", "text": "", "at": ""}), Place("U1", WARD))
    direct = receive(submitted())
    assert direct
    assert direct[0].room == person


@pytest.mark.parametrize("view", [{"callback_id": "poem"}, {"callback_id": ""}, {"callback_id": "g:en:A B"}])
def test_a_form_of_somebody_else_is_nothing(view: dict[str, Any]) -> None:
    """What its name does not tell cannot be answered."""
    assert receive(submitted(**view)) is None


@given(JSON, JSON, JSON)
def test_strange_forms_are_read_or_left(values: Any, blocks: Any, metadata: Any) -> None:
    """Nothing that a form may hold breaks the reading."""
    read = receive(submitted(state={"values": values}, blocks=blocks, private_metadata=metadata))
    assert read is None or isinstance(read[0], Go)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "home"},
        {"title": {"type": "plain_text", "text": "x" * 25}},
        {"submit": None},
        {"private_metadata": "x" * 3_001},
        {
            "blocks": [
                {"type": "input", "block_id": "a", "label": {"type": "plain_text", "text": ""}, "element": {"type": "plain_text_input"}}
            ]
        },
        {"blocks": [{"type": "input", "block_id": "a", "label": {"type": "plain_text", "text": "x"}, "element": {"type": "poem"}}]},
        {
            "blocks": [
                {"type": "input", "block_id": "a", "label": {"type": "plain_text", "text": "x"}, "element": {"type": "static_select"}}
            ]
        },
        {"blocks": [modal(FORM)["blocks"][0]] * 2},  # type: ignore[index]  # JSON
        {"blocks": [{"type": "poem"}]},
    ],
)
def test_the_sandbox_refuses_what_slack_refuses(change: dict[str, Any]) -> None:
    """One mistake each."""
    assert modal_refusals(modal(FORM) | change)


@dataclass
class Talk:
    """A conversation that answers as it is told to, and remembers what was said."""

    answer: Answer | Exception = field(default_factory=lambda: Answer((LISTED,), form=FORM))
    events: list[Event] = field(default_factory=list)

    async def respond(self, event: Event) -> Answer:
        self.events.append(event)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class Slack:
    """The app between the sandbox and a conversation."""

    sandbox: SlackSandbox
    app: SlackApp
    talk: Talk
    client: SlackClient

    async def settled(self) -> None:
        """Everything was confirmed and answered."""
        await self.sandbox.until(lambda: self.sandbox.quiet)
        await self.app._tasks.drain(5)

    async def asks(self, channel: str | None = None) -> None:
        """The nurse asks for the form."""
        await self.sandbox.command(NURSE, channel, "broadcast")
        await self.settled()

    async def sends(self, **fields: str) -> Mapping[str, str] | None:
        """The nurse sends it; what is told at its fields, or None where it was closed."""
        await self.sandbox.submit(NURSE, **fields)
        await self.settled()
        form = self.sandbox.modal(NURSE)
        return form.errors if form else None


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    sandbox, talk = SlackSandbox(), Talk()
    await sandbox.start()
    clock = Clock(system_clock().now, lambda seconds: asyncio.sleep(0))
    client = SlackClient(BOT_TOKEN, clock, sandbox.api_url)
    await client.connect()
    app = SlackApp(client, talk.respond, lambda language: Screen("**Sorry.** Try again."), clock, app_token=APP_TOKEN)
    await app.start_socket()
    yield Slack(sandbox, app, talk, client)
    await app.stop()
    await client.close()
    await sandbox.stop()


async def test_a_form_is_opened_filled_in_and_taken(slack: Slack) -> None:
    """Nothing else is said where it was opened; what was sent comes with the room that asked, and closes it."""
    slack.sandbox.join(WARD, NURSE, BOT_USER)
    await slack.asks(WARD)
    assert slack.sandbox.messages(WARD) == ()
    slack.talk.answer = Answer(())
    assert await slack.sends(text="Hello & <b>", card="rash") is None
    sent = slack.talk.events[-1]
    assert isinstance(sent, Go)
    assert (sent.room.chat, sent.language, sent.fields) == (
        WARD,
        "es",
        {"card": "rash", "text": "Hello & <b>", "language": "", "at": "now"},
    )


async def test_where_no_form_opens_the_screen_is_shown(slack: Slack) -> None:
    """A trigger that came too late is no dead end."""
    slack.sandbox.fail("views.open", fault=Fault(200, "expired_trigger_id"))
    await slack.asks()
    assert slack.sandbox.messages(NURSE)[-1].plain.startswith("Broadcasts")
    await slack.sandbox.type(NURSE, "broadcast")
    await slack.settled()
    assert slack.sandbox.messages(NURSE)[-1].plain.startswith("Broadcasts")


async def test_what_is_to_be_mended_stands_at_its_field(slack: Slack) -> None:
    """The form stays open; a reason of no field, and a failure, at what was written."""
    await slack.asks()
    slack.talk.answer = Answer((), errors={"text": "Too long."})
    assert await slack.sends(text="x") == {"text": "Too long."}
    slack.talk.answer = Answer((LISTED,))
    assert await slack.sends() == {"text": "Broadcasts\nWrite one."}
    slack.talk.answer = ValueError("broken")
    assert await slack.sends() == {"text": "Sorry. Try again."}
    assert slack.app.counters.failed == 1


async def test_a_message_is_kept_up_to_date(slack: Slack) -> None:
    """Posted once, edited in place with buttons that answer below; posted anew where somebody took it away."""
    opened = await slack.client.direct(NURSE)
    assert opened.outcome is not Outcome.SENT
    slack.sandbox.world.person(NURSE)
    opened = await slack.client.direct(NURSE)
    assert opened.message
    first = await slack.client.keep_posted(opened.message, None, LISTED)
    again = await slack.client.keep_posted(opened.message, first.message, replace(LISTED, text="Now."))
    (message,) = slack.sandbox.messages(NURSE)
    assert (first.message, again.message, message.plain) == (message.ts, message.ts, "Now.")
    assert message.buttons[0].value == "b:en:broadcast/new"
    slack.sandbox.world.direct(NURSE).messages.clear()
    anew = await slack.client.keep_posted(opened.message, first.message, LISTED)
    assert anew.message == slack.sandbox.messages(NURSE)[0].ts != first.message


def test_a_colleague_is_shown_by_name() -> None:
    """An id with its mark is a mention; an address, a word and a lone mark are not."""

    def drawn(words: str) -> str:
        return str(render(Screen(f"{words}\nand more")).blocks[0]["text"]["text"]).partition("\n")[0]  # type: ignore[index]  # JSON

    assert drawn("by @U0NURSE, now") == "by <@U0NURSE>, now"
    for words in ("nurse@UCSFHOSP.edu", "@us", "@ U0NURSE", "@U0NURSEu"):
        assert drawn(words) == words
