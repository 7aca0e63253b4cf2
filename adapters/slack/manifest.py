"""The Slack app's manifest: what the app is called, may do and hears. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from adapters.slack.home import MAXIMUM_PROMPTS, Prompt
from adapters.slack.receive import COMMAND

PATH: Final = "/slack/events"
NAME: Final = "immunobot"
# Each event with the scope that Slack asks for it; None where it asks for none.
_EVENTS: Final = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "app_context_changed": "assistant:write",
    "tokens_revoked": None,
    "app_uninstalled": None,
}
# chat: answers and tips; files: a card's picture; im: tips open the conversation; users: a person's language; assistant: the prompts.
_SCOPES: Final = ("assistant:write", "chat:write", "commands", "files:write", "im:read", "im:write", "users:read")


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything in the manifest that a person reads."""

    description: str
    agent: str
    command: str
    usage: str
    prompts: Sequence[Prompt] = ()


def manifest(wording: Wording, public_url: str | None = None) -> dict[str, object]:
    """The manifest. With a public address Slack brings everything there; without one the app uses Socket Mode."""
    url = f"{public_url.rstrip('/')}{PATH}" if public_url else None
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {"name": NAME, "description": wording.description},
        "features": _features(wording, url),
        "oauth_config": {"scopes": {"bot": sorted({*_SCOPES, *(scope for scope in _EVENTS.values() if scope)})}},
        "settings": _settings(url),
    }


def manifest_text(wording: Wording, public_url: str | None = None) -> str:
    """The manifest as YAML, to paste where Slack apps are made."""
    return yaml.safe_dump(manifest(wording, public_url), sort_keys=False, allow_unicode=True, width=1000)


def _features(wording: Wording, url: str | None) -> dict[str, object]:
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": NAME, "always_online": True},
        "slash_commands": [_command(wording, url)],
        "agent_view": _agent(wording),
    }


def _command(wording: Wording, url: str | None) -> dict[str, object]:
    told = {"command": COMMAND, "description": wording.command, "usage_hint": wording.usage, "should_escape": False}
    return told | _where("url", url)


def _agent(wording: Wording) -> dict[str, object]:
    prompts = [{"title": each.title, "message": each.message} for each in wording.prompts[:MAXIMUM_PROMPTS]]
    return {"agent_description": wording.agent} | ({"suggested_prompts": prompts} if prompts else {})


def _settings(url: str | None) -> dict[str, object]:
    return {
        "event_subscriptions": _where("request_url", url) | {"bot_events": list(_EVENTS)},
        "interactivity": {"is_enabled": True} | _where("request_url", url),
        "org_deploy_enabled": False,
        "socket_mode_enabled": url is None,
        "token_rotation_enabled": False,
    }


def _where(key: str, url: str | None) -> dict[str, object]:
    return {key: url} if url else {}
