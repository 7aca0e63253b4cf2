"""Each specification can say no: what the platforms are known to refuse is refused here, and the facts say where they come from."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import slack_specification

from adapters.sandbox.calls import Call

FOLDER = Path(__file__).parent / "specifications"
Specified = Callable[[Call], list[str]]


def words(text: str, type: str = "plain_text") -> dict[str, Any]:
    return {"type": type, "text": text}


def button(number: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": f"press-{number}", "text": words("Menu"), "value": "g:en:menu"} | more


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": words(text, "mrkdwn")}


def actions(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(buttons)}


def posted(*blocks: Any, method: str = "chat.postMessage", **more: Any) -> Call:
    return Call(method, {"channel": "D1", "text": "hello", "blocks": list(blocks)} | more, 200)


def option(text: str = "Gut", value: str = "gut") -> dict[str, Any]:
    return {"text": words(text), "value": value}


def asked(*blocks: Any, **more: Any) -> Call:
    view = {"type": "modal", "callback_id": "g:en:new", "title": words("New"), "submit": words("Send"), "blocks": list(blocks)} | more
    return Call("views.open", {"trigger_id": "1.1", "view": view}, 200)


def entered(kind: str, label: str = "Page", **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "page", "label": words(label), "element": {"type": kind, "action_id": "field"} | more}


IMAGE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A gut"}
GOOD = [
    posted(
        {"type": "header", "text": words("x" * 150)},
        section("y" * 3000),
        {"type": "divider"},
        IMAGE,
        actions(button(1), button(2, url="u")),
    ),
    posted({"type": "context", "elements": [words("small", "mrkdwn"), IMAGE]}, method="chat.update", ts="1.1"),
    posted(*[section("y" * 2900)] * 5, method="response_url"),
    Call("response_url", {"delete_original": True}, 200),
    Call("views.publish", {"user_id": "U1", "view": {"type": "home", "blocks": [section("menu")] * 100}}, 200),
    Call("chat.postMessage", {"channel": "D1", "text": "5", "blocks": json.dumps([section("from a form")])}, 200),
    Call("users.info", {"user": "U1"}, 200),
    asked(
        entered("static_select", option_groups=[{"label": words("x" * 75), "options": [option("y" * 75, "z" * 150)] * 100}] * 100),
        entered("plain_text_input", multiline=True) | {"block_id": "words", "optional": True, "hint": words("h" * 2000)},
        entered("radio_buttons", options=[option()] * 10, initial_option=option()) | {"block_id": "when"},
        title=words("x" * 24),
    ),
]
BAD = [
    (posted({"type": "header", "text": words("x" * 151)}), "151"),
    (posted({"type": "header", "text": words("x", "mrkdwn")}), "plain_text"),
    (posted(section("x" * 3001)), "3001"),
    (posted(section("")), "1 to 3000"),
    (posted({"type": "section", "text": "bare"}), "bare"),
    (posted(section("x") | {"fields": [words("x" * 2001)]}), "2001"),
    (posted(section("x") | {"fields": [words("x")] * 11}), "11"),
    (posted(section("x") | {"colour": "red"}), "colour"),
    (posted({"type": "context", "elements": [words("x" * 3001, "mrkdwn")]}), "3001"),
    (posted({"type": "context", "elements": [words("x")] * 11}), "11"),
    (posted(actions()), "0"),
    (posted(actions(*map(button, range(26)))), "26"),
    (posted(actions(button(), button())), "twice"),
    (posted(actions(button(text=words("x" * 76)))), "76"),
    (posted(actions(button(text=words("x", "mrkdwn")))), "plain_text"),
    (posted(actions(button(value="x" * 2001))), "2001"),
    (posted(actions(button(url="https://" + "x" * 3000))), "3008"),
    (posted(actions(button(action_id="x" * 256))), "256"),
    (posted(actions(button(callback_data="g:en:menu"))), "callback_data"),
    (posted(actions(button(style="loud"))), "loud"),
    (posted(IMAGE | {"alt_text": ""}), "alt_text"),
    (posted({"type": "image", "image_url": "https://example.org/a.png"}), "alt_text"),
    (posted(section("x") | {"block_id": "b"}, {"type": "divider", "block_id": "b"}), "twice"),
    (posted({"type": "poem"}), "poem"),
    (posted("words"), "words"),
    (posted(*[section("x")] * 51), "51"),
    (posted(*[section("x" * 3000)] * 5), "15000"),
    (posted(section("x"), text=""), "screen readers"),
    (posted(section("x"), text="x" * 40_001), "40000"),
    (Call("views.publish", {"view": {"type": "home", "blocks": [section("x")] * 101}}, 200), "101"),
    (Call("views.publish", {"view": {"type": "modal", "blocks": []}}, 200), "Home"),
    (Call("chat.postPoem", {}, 200), "no such method"),
    (Call("views.open", {"view": {"type": "home", "blocks": []}}, 200), "no modal"),
    (asked(entered("plain_text_input"), title=words("x" * 25)), "25"),
    (asked(entered("plain_text_input"), title=words("x", "mrkdwn")), "plain_text"),
    (asked(entered("plain_text_input"), callback_id="x" * 256), "256"),
    (asked(entered("plain_text_input"), private_metadata="x" * 3001), "3001"),
    (asked(entered("plain_text_input"), colour="red"), "colour"),
    (asked(entered("plain_text_input", "x" * 2001)), "2001"),
    (asked(entered("plain_text_input"), entered("plain_text_input")), "twice"),
    (asked(entered("poem")), "element"),
    (asked(entered("static_select", options=[option()] * 101)), "101"),
    (asked(entered("static_select", options=[option("x" * 76)])), "76"),
    (asked(entered("static_select", options=[option(value="x" * 151)])), "151"),
    (asked(entered("static_select", option_groups=[{"label": words("x"), "options": [option()] * 101}])), "101"),
    (asked(entered("static_select", option_groups=[{"label": words("x" * 76), "options": [option()]}])), "76"),
    (asked(entered("radio_buttons", options=[option()] * 11)), "11"),
]


@pytest.mark.parametrize("call", GOOD)
def test_slack_takes_what_is_well_made(call: Call, specified: Specified) -> None:
    """At the very limits, too."""
    assert specified(call) == []


@pytest.mark.parametrize(("call", "told"), BAD)
def test_slack_refuses_what_is_not(call: Call, told: str, specified: Specified) -> None:
    """One mistake each, and the problem names it."""
    found = specified(call)
    assert found
    assert told in " ".join(found)


def test_telegram_has_its_own(specified: Specified) -> None:
    """A method without a dot is Telegram's."""
    assert specified(Call("sendMessage", {"chat_id": 1, "text": "hello"}, 200)) == []
    assert specified(Call("sendMessage", {"chat_id": 1, "text": "x" * 4097}, 200))
    assert specified(Call("postMessage", {}, 200))


MANIFEST: dict[str, Any] = {
    "_metadata": {"major_version": 2},
    "display_information": {"name": "bot", "description": "x" * 140},
    "features": {
        "bot_user": {"display_name": "bot"},
        "slash_commands": [{"command": "/bot", "description": "menu"}],
        "agent_view": {"agent_description": "x" * 300, "suggested_prompts": [{"title": "a", "message": "b"}] * 4},
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "assistant:write"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im"], "request_url": "https://example.org"}},
}


def test_a_good_manifest_has_no_problems() -> None:
    """At the very limits."""
    assert slack_specification.manifest_problems(MANIFEST) == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("display_information.name", "x" * 36, "too long"),
        ("display_information.description", "x" * 141, "too long"),
        ("display_information.motto", "hello", "motto"),
        ("display_information", {}, "name"),
        ("features.bot_user.display_name", "The Bot", "does not match"),
        ("features.slash_commands.0.command", "bot", "does not match"),
        ("features.slash_commands.0.command", "/" + "x" * 32, "too long"),
        ("features.slash_commands.0.url", "http://example.org", "does not match"),
        ("features.agent_view.agent_description", "x" * 301, "too long"),
        ("features.agent_view.suggested_prompts", [{"title": "a", "message": "b"}] * 5, "too long"),
        ("features.agent_view.suggested_prompts", [{"title": "a"}], "message"),
        ("features.telepathy", {}, "telepathy"),
        ("oauth_config.scopes.bot", ["chat:sing"], "chat:sing"),
        ("settings.event_subscriptions.bot_events", ["message.dream"], "message.dream"),
        ("settings.socket_mode_enabled", "yes", "boolean"),
        ("slogan", "hello", "slogan"),
    ],
)
def test_a_bad_manifest_has_its_problem(path: str, value: Any, told: str) -> None:
    """One mistake each, and the problem names it."""
    manifest = deepcopy(MANIFEST)
    *way, last = path.split(".")
    part: Any = manifest
    for step in way:
        part = part[int(step)] if isinstance(part, list) else part[step]
    part[last] = value
    assert told in " ".join(slack_specification.manifest_problems(manifest))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_facts_say_where_they_come_from(path: Path) -> None:
    """What they are, licence, version and origin stand with them, and the licence's words in a file beside them."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    assert all(isinstance(facts[name], str) and facts[name] for name in ("about", "origin", "version", "licence", "copyright"))
    notice = next(word for word in facts["copyright"].split() if word.endswith(".LICENSE"))
    assert {"MIT": "free of charge", "Apache-2.0": "Apache License"}[facts["licence"]] in (FOLDER / notice).read_text(encoding="utf-8")
    assert "://" not in facts["origin"]
