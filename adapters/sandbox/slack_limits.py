"""What Slack refuses: a small table of its limits, and the codes it answers with."""

from collections.abc import Iterator, Mapping
from typing import Final

from adapters.sandbox.pace import Limit

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
MESSAGE_TEXT: Final = 12_000
FALLBACK_TEXT: Final = 40_000
SECTION: Final = 3_000
FIELDS, FIELD = 10, 2_000
HEADER: Final = 150
ELEMENTS: Final = {"actions": 25, "context": 10}
BUTTON_TEXT, BUTTON_VALUE, BUTTON_URL = 75, 2_000, 3_000
IDENTIFIER: Final = 255
IMAGE_URL, IMAGE_ALT = 3_000, 2_000
RESPONSE_URL_USES: Final = 5
RESPONSE_URL_SECONDS: Final = 1_800
TRIGGER_SECONDS: Final = 3
ACK_SECONDS: Final = 3.0
# Slack says "1 per second per channel", and that short bursts may pass; how short is guessed.
CHANNEL: Final = Limit(1, burst=3)

_BLOCK_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "section": frozenset({"type", "block_id", "text", "fields", "accessory", "expand"}),
    "header": frozenset({"type", "block_id", "text", "level"}),
    "context": frozenset({"type", "block_id", "elements"}),
    "actions": frozenset({"type", "block_id", "elements"}),
    "divider": frozenset({"type", "block_id"}),
    "image": frozenset({"type", "block_id", "alt_text", "image_url", "slack_file", "title"}),
}
_BUTTON_KEYS: Final = frozenset({"type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"})
_TEXT_KEYS: Final = {"plain_text": frozenset({"type", "text", "emoji"}), "mrkdwn": frozenset({"type", "text", "verbatim"})}

Json = Mapping[str, object]


def refusals(blocks: object, most: int = MESSAGE_BLOCKS) -> list[str]:
    """What Slack would find wrong with these blocks, as its messages tell it; empty where it takes them."""
    if not isinstance(blocks, list):
        return ["[ERROR] must be an array"]
    found = [f"[ERROR] no more than {most} items allowed"] if len(blocks) > most else []
    seen: set[object] = set()
    for place, block in enumerate(blocks):
        found += [f"[ERROR] {wrong} [json-pointer:/blocks/{place}]" for wrong in _block(block)]
        identifier = _json(block).get("block_id")
        found += ["[ERROR] duplicate block_id"] if identifier and identifier in seen else []
        seen.add(identifier)
    return found


def characters(value: object) -> int:
    """Characters of text in blocks, added up over all of them."""
    if isinstance(value, Mapping):
        return sum(len(each) if key == "text" and isinstance(each, str) else characters(each) for key, each in value.items())
    return sum(map(characters, value)) if isinstance(value, list) else 0


def _json(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _block(block: object) -> Iterator[str]:
    kind = str(_json(block).get("type"))
    known = _BLOCK_KEYS.get(kind)
    if known is None:
        yield f"unsupported type: {kind}"
        return
    for key in _json(block).keys() - known:
        yield f"invalid additional property: {key}"
    yield from _identifier(_json(block).get("block_id"))
    match kind:
        case "section":
            yield from _section(_json(block))
        case "header":
            yield from _text(_json(block).get("text"), HEADER, ("plain_text",))
        case "actions" | "context":
            yield from _elements(_json(block), kind)
        case "image":
            yield from _image(_json(block))


def _section(block: Json) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "must provide text or fields"
    if "text" in block:
        yield from _text(block["text"], SECTION, ("plain_text", "mrkdwn"))
    if len(_list(block.get("fields"))) > FIELDS:
        yield f"no more than {FIELDS} items allowed"
    for field in _list(block.get("fields")):
        yield from _text(field, FIELD, ("plain_text", "mrkdwn"))
    if "accessory" in block:
        yield from _button(_json(block["accessory"]))


def _elements(block: Json, kind: str) -> Iterator[str]:
    elements = _list(block.get("elements"))
    if not 1 <= len(elements) <= ELEMENTS[kind]:
        yield f"must have between 1 and {ELEMENTS[kind]} items"
    actions = [_json(each).get("action_id") for each in elements if _json(each).get("action_id")]
    if len(actions) != len(set(actions)):
        yield "`action_id` already exists in another element"
    for each in elements:
        yield from _button(_json(each)) if kind == "actions" else _text(each, SECTION, ("plain_text", "mrkdwn"))


def _button(button: Json) -> Iterator[str]:
    if button.get("type") != "button":
        yield f"unsupported type: {button.get('type')}"
        return
    for key in button.keys() - _BUTTON_KEYS:
        yield f"invalid additional property: {key}"
    yield from _text(button.get("text"), BUTTON_TEXT, ("plain_text",))
    yield from _identifier(button.get("action_id"))
    if len(str(button.get("value", ""))) > BUTTON_VALUE:
        yield f"must be less than {BUTTON_VALUE + 1} characters"
    url = button.get("url", "https://")
    if not isinstance(url, str) or len(url) > BUTTON_URL or not url.startswith(("https://", "http://", "mailto:")):
        yield "must be a valid URL"


def _image(block: Json) -> Iterator[str]:
    if not 1 <= len(str(block.get("alt_text", ""))) <= IMAGE_ALT:
        yield f"alt_text must have 1 to {IMAGE_ALT} characters"
    if ("image_url" in block) == ("slack_file" in block) or len(str(block.get("image_url", ""))) > IMAGE_URL:
        yield "must provide image_url or slack_file"


def _text(value: object, most: int, kinds: tuple[str, ...]) -> Iterator[str]:
    text = _json(value)
    kind = text.get("type")
    if kind not in kinds:
        yield f"must be a valid text object: {' or '.join(kinds)}"
        return
    for key in text.keys() - _TEXT_KEYS[str(kind)]:
        yield f"invalid additional property: {key}"
    length = len(str(text.get("text", "")))
    if length < 1:
        yield "must be more than 0 characters"
    if length > most:
        yield f"must be less than {most + 1} characters"


def _identifier(value: object) -> Iterator[str]:
    if value is not None and not 1 <= len(str(value)) <= IDENTIFIER:
        yield f"must be less than {IDENTIFIER + 1} characters"
