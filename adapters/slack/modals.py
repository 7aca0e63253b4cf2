"""A form as Slack's modal. Pure."""

from collections.abc import Iterator
from typing import Final

from adapters.slack.receive import FIELD_ACTION
from adapters.slack.render import Block, plain_text
from content.form import Choice, Form, Group, Option, Words
from content.screen import Press, press_data

MAXIMUM_TITLE: Final = 24


def modal(form: Form, room: str = "") -> Block:
    """The view that views.open takes. `room` is the channel in which it was asked for, empty in a conversation with the bot."""
    return {
        "type": "modal",
        "callback_id": press_data(Press(form.language, form.target)),
        "private_metadata": room,
        "title": plain_text(form.title[:MAXIMUM_TITLE]),
        "submit": plain_text(form.submit[:MAXIMUM_TITLE]),
        "close": plain_text(form.close[:MAXIMUM_TITLE]),
        "blocks": [_input(field) for field in form.fields if not isinstance(field, Choice) or any(each.options for each in field.groups)],
    }


def _input(field: Choice | Words) -> Block:
    hint: Block = {"hint": plain_text(field.hint)} if field.hint else {}
    block: Block = {"type": "input", "block_id": field.key, "label": plain_text(field.label), **hint}
    if isinstance(field, Words):
        return block | {"optional": True, "element": {"type": "plain_text_input", "action_id": FIELD_ACTION, "multiline": True}}
    return block | ({"element": _buttons(field)} if field.chosen else {"optional": True, "element": _select(field)})


def _select(field: Choice) -> Block:
    groups = [group for group in field.groups if group.options]
    if all(group.label for group in groups):
        listed: Block = {"option_groups": [{"label": plain_text(group.label), "options": list(_options(group))} for group in groups]}
    else:
        listed = {"options": [option for group in groups for option in _options(group)]}
    return {"type": "static_select", "action_id": FIELD_ACTION, **listed}


def _buttons(field: Choice) -> Block:
    options = [each for group in field.groups for each in group.options]
    first = next(each for each in options if each.value == field.chosen)
    return {
        "type": "radio_buttons",
        "action_id": FIELD_ACTION,
        "options": [_option(each) for each in options],
        "initial_option": _option(first),
    }


def _options(group: Group) -> Iterator[Block]:
    return map(_option, group.options)


def _option(option: Option) -> Block:
    return {"text": plain_text(option.label), "value": option.value}
