"""Every refusal of Telegram has its meaning, and every lane its patience."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram_wire import TOKEN, Reply, TestClock, Wire, refusal

from adapters.lanes import Lane
from adapters.outcome import Outcome, Sent
from adapters.telegram.client import TelegramClient
from adapters.telegram.receive import Place
from content.people import Address
from content.screen import Button, Screen

ANNA = Address("telegram", "7", "42")
SCREEN = Screen("**Gut**\nCall & ask", ((Button("Menu", "menu"),),))
HERE = Place(42, message=9, query="q1")
NEW = Place(42)
COMMANDS = {"en": [("menu", "All topics")], "es": [("menu", "Los temas")]}


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    await wire.start()
    yield wire
    await wire.stop()


@pytest.fixture
def time() -> TestClock:
    return TestClock()


@pytest.fixture
async def client(wire: Wire, time: TestClock) -> AsyncIterator[TelegramClient]:
    client = TelegramClient(TOKEN, time.clock(), wire.url)
    yield client
    await client.close()


GONE = [
    "Forbidden: bot was blocked by the user",
    "Forbidden: user is deactivated",
    "Forbidden: bot can't initiate conversation with a user",
    "Forbidden: bot was kicked from the supergroup chat",
    "Forbidden: bot is not a member of the channel chat",
    "Forbidden: the group chat was deleted",
    "Forbidden: something new",
]


@pytest.mark.parametrize("description", GONE)
async def test_forbidden_means_gone(client: TelegramClient, wire: Wire, description: str) -> None:
    """Nobody is there; it is tried once."""
    wire.script("sendMessage", refusal(description, 403))
    assert (await client.send(ANNA, SCREEN, Lane.URGENT)).outcome is Outcome.GONE
    assert len(wire.of("sendMessage")) == 1


async def test_chat_not_found_means_gone(client: TelegramClient, wire: Wire) -> None:
    """Telegram says it with 400, and means the same as 403."""
    wire.script("sendMessage", refusal("Bad Request: chat not found"))
    assert (await client.send(ANNA, SCREEN, Lane.BULK)).outcome is Outcome.GONE


@pytest.mark.parametrize(
    "description",
    ["message is too long", "message text is empty", "reply markup is too long", "BUTTON_DATA_INVALID", "something new"],
)
async def test_our_own_faults_are_refused(client: TelegramClient, wire: Wire, description: str) -> None:
    """They are for good, in every lane."""
    wire.script("sendMessage", refusal(f"Bad Request: {description}"))
    assert (await client.send(ANNA, SCREEN, Lane.URGENT)).outcome is Outcome.REFUSED
    assert len(wire.of("sendMessage")) == 1


async def test_not_modified_is_success(client: TelegramClient, wire: Wire) -> None:
    """A second tap on the same button has what it wants already."""
    same = "message is not modified: specified new message content and reply markup are exactly the same"
    wire.script("editMessageText", refusal(f"Bad Request: {same}"))
    assert await client.show(HERE, SCREEN, Lane.REPLY) == Sent(Outcome.SENT, "9")


@pytest.mark.parametrize(
    "description",
    ["message to edit not found", "message can't be edited", "there is no text in the message to edit", "something new"],
)
async def test_what_cannot_be_edited_is_sent_anew(client: TelegramClient, wire: Wire, description: str) -> None:
    """No press stays without an answer."""
    wire.script("editMessageText", refusal(f"Bad Request: {description}"))
    assert await client.show(HERE, SCREEN, Lane.REPLY) == Sent(Outcome.SENT, "101")


async def test_a_lost_thread_is_left_out(client: TelegramClient, wire: Wire) -> None:
    """The words go to the chat itself."""
    wire.script("sendMessage", refusal("Bad Request: message thread not found"))
    assert (await client.show(Place(42, thread=3), SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    assert ["message_thread_id" in each for each in wire.of("sendMessage")] == [True, False]


async def test_unparsed_markup_is_sent_plain(client: TelegramClient, wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    """The words count more than the bold; the log says that it happened, not what was said."""
    wire.script("editMessageText", refusal("Bad Request: can't parse entities: unsupported start tag"))
    assert (await client.show(HERE, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    assert wire.of("editMessageText")[1]["text"] == "Gut\nCall & ask"
    assert "without markup" in caplog.text
    assert "Gut" not in caplog.text


async def test_a_moved_chat_is_followed_once(client: TelegramClient, wire: Wire) -> None:
    """A group that became a supergroup gets the words under its new id."""
    moved = refusal("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001)
    wire.script("sendMessage", moved)
    assert (await client.send(ANNA, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    assert [each["chat_id"] for each in wire.of("sendMessage")] == [42, -1001]
    wire.script("sendMessage", moved, moved)
    assert (await client.send(ANNA, SCREEN, Lane.REPLY)).outcome is Outcome.REFUSED


async def test_repairs_come_to_an_end(client: TelegramClient, wire: Wire) -> None:
    """An API that never likes any form is given up."""
    unparsed = refusal("Bad Request: can't parse entities: x")
    wire.script("sendMessage", unparsed, unparsed)
    assert (await client.send(ANNA, SCREEN, Lane.REPLY)).outcome is Outcome.REFUSED


async def test_a_tip_is_tried_once(client: TelegramClient, wire: Wire) -> None:
    """Whoever sends in bulk decides when to come again; the wait comes back."""
    wire.script("sendMessage", refusal("Too Many Requests: retry after 17", 429, retry_after=17))
    sent = await client.send(ANNA, SCREEN, Lane.BULK)
    assert (sent.outcome, sent.retry_after) == (Outcome.LATER, 17)
    assert len(wire.of("sendMessage")) == 1


async def test_a_reply_waits_within_its_seconds(client: TelegramClient, wire: Wire, time: TestClock) -> None:
    """A wait that fits is waited, one that does not is told."""
    wire.script("editMessageText", refusal("Too Many Requests: retry after 2", 429, retry_after=2))
    assert (await client.show(HERE, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    assert time.slept == [2]
    wire.script("editMessageText", refusal("Too Many Requests: retry after 9", 429, retry_after=9))
    sent = await client.show(HERE, SCREEN, Lane.REPLY)
    assert (sent.outcome, sent.retry_after) == (Outcome.LATER, 9)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_telegrams_own_trouble_is_tried_again(client: TelegramClient, wire: Wire, status: int, time: TestClock) -> None:
    """What Telegram itself refused for now did not arrive."""
    wire.script("sendMessage", refusal("Internal Server Error", status), refusal("Internal Server Error", status))
    assert (await client.show(NEW, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    assert time.slept == [0.5, 1.0]


async def test_a_reply_gives_up_after_four_seconds(client: TelegramClient, wire: Wire, time: TestClock) -> None:
    """Handling has an end; the last outcome is told."""
    wire.script("sendMessage", *[refusal("Bad Gateway", 502)] * 20)
    begun = time.at
    assert (await client.show(NEW, SCREEN, Lane.REPLY)).outcome is Outcome.LATER
    assert time.at - begun <= timedelta(seconds=4)


async def test_an_urgent_answer_is_tried_for_ten_minutes(client: TelegramClient, wire: Wire, time: TestClock) -> None:
    """Long after a reply would have been given up; and then there is an end."""
    wire.script("sendMessage", *[refusal("Bad Gateway", 502)] * 20)
    assert (await client.show(NEW, SCREEN, Lane.URGENT)).outcome is Outcome.SENT
    wire.script("sendMessage", *[refusal("Bad Gateway", 502)] * 200)
    begun = time.at
    assert (await client.show(NEW, SCREEN, Lane.URGENT)).outcome is Outcome.LATER
    assert timedelta(minutes=9) < time.at - begun <= timedelta(minutes=10)


GARBAGE = [Reply(502, body=b"<html>bad gateway</html>"), Reply(200, body=b"not json"), Reply(200, body=b"[]"), Reply(302, body=b"")]


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_a_send_without_a_word_back_is_unknown(client: TelegramClient, wire: Wire, garbage: Reply) -> None:
    """Something between us and Telegram answered: whether the message went is not known, so a tip is not repeated."""
    wire.script("sendMessage", garbage)
    assert (await client.send(ANNA, SCREEN, Lane.REPLY)).outcome is Outcome.UNKNOWN
    assert len(wire.of("sendMessage")) == 1


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_an_edit_or_an_urgent_answer_is_repeated(client: TelegramClient, wire: Wire, garbage: Reply) -> None:
    """An edit may be made twice; of an urgent answer twice is better than never."""
    wire.script("editMessageText", garbage)
    assert (await client.show(HERE, SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    wire.script("sendMessage", garbage)
    assert (await client.show(NEW, SCREEN, Lane.URGENT)).outcome is Outcome.SENT


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Bad Request: TOPIC_CLOSED in 123456", "topic_closed in"),
        ('Bad Request: can\'t use file of type Photo as "Anna"', "can't use file of type photo as"),
        ("Bad Request: wrong address https://example.org/anna", "wrong address"),
        ("Bad Request: 42", "bad request"),
    ],
)
async def test_a_dead_letter_keeps_telegrams_words(client: TelegramClient, wire: Wire, told: str, kept: str) -> None:
    """They say what is to be mended; what they quote of ours is left out."""
    wire.script("sendMessage", refusal(told))
    sent = await client.send(ANNA, SCREEN, Lane.BULK)
    assert (sent.outcome, sent.reason) == (Outcome.REFUSED, kept)


async def test_silence_after_sending_is_unknown(client: TelegramClient, wire: Wire, time: TestClock) -> None:
    """A timeout after the last byte: it left, and no word came back."""
    wire.script("sendMessage", Reply(silent=True))
    sent = await client.show(NEW, SCREEN, Lane.REPLY, by=time.at + timedelta(milliseconds=1))
    assert (sent.outcome, sent.reason) == (Outcome.UNKNOWN, "timed out")


async def test_no_connection_means_later(wire: Wire, time: TestClock) -> None:
    """Nothing left, so nothing can have arrived; the error tells neither address nor token."""
    await wire.stop()
    client = TelegramClient(TOKEN, time.clock(), wire.url)
    sent = await client.send(ANNA, SCREEN, Lane.BULK)
    assert (sent.outcome, sent.reason) == (Outcome.LATER, "no connection")
    await client.close()


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_is_not_known_loses_no_tip(client: TelegramClient, wire: Wire, status: int) -> None:
    """The reader is not gone and the tip not refused: the token will be mended."""
    wire.script("sendMessage", refusal("Unauthorized", status))
    assert (await client.send(ANNA, SCREEN, Lane.BULK)).outcome is Outcome.LATER
