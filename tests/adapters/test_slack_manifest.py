"""The manifest: what it asks for is what the app does."""

from typing import Any

import pytest
import yaml

from adapters.slack.home import Prompt
from adapters.slack.manifest import Wording, manifest, manifest_text

WORDING = Wording("Plain answers.", "Ask about immunotherapy.", "open the menu", "[menu]", [Prompt("Fever?", "fever")] * 5)


def parts(value: Any) -> list[Any]:
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [value, *(found for each in inside for found in parts(each))]


@pytest.mark.parametrize("url", [None, "https://bot.example.org", "https://bot.example.org/"])
def test_the_text_is_the_manifest(url: str | None) -> None:
    """YAML that reads back as the same, without an empty list or text, which Slack refuses."""
    told = manifest(WORDING, url)
    assert yaml.safe_load(manifest_text(WORDING, url)) == told
    assert all(each not in ("", [], {}, None) for each in parts(told))
    assert manifest(Wording("a", "b", "c", "d"))["features"]["agent_view"] == {"agent_description": "b"}  # type: ignore[index]  # plain JSON


def test_without_an_address_the_app_uses_socket_mode() -> None:
    """And with one, every request comes to it."""
    assert "http" not in manifest_text(WORDING)
    assert "socket_mode_enabled: true" in manifest_text(WORDING)
    text = manifest_text(WORDING, "https://bot.example.org/")
    assert text.count("https://bot.example.org/slack/events") == 3
    assert "socket_mode_enabled: false" in text


def test_every_event_has_its_scope() -> None:
    """Slack drops an event whose scope is missing, without a word."""
    told: Any = manifest(WORDING)
    events = told["settings"]["event_subscriptions"]["bot_events"]
    scopes = set(told["oauth_config"]["scopes"]["bot"])
    assert {"app_home_opened", "app_mention", "message.im", "app_context_changed", "tokens_revoked", "app_uninstalled"} == set(events)
    assert {"app_mentions:read", "im:history", "chat:write", "commands", "users:read", "im:read", "im:write", "assistant:write"} <= scopes


def test_limits_of_slack_are_kept() -> None:
    """At most four prompts; the texts come from the library, which is checked there."""
    told: Any = manifest(WORDING)
    assert len(told["features"]["agent_view"]["suggested_prompts"]) == 4
    assert len(told["display_information"]["name"]) <= 35
    assert told["settings"]["interactivity"]["is_enabled"] is True
    assert told["settings"]["token_rotation_enabled"] is False
