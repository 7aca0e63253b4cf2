"""What Telegram tells us, read: golden updates, and anything at all that JSON can be."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.receive import Place, query_of, receive
from content.events import Go, Say
from content.people import Address

ANNA = {"id": 42, "is_bot": False, "first_name": "Anna", "language_code": "es-MX"}
HOME = {"id": 42, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "Ward"}
READER = Address("telegram", "7", "42")


def message(chat: dict[str, Any] = HOME, **parts: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 5, "date": 1, "from": ANNA, "chat": chat, **parts}}


def tap(data: Any, **parts: Any) -> dict[str, Any]:
    shown = {"message_id": 9, "date": 1, "chat": HOME}
    return {"update_id": 2, "callback_query": {"id": "q1", "from": ANNA, "message": shown, "data": data, **parts}}


def words_of(update: dict[str, Any]) -> str | None:
    received = receive(update, "7", "immuno_bot")
    if received is None:
        return None
    assert isinstance(received[0], Say)
    return received[0].words


def test_typed_words_become_say() -> None:
    """Words come with the person, the hint of their language and the chat to answer in."""
    assert receive(message(text="is fever bad"), "7") == (Say(READER, READER, "is fever bad", "es-MX"), Place(42))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/menu", "/menu"),
        ("/menu@immuno_bot", "/menu"),
        ("/MENU@Immuno_Bot", "/MENU"),
        ("/define@immuno_bot  CAR T", "/define CAR T"),
        ("/ask what\nis this", "/ask what\nis this"),
        ("/start", "/start"),
        ("/start side-effects_serious_gut", "/start side-effects/serious/gut"),
        ("/start not a payload_at all", "/start not a payload_at all"),
        ("/", "/"),
        ("//", "//"),
        ("/menu@another_bot", None),
    ],
)
def test_commands_lose_the_bots_name(typed: str, read: str | None) -> None:
    """A command is read without our name; one for another bot is not ours; a start payload becomes a target."""
    assert words_of(message(text=typed)) == read


def test_captions_and_edits_are_words() -> None:
    """What stands under a photo or was corrected later is judged like anything typed."""
    assert words_of(message(photo=[{}], caption="chest pain")) == "chest pain"
    edited = {"update_id": 3, "edited_message": message(text="chest pain")["message"]}
    assert words_of(edited) == "chest pain"


def test_wordless_messages_are_empty_words() -> None:
    """A sticker gets a kind answer; an album's silent parts, an edit without words and service messages get none."""
    assert words_of(message(sticker={"emoji": "x"})) == ""
    assert words_of(message(photo=[{}], media_group_id="1")) is None
    assert words_of({"update_id": 3, "edited_message": message(location={})["message"]}) is None
    assert words_of(message(pinned_message={})) is None


def test_a_tap_becomes_go_in_place() -> None:
    """The place and the language travel inside the button; the tapped message is the one to edit."""
    expected = (Go(READER, READER, "side-effects/serious/gut", "en"), Place(42, message=9, query="q1"))
    assert receive(tap("g:en:side-effects/serious/gut"), "7") == expected


def test_a_tap_under_a_tip_answers_below() -> None:
    """The mark in the data decides, not the kind of message."""
    received = receive(tap("b:es:menu"), "7")
    assert received is not None
    assert received[1] == Place(42, message=9, below=True, query="q1")


@pytest.mark.parametrize("data", ["", "v0:old", "g:en:Not A Target", "x" * 64, None, 7, "g:en:" + "a" * 49])
def test_unreadable_data_is_a_page_that_is_gone(data: Any) -> None:
    """Ancient or foreign data leads to the page that says so, in the person's own language."""
    received = receive(tap(data), "7")
    assert received is not None
    assert received[0] == Go(READER, READER, "gone", "es")


def test_a_tap_without_its_message_is_answered_to_the_person() -> None:
    """Telegram leaves the message out where it is too old."""
    update = tap("g:en:menu")
    del update["callback_query"]["message"]
    received = receive(update, "7")
    assert received is not None
    assert received[1] == Place(42, query="q1")


def test_topics_of_a_chat_are_kept() -> None:
    """The thread is echoed only for a message that really belongs to a topic."""
    assert receive(message(text="x", message_thread_id=3, is_topic_message=True), "7") == (Say(READER, READER, "x", "es-MX"), Place(42, 3))
    assert receive(message(text="x", message_thread_id=3), "7") == (Say(READER, READER, "x", "es-MX"), Place(42))


def test_groups_hear_only_what_is_meant_for_the_bot() -> None:
    """Commands, mentions and replies to the bot; everything else is other people's talk. The sender stays the person in that room."""
    ours, theirs = {"from": {"id": 7, "is_bot": True}}, {"from": {"id": 8}}
    assert words_of(message(GROUP, text="what is fever")) is None
    assert words_of(message(GROUP, sticker={})) is None
    assert words_of(message(GROUP, text="/menu@immuno_bot")) == "/menu"
    assert words_of(message(GROUP, text="/menu@other_bot")) is None
    assert words_of(message(GROUP, text="@Immuno_Bot what is fever")) == "what is fever"
    assert words_of(message(GROUP, text="and rash?", reply_to_message=ours)) == "and rash?"
    assert words_of(message(GROUP, text="and rash?", reply_to_message=theirs)) is None
    received = receive(message(GROUP, text="/menu"), "7")
    assert received == (Say(READER, Address("telegram", "7", "-100"), "/menu", "es-MX"), Place(-100, reply=5))


def test_a_tap_in_a_group_is_the_persons_in_that_room() -> None:
    """So that nothing of their own is shown or changed there."""
    update = tap("g:en:tips")
    update["callback_query"]["message"]["chat"] = GROUP
    received = receive(update, "7")
    assert received is not None
    assert received[0] == Go(READER, Address("telegram", "7", "-100"), "tips", "en")


def test_inline_queries_are_words() -> None:
    """They are answered through their own id, as words that are still being typed; an empty one asks nothing."""
    asked = {"update_id": 4, "inline_query": {"id": "i1", "from": ANNA, "query": " fever ", "offset": ""}}
    assert receive(asked, "7") == (Say(READER, READER, "fever", "es-MX", passing=True), Place(42, inline="i1"))
    asked["inline_query"]["query"] = ""  # type: ignore[index] # the golden update is JSON
    assert receive(asked, "7") is None


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        7,
        {},
        {"update_id": 1, "channel_post": message(text="x")["message"]},
        {"update_id": 1, "my_chat_member": {"chat": HOME, "from": ANNA}},
        {"update_id": 1, "never_heard_of": {"id": 1}},
        {"update_id": 1, "message": None},
        message({"id": -5, "type": "channel"}, text="/menu"),
        message(text="our own card, shared", via_bot={"id": 7}),
        {"update_id": 1, "message": {"from": {**ANNA, "is_bot": True}, "chat": GROUP, "text": "/menu"}},
    ],
)
def test_everything_else_is_silence(update: Any) -> None:
    """Unknown kinds, channels, other bots and our own shared cards are nobody's question."""
    assert receive(update, "7", "immuno_bot") is None


@pytest.mark.parametrize("words", ["🙂🙂", "مرحبا كيف", "<b>&lt;</b>", "x" * 100_000, "\ud800 half", "\x00"])
def test_any_words_pass_through_encodable(words: str) -> None:
    """Emoji, right-to-left script, markup, 100 kB, half a surrogate pair: words, and always encodable."""
    read = words_of(message(text=words))
    assert read is not None
    assert len(read.encode()) >= 1


SHAPES = ["update_id", "message", "edited_message", "callback_query", "inline_query", "reply_to_message", "via_bot"]
PARTS = ["from", "chat", "id", "type", "text", "caption", "data", "query", "message_id", "photo", "language_code"]
MARKS = ["is_topic_message", "message_thread_id", "is_bot"]
KEYS = st.sampled_from([*SHAPES, *PARTS, *MARKS])
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.sampled_from(["private", "supergroup", "/start", "g:en:menu"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=8),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_no_json_breaks_the_reader(update: Any) -> None:
    """Whatever comes, there is an event or silence, never an exception."""
    receive(update, "7", "immuno_bot")
    query_of(update)


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries(
        {"callback_query": st.fixed_dictionaries({"id": ANYTHING, "from": ANYTHING, "message": ANYTHING, "data": ANYTHING})}
    )
)
def test_no_tap_breaks_the_reader(update: Any) -> None:
    """Every part of a tap may be anything."""
    received = receive(update, "7")
    assert received is None or isinstance(received[0], Go)
