"""App Home: the menu as a view of its own, and the prompts above an empty conversation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.slack.receive import part, text
from adapters.slack.render import render
from content.screen import Screen

MAXIMUM_PROMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to start with: what its button says, and what is then typed."""

    title: str
    message: str


def home_view(screen: Screen) -> dict[str, object]:
    """The screen as the view that views.publish takes."""
    return {"type": "home", "blocks": render(screen).blocks}


def opened_messages(payload: object) -> tuple[str, str] | None:
    """The (channel, user) of a person who opened the conversation with the app; None for any other payload."""
    event = part(payload, "event")
    if event.get("type") != "app_home_opened" or event.get("tab") != "messages":
        return None
    channel, user = text(event, "channel"), text(event, "user")
    return (channel, user) if channel and user else None


def prompts_body(channel: str, prompts: Sequence[Prompt]) -> dict[str, object]:
    """What assistant.threads.setSuggestedPrompts takes. No thread_ts: with one, an agent's prompts silently do not show."""
    shown = [{"title": each.title, "message": each.message} for each in prompts[:MAXIMUM_PROMPTS]]
    return {"channel_id": channel, "prompts": shown}
