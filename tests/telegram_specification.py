"""What the Bot API itself says of a call, from published facts: shapes and lengths that no one of us wrote."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError, validators
from telegram.constants import InlineKeyboardMarkupLimit

from adapters.sandbox.calls import Call, Upload

PATH = Path(__file__).parent / "specifications" / "telegram-bot-api.json"
KINDS_OF_BUTTON = {"callback_data", "url", "copy_text", "web_app", "login_url", "callback_game", "pay", "disabled"}


def problems(call: Call) -> list[str]:
    """What is wrong with the parameters of a call; empty for one that the Bot API would take."""
    if call.method not in facts()["methods"]:
        return [f"{call.method}: the Bot API has no such method among those we call"]
    given = {name: _plain(value, _schema(call.method)["properties"].get(name, {})) for name, value in call.parameters.items()}
    found = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in _validator(call.method).iter_errors(given)]
    found += [*_parsed_lengths(call.method, given), *_keyboard_problems(given.get("reply_markup")), *_address_problems(call.method, given)]
    return [f"{call.method}: {each}" for each in found]


@cache
def facts() -> Any:
    """The published facts."""
    return json.loads(PATH.read_text(encoding="utf-8"))


def _schema(method: str) -> Any:
    return facts()["methods"][method]


@cache
def _validator(method: str) -> Any:
    lengths = {"x-characters": _length(len, "characters"), "x-bytes": _length(lambda text: len(text.encode()), "bytes")}
    extend: Any = validators.extend  # it has no types
    return extend(Draft7Validator, lengths)({**_schema(method), "definitions": facts()["definitions"]})


def _length(measure: Any, unit: str) -> Any:
    def check(validator: object, bounds: list[int], value: object, schema: object) -> Iterator[ValidationError]:
        if isinstance(value, str) and not bounds[0] <= measure(value) <= bounds[1]:
            yield ValidationError(f"{measure(value)} {unit}, where {bounds[0]} to {bounds[1]} are taken")

    return check


def _plain(value: object, schema: Mapping[str, Any]) -> object:
    """A parameter as its JSON: what a form sent as a string is read, unless a string may stand there."""
    if isinstance(value, Upload):
        return {"file": value.name}
    if not isinstance(value, str) or _takes_string(schema):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _takes_string(schema: Mapping[str, Any]) -> bool:
    if "$ref" in schema:
        return _takes_string(facts()["definitions"][schema["$ref"].rsplit("/", 1)[-1]])
    kinds = schema.get("type", [])
    return "string" in ([kinds] if isinstance(kinds, str) else kinds) or any(_takes_string(each) for each in schema.get("anyOf", []))


def _parsed_lengths(method: str, given: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in _schema(method)["properties"].items():
        bounds = schema.get("x-parsed-characters")
        if bounds is None or not isinstance(given.get(name), str):
            continue
        length = len(_without_tags(given[name]) if given.get("parse_mode") == "HTML" else given[name].strip())
        if not bounds[0] <= length <= bounds[1]:
            yield f"{name}: {length} characters, where {bounds[0]} to {bounds[1]} are taken"


class _Words(HTMLParser):
    """The words between the tags, by the standard library and not by the sandbox's own reader."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def handle_data(self, data: str) -> None:
        self.words += data


def _without_tags(text: str) -> str:
    reader = _Words()
    reader.feed(text)
    reader.close()
    return reader.words.strip()


def _keyboard_problems(markup: Any) -> Iterator[str]:
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    if sum(map(len, rows)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        yield f"reply_markup: more than {int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)} buttons"
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows):
        yield f"reply_markup: a row of more than {int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)} buttons"
    for button in (each for row in rows for each in row if isinstance(each, dict)):
        if sum(name in KINDS_OF_BUTTON or name.startswith("switch_inline") for name in button) != 1:
            yield f"reply_markup: a button that does not do exactly one thing: {button.get('text')}"


def _address_problems(method: str, given: Mapping[str, Any]) -> Iterator[str]:
    """An edited message is told by chat and number, or by its inline number."""
    if method.startswith("editMessage") and not ({"chat_id", "message_id"} <= given.keys() or "inline_message_id" in given):
        yield "neither chat_id and message_id nor inline_message_id"
