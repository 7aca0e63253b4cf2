"""Sending and editing over a real wire: where an answer goes, how we sign in, and that no error tells the token."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from telegram_wire import TOKEN, Reply, TestClock, Wire, refusal

from adapters.lanes import Lane
from adapters.outcome import Outcome, Sent, Unreachable, WrongToken
from adapters.telegram.client import TelegramClient, Webhook
from adapters.telegram.receive import Place
from content.people import Address
from content.screen import Button, Picture, Screen

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


async def test_an_answer_to_words_is_a_new_message(client: TelegramClient, wire: Wire) -> None:
    """The message is sent as HTML with its keyboard, and its id comes back."""
    assert await client.show(NEW, SCREEN, Lane.REPLY) == Sent(Outcome.SENT, "101")
    assert wire.of("sendMessage") == [
        {
            "chat_id": 42,
            "text": "<b>Gut</b>\nCall &amp; ask",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [[{"text": "Menu", "callback_data": "g:en:menu"}]]},
        }
    ]


async def test_a_tap_edits_in_place(client: TelegramClient, wire: Wire) -> None:
    """The tapped message is redrawn and keeps its id."""
    assert await client.show(HERE, SCREEN, Lane.REPLY) == Sent(Outcome.SENT, "9")
    assert [each["message_id"] for each in wire.of("editMessageText")] == [9]


async def test_a_tap_under_a_tip_answers_below(client: TelegramClient, wire: Wire) -> None:
    """The tip stays, the answer is a new message in the same thread."""
    await client.show(replace(HERE, below=True, thread=3), SCREEN, Lane.REPLY)
    assert wire.of("editMessageText") == []
    assert wire.of("sendMessage")[0]["message_thread_id"] == 3


async def test_an_answer_in_a_group_quotes_the_question(client: TelegramClient, wire: Wire) -> None:
    """It is sent also where the question was deleted meanwhile."""
    await client.show(Place(-100, reply=5), SCREEN, Lane.REPLY)
    assert wire.of("sendMessage")[0]["reply_parameters"] == {"message_id": 5, "allow_sending_without_reply": True}


async def test_a_tip_answers_below_itself(client: TelegramClient, wire: Wire) -> None:
    """Buttons of the bulk lane carry the mark; those of an answer do not."""
    assert (await client.send(ANNA, SCREEN, Lane.BULK)).outcome is Outcome.SENT
    await client.send(ANNA, SCREEN, Lane.REPLY)
    data = [each["reply_markup"]["inline_keyboard"][0][0]["callback_data"] for each in wire.of("sendMessage")]
    assert data == ["b:en:menu", "g:en:menu"]


async def test_an_address_that_is_no_chat_is_refused(client: TelegramClient) -> None:
    """A row from elsewhere cannot break the sender."""
    assert (await client.send(Address("telegram", "7", "U123"), SCREEN, Lane.BULK)).outcome is Outcome.REFUSED


async def test_signing_in_publishes_commands_and_polls(client: TelegramClient, wire: Wire) -> None:
    """The first language is everybody's, each other one has its own; a webhook left over is taken away, its updates kept."""
    await client.connect(COMMANDS)
    assert client.name == "immuno_bot"
    assert client.space == "7"
    assert [(each.get("language_code"), each["commands"]) for each in wire.of("setMyCommands")] == [
        (None, [{"command": "menu", "description": "All topics"}]),
        ("es", [{"command": "menu", "description": "Los temas"}]),
    ]
    assert wire.of("deleteWebhook") == [{}]
    assert wire.of("setWebhook") == []


async def test_signing_in_with_a_webhook(client: TelegramClient, wire: Wire) -> None:
    """Telegram is told where, with which secret, how many at once, and which kinds we read; nothing pending is dropped."""
    await client.connect(COMMANDS, Webhook("https://bot.example/telegram", "s3cret"))
    assert wire.of("setWebhook") == [
        {
            "url": "https://bot.example/telegram",
            "max_connections": 100,
            "allowed_updates": ["message", "edited_message", "callback_query", "inline_query"],
            "secret_token": "s3cret",
        }
    ]
    assert wire.of("deleteWebhook") == []


@pytest.mark.parametrize("reply", [refusal("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"), refusal("Not Found", 404)])
async def test_refused_commands_do_not_keep_the_bot_down(client: TelegramClient, wire: Wire, reply: Reply) -> None:
    """The list of commands is a convenience, and once signed in a 404 does not mean the token."""
    wire.script("setMyCommands", reply)
    await client.connect(COMMANDS)
    assert len(wire.of("deleteWebhook")) == 1


@pytest.mark.parametrize("status", [401, 404])
async def test_a_wrong_token_is_named_and_never_told(client: TelegramClient, wire: Wire, status: int) -> None:
    """The error names the setting."""
    wire.script("getMe", refusal("Unauthorized", status))
    with pytest.raises(WrongToken, match="TELEGRAM_BOT_TOKEN") as raised:
        await client.connect(COMMANDS)
    assert "made-up" not in repr(raised.value)


@pytest.mark.parametrize("reply", [refusal("Bad Gateway", 502), refusal("Too Many Requests", 429, retry_after=3), Reply(200, body=b"x")])
async def test_an_api_in_trouble_is_unreachable(client: TelegramClient, wire: Wire, reply: Reply) -> None:
    """It is worth another try."""
    wire.script("getMe", reply)
    with pytest.raises(Unreachable):
        await client.connect(COMMANDS)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://no host/"])
async def test_no_error_and_no_log_line_holds_the_token(url: str, time: TestClock, caplog: pytest.LogCaptureFixture) -> None:
    """Not even an address that cannot be one brings it out."""
    caplog.set_level(logging.INFO)
    client = TelegramClient(TOKEN, time.clock(), url)
    with pytest.raises(Unreachable) as raised:
        await client.connect(COMMANDS)
    sent = await client.send(ANNA, SCREEN, Lane.BULK)
    await client.close()
    assert "made-up" not in f"{raised.value!r}{raised.getrepr(style='short')}{sent}{caplog.text}"


async def test_an_empty_token_is_wrong(time: TestClock) -> None:
    """It is found before anything is sent."""
    with pytest.raises(WrongToken, match="TELEGRAM_BOT_TOKEN"):
        TelegramClient("", time.clock())


async def test_a_picture_is_sent_below_with_its_alt_text(wire: Wire, time: TestClock) -> None:
    """It is a message of its own, and its buttons answer below: a photo cannot become text."""

    async def drawn(picture: Picture) -> bytes:
        return b"\x89PNG" + picture.file.encode()

    client = TelegramClient(TOKEN, time.clock(), wire.url, drawn)
    screen = replace(SCREEN, picture=Picture("images/gut.svg", "A drawing of the gut"))
    assert await client.show(replace(HERE, thread=3), screen, Lane.REPLY) == Sent(Outcome.SENT, "101")
    await client.close()
    (photo,) = wire.of("sendPhoto")
    assert (photo["caption"], photo["message_thread_id"]) == ("A drawing of the gut", 3)
    assert photo["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "b:en:menu"
    assert photo["photo"] == b"\x89PNGimages/gut.svg"


async def test_a_picture_that_cannot_be_drawn_is_told_in_words(client: TelegramClient, wire: Wire) -> None:
    """The screen's text is sent below, so that the press has its answer."""
    await client.show(HERE, replace(SCREEN, picture=Picture("images/gut.svg", "alt")), Lane.REPLY)
    assert len(wire.of("sendMessage")) == 1


async def test_an_inline_answer_has_one_link_and_no_callbacks(client: TelegramClient, wire: Wire) -> None:
    """What is shared leads into the bot and nowhere else."""
    await client.connect(COMMANDS)
    assert (await client.show(Place(42, inline="i1"), SCREEN, Lane.REPLY)).outcome is Outcome.SENT
    (answer,) = wire.of("answerInlineQuery")
    (result,) = answer["results"]
    assert (answer["inline_query_id"], answer["is_personal"], result["title"]) == ("i1", True, "Gut")
    assert result["input_message_content"]["message_text"] == "<b>Gut</b>\nCall &amp; ask"
    assert result["reply_markup"] == {"inline_keyboard": [[{"text": "Immuno", "url": "https://t.me/immuno_bot"}]]}


async def test_an_inline_query_that_is_too_old_is_settled(client: TelegramClient, wire: Wire) -> None:
    """Nobody waits for it any more."""
    wire.script("answerInlineQuery", refusal("Bad Request: query is too old and response timeout expired or query ID is invalid"))
    assert (await client.show(Place(42, inline="i1"), SCREEN, Lane.REPLY)).outcome is Outcome.SENT


@pytest.mark.parametrize("reply", [refusal("Bad Request: query is too old and response timeout expired"), refusal("Bad Gateway", 502)])
async def test_a_spinner_that_cannot_be_stopped_hurts_nobody(client: TelegramClient, wire: Wire, reply: Reply) -> None:
    """The edit has been made; the rest is swallowed."""
    wire.script("answerCallbackQuery", reply)
    await client.answer_query("q1")
    assert wire.of("answerCallbackQuery") == [{"callback_query_id": "q1"}]


async def test_connections_are_kept(client: TelegramClient, wire: Wire) -> None:
    """Calls one after the other do not open connections of their own."""
    peers: list[Any] = []
    for _ in range(5):
        await client.send(ANNA, SCREEN, Lane.REPLY)
        peers.append(wire.peer)
    assert len(set(peers)) == 1


async def test_what_the_budget_pays_for_is_counted(client: TelegramClient, wire: Wire, time: TestClock) -> None:
    """Answers, edits and each further try; neither a tip, which has its place, nor a spinner."""
    wire.script("sendMessage", refusal("Too Many Requests", 429, retry_after=1))
    await client.show(NEW, SCREEN, Lane.REPLY)
    await client.answer_query("q1")
    assert client.spent.take(time.at) == 1
    await client.show(HERE, SCREEN, Lane.URGENT)
    await client.send(ANNA, SCREEN, Lane.REPLY)
    await client.send(ANNA, SCREEN, Lane.BULK)
    assert client.spent.take(time.at) == 2
