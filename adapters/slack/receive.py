"""Slack's payloads read: what was typed or tapped, and where the answer goes. Pure; a payload we cannot read is None."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from content.events import Event, Go, Say
from content.people import Address
from content.screen import Press, read_press

COMMAND: Final = "/immunobot"
LINK_ACTION: Final = "open"
FIELD_ACTION: Final = "field"
_LONGEST_ID: Final = 64
# A message of these subtypes was typed by a person; None is an ordinary one.
_TYPED: Final = (None, "file_share", "thread_broadcast", "me_message")
_SLACKBOT: Final = "USLACKBOT"
_REFERENCE: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_UNREADABLE: Final = Press("en", "gone")
_NOTHING: Final[Mapping[str, object]] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes: Home, the one person's eyes (`response_url`), the message to edit, or a new one in `channel`.

    `message` and `thread` are timestamps. `replace`: what `response_url` stands for is ephemeral and gives way to the answer.
    `trigger` opens a modal, within three seconds.
    """

    user: str
    channel: str = ""
    message: str | None = None
    thread: str | None = None
    response_url: str | None = None
    replace: bool = False
    home: bool = False
    trigger: str | None = None


Received = tuple[Event, Place]


def receive(payload: object) -> Received | None:
    """The event of an events callback, a command, a button or a form that was sent, and where to answer; None where nothing is said."""
    whole = part(payload)
    if "command" in whole:
        return _commanded(whole)
    match whole.get("type"):
        case "event_callback":
            return _happened(whole, part(whole, "event"))
        case "block_actions":
            return _tapped(whole)
        case "view_submission":
            return _submitted(whole, part(whole, "view"))
        case _:
            return None


def part(value: object, key: str | None = None) -> Mapping[str, object]:
    """The object under `key` (or `value` itself), an empty one where there is none."""
    found = value if key is None else part(value).get(key)
    return found if isinstance(found, dict) else _NOTHING


def text(value: object, key: str) -> str:
    """The text under `key`, always encodable as UTF-8; empty where there is none."""
    found = part(value).get(key)
    return found.encode("utf-8", "replace").decode("utf-8") if isinstance(found, str) else ""


def typed_words(raw: str) -> str:
    """What a person typed: references become their label or vanish, Slack's three escapes become the letters again."""
    return _REFERENCE.sub(_label, raw).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _label(found: re.Match[str]) -> str:
    kind, target, label = found[1], found[2], found[3] or ""
    match kind:
        case "@" | "!":
            return label
        case "#":
            return f"#{label}" if label else ""
        case _:
            return label or target


def _happened(whole: Mapping[str, object], event: Mapping[str, object]) -> Received | None:
    match event.get("type"):
        case "message":
            return _typed(whole, event)
        case "app_mention":
            return _mentioned(whole, event)
        case "app_home_opened" if event.get("tab") == "home":
            return _opened_home(whole, event)
        case _:
            return None


def _typed(whole: Mapping[str, object], event: Mapping[str, object]) -> Received | None:
    message = part(event, "message") if event.get("subtype") == "message_changed" else event
    if message is not event and _unchanged(event):
        return None
    user, channel = _id(message, "user"), _id(event, "channel")
    sender = _person(whole, user)
    if sender is None or not channel.startswith("D") or not _by_a_person(message):
        return None
    return Say(sender, sender, typed_words(text(message, "text"))), Place(user, channel, thread=text(message, "thread_ts") or None)


def _unchanged(event: Mapping[str, object]) -> bool:
    """A link preview changes a message too, but none of its words."""
    return text(part(event, "message"), "text") == text(part(event, "previous_message"), "text")


def _mentioned(whole: Mapping[str, object], event: Mapping[str, object]) -> Received | None:
    user, channel = _id(event, "user"), _id(event, "channel")
    sender, room = _person(whole, user), _room(whole, channel)
    # In a direct message Slack tells the same words as a message too.
    if sender is None or room is None or not _by_a_person(event):
        return None
    thread = text(event, "thread_ts") or text(event, "ts") or None
    return Say(sender, room, typed_words(text(event, "text"))), Place(user, channel, thread=thread)


def _opened_home(whole: Mapping[str, object], event: Mapping[str, object]) -> Received | None:
    user = _id(event, "user")
    sender = _person(whole, user)
    return None if sender is None else (Say(sender, sender, "/menu"), Place(user, home=True))


def _commanded(whole: Mapping[str, object]) -> Received | None:
    user, url = _id(whole, "user_id"), _url(whole)
    sender = _person(whole, user)
    if sender is None or url is None:
        return None
    channel = _id(whole, "channel_id")
    words = typed_words(text(whole, "text")).lstrip("/ ") or "menu"
    place = Place(user, channel, response_url=url, trigger=text(whole, "trigger_id") or None)
    return Say(sender, _room(whole, channel) or sender, f"/{words}", alone=True), place


def _tapped(whole: Mapping[str, object]) -> Received | None:
    actions = whole.get("actions")
    action = part(actions[0]) if isinstance(actions, list) and actions else _NOTHING
    user = _id(part(whole, "user"), "id")
    sender = _person(whole, user)
    if sender is None or not action or text(action, "action_id").startswith(LINK_ACTION):
        return None
    press = read_press(text(action, "value")) or _UNREADABLE
    place = _tapped_place(whole, user, press.below)
    if place is None:
        return None
    place = replace(place, trigger=text(whole, "trigger_id") or None)
    room, alone = _room(whole, place.channel) or sender, place.response_url is not None
    return Go(sender, room, press.target, press.language, press.below, alone=alone), place


def _submitted(whole: Mapping[str, object], view: Mapping[str, object]) -> Received | None:
    user, channel = _id(part(whole, "user"), "id"), _id(view, "private_metadata")
    sender, press = _person(whole, user), read_press(text(view, "callback_id"))
    if sender is None or press is None:
        return None
    room = _room(whole, channel) or sender
    return Go(sender, room, press.target, press.language, fields=_filled_in(view)), Place(user, channel or user)


def _filled_in(view: Mapping[str, object]) -> dict[str, str]:
    """What the fields of a modal hold, by key and in order; what was left empty is empty."""
    values, blocks = part(part(view, "state"), "values"), view.get("blocks")
    keys = [text(block, "block_id") for block in blocks if part(block).get("type") == "input"] if isinstance(blocks, list) else []
    return {key: _field_value(part(part(values, key), FIELD_ACTION)) for key in keys if key}


def _field_value(state: Mapping[str, object]) -> str:
    return text(part(state, "selected_option"), "value") or text(state, "value")


def _tapped_place(whole: Mapping[str, object], user: str, below: bool) -> Place | None:
    container = part(whole, "container")
    if container.get("type") == "view":
        return Place(user, home=True) if part(whole, "view").get("type") == "home" else None
    channel = _id(part(whole, "channel"), "id") or _id(container, "channel_id")
    message, url = text(container, "message_ts"), _url(whole)
    thread = text(part(whole, "message"), "thread_ts") or text(container, "thread_ts") or None
    ephemeral = container.get("is_ephemeral") is True
    if url and (ephemeral or not channel.startswith("D")):
        return Place(user, channel, thread=thread, response_url=url, replace=ephemeral and not below)
    if not channel.startswith("D") or not message:
        return None
    return Place(user, channel, None if below else message, thread)


def _by_a_person(message: Mapping[str, object]) -> bool:
    return message.get("subtype") in _TYPED and not message.get("bot_id") and message.get("user") != _SLACKBOT


def _person(whole: Mapping[str, object], user: str) -> Address | None:
    space = _space(whole)
    return Address("slack", space, user) if space and user else None


def _room(whole: Mapping[str, object], channel: str) -> Address | None:
    """A channel's own address; None in a direct message, whoever it is between."""
    space = _space(whole)
    return Address("slack", space, channel) if space and channel.startswith(("C", "G")) else None


def _space(whole: Mapping[str, object]) -> str:
    return _id(whole, "team_id") or _id(part(whole, "team"), "id") or _id(whole, "enterprise_id") or _id(part(whole, "enterprise"), "id")


def _id(value: object, key: str) -> str:
    found = text(value, key)
    return found if len(found) <= _LONGEST_ID else ""


def _url(whole: Mapping[str, object]) -> str | None:
    found = text(whole, "response_url")
    return found if found.startswith(("https://", "http://")) else None
