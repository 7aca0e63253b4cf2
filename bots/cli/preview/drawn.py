"""Messages of both sandboxes as the page draws them: runs of words, rows of buttons."""

import base64
import re
from html.parser import HTMLParser
from typing import Final

from adapters.sandbox.slack import SlackSandbox
from adapters.sandbox.slack_world import BOT_USER, Json, Message
from adapters.sandbox.telegram import TelegramSandbox
from adapters.sandbox.telegram_chats import Message as TelegramMessage

ME: Final = 1
YOU: Final = "U0YOU"
COLLEAGUE: Final = "U0COLLEAGUE"
_MRKDWN: Final = re.compile(r"\*([^*\n]+)\*|<((?:https?|tel|mailto):[^|>\n]+)(?:\|([^>\n]*))?>")
Run = dict[str, object]


class _Runs(HTMLParser):
    """Telegram's HTML as runs of words."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._bold = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bold = self._bold or tag == "b"

    def handle_endtag(self, tag: str) -> None:
        self._bold = self._bold and tag != "b"

    def handle_data(self, data: str) -> None:
        self.runs.append({"text": data, "bold": self._bold})


def telegram_messages(sandbox: TelegramSandbox) -> list[dict[str, object]]:
    """The chat as it stands."""
    return [_telegram(message) for message in sandbox.messages(ME)]


def _telegram(message: TelegramMessage) -> dict[str, object]:
    reading = _Runs()
    reading.feed(message.html)
    reading.close()
    rows = [[{"label": key.text, "data": key.data or "", "url": key.url} for key in row] for row in message.rows]
    drawn = {"id": str(message.id), "mine": not message.from_bot, "text": reading.runs, "rows": rows}
    if message.photo is None:
        return drawn
    return drawn | {"picture": "data:image/png;base64," + base64.b64encode(message.photo.content).decode(), "alt": message.text}


def slack_messages(sandbox: SlackSandbox, room: str) -> list[dict[str, object]]:
    """A conversation as one person sees it."""
    seen = (message for message in sandbox.messages(room) if message.ephemeral_for in (None, YOU))
    return [_slack(message) for message in seen]


def slack_home(sandbox: SlackSandbox) -> list[dict[str, object]]:
    """The person's Home as one long message."""
    home = sandbox.home(YOU)
    return [{"id": "home", "mine": False, "text": _words(home.blocks), "rows": _rows(home.blocks)}] if home else []


def slack_form(sandbox: SlackSandbox, user: str) -> list[dict[str, object]]:
    """The form that stands before a person, as one message at the end."""
    modal = sandbox.modal(user)
    if modal is None:
        return []
    fields = [
        {
            "key": key,
            "label": _plain(block, "label"),
            "hint": modal.errors.get(key) or _plain(block, "hint"),
            "wrong": key in modal.errors,
            "value": modal.values.get(key, ""),
            "options": modal.options(key),
        }
        for key, block in modal.fields.items()
    ]
    drawn = {"id": modal.id, "mine": False, "text": [{"text": modal.title, "bold": True}], "rows": []}
    return [drawn | {"fields": fields, "submit": _plain(modal.view, "submit")}]


def _plain(part: Json, key: str) -> str:
    text = part.get(key)
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _slack(message: Message) -> dict[str, object]:
    text = _words(message.blocks) if message.blocks else _mrkdwn(message.text)
    return {"id": message.ts, "mine": message.user not in (BOT_USER, "USLACKBOT"), "text": text, "rows": _rows(message.blocks)}


def _words(blocks: tuple[Json, ...]) -> list[Run]:
    runs: list[Run] = []
    for block in blocks:
        text = block.get("text")
        if isinstance(text, dict):
            runs += [{"text": "\n\n"}] if runs else []
            words = str(text.get("text", ""))
            runs += [{"text": words, "bold": True}] if block.get("type") == "header" else _mrkdwn(words)
    return runs


def _mrkdwn(words: str) -> list[Run]:
    runs: list[Run] = []
    end = 0
    for found in _MRKDWN.finditer(words):
        runs.append({"text": _letters(words[end : found.start()])})
        runs.append(
            {"text": _letters(found[1]), "bold": True} if found[1] else {"text": _letters(found[3] or found[2]), "url": _letters(found[2])}
        )
        end = found.end()
    runs.append({"text": _letters(words[end:])})
    return [run for run in runs if run["text"]]


def _letters(words: str) -> str:
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _rows(blocks: tuple[Json, ...]) -> list[list[dict[str, object]]]:
    rows = []
    for block in blocks:
        elements = block.get("elements")
        if block.get("type") == "actions" and isinstance(elements, list):
            rows.append([_button(each) for each in elements])
    return rows


def _button(element: Json) -> dict[str, object]:
    text = element.get("text")
    label = text.get("text", "") if isinstance(text, dict) else ""
    return {"label": label, "data": element.get("value", ""), "action": element.get("action_id", ""), "url": element.get("url")}
