"""What Slack tells us, read: golden payloads, and anything at all that JSON can be."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.home import opened_messages
from adapters.slack.receive import Place, receive, typed_words
from content.events import Go, Say
from content.people import Address

ANNA = Address("slack", "T1", "U1")
WARD = Address("slack", "T1", "C1")
URL = "https://hooks.slack.com/actions/T1/1/x"


def event(**parts: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": parts}


def message(**parts: Any) -> dict[str, Any]:
    return event(**{"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hello", "ts": "1.0", **parts})


def command(**parts: Any) -> dict[str, Any]:
    usual = {"command": "/immunobot", "team_id": "T1", "user_id": "U1", "channel_id": "D1", "text": "", "response_url": URL}
    return {**usual, **parts}


def tap(value: Any = "g:en:side-effects/serious/gut", channel: str = "D1", **parts: Any) -> dict[str, Any]:
    container = {"type": "message", "message_ts": "5.0", "channel_id": channel, "is_ephemeral": False}
    usual = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": channel},
        "container": container,
        "message": {"ts": "5.0"},
        "response_url": URL,
        "actions": [{"type": "button", "action_id": "press-0", "value": value}],
    }
    return {**usual, **parts}


def place_of(payload: dict[str, Any]) -> Place:
    received = receive(payload)
    assert received is not None
    return received[1]


def words_of(payload: dict[str, Any]) -> str | None:
    received = receive(payload)
    if received is None:
        return None
    assert isinstance(received[0], Say)
    return received[0].words


def test_typed_words_become_say() -> None:
    """Words in a direct message come with the person, who is the room too, and are answered there."""
    assert receive(message(text="is fever bad")) == (Say(ANNA, ANNA, "is fever bad"), Place("U1", "D1"))


def test_words_in_a_thread_are_answered_in_it() -> None:
    """A direct message has threads too."""
    assert place_of(message(thread_ts="1.0")).thread == "1.0"


def test_an_edit_is_words_again() -> None:
    """What was corrected later is judged like anything typed; a link preview changed no word."""
    changed = {"subtype": "message_changed", "message": {"user": "U1", "text": "chest pain"}, "user": None, "text": None}
    assert words_of(message(**changed, previous_message={"user": "U1", "text": "chess"})) == "chest pain"
    assert words_of(message(**changed, previous_message={"user": "U1", "text": "chest pain"})) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"bot_id": "B1"},
        {"subtype": "bot_message"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"user": "USLACKBOT"},
        {"channel": "C1", "channel_type": "channel"},
        {"subtype": "message_changed", "message": {"user": "UBOT", "bot_id": "B1", "text": "menu"}},
    ],
)
def test_what_nobody_typed_to_us_is_silence(parts: dict[str, Any]) -> None:
    """Bots, deletions, joins, and what is said in a channel without us get no answer."""
    assert receive(message(**parts)) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_words_beside_a_file_count(subtype: str) -> None:
    """What stands under a file, in a broadcast of a thread or after /me was typed by a person."""
    assert words_of(message(subtype=subtype, text="chest pain")) == "chest pain"


def test_a_file_without_words_gets_a_kind_answer() -> None:
    """Empty words are an event; the conversation answers them with the menu."""
    assert words_of(message(subtype="file_share", text="")) == ""


def test_a_mention_is_answered_in_its_thread_for_all() -> None:
    """The mention is stripped, the room is the channel, the thread is its own or the one it was made in."""
    mention = {"type": "app_mention", "channel": "C1", "user": "U1", "text": "<@UBOT> what is colitis?", "ts": "7.0"}
    assert receive(event(**mention)) == (Say(ANNA, WARD, "what is colitis?"), Place("U1", "C1", thread="7.0"))
    assert place_of(event(**mention, thread_ts="6.0")).thread == "6.0"
    assert receive(event(**{**mention, "channel": "D1"})) is None
    assert receive(event(**mention, bot_id="B1")) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [("", "/menu"), ("  ", "/menu"), ("menu", "/menu"), ("/menu", "/menu"), ("define CAR T", "/define CAR T"), ("payload", "/payload")],
)
def test_a_slash_command_is_its_words_after_a_slash(typed: str, read: str) -> None:
    """Alone it is the menu."""
    assert words_of(command(text=typed)) == read


def test_a_slash_command_is_answered_for_its_sender_alone() -> None:
    """In a channel the room is the channel; in a conversation with others the person stays the person."""
    place = Place("U1", "C1", response_url=URL)
    assert receive(command(channel_id="C1")) == (Say(ANNA, WARD, "/menu", alone=True), place)
    assert receive(command(channel_id="D9")) == (Say(ANNA, ANNA, "/menu", alone=True), Place("U1", "D9", response_url=URL))
    assert receive(command(response_url="ftp://x")) is None


def test_a_tap_in_a_direct_message_edits_it() -> None:
    """The place and the language travel inside the button; the tapped message is the one to edit."""
    assert receive(tap()) == (Go(ANNA, ANNA, "side-effects/serious/gut", "en"), Place("U1", "D1", "5.0"))


def test_a_tap_under_a_tip_answers_below() -> None:
    """Nothing is edited, a new message is sent in the same conversation."""
    assert place_of(tap("b:es:tip")) == Place("U1", "D1")


def test_a_tap_in_a_channel_answers_the_tapper_alone() -> None:
    """For all a message stays as it is; what only the tapper sees gives way to the answer."""
    assert receive(tap(channel="C1")) == (
        Go(ANNA, WARD, "side-effects/serious/gut", "en", alone=True),
        Place("U1", "C1", response_url=URL),
    )
    threaded = tap(channel="C1", message={"ts": "5.0", "thread_ts": "4.0"})
    assert place_of(threaded).thread == "4.0"
    ephemeral = tap(
        channel="C1", container={"type": "message", "message_ts": "5.0", "channel_id": "C1", "is_ephemeral": True}, message=None
    )
    assert place_of(ephemeral) == Place("U1", "C1", response_url=URL, replace=True)


def test_what_only_one_sees_in_a_direct_message_gives_way_too() -> None:
    """The answer to a slash command cannot be edited by the Web API, in a direct message neither."""
    ephemeral = tap(container={"type": "message", "message_ts": "5.0", "channel_id": "D1", "is_ephemeral": True})
    assert place_of(ephemeral) == Place("U1", "D1", response_url=URL, replace=True)


def test_a_tap_in_home_redraws_home() -> None:
    """A view that is not Home is none of ours."""
    parts: dict[str, Any] = {"container": {"type": "view"}, "channel": None, "message": None, "response_url": None}
    assert place_of(tap(**parts, view={"type": "home"})) == Place("U1", home=True)
    assert receive(tap(**parts, view={"type": "modal"})) is None


def test_a_button_that_cannot_be_read_leads_to_gone() -> None:
    """An ancient or forged button gets the kind answer; a link was opened by Slack itself."""
    for value in ("", "x", "g:en:../etc", "g:en:" + "a" * 49, None, 7):
        received = receive(tap(value))
        assert received is not None
        assert received[0] == Go(ANNA, ANNA, "gone", "en")
    assert receive(tap(actions=[{"type": "button", "action_id": "open-3"}])) is None


def test_opening_home_counts_as_typed_words() -> None:
    """Home asks for the menu; the conversation's tab is another matter."""
    opened = {"type": "app_home_opened", "user": "U1", "channel": "D1"}
    assert receive(event(**opened, tab="home")) == (Say(ANNA, ANNA, "/menu"), Place("U1", home=True))
    assert receive(event(**opened, tab="messages")) is None
    assert opened_messages(event(**opened, tab="messages")) == ("D1", "U1")
    assert opened_messages(event(**opened, tab="home")) is None


def test_an_organisation_is_a_space_where_no_workspace_is_told() -> None:
    """An app installed for a whole organisation hears of no team."""
    received = receive(tap(team=None, enterprise={"id": "E1"}))
    assert received is not None
    assert received[0].sender == Address("slack", "E1", "U1")


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("<@U1> hi <@U2|anna>", "hi anna"),
        ("see <https://x.org|the page> or <https://y.org>", "see the page or https://y.org"),
        ("<mailto:a@b.org|a@b.org> <tel:+34|+34>", "a@b.org +34"),
        ("<#C1|ward> <#C2> <!here> <!subteam^S1|@nurses>", "#ward   @nurses"),
        ("1 < 2 > 0", "1  2  0"),
        ("<<<<", "<<<<"),
    ],
)
def test_slacks_markup_is_taken_off_what_people_typed(raw: str, read: str) -> None:
    """References become their label or vanish; escapes become the letters again, once."""
    assert typed_words(raw) == read


def test_a_very_long_message_is_read_at_once() -> None:
    """100 kB of markup, open brackets or emoji are words like any other."""
    for piece in ("<", "<@", "<a|", "&amp;", "\N{PILE OF POO}", "\u05e9", "word "):
        assert words_of(message(text=piece * (100_000 // len(piece)))) is not None


def test_half_a_surrogate_can_be_stored() -> None:
    """What JSON allows and UTF-8 does not becomes a question mark."""
    assert words_of(json.loads(json.dumps(message(text="a\ud800")))) == "a?"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_any_json_is_read_or_left(payload: Any) -> None:
    """Nothing that JSON can say is an exception."""
    receive(payload)
    opened_messages(payload)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([message(), command(), tap(), tap(channel="C1"), event(type="app_mention")]), st.data())
def test_any_part_of_a_payload_may_be_anything(payload: dict[str, Any], data: st.DataObject) -> None:
    """A payload with one part replaced or taken away is read or left, never an exception."""
    changed: Any = json.loads(json.dumps(payload))
    inside: Any = changed
    while True:
        key = data.draw(st.sampled_from(sorted(inside)))
        if not isinstance(inside[key], dict) or not inside[key] or data.draw(st.booleans()):
            break
        inside = inside[key]
    inside[key] = data.draw(ANYTHING)
    receive(changed)
