"""What people see of the bot before a word is said: its name, texts, commands and menu button."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sandbox_telegram import Desk, opened_desk

MENU = {"command": "menu", "description": "All topics"}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened_desk() as opened:
        yield opened


async def test_the_bot_is_told_who_it_is(desk: Desk) -> None:
    """The method getMe has the bot's id out of its token, and its name."""
    me = (await desk.call("getMe")).result
    assert (me["id"], me["is_bot"], me["username"]) == (7000000001, True, "immuno_sandbox_bot")


async def test_commands_are_kept_by_scope_and_language(desk: Desk) -> None:
    """Spanish commands in private chats are not everybody's commands."""
    private = {"scope": {"type": "all_private_chats"}, "language_code": "es"}
    spanish = [{"command": "menu", "description": "Todos los temas"}]
    assert (await desk.call("setMyCommands", commands=[MENU])).result is True
    assert (await desk.call("setMyCommands", commands=spanish, **private)).result is True
    assert (await desk.call("getMyCommands")).result == [MENU]
    assert (await desk.call("getMyCommands", **private)).result == spanish
    assert (await desk.call("deleteMyCommands", **private)).result is True
    assert (await desk.call("getMyCommands", **private)).result == []


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"commands": "menu"}, "can't parse commands JSON object"),
        ({"commands": [MENU] * 101}, "there can be at most 100 bot commands"),
        ({"commands": [MENU | {"command": "Menu"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [MENU | {"command": ""}]}, "command must be non-empty"),
        ({"commands": [MENU | {"command": "x" * 33}]}, "command length must not exceed 32"),
        ({"commands": [MENU | {"description": " "}]}, "command description must be non-empty"),
        ({"commands": [MENU | {"description": "x" * 257}]}, "command description length must not exceed 256"),
        ({"commands": [MENU], "scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"commands": [MENU], "language_code": "Spanish"}, "invalid language code specified"),
    ],
)
async def test_commands_are_refused_in_telegrams_words(desk: Desk, parameters: dict[str, Any], description: str) -> None:
    """Names, lengths, how many, where and in which language."""
    assert (await desk.call("setMyCommands", **parameters)).refusal == (400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("title", "name", "most"), [("Name", "name", 64), ("Description", "description", 512), ("ShortDescription", "short_description", 120)]
)
async def test_texts_are_kept_by_language_and_have_their_length(desk: Desk, title: str, name: str, most: int) -> None:
    """A language without a text of its own shows everybody's."""
    assert (await desk.call(f"setMy{title}", **{name: "x" * most})).result is True
    assert (await desk.call(f"setMy{title}", **{name: "hola", "language_code": "es"})).result is True
    assert (await desk.call(f"getMy{title}", language_code="es")).result == {name: "hola"}
    assert (await desk.call(f"getMy{title}", language_code="fr")).result == {name: "x" * most}
    assert (await desk.call(f"setMy{title}", **{name: "x" * (most + 1)})).status == 400


async def test_the_menu_button_is_kept_by_chat(desk: Desk) -> None:
    """A chat's own button, the commands otherwise, and no unknown kind."""
    assert (await desk.call("setChatMenuButton", chat_id=42, menu_button={"type": "default"})).result is True
    assert (await desk.call("getChatMenuButton", chat_id=42)).result == {"type": "default"}
    assert (await desk.call("getChatMenuButton")).result == {"type": "commands"}
    assert (await desk.call("setChatMenuButton", menu_button={"type": "moon"})).status == 400
