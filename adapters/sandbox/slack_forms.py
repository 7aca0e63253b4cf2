"""What people press and fill in, in the sandbox's Slack: what a form may hold, and what the app makes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from adapters.sandbox.slack_limits import IDENTIFIER, VIEW_BLOCKS, Json, refusals

APP, TEAM = "A0IMMUNO", "T0IMMUNO"
TITLE: Final = 24
METADATA: Final = 3_000
OPTION_TEXT, OPTION_VALUE, OPTIONS, GROUPS, RADIO = 75, 150, 100, 100, 10
WORDS: Final = 3_000
LABEL: Final = 2_000
# What Slack itself tells at a field that has to be filled in, and where the app did not answer in time.
MISSING: Final = "Please complete this required field."
FAILED: Final = "We had some trouble connecting. Try again?"
_INPUT_KEYS: Final = frozenset({"type", "block_id", "label", "hint", "optional", "dispatch_action", "element"})


@dataclass(frozen=True, slots=True)
class Modal:
    """A form as it stands before a person, with what they put into it and what is told at its fields."""

    id: str
    view: Json
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its heading."""
        return str(_json(self.view.get("title")).get("text"))

    @property
    def fields(self) -> Mapping[str, Json]:
        """Its inputs by their block ids, in order."""
        blocks = [_json(block) for block in _list(self.view.get("blocks"))]
        return {str(block.get("block_id")): block for block in blocks if block.get("type") == "input"}

    def options(self, key: str) -> tuple[str, ...]:
        """The values that can be chosen in a field."""
        return tuple(str(option.get("value")) for option in _all_options(_json(self.fields[key].get("element"))))

    def filled(self, values: Mapping[str, str]) -> "Modal":
        """The same with these values. KeyError where a field, or an option of it, is not there to be filled in."""
        for key, value in values.items():
            element = _json(self.fields[key].get("element"))
            if element.get("type") != "plain_text_input" and value and value not in self.options(key):
                raise KeyError(f"{key}: {value}")
            if len(value) > WORDS:
                raise KeyError(f"{key}: Slack lets nobody type more than {WORDS} characters")
        return replace(self, values={**self.values, **values}, errors={})

    def answered(self, acked: Json | None) -> "Modal | None":
        """What stands before the person after the app's answer; None where the form was taken and closed."""
        if acked is None:
            return replace(self, errors={next(iter(self.fields)): FAILED})
        if acked.get("response_action") != "errors":
            return None
        errors = {key: str(words) for key, words in _json(acked.get("errors")).items()}
        if not errors or errors.keys() - self.fields.keys():
            return replace(self, errors={next(iter(self.fields)): FAILED})
        return replace(self, errors=errors)


def pressed(user: str, blocks: tuple[Json, ...], action_id: str, value: str | None = None) -> dict[str, object]:
    """The payload of a button that was tapped; `value` is an ancient or forged one. KeyError where there is no such button."""
    for place, block in enumerate(blocks):
        elements = block.get("elements")
        for each in elements if isinstance(elements, list) else ():
            if each.get("action_id") == action_id:
                action = {**each, "block_id": block.get("block_id", f"b{place}"), "action_ts": "1.0"}
                action |= {} if value is None else {"value": value}
                who = {"id": user, "username": "robin", "team_id": TEAM}
                return {
                    "type": "block_actions",
                    "user": who,
                    "team": {"id": TEAM, "domain": "ward"},
                    "api_app_id": APP,
                    "actions": [action],
                }
    raise KeyError(action_id)


def submission(user: str, modal: Modal) -> dict[str, object]:
    """The payload of a form that was sent."""
    states = {key: {str(_element(block).get("action_id")): _state(modal, key, _element(block))} for key, block in modal.fields.items()}
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "ward"},
        "user": {"id": user, "username": "robin", "team_id": TEAM},
        "api_app_id": APP,
        "trigger_id": "1.1.submitted",
        "view": {"id": modal.id, "team_id": TEAM, **modal.view, "state": {"values": states}},
        "response_urls": [],
        "is_enterprise_install": False,
    }


def _state(modal: Modal, key: str, element: Json) -> dict[str, object]:
    kind = str(element.get("type"))
    value = modal.values.get(key, "")
    if kind == "plain_text_input":
        return {"type": kind, "value": value or None}
    standing = str(_json(element.get("initial_option")).get("value", ""))
    chosen = next((option for option in _all_options(element) if option.get("value") == (value or standing)), None)
    return {"type": kind, "selected_option": chosen}


def modal_refusals(view: object) -> list[str]:
    """What Slack would find wrong with a modal; empty where it opens it."""
    whole = _json(view)
    if whole.get("type") != "modal":
        return ["[ERROR] must be a modal view"]
    blocks = _list(whole.get("blocks"))
    found = [f"[ERROR] {wrong}" for wrong in _frame(whole)]
    found += refusals([block for block in blocks if _json(block).get("type") != "input"], VIEW_BLOCKS)
    for place, block in enumerate(blocks):
        if _json(block).get("type") == "input":
            found += [f"[ERROR] {wrong} [json-pointer:/view/blocks/{place}]" for wrong in _input(_json(block))]
    keys = [_json(block).get("block_id") for block in blocks]
    if len(keys) != len(set(keys)):
        found.append("[ERROR] duplicate block_id")
    return found if len(blocks) <= VIEW_BLOCKS else [*found, f"[ERROR] no more than {VIEW_BLOCKS} items allowed"]


def _frame(view: Json) -> Iterator[str]:
    for key in ("title", "submit", "close"):
        yield from _plain(view.get(key), TITLE, needed=key != "close")
    if len(str(view.get("callback_id", ""))) > IDENTIFIER or len(str(view.get("private_metadata", ""))) > METADATA:
        yield "callback_id or private_metadata is too long"


def _input(block: Json) -> Iterator[str]:
    for key in block.keys() - _INPUT_KEYS:
        yield f"invalid additional property: {key}"
    yield from _plain(block.get("label"), LABEL)
    yield from _plain(block.get("hint"), LABEL, needed=False)
    element = _element(block)
    match element.get("type"):
        case "plain_text_input":
            return
        case "static_select":
            yield from _choices(element)
        case "radio_buttons":
            if not 1 <= len(_list(element.get("options"))) <= RADIO:
                yield f"must have between 1 and {RADIO} options"
        case other:
            yield f"unsupported element: {other}"
    for option in _all_options(element):
        yield from _plain(option.get("text"), OPTION_TEXT)
        if not 1 <= len(str(option.get("value", ""))) <= OPTION_VALUE:
            yield f"value must have 1 to {OPTION_VALUE} characters"


def _choices(element: Json) -> Iterator[str]:
    options, groups = _list(element.get("options")), _list(element.get("option_groups"))
    if bool(options) == bool(groups):
        yield "must have either options or option_groups"
    if len(options) > OPTIONS or len(groups) > GROUPS:
        yield f"no more than {OPTIONS} items allowed"
    for group in groups:
        yield from _plain(_json(group).get("label"), OPTION_TEXT)
        if not 1 <= len(_list(_json(group).get("options"))) <= OPTIONS:
            yield f"a group must have between 1 and {OPTIONS} options"


def _plain(value: object, most: int, *, needed: bool = True) -> Iterator[str]:
    if value is None and not needed:
        return
    text = _json(value)
    if text.get("type") != "plain_text" or not 1 <= len(str(text.get("text", ""))) <= most:
        yield f"must be plain_text of 1 to {most} characters"


def _all_options(element: Json) -> list[Json]:
    grouped = [option for group in _list(element.get("option_groups")) for option in _list(_json(group).get("options"))]
    return [_json(option) for option in (*_list(element.get("options")), *grouped)]


def _element(block: Json) -> Json:
    return _json(block.get("element"))


def _json(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
