"""`immunobot manifest`: what it prints is what Slack's own schema takes."""

import subprocess
import sys
from typing import Any

import pytest
import yaml
from slack_specification import manifest_problems


def printed(*arguments: str) -> Any:
    """The manifest that the command prints."""
    ended = subprocess.run([sys.executable, "-m", "bots", "manifest", *arguments], capture_output=True, text=True, check=True)
    return yaml.safe_load(ended.stdout)


@pytest.mark.parametrize("arguments", [(), ("--http", "https://bot.example.org")])
def test_the_printed_manifest_is_valid(arguments: tuple[str, ...]) -> None:
    """By Socket Mode and by HTTP, with the agent's view and all its lengths."""
    manifest = printed(*arguments)
    assert manifest_problems(manifest) == []
    assert manifest["features"]["agent_view"]["suggested_prompts"]


def test_with_a_public_address_everything_comes_there() -> None:
    """Events, taps and commands each name it, and Socket Mode is off; without one it is on, and no address is named."""
    by_http, by_socket = printed("--http", "https://bot.example.org"), printed()
    address = "https://bot.example.org/slack/events"
    assert by_http["settings"]["event_subscriptions"]["request_url"] == address
    assert by_http["settings"]["interactivity"]["request_url"] == address
    assert {command["url"] for command in by_http["features"]["slash_commands"]} == {address}
    assert (by_http["settings"]["socket_mode_enabled"], by_socket["settings"]["socket_mode_enabled"]) == (False, True)
    assert "https://" not in yaml.safe_dump(by_socket)
