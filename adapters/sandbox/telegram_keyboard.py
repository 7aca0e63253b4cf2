"""Inline keyboards: what Telegram takes, and the words in which it refuses the rest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_limits import bad

_OTHER_KINDS: Final = (
    "login_url",
    "web_app",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "pay",
)


@dataclass(frozen=True, slots=True)
class Key:
    """One button: what it says, and what it does when tapped. `other` is the JSON of what is none of these."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    other: str = "{}"

    def body(self) -> dict[str, object]:
        """As the Bot API tells it."""
        kinds = {"callback_data": self.data, "url": self.url, "copy_text": None if self.copy is None else {"text": self.copy}}
        return {"text": self.text, **{name: value for name, value in kinds.items() if value is not None}, **json.loads(self.other)}


Rows = tuple[tuple[Key, ...], ...]


def read_keyboard(given: Given) -> Rows:
    """The inline keyboard of a call, empty where it has none. Raises Refusal."""
    told = given.text("reply_markup")
    if not told.strip():
        return ()
    markup = given.value("reply_markup")
    if markup is None:
        raise bad(limits.MARKUP_JSON)
    if not isinstance(markup, dict):
        raise bad(limits.MARKUP_OBJECT)
    return inline_rows(markup)


def inline_rows(markup: Mapping[str, object]) -> Rows:
    """The rows of an `InlineKeyboardMarkup`. Raises Refusal."""
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list):
        raise bad('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    read = tuple(tuple(_key(each) for each in row) for row in rows if row)
    size = len(json.dumps(markup, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    if sum(map(len, read)) > limits.BUTTONS or size > limits.MARKUP_BYTES:
        raise bad(limits.MARKUP_LONG)
    return read


def _key(told: object) -> Key:
    if not isinstance(told, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text, other = told.get("text"), {name: told[name] for name in (*_OTHER_KINDS, "style", "icon_custom_emoji_id") if name in told}
    if text is None:
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not str(text).strip():
        raise bad(limits.BUTTON_EMPTY)
    if not any(name in told for name in ("callback_data", "url", "copy_text", *_OTHER_KINDS)):
        raise bad(limits.BUTTON_KIND)
    return Key(str(text), _data(told), _url(told), _copy(told), json.dumps(other))


def _data(told: Mapping[str, object]) -> str | None:
    if "callback_data" not in told:
        return None
    data = told["callback_data"]
    if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "replace")) <= limits.DATA_BYTES:
        raise bad(limits.BUTTON_DATA)
    return data


def _copy(told: Mapping[str, object]) -> str | None:
    if "copy_text" not in told:
        return None
    inside = told["copy_text"]
    text = inside.get("text") if isinstance(inside, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= limits.COPY_TEXT:
        raise bad(limits.BUTTON_COPY)
    return text


def _url(told: Mapping[str, object]) -> str | None:
    if "url" not in told:
        return None
    url = str(told["url"]).strip()
    if (why := _wrong(url)) is not None:
        raise bad(limits.BUTTON_URL.format(url=url, why=why))
    return url


def _wrong(url: str) -> str | None:
    try:
        parts = urlsplit(url if "://" in url or ":" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return "Wrong HTTP URL"
    if parts.scheme in ("tg", "ton", "tonsite"):
        return None
    if parts.scheme not in ("http", "https"):
        return "Unsupported URL protocol"
    return None if "." in host.strip(".") else "Wrong HTTP URL"
