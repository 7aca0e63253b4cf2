"""The Web API of the sandbox's Slack: each method refuses what the real one refuses, with its codes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from adapters.sandbox.slack_forms import Modal, modal_refusals
from adapters.sandbox.slack_limits import FALLBACK_TEXT, MESSAGE_TEXT, TRIGGER_SECONDS, VIEW_BLOCKS, characters, refusals
from adapters.sandbox.slack_world import APP, BOT, BOT_USER, TEAM, Channel, Home, Json, Message, World

Answer = dict[str, object]
Method = Callable[["Api", Json], Answer]


class Refusal(Exception):
    """The code that Slack answers with, and what it adds."""

    def __init__(self, code: str, details: list[str] | None = None) -> None:
        super().__init__(code)
        self.code, self.details = code, details or []


class Api:
    """The methods over one world. `now` is the moment of the call."""

    def __init__(self, world: World, now: Callable[[], datetime], socket_url: Callable[[], str], files_url: Callable[[], str]) -> None:
        self.world, self.now, self.socket_url, self.files_url = world, now, socket_url, files_url

    def call(self, method: str, parameters: Json) -> Answer:
        """The answer of a method. Raises Refusal."""
        found = METHODS.get(method)
        if found is None:
            raise Refusal("unknown_method")
        return {"ok": True} | found(self, parameters)


def message_parts(parameters: Json) -> tuple[str, tuple[Json, ...]]:
    """The text and blocks of a message. Raises Refusal where Slack would."""
    text, blocks = str(parameters.get("text") or ""), parameters.get("blocks")
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError:
            raise Refusal("invalid_blocks_format") from None
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > FALLBACK_TEXT:
        raise Refusal("msg_too_long")
    if blocks is None:
        return text, ()
    if wrong := refusals(blocks):
        raise Refusal("invalid_blocks", wrong)
    if characters(blocks) > MESSAGE_TEXT:
        raise Refusal("msg_blocks_too_long")
    return text, tuple(blocks) if isinstance(blocks, list) else ()


def _channel(api: Api, identifier: object, *, posting: bool = True) -> Channel:
    name = str(identifier or "")
    if name.startswith(("U", "W")):
        if name not in api.world.people:
            raise Refusal("channel_not_found")
        return api.world.direct(name)
    found = api.world.channels.get(name)
    if found is None:
        raise Refusal("channel_not_found")
    if found.archived:
        raise Refusal("is_archived")
    if posting and BOT_USER not in found.members:
        raise Refusal("not_in_channel")
    return found


def _post(api: Api, given: Json) -> Answer:
    channel = _channel(api, given.get("channel"))
    text, blocks = message_parts(given)
    thread = given.get("thread_ts")
    ts = api.world.timestamp(api.now())
    message = Message(ts, BOT_USER, text, blocks, str(thread) if thread else None)
    channel.put(message)
    return {"channel": channel.id, "ts": ts, "message": payload(message)}


def _post_ephemeral(api: Api, given: Json) -> Answer:
    channel = _channel(api, given.get("channel"))
    user = str(given.get("user") or "")
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks = message_parts(given)
    ts = api.world.timestamp(api.now())
    channel.put(Message(ts, BOT_USER, text, blocks, ephemeral_for=user))
    return {"message_ts": ts}


def _update(api: Api, given: Json) -> Answer:
    channel = _channel(api, given.get("channel"))
    found = channel.find(str(given.get("ts") or ""))
    if found is None or found.ephemeral_for:
        raise Refusal("message_not_found")
    if found.user != BOT_USER:
        raise Refusal("cant_update_message")
    text, blocks = message_parts(given)
    channel.put(replace(found, text=text, blocks=blocks))
    return {"channel": channel.id, "ts": found.ts, "text": text}


def _delete(api: Api, given: Json) -> Answer:
    channel = _channel(api, given.get("channel"))
    found = channel.find(str(given.get("ts") or ""))
    if found is None:
        raise Refusal("message_not_found")
    channel.messages.remove(found)
    return {"channel": channel.id, "ts": found.ts}


def _publish(api: Api, given: Json) -> Answer:
    user, view = str(given.get("user_id") or ""), given.get("view")
    view = json.loads(view) if isinstance(view, str) else view
    if not api.world.home_enabled:
        raise Refusal("not_enabled")
    if user not in api.world.people:
        raise Refusal("user_not_found")
    if not isinstance(view, Mapping) or view.get("type") != "home":
        raise Refusal("invalid_arguments", ["[ERROR] must be a home view"])
    if wrong := refusals(view.get("blocks"), VIEW_BLOCKS):
        raise Refusal("invalid_arguments", wrong)
    old = api.world.homes.get(user)
    if given.get("hash") and old and given["hash"] != old.hash:
        raise Refusal("hash_conflict")
    published = Home(tuple(view["blocks"]), f"{api.world.number()}.home")
    api.world.homes[user] = published
    return {"view": {"id": f"V{user}", "type": "home", "hash": published.hash}}


def _open_view(api: Api, given: Json) -> Answer:
    begun = api.world.triggers.pop(str(given.get("trigger_id")), None)
    if begun is None:
        raise Refusal("exchanged_trigger_id")
    user, moment = begun
    if api.now() - moment > timedelta(seconds=TRIGGER_SECONDS):
        raise Refusal("expired_trigger_id")
    view = given.get("view")
    view = json.loads(view) if isinstance(view, str) else view
    if wrong := modal_refusals(view):
        raise Refusal("invalid_arguments", wrong)
    opened = Modal(f"V{api.world.number()}", view if isinstance(view, Mapping) else {})
    api.world.modals[user] = opened
    return {"view": {"id": opened.id, **opened.view}}


def _user(api: Api, given: Json) -> Answer:
    found = api.world.people.get(str(given.get("user") or ""))
    if found is None:
        raise Refusal("user_not_found")
    locale = {"locale": found.locale} if str(given.get("include_locale", "")).lower() in ("1", "true") else {}
    return {"user": {"id": found.id, "team_id": TEAM, "name": found.name, "tz": found.zone, "is_bot": False, **locale}}


def _channel_info(api: Api, given: Json) -> Answer:
    found = _channel(api, given.get("channel"), posting=False)
    return {"channel": {"id": found.id, "is_member": BOT_USER in found.members, "is_im": found.id.startswith("D")}}


def _open_direct(api: Api, given: Json) -> Answer:
    user = str(given.get("users") or "")
    if user not in api.world.people:
        raise Refusal("user_not_found")
    return {"channel": {"id": api.world.direct(user).id}}


def _suggest(api: Api, given: Json) -> Answer:
    _channel(api, given.get("channel_id"))
    return {}


def _upload_url(api: Api, given: Json) -> Answer:
    identifier = f"F{api.world.number()}"
    return {"upload_url": f"{api.files_url()}/{identifier}", "file_id": identifier}


def _complete_upload(api: Api, given: Json) -> Answer:
    files = given.get("files")
    listed = json.loads(files) if isinstance(files, str) else files
    channel = _channel(api, given.get("channel_id"))
    title = " ".join(str(each.get("title", "")) for each in listed) if isinstance(listed, list) else ""
    channel.put(Message(api.world.timestamp(api.now()), BOT_USER, title))
    return {"files": listed}


METHODS: Final[Mapping[str, Method]] = {
    "auth.test": lambda api, given: {"team": "Ward 5", "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "url": "http://localhost/"},
    "apps.connections.open": lambda api, given: {"url": api.socket_url()},
    "chat.postMessage": _post,
    "chat.postEphemeral": _post_ephemeral,
    "chat.update": _update,
    "chat.delete": _delete,
    "views.publish": _publish,
    "views.open": _open_view,
    "users.info": _user,
    "conversations.info": _channel_info,
    "conversations.open": _open_direct,
    "assistant.threads.setSuggestedPrompts": _suggest,
    "files.getUploadURLExternal": _upload_url,
    "files.completeUploadExternal": _complete_upload,
}


def payload(message: Message) -> Answer:
    """A message as Slack tells it in events and answers."""
    told: Answer = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": TEAM,
        "blocks": list(message.blocks),
    }
    if message.user == BOT_USER:
        told |= {"bot_id": BOT, "app_id": APP}
    return told | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def respond(api: Api, token: str, given: Json) -> str | None:
    """Answer through a response_url; the code of a refusal, or None where it was taken."""
    used = api.world.use(token, api.now())
    if used is None:
        return "used_url"
    channel = api.world.channels[used.channel]
    source = channel.find(used.source) if used.source else None
    if given.get("delete_original") and source:
        channel.messages.remove(source)
        return None
    try:
        text, blocks = message_parts(given)
    except Refusal as refusal:
        return refusal.code
    if given.get("replace_original") and source:
        channel.put(replace(source, text=text, blocks=blocks))
        return None
    private = given.get("response_type", "ephemeral") == "ephemeral"
    thread = str(given["thread_ts"]) if given.get("thread_ts") else None
    channel.put(Message(api.world.timestamp(api.now()), BOT_USER, text, blocks, thread, used.user if private else None))
    return None
