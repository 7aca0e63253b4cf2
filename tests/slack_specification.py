"""What Slack itself says of a call, and of the app's manifest, from published facts: shapes and lengths that no one of us wrote."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.exceptions import best_match

from adapters.sandbox.calls import Call

FOLDER = Path(__file__).parent / "specifications"
MESSAGES = {"chat.postMessage", "chat.postEphemeral", "chat.update", "response_url"}
# The limits have a name of its own for an image inside another block; a dialog and an option have no type to name them by.
NAMED = {"confirm": "confirmation", "options": "option", "initial_option": "option", "option_groups": "option_group"}


def problems(call: Call) -> list[str]:
    """What is wrong with the parameters of a call; empty for one that Slack would take."""
    if call.method not in {*facts("slack-blocks")["methods"], "response_url", "upload"}:
        return [f"{call.method}: the Web API has no such method among those we call"]
    if call.method == "views.publish":
        found = [*_view(call.value("view"))]
    elif call.method == "views.open":
        found = [*_modal(call.value("view"))]
    else:
        found = [*_message(call)] if call.method in MESSAGES and not call.parameters.get("delete_original") else []
    return [f"{call.method}: {each}" for each in found]


def manifest_problems(manifest: Mapping[str, Any]) -> list[str]:
    """What is wrong with an app's manifest; empty for one that Slack would take."""
    return [_told(error) for error in Draft7Validator(facts("slack-manifest")["schema"]).iter_errors(manifest)]


@cache
def facts(name: str) -> Any:
    """The published facts of that name."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _limits() -> dict[str, int]:
    return facts("slack-limits")["limits"]


def _view(view: Any) -> Iterator[str]:
    if not isinstance(view, Mapping) or view.get("type") != "home":
        yield "view: it is no Home"
        return
    yield from _blocks(view.get("blocks"), "view")


def _modal(view: Any) -> Iterator[str]:
    if not isinstance(view, Mapping) or view.get("type") != "modal":
        yield "view: it is no modal"
        return
    known = facts("slack-blocks")
    schema = {"$ref": "#/definitions/ModalView", "definitions": known["definitions"]}
    yield from map(_told, Draft7Validator(schema).iter_errors(view))
    for field in ("title", "submit", "close", "callback_id", "private_metadata"):
        yield from (f"{field}: {wrong}" for wrong in _measured(f"view.{field}", view.get(field) or None))
    if any(isinstance(block, Mapping) and block.get("type") == "input" for block in view.get("blocks", [])) and "submit" not in view:
        yield "submit: a view with inputs has it"
    yield from _blocks(view.get("blocks"), "view")


def _message(call: Call) -> Iterator[str]:
    text, blocks = call.parameters.get("text"), call.value("blocks")
    most = facts("slack-limits")["of_messages"]
    if not isinstance(text, str) or not 0 < len(text) <= most["text.max_length"]:
        yield f"text: it is what notifications and screen readers tell, 1 to {most['text.max_length']} characters"
    yield from _blocks(blocks, "message") if blocks is not None else ()
    if call.method != "response_url" and (size := _size(blocks)) > most["all_blocks_text.max_length"]:
        yield f"blocks: {size} characters of text in all, where {most['all_blocks_text.max_length']} are taken"


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(each) if key == "text" and isinstance(each, str) else _size(each) for key, each in value.items())
    return sum(map(_size, value)) if isinstance(value, list) else 0


def _blocks(blocks: Any, surface: str) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield "blocks: they are no list"
        return
    yield from (f"blocks: {wrong}" for wrong in _measured(f"{surface}.blocks", blocks))
    for place, block in enumerate(blocks):
        yield from (f"blocks/{place}: {each}" for each in (*_shape(block), *_lengths(block)))
    yield from _repeated("block_id", blocks)


def _shape(block: Any) -> Iterator[str]:
    known = facts("slack-blocks")
    name = known["blocks"].get(block.get("type")) if isinstance(block, dict) else None
    if name is None:
        yield f"no block of ours: {str(block)[:60]}"
        return
    schema = {"$ref": f"#/definitions/{name}", "definitions": known["definitions"]}
    yield from map(_told, Draft7Validator(schema).iter_errors(block))


def _told(error: ValidationError) -> str:
    """The error, or the most telling of those below it."""
    inner = best_match(error.context) if error.context else None
    return _told(inner) if inner else f"{'/'.join(map(str, error.absolute_path))}: {error.message}"


def _lengths(value: Any, kind: str = "") -> Iterator[str]:
    """Lengths in an object and in all that is inside it; `kind` is its name in the limits."""
    for field, each in value.items() if isinstance(value, dict) else ():
        own = field if field in ("action_id", "block_id") else f"{kind or value.get('type')}.{field}"
        yield from (f"{field}: {wrong}" for wrong in _measured(own, each))
        for inner in each if isinstance(each, list) else [each]:
            yield from _lengths(inner, NAMED.get(field) or _kind(inner))
    yield from _repeated("action_id", value.get("elements", []) if isinstance(value, dict) else [])


def _kind(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    return {"plain_text": "text", "mrkdwn": "text", "image": "image_element", "static_select": "select"}.get(str(kind), "")


def _measured(name: str, value: Any) -> Iterator[str]:
    """Whether a value keeps the limits of that name: a text, a text object by its text, a list by its members."""
    if isinstance(value, list):
        yield from _between(value, _limits().get(f"{name}.max_items"))
        for each in value:
            yield from _between(_words(each), _limits().get(f"{name}.item_max_length"))
    else:
        yield from _between(_words(value), _limits().get("text.max_length" if name == "text.text" else f"{name}.max_length"))


def _words(value: Any) -> str | None:
    words = value.get("text") if isinstance(value, dict) else value
    return words if isinstance(words, str) else None


def _between(value: str | list[Any] | None, most: int | None) -> Iterator[str]:
    if value is not None and most is not None and not 1 <= len(value) <= most:
        yield f"{len(value)}, where 1 to {most} are taken"


def _repeated(name: str, members: Any) -> Iterator[str]:
    named = [each[name] for each in members if isinstance(each, dict) and name in each]
    if len(named) != len(set(named)):
        yield f"{name}: it stands twice"
