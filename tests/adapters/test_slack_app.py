"""Both ways in, over real HTTP and a real socket: what is confirmed when, what is answered where, what is left alone."""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, web
from slack_wire import TOKEN, Reply, TestClock, Wire, signed

from adapters.outcome import Unreachable, WrongToken
from adapters.slack.app import Recent, SlackApp
from adapters.slack.client import SlackClient
from adapters.slack.home import Prompt
from content.events import Event, Go, Say
from content.screen import Button, Screen
from content.turn import Answer

MENU = Screen("**Menu**\nPick one.", ((Button("Basics", "basics"), Button("Urgent help", "urgent")),))
CALL, WATCH = Screen("Call now", ((Button("Menu", "menu"),),)), Screen("Watch for this", ((Button("Menu", "menu"),),))


@dataclass
class Conversation:
    """Answers as it is told to and remembers what was said; with `held` it thinks until the test lets it go on."""

    answer: Answer | Exception = field(default_factory=lambda: Answer((MENU,)))
    events: list[Event] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    held: bool = False

    async def respond(self, event: Event) -> Answer:
        self.events.append(event)
        if self.held:
            await self.go_on.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class World:
    """The app between the wire and whoever brings payloads by HTTP."""

    wire: Wire
    conversation: Conversation
    clock: TestClock
    app: SlackApp
    url: str
    session: ClientSession

    async def bring(self, payload: Any, **signature: Any) -> int:
        """A payload with Slack's signature; the status it was answered with."""
        form = "form" in signature
        async with self.session.post(self.url, **signed(payload, signature.pop("at", self.clock.at), **signature)) as response:
            body = await response.text()
            assert form is False or body == ""
            return response.status


def event(number: int = 1, **parts: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": parts}


def words(text: str, number: int = 1) -> dict[str, Any]:
    return event(number, type="message", channel_type="im", channel="D1", user="U1", text=text, ts="1.0")


def tap(target: str, channel: str = "D1", response_url: str = "", **container: Any) -> dict[str, Any]:
    action = {"type": "button", "action_id": "press-0", "block_id": "b", "value": f"g:en:{target}"}
    where = {"type": "message", "message_ts": "5.0", "channel_id": channel, "is_ephemeral": False}
    who = {"team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": channel}}
    payload = {"type": "block_actions", "actions": [action], "container": where | container, "response_url": response_url, **who}
    return {"payload": json.dumps(payload)}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    wire, conversation, clock = Wire(), Conversation(), TestClock()
    await wire.start()
    client = SlackClient(TOKEN, clock.clock(), wire.api)
    await client.connect()
    app = SlackApp(
        client,
        conversation.respond,
        lambda language: Screen(f"Sorry ({language})"),
        clock.clock(),
        signing_secret="made-up-secret",
        app_token="xapp-made-up",
        prompts=lambda language: (Prompt(f"Fever? ({language})", "fever"),),
    )
    served = web.Application()
    served.router.add_post("/slack/events", app.http)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        yield World(wire, conversation, clock, app, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", session)
    await app.stop()
    await client.close()
    await runner.cleanup()
    await wire.stop()


async def test_typed_words_are_answered_before_they_are_confirmed(world: World) -> None:
    """When Slack has its 200 the answer is on its way already, so a kill in between loses nothing."""
    assert await world.bring(words("hello")) == 200
    assert world.wire.of("chat.postMessage")[0]["channel"] == "D1"
    assert isinstance(world.conversation.events[0], Say)
    assert world.conversation.events[0].words == "hello"


async def test_words_that_need_longer_are_confirmed_all_the_same(world: World) -> None:
    """Slack brings an event again after three seconds; ours are over before, and the work goes on."""
    world.app._answer_seconds = 0.0
    world.wire.script("chat.postMessage", Reply(held=True))
    assert await world.bring(words("hello")) == 200
    world.wire.let_go.set()
    await world.app.stop()
    assert len(world.wire.of("chat.postMessage")) == 1
    assert world.app.counters.failed == world.app.counters.unknown == 0


@pytest.mark.parametrize("payload", [tap("basics"), {"command": "/immunobot", "text": "menu", "team_id": "T1", "user_id": "U1"}])
async def test_taps_and_commands_are_confirmed_first(world: World, payload: dict[str, Any]) -> None:
    """Slack shows an error where the ack of a tap is late, so it waits for nothing of ours."""
    world.conversation.held = True
    url = f"{world.wire.url}/respond/1"
    brought = payload if "payload" in payload else {**payload, "channel_id": "D1", "response_url": url}
    assert await world.bring(brought, form=True) == 200
    assert not world.wire.of("chat.update") + world.wire.of("respond")
    world.conversation.go_on.set()
    await world.wire.until(lambda: bool(world.wire.of("chat.update") + world.wire.of("respond")))


async def test_an_event_that_comes_again_is_answered_once(world: World) -> None:
    """Slack brings an event again where our 200 got lost; the second is confirmed and left."""
    assert [await world.bring(words("hello")) for _ in range(3)] == [200] * 3
    assert len(world.wire.of("chat.postMessage")) == len(world.conversation.events) == 1
    assert await world.bring(words("hello", number=2)) == 200
    assert len(world.wire.of("chat.postMessage")) == 2


def test_recent_ids_are_forgotten_in_their_order() -> None:
    """Memory stays small; an event without an id is always new."""
    recent = Recent(size=2)
    assert [recent.first(each) for each in ("a", "b", "a", "c", "a", "", "")] == [True, True, False, True, True, True, True]


async def test_a_tap_in_a_channel_is_seen_by_the_tapper_alone(world: World) -> None:
    """And what only they saw gives way to the next answer."""
    url = f"{world.wire.url}/respond/1"
    await world.bring(tap("basics", "C1", url), form=True)
    await world.bring(tap("basics", "C1", url, is_ephemeral=True), form=True)
    await world.wire.until(lambda: len(world.wire.of("respond")) == 2)
    assert {each["replace_original"] for each in world.wire.of("respond")} == {True, False}
    assert all(each["response_type"] == "ephemeral" for each in world.wire.of("respond"))


async def test_a_mention_is_answered_in_its_thread(world: World) -> None:
    """For all to see."""
    await world.bring(event(type="app_mention", channel="C1", user="U1", text="<@UBOT> menu", ts="7.0"))
    assert world.wire.of("chat.postMessage")[0]["thread_ts"] == "7.0"


async def test_a_command_whose_words_say_payload_is_heard(world: World) -> None:
    """The word is also the name of a form's field, which must not confuse us."""
    form = {"command": "/immunobot", "text": "what is a payload", "team_id": "T1", "user_id": "U1", "channel_id": "D1"}
    await world.bring({**form, "response_url": f"{world.wire.url}/respond/1"}, form=True)
    await world.wire.until(lambda: bool(world.wire.of("respond")))
    assert isinstance(world.conversation.events[0], Say)
    assert world.conversation.events[0].words == "/what is a payload"


async def test_home_shows_the_menu(world: World) -> None:
    """Opening Home counts as typed words."""
    await world.bring(event(type="app_home_opened", user="U1", channel="D1", tab="home"))
    assert world.wire.of("views.publish")[0]["user_id"] == "U1"
    assert isinstance(world.conversation.events[0], Say)
    assert world.conversation.events[0].words == "/menu"


async def test_the_conversations_tab_gets_questions_to_start_with(world: World) -> None:
    """No event for the conversation, only prompts."""
    await world.bring(event(type="app_home_opened", user="U1", channel="D1", tab="messages"))
    assert world.wire.of("assistant.threads.setSuggestedPrompts")[0]["prompts"][0]["title"] == "Fever? (en)"
    assert world.conversation.events == []


async def test_an_urgent_answer_to_typed_words_is_two_messages(world: World) -> None:
    """The first counts; the second follows when it arrived."""
    world.conversation.answer = Answer((CALL, WATCH), urgent=True)
    world.wire.script("chat.postMessage", Reply(status=429, retry_after="60"))
    await world.bring(words("chest pain"))
    assert [each["text"] for each in world.wire.of("chat.postMessage")] == ["Call now", "Call now", "Watch for this"]


async def test_an_urgent_answer_to_a_tap_is_one_message(world: World) -> None:
    """A tap has one message to redraw; each button stands once."""
    world.conversation.answer = Answer((CALL, WATCH), urgent=True)
    await world.bring(tap("urgent"), form=True)
    await world.wire.until(lambda: bool(world.wire.of("chat.update")))
    (call,) = world.wire.of("chat.update")
    assert call["text"] == "Call now\nWatch for this"
    assert [element["text"]["text"] for block in call["blocks"] for element in block.get("elements", ())] == ["Menu"]


async def test_taps_on_one_message_are_answered_in_their_order(world: World) -> None:
    """The last tap is what stays on the screen, however long the first one took."""
    world.wire.script("chat.update", Reply(held=True))
    await world.bring(tap("basics"), form=True)
    await world.wire.until(lambda: len(world.wire.of("chat.update")) == 1)
    await world.bring(tap("menu"), form=True)
    assert len(world.conversation.events) == 1
    world.wire.let_go.set()
    await world.wire.until(lambda: len(world.wire.of("chat.update")) == 2)
    assert [each.target for each in world.conversation.events if isinstance(each, Go)] == ["basics", "menu"]


async def test_a_failure_is_told_to_the_reader_and_counted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """One sentence that says so; the log has the place, and nothing of what was typed."""
    world.conversation.answer = ValueError("chest pain")
    assert await world.bring(words("chest pain")) == 200
    assert world.wire.of("chat.postMessage")[0]["text"] == "Sorry (en)"
    assert world.app.counters.failed == 1
    assert "ValueError" in caplog.text
    assert "chest pain" not in caplog.text


async def test_a_language_and_a_zone_are_asked_at_first_words_and_then_known(world: World) -> None:
    """In the background: the first answer does not wait for it. A tap knows the zone too."""
    await world.bring(words("hello"))
    await world.wire.until(lambda: bool(world.wire.of("users.info")))
    await world.app.stop()
    await world.bring(words("hello again", number=2))
    await world.bring(tap("tips"), form=True)
    await world.app.stop()
    assert [each.hint for each in world.conversation.events if isinstance(each, Say)] == [None, "es-MX"]
    assert [each.zone for each in world.conversation.events] == [None, "America/Bogota", "America/Bogota"]
    assert len(world.wire.of("users.info")) == 1


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_an_old_request_is_not_slacks(world: World, seconds: int) -> None:
    """A recorded request played again later is refused."""
    assert await world.bring(words("hello"), at=world.clock.at + timedelta(seconds=seconds)) == 401
    assert world.conversation.events == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "0", "X-Slack-Signature": "v0=0"},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=0"},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "\u00fc"},
    ],
)
async def test_a_forged_request_is_refused_and_only_the_fact_is_logged(
    world: World, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of the body is read, and nothing of it is written down."""
    stamp = str(int(world.clock.at.timestamp()))
    sent = {name: stamp if value == "now" else value for name, value in headers.items()}
    async with world.session.post(world.url, data=b'{"secret words"', headers=sent) as response:
        assert response.status == 401
    assert caplog.messages == ["A request to the Slack address did not show Slack's signature"]


async def test_another_secret_is_refused(world: World) -> None:
    """Also for taps."""
    assert await world.bring(words("hello"), secret="another") == 401


SHAPES = [
    json.dumps({"type": kind, "event": shape, "team": shape, "actions": shape, "user": shape}).encode()
    for kind in ("event_callback", "block_actions", "view_submission", "unknown")
    for shape in (None, 1, "x", [], [1], {}, {"type": 1})
]
BROKEN = [b"", b"{", b"[]", b"[" * 100_000, b"null", b"\xff\xfe", b"{}", b'{"type": "event_callback"}']


@pytest.mark.parametrize("body", SHAPES + BROKEN)
async def test_a_signed_body_of_any_shape_is_survived(world: World, body: bytes) -> None:
    """Malformed JSON and unknown kinds are refused or left; the next words are answered as ever."""
    for form in (False, True):
        async with world.session.post(world.url, **signed(body if not form else b"payload=" + body, world.clock.at, form=form)) as response:
            assert response.status < 600
    assert await world.bring(words("hello")) == 200
    assert len(world.wire.of("chat.postMessage")) == 1


async def test_a_body_without_end_is_refused(world: World) -> None:
    """Slack's own are never that long."""
    async with world.session.post(world.url, data=BytesIO(b"a" * (1024 * 1024 + 1))) as response:
        assert response.status == 413


async def test_slack_verifies_the_address(world: World) -> None:
    """The challenge comes back when the app is set up."""
    challenge = {"type": "url_verification", "challenge": "c4"}
    async with world.session.post(world.url, **signed(challenge, world.clock.at)) as response:
        assert await response.json() == {"challenge": "c4"}


async def test_without_a_secret_nobody_is_slack(world: World) -> None:
    """An app that uses Socket Mode takes nothing by HTTP."""
    app = SlackApp(world.app._client, world.conversation.respond, lambda language: MENU, world.clock.clock())
    assert app._signatures.hold({"X-Slack-Signature": "v0=", "X-Slack-Request-Timestamp": "0"}, b"") is False


async def test_what_happened_to_the_app_is_noted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Removed from a workspace, or moved to another channel: confirmed, and nobody is answered."""
    assert await world.bring(event(1, type="app_uninstalled")) == 200
    assert await world.bring(event(2, type="tokens_revoked", tokens={"bot": ["UBOT"]})) == 200
    assert await world.bring(event(3, type="app_context_changed", user="U1")) == 200
    assert await world.bring(event(4, type="never_heard_of")) == 200
    assert len([each for each in caplog.messages if "removed" in each]) == 2
    assert world.conversation.events == []


async def test_bolt_reads_no_variable_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are ours alone: no token, no secret and no OAuth come from the environment, which stays as it was."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_VERIFICATION_TOKEN"):
        monkeypatch.setenv(name, "from-the-environment")
    before = dict(os.environ)
    clock = TestClock().clock()
    app = SlackApp(SlackClient(TOKEN, clock), Conversation().respond, lambda language: MENU, clock)
    assert app._bolt.oauth_flow is None
    assert "from-the-environment" not in repr(vars(app._bolt))
    assert dict(os.environ) == before


async def test_socket_mode_brings_the_same(world: World) -> None:
    """Words, taps and commands over the socket, each confirmed by its envelope; words after their answer."""
    await world.app.start_socket()
    await world.wire.until(lambda: world.wire._socket is not None)
    await world.wire.push("events_api", words("hello"), "e1")
    await world.wire.until(lambda: world.wire.acks == ["e1"])
    assert len(world.wire.of("chat.postMessage")) == 1
    await world.wire.push("interactive", json.loads(tap("basics")["payload"]), "e2")
    await world.wire.until(lambda: bool(world.wire.of("chat.update")))
    form = {"command": "/immunobot", "text": "menu", "team_id": "T1", "user_id": "U1", "channel_id": "D1"}
    await world.wire.push("slash_commands", {**form, "response_url": f"{world.wire.url}/respond/1"}, "e3")
    await world.wire.until(lambda: bool(world.wire.of("respond")) and world.wire.acks == ["e1", "e2", "e3"])


async def test_socket_mode_survives_any_shape(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be read is left, and the next words are answered."""
    caplog.set_level(logging.CRITICAL)
    await world.app.start_socket()
    await world.wire.until(lambda: world.wire._socket is not None)
    for number, shape in enumerate((None, 1, "x", [], {"type": "event_callback", "event": 1}, {"type": "block_actions"})):
        await world.wire.push("events_api", shape, f"x{number}")  # type: ignore[arg-type]  # hostile on purpose
    await world.wire.push("events_api", words("hello"), "e1")
    await world.wire.until(lambda: "e1" in world.wire.acks)
    assert len(world.wire.of("chat.postMessage")) == 1


async def test_a_wrong_app_token_is_told_at_once(world: World) -> None:
    """And an API in trouble is worth another try."""
    world.wire.script("apps.connections.open", Reply(error="invalid_auth"), Reply(error="internal_error"))
    with pytest.raises(WrongToken, match="SLACK_APP_TOKEN"):
        await world.app.start_socket()
    with pytest.raises(Unreachable):
        await world.app.start_socket()


async def test_stopping_lets_what_was_begun_finish(world: World) -> None:
    """A tap that was confirmed is answered before the program ends."""
    world.wire.script("chat.update", Reply(held=True))
    await world.bring(tap("basics"), form=True)
    await world.wire.until(lambda: bool(world.wire.of("chat.update")))
    stopping = asyncio.create_task(world.app.stop())
    world.wire.let_go.set()
    await stopping
    assert world.app.counters.unknown == 0


async def test_stopping_confirms_the_words_it_answers(world: World) -> None:
    """Over the socket too, so that nobody answers them a second time."""
    await world.app.start_socket()
    await world.wire.until(lambda: world.wire._socket is not None)
    world.wire.script("chat.postMessage", Reply(held=True))
    await world.wire.push("events_api", words("hello"), "e1")
    await world.wire.until(lambda: bool(world.wire.of("chat.postMessage")))
    stopping = asyncio.create_task(world.app.stop())
    world.wire.let_go.set()
    await stopping
    await world.wire.until(lambda: world.wire.acks == ["e1"])
