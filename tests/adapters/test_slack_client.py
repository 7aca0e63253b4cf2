"""Slack's calls over HTTP: where an answer goes, and what every error means."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from slack_wire import TOKEN, Reply, TestClock, Wire

from adapters.lanes import Lane
from adapters.outcome import Outcome, Unreachable, WrongToken
from adapters.slack.client import SlackClient
from adapters.slack.home import Prompt
from adapters.slack.locales import Locale
from adapters.slack.receive import Place
from adapters.slack.wire import NoWord
from adapters.slack.wire import Wire as SlackCalls
from content.people import Address
from content.screen import Button, Picture, Screen

SCREEN = Screen("**Menu**\nPick one.", ((Button("Basics", "basics"),),))
ANNA = Address("slack", "T1", "U1")
DIRECT = Place("U1", "D1")
TAPPED = Place("U1", "D1", "5.0")


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    await wire.start()
    yield wire
    await wire.stop()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
async def client(wire: Wire, clock: TestClock) -> AsyncIterator[SlackClient]:
    client = SlackClient(TOKEN, clock.clock(), wire.api)
    await client.connect()
    yield client
    await client.close()


async def test_signing_in_tells_the_workspace(wire: Wire, client: SlackClient) -> None:
    """The token goes in the header, and who we are is kept."""
    assert await client.sign_in() == "Ward 7"
    assert (client.bot_user, client.bot_id) == ("UBOT", "BBOT")
    assert set(wire.tokens) == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("code", ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope"])
async def test_a_wrong_token_names_its_setting(wire: Wire, clock: TestClock, code: str) -> None:
    """Never the token itself."""
    client = SlackClient(TOKEN, clock.clock(), wire.api)
    for method, setting in (("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")):
        wire.script(method, Reply(error=code))
        with pytest.raises(WrongToken, match=setting) as raised:
            await (client.sign_in() if method == "auth.test" else client.socket_url("xapp-made-up"))
        assert "made-up" not in str(raised.value)
    await client.close()


async def test_an_empty_token_is_wrong_before_anything_is_asked(client: SlackClient, clock: TestClock) -> None:
    """Both tokens are looked at where they are used."""
    with pytest.raises(WrongToken, match="SLACK_BOT_TOKEN"):
        SlackClient("", clock.clock())
    with pytest.raises(WrongToken, match="SLACK_APP_TOKEN"):
        await client.socket_url("")


@pytest.mark.parametrize("reply", [Reply(status=503, body="<html>"), Reply(error="internal_error"), Reply(status=429, retry_after="3")])
async def test_an_api_in_trouble_is_unreachable(wire: Wire, clock: TestClock, reply: Reply) -> None:
    """Worth another try, so it is not the token's fault."""
    wire.script("auth.test", reply)
    client = SlackClient(TOKEN, clock.clock(), wire.api)
    with pytest.raises(Unreachable):
        await client.sign_in()
    await client.close()


async def test_nobody_listening_is_unreachable(clock: TestClock) -> None:
    """No connection is no answer."""
    client = SlackClient(TOKEN, clock.clock(), "http://127.0.0.1:9/api/")
    with pytest.raises(Unreachable):
        await client.sign_in()
    await client.close()


async def test_words_are_answered_with_a_new_message(wire: Wire, client: SlackClient) -> None:
    """In the conversation, in the thread where there is one, without previews."""
    sent = await client.show(Place("U1", "C1", thread="7.0"), SCREEN, Lane.REPLY)
    (call,) = wire.of("chat.postMessage")
    assert (call["channel"], call["thread_ts"], call["unfurl_links"], call["unfurl_media"]) == ("C1", "7.0", False, False)
    assert [block["type"] for block in call["blocks"]] == ["header", "section", "actions"]
    assert (sent.outcome, sent.message) == (Outcome.SENT, "2.0")


async def test_a_tap_edits_its_message(wire: Wire, client: SlackClient) -> None:
    """The message stays where it is."""
    sent = await client.show(TAPPED, SCREEN, Lane.REPLY)
    (call,) = wire.of("chat.update")
    assert (call["channel"], call["ts"], sent.message) == ("D1", "5.0", "5.0")


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_message_that_cannot_be_edited_gets_a_new_one(wire: Wire, client: SlackClient, code: str) -> None:
    """The reader has their answer all the same."""
    wire.script("chat.update", Reply(error=code))
    assert (await client.show(TAPPED, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    assert wire.of("chat.postMessage")[0]["channel"] == "D1"
    assert "ts" not in wire.of("chat.postMessage")[0]


@pytest.mark.parametrize("replace", [True, False])
async def test_for_one_pair_of_eyes(wire: Wire, client: SlackClient, replace: bool) -> None:
    """Ephemeral by the response_url, in the thread, in place of what was ephemeral before; the token stays at home."""
    place = Place("U1", "C1", thread="7.0", response_url=f"{wire.url}/respond/1", replace=replace)
    assert (await client.show(place, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    (call,) = wire.of("respond")
    assert (call["response_type"], call["replace_original"], call["thread_ts"]) == ("ephemeral", replace, "7.0")


async def test_home_is_a_view(wire: Wire, client: SlackClient) -> None:
    """Home has no message to edit; its view is published again."""
    await client.show(Place("U1", home=True), SCREEN, Lane.REPLY)
    (call,) = wire.of("views.publish")
    assert (call["user_id"], call["view"]["type"]) == ("U1", "home")


async def test_something_new_goes_to_the_person(wire: Wire, client: SlackClient) -> None:
    """A user's id stands for the conversation with them; in the bulk lane buttons answer below."""
    for lane in (Lane.REPLY, Lane.BULK):
        await client.send(ANNA, SCREEN, lane)
    reply, bulk = wire.of("chat.postMessage")
    assert reply["channel"] == bulk["channel"] == "U1"
    assert reply["blocks"][-1]["elements"][0]["value"] == "g:en:basics"
    assert bulk["blocks"][-1]["elements"][0]["value"] == "b:en:basics"


MEANINGS = [
    (Reply(status=429, error="ratelimited", retry_after="30"), Outcome.LATER),
    (Reply(error="ratelimited"), Outcome.LATER),
    (Reply(error="internal_error"), Outcome.LATER),
    (Reply(error="fatal_error"), Outcome.LATER),
    (Reply(error="service_unavailable"), Outcome.LATER),
    (Reply(status=500, error="internal_error"), Outcome.LATER),
    (Reply(status=502, body="<html>bad gateway</html>"), Outcome.UNKNOWN),
    (Reply(status=503, body='{"from": "a gateway"}'), Outcome.UNKNOWN),
    (Reply(error="channel_not_found"), Outcome.GONE),
    (Reply(error="is_archived"), Outcome.GONE),
    (Reply(error="not_in_channel"), Outcome.GONE),
    (Reply(error="account_inactive"), Outcome.LATER),
    (Reply(error="token_revoked"), Outcome.LATER),
    (Reply(error="team_access_not_granted"), Outcome.LATER),
    (Reply(error="restricted_action"), Outcome.REFUSED),
    (Reply(error="messages_tab_disabled"), Outcome.REFUSED),
    (Reply(error="invalid_auth"), Outcome.LATER),
    (Reply(error="user_not_found"), Outcome.GONE),
    (Reply(error="invalid_blocks"), Outcome.REFUSED),
    (Reply(error="msg_too_long"), Outcome.REFUSED),
    (Reply(error="msg_blocks_too_long"), Outcome.REFUSED),
    (Reply(error="something_new"), Outcome.REFUSED),
    (Reply(body="not json, with words of a reader"), Outcome.UNKNOWN),
    (Reply(body="[" * 30_000), Outcome.UNKNOWN),
]


@pytest.mark.parametrize(("reply", "outcome"), MEANINGS)
async def test_every_error_has_a_meaning(wire: Wire, client: SlackClient, clock: TestClock, reply: Reply, outcome: Outcome) -> None:
    """In the bulk lane one try tells what it came to, with Slack's wait, and a reason that quotes nobody."""
    wire.script("chat.postMessage", reply)
    sent = await client.send(ANNA, SCREEN, Lane.BULK)
    assert sent.outcome is outcome
    assert sent.retry_after == (30 if reply.retry_after else None)
    assert " " not in sent.reason.replace("no answer", "")
    assert clock.slept == []


@pytest.mark.parametrize(
    ("reply", "outcome", "reason"),
    [
        (Reply(status=404, body="expired_url"), Outcome.REFUSED, "expired_url"),
        (Reply(status=400, body="invalid_blocks"), Outcome.REFUSED, "invalid_blocks"),
        (Reply(error="used_url"), Outcome.REFUSED, "used_url"),
        (Reply(status=404, body="No such page!"), Outcome.REFUSED, "status_404"),
        (Reply(status=500, body="rollup_error"), Outcome.LATER, "internal_error"),
    ],
)
async def test_a_response_url_says_no_in_plain_text(wire: Wire, client: SlackClient, reply: Reply, outcome: Outcome, reason: str) -> None:
    """Its errors are a word, not JSON."""
    wire.script("respond", *[reply] * 20)
    sent = await client.show(Place("U1", "C1", response_url=f"{wire.url}/respond/1"), SCREEN, Lane.REPLY)
    assert (sent.outcome, sent.reason) == (outcome, reason)


async def test_a_reply_is_tried_again_within_its_seconds(wire: Wire, client: SlackClient, clock: TestClock) -> None:
    """Slack's own wait is kept; where there is none the pauses grow."""
    wire.script("chat.postMessage", Reply(status=429, retry_after="2"), Reply(error="internal_error"))
    assert (await client.show(DIRECT, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    assert clock.slept == [2.0, 1.0]


async def test_a_reply_gives_up_where_the_wait_is_too_long(wire: Wire, client: SlackClient, clock: TestClock) -> None:
    """Nobody waits a minute for a menu, and nothing is sent into the wait."""
    wire.script("chat.postMessage", Reply(status=429, retry_after="60"))
    assert (await client.show(DIRECT, SCREEN, Lane.REPLY)).outcome is Outcome.LATER
    assert (len(wire.of("chat.postMessage")), clock.slept) == (1, [])


async def test_an_urgent_answer_is_tried_for_minutes(wire: Wire, client: SlackClient, clock: TestClock) -> None:
    """Until Slack took it, or refused it for good."""
    wire.script("chat.postMessage", *[Reply(status=429, retry_after="60")] * 5)
    assert (await client.show(DIRECT, SCREEN, Lane.URGENT)).outcome is Outcome.SENT
    assert clock.slept == [60.0] * 5
    wire.script("chat.postMessage", Reply(error="is_archived"))
    assert (await client.show(DIRECT, SCREEN, Lane.URGENT)).outcome is Outcome.GONE


async def test_what_left_without_an_answer_is_unknown(wire: Wire, client: SlackClient, clock: TestClock) -> None:
    """A message is not repeated then; an edit is, for twice looks like once; so is an urgent answer."""
    for place, lane, method, outcome, calls in (
        (DIRECT, Lane.REPLY, "chat.postMessage", Outcome.UNKNOWN, 1),
        (TAPPED, Lane.REPLY, "chat.update", Outcome.SENT, 2),
        (DIRECT, Lane.URGENT, "chat.postMessage", Outcome.SENT, 3),
    ):
        wire.script(method, Reply(dropped=True))
        assert (await client.show(place, SCREEN, lane)).outcome is outcome
        assert len(wire.of(method)) == calls


async def test_an_answer_that_does_not_come_in_time_may_have_been_taken(wire: Wire) -> None:
    """It left and no word came back, which is not the same as refused."""
    wire.script("chat.postMessage", Reply(held=True))
    calls = SlackCalls(TOKEN, wire.api)
    with pytest.raises(NoWord):
        await calls.call("chat.postMessage", {}, 0.01)
    await calls.close()


async def test_nobody_listening_is_later(clock: TestClock) -> None:
    """Nothing left, so nothing can be double."""
    client = SlackClient(TOKEN, clock.clock(), "http://127.0.0.1:9/api/")
    assert (await client.send(ANNA, SCREEN, Lane.BULK)).outcome is Outcome.LATER
    await client.close()


async def test_one_connection_serves_many_calls(wire: Wire, client: SlackClient) -> None:
    """Also the calls that Slack's own library makes."""
    for _ in range(20):
        await client.show(DIRECT, SCREEN, Lane.REPLY)
        await client.locale("U1")
    assert len(wire.peers) == 1


async def test_a_persons_language_and_zone_are_asked(wire: Wire, client: SlackClient) -> None:
    """Where Slack does not tell them, nothing is known and nothing breaks."""
    assert await client.locale("U1") == Locale("es-MX", "America/Bogota")
    wire.script("users.info", Reply(error="missing_scope"))
    assert await client.locale("U1") is None


async def test_prompts_are_set_without_a_thread(wire: Wire, client: SlackClient, caplog: pytest.LogCaptureFixture) -> None:
    """With one they silently do not show; that Slack does not take them is only noted."""
    caplog.set_level(logging.INFO)
    await client.suggest("D1", [Prompt("Fever?", "What about fever?")] * 5)
    (call,) = wire.of("assistant.threads.setSuggestedPrompts")
    assert call == {"channel_id": "D1", "prompts": [{"title": "Fever?", "message": "What about fever?"}] * 4}
    wire.script("assistant.threads.setSuggestedPrompts", Reply(error="missing_scope"))
    await client.suggest("D1", [])
    assert "missing_scope" in caplog.text


PICTURED = Screen("A gut", ((Button("Back", "gut"),),), picture=Picture("images/gut.svg", "A drawing of the gut"))


async def drawn(_: Picture) -> bytes:
    return b"png"


async def test_a_picture_is_uploaded_and_its_words_follow(wire: Wire, clock: TestClock) -> None:
    """With its alt text, below the message that was tapped, which stays as it is."""
    client = SlackClient(TOKEN, clock.clock(), wire.api, drawn)
    await client.connect()
    assert (await client.show(TAPPED, PICTURED, Lane.REPLY)).outcome is Outcome.SENT
    (asked,) = wire.of("files.getUploadURLExternal")
    assert asked["alt_txt"] == "A drawing of the gut"
    (done,) = wire.of("files.completeUploadExternal")
    assert done["channel_id"] == "D1"
    assert [name for name, _ in wire.calls][-1] == "chat.postMessage"
    await client.close()


async def test_a_picture_that_slack_does_not_take_is_told_in_words(wire: Wire, clock: TestClock) -> None:
    """The alt text is the answer then, also in Home and where only one person sees it."""
    client = SlackClient(TOKEN, clock.clock(), wire.api, drawn)
    await client.connect()
    wire.script("files.getUploadURLExternal", Reply(error="missing_scope"))
    await client.show(TAPPED, PICTURED, Lane.REPLY)
    await client.show(Place("U1", home=True), PICTURED, Lane.REPLY)
    assert len(wire.of("files.getUploadURLExternal")) == len(wire.of("chat.update")) == len(wire.of("views.publish")) == 1
    await client.close()


async def test_what_the_budget_pays_for_is_counted(client: SlackClient, clock: TestClock) -> None:
    """New messages alone: Slack counts each method by itself, and a tip has its place already."""
    await client.send(ANNA, SCREEN, Lane.REPLY)
    await client.send(ANNA, SCREEN, Lane.BULK)
    await client.show(replace(DIRECT, message="1.1"), SCREEN, Lane.REPLY)
    assert client.spent.take(clock.at) == 1
