"""The methods that say what the bot is: its name, texts, commands and menu button."""

import json
import re
from typing import Final

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_chats import Person
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_limits import bad
from adapters.sandbox.telegram_world import Method

_COMMAND = re.compile(r"[a-z0-9_]+", re.ASCII)
_LANGUAGE = re.compile(r"(?:[a-z]{2})?", re.ASCII)
_SCOPES: Final = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)
_EVERYWHERE: Final = '{"type": "default"}'

Commands = tuple[tuple[str, str], ...]


class Profile:
    """What a person sees of the bot before a word is said. `commands` are by (scope, language)."""

    def __init__(self, bot: Person) -> None:
        self._bot = bot
        self.commands: dict[tuple[str, str], Commands] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[str, object] = {}

    def methods(self) -> dict[str, Method]:
        """The methods by their names."""
        return {
            "getMe": self._get_me,
            "setMyCommands": self._set_commands,
            "getMyCommands": self._get_commands,
            "deleteMyCommands": self._delete_commands,
            "setChatMenuButton": self._set_menu_button,
            "getChatMenuButton": self._get_menu_button,
            **self._pair("Name", "name", limits.NAME),
            **self._pair("Description", "description", limits.DESCRIPTION),
            **self._pair("ShortDescription", "short_description", limits.SHORT_DESCRIPTION),
        }

    def _pair(self, title: str, name: str, most: int) -> dict[str, Method]:
        async def set_text(given: Given) -> object:
            if len(given.text(name)) > most:
                raise bad(limits.TOO_LONG.format(name=name.replace("_", " ")))
            self.texts[name, _language(given)] = given.text(name)
            return True

        async def get_text(given: Given) -> object:
            everybody = self.texts.get((name, ""), self._bot.first_name if name == "name" else "")
            return {name: self.texts.get((name, _language(given))) or everybody}

        return {f"setMy{title}": set_text, f"getMy{title}": get_text}

    async def _get_me(self, given: Given) -> object:
        can = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        return self._bot.body() | can | {"can_connect_to_business": False, "has_main_web_app": False}

    async def _set_commands(self, given: Given) -> object:
        told = given.value("commands")
        if not isinstance(told, list):
            raise bad(limits.COMMANDS_JSON)
        if len(told) > limits.COMMANDS:
            raise bad(limits.COMMANDS_MANY)
        self.commands[_scope(given), _language(given)] = tuple(_command(each) for each in told)
        return True

    async def _get_commands(self, given: Given) -> object:
        found = self.commands.get((_scope(given), _language(given)), ())
        return [{"command": command, "description": description} for command, description in found]

    async def _delete_commands(self, given: Given) -> object:
        self.commands.pop((_scope(given), _language(given)), None)
        return True

    async def _set_menu_button(self, given: Given) -> object:
        told = given.value("menu_button") or {"type": "default"}
        if not isinstance(told, dict) or told.get("type") not in ("default", "commands", "web_app"):
            raise bad(limits.MENU_BUTTON)
        self.menu_buttons[given.text("chat_id")] = told
        return True

    async def _get_menu_button(self, given: Given) -> object:
        return self.menu_buttons.get(given.text("chat_id"), {"type": "commands"})


def _command(told: object) -> tuple[str, str]:
    inside = Given(told if isinstance(told, dict) else {})
    command, description = inside.text("command").strip().removeprefix("/"), inside.text("description").strip()
    lengths = ((command, limits.COMMAND_EMPTY), (description, limits.COMMAND_DESCRIPTION_EMPTY))
    for text, empty in lengths:
        if not text:
            raise bad(empty)
    if len(command) > limits.COMMAND:
        raise bad(limits.COMMAND_LONG)
    if len(description) > limits.COMMAND_DESCRIPTION:
        raise bad(limits.COMMAND_DESCRIPTION_LONG)
    if not _COMMAND.fullmatch(command):
        raise bad(limits.COMMAND_INVALID)
    return command, description


def _scope(given: Given) -> str:
    told = given.value("scope")
    if told is None:
        return _EVERYWHERE
    if not isinstance(told, dict) or told.get("type") not in _SCOPES:
        raise bad(limits.SCOPE)
    return json.dumps(told, sort_keys=True)


def _language(given: Given) -> str:
    if not _LANGUAGE.fullmatch(given.text("language_code")):
        raise bad(limits.LANGUAGE)
    return given.text("language_code")
