"""The published facts of the Bot API: what they say of good and bad calls, and that nobody contradicts them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram_specification
from sandbox_telegram import ADA, Desk, key, keyboard, opened_desk
from telegram import constants

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.calls import Call, Upload
from adapters.sandbox.telegram_photo import smallest_png

HELLO: dict[str, Any] = {"chat_id": ADA, "text": "<b>hi</b>", "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened_desk() as opened:
        yield opened


def problems(method: str, **parameters: Any) -> list[str]:
    """What the facts say of a call."""
    return telegram_specification.problems(Call(method, parameters, 200))


def test_the_facts_say_where_they_come_from() -> None:
    """Licence, version and origin stand with them, and the notice beside them."""
    facts = telegram_specification.facts()
    assert (facts["licence"], facts["version"]) == ("MIT", "10.3.1")
    assert "@gramio/types" in facts["origin"]
    assert "Permission is hereby granted" in telegram_specification.PATH.with_suffix(".LICENSE").read_text()


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("getMe", {}),
        ("getUpdates", {"timeout": 50, "limit": 100, "allowed_updates": ["message"]}),
        ("sendMessage", HELLO | {"reply_markup": keyboard([key(data="x" * 64)])}),
        ("sendMessage", {"chat_id": "42", "text": "5", "reply_markup": json.dumps(keyboard([key()])), "disable_notification": "true"}),
        ("sendMessage", HELLO | {"text": "<i>" + "x" * 4096 + "</i>"}),
        ("sendPhoto", {"chat_id": "42", "photo": Upload("a.png", "image/png", smallest_png()), "caption": "alt"}),
        ("editMessageText", HELLO | {"message_id": 7}),
        ("answerCallbackQuery", {"callback_query_id": "4"}),
        ("setMyCommands", {"commands": '[{"command": "menu", "description": "All"}]', "scope": '{"type": "default"}'}),
        ("setChatMenuButton", {"menu_button": '{"type": "commands"}'}),
    ],
)
def test_a_good_call_has_no_problems(method: str, parameters: dict[str, Any]) -> None:
    """JSON and a form's strings are read alike."""
    assert problems(method, **parameters) == []


@pytest.mark.parametrize(
    ("method", "parameters", "told"),
    [
        ("sendFax", {}, "no such method"),
        ("sendMessage", {"text": "hi"}, "'chat_id' is a required property"),
        ("sendMessage", HELLO | {"texts": "hi"}, "'texts' was unexpected"),
        ("sendMessage", HELLO | {"text": "x" * 4097}, "4097 characters"),
        ("sendMessage", HELLO | {"text": "<b></b>"}, "0 characters"),
        ("sendMessage", HELLO | {"parse_mode": "BBCode"}, "'BBCode' is not one of"),
        ("sendMessage", HELLO | {"reply_markup": keyboard([key(data="é" * 33)])}, "is not valid under any"),
        ("sendMessage", HELLO | {"reply_markup": keyboard([key() for _ in range(9)])}, "a row of more than 8 buttons"),
        ("sendMessage", HELLO | {"reply_markup": keyboard(*[[key()]] * 101)}, "more than 100 buttons"),
        ("sendMessage", HELLO | {"reply_markup": keyboard([key() | {"url": "https://a.example"}])}, "exactly one thing"),
        ("sendMessage", HELLO | {"disable_notification": "perhaps"}, "is not of type 'boolean'"),
        ("editMessageText", HELLO, "neither chat_id and message_id"),
        ("answerCallbackQuery", {"callback_query_id": "4", "text": "x" * 201}, "201 characters"),
        ("setMyCommands", {"commands": [{"command": "x" * 33, "description": "All"}]}, "33 characters"),
        ("getUpdates", {"limit": 101}, "greater than the maximum of 100"),
        ("getMe", {"x": 1}, "'x' was unexpected"),
    ],
)
def test_a_bad_call_is_found_out(method: str, parameters: dict[str, Any], told: str) -> None:
    """Shapes, lengths and what only prose says."""
    assert any(told in each for each in problems(method, **parameters)), problems(method, **parameters)


def test_sandbox_facts_and_python_telegram_bot_know_the_same_limits() -> None:
    """Three sources of the same numbers, none of which copied the others."""
    facts = telegram_specification.facts()
    of = facts["methods"], facts["definitions"]
    assert of[0]["sendMessage"]["properties"]["text"]["x-parsed-characters"][1] == constants.MessageLimit.MAX_TEXT_LENGTH == limits.TEXT
    assert of[0]["sendPhoto"]["properties"]["caption"]["x-parsed-characters"][1] == constants.MessageLimit.CAPTION_LENGTH == limits.CAPTION
    data = of[1]["TelegramInlineKeyboardButton"]["properties"]["callback_data"]["x-bytes"][1]
    assert data == constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA == limits.DATA_BYTES
    toast = of[0]["answerCallbackQuery"]["properties"]["text"]["x-characters"][1]
    assert toast == constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH == limits.TOAST
    command = of[1]["TelegramBotCommand"]["properties"]
    assert command["command"]["x-characters"][1] == constants.BotCommandLimit.MAX_COMMAND == limits.COMMAND
    assert command["description"]["x-characters"][1] == constants.BotCommandLimit.MAX_DESCRIPTION == limits.COMMAND_DESCRIPTION
    assert of[0]["getUpdates"]["properties"]["limit"]["maximum"] == constants.PollingLimit.MAX_LIMIT == limits.UPDATES
    assert constants.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER == limits.BUTTONS
    assert constants.MessageLimit.MESSAGE_ENTITIES == limits.ENTITIES


async def test_calls_over_the_wire_are_kept_so_that_they_can_be_checked(desk: Desk) -> None:
    """What the sandbox keeps of JSON, a form and a file passes the facts; a bad call does not."""
    await desk.call("sendMessage", **HELLO)
    await desk.post("sendMessage", data={"chat_id": "42", "text": "hi", "reply_markup": json.dumps(keyboard([key()]))})
    await desk.post("sendPhoto", data={"chat_id": "42", "photo": "photo-1"})
    assert [telegram_specification.problems(call) for call in desk.sandbox.calls] == [[], [], []]
    await desk.call("sendMessage", chat_id=ADA, text="hi", colour="red")
    assert telegram_specification.problems(desk.sandbox.calls[-1]) != []
