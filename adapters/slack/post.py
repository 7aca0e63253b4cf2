"""One screen for one place, as the call that shows it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.slack.home import home_view
from adapters.slack.receive import Place
from adapters.slack.render import Block, render
from content.screen import Screen


@dataclass(frozen=True, slots=True)
class Post:
    """A method of the Web API, or a whole response_url, and its body. `repeatable`: twice looks like once."""

    method: str
    body: Mapping[str, object]
    repeatable: bool = False

    @property
    def by_response_url(self) -> bool:
        """Whether it goes to a response_url."""
        return "://" in self.method


def answer_post(place: Place, screen: Screen) -> Post:
    """The answer at the place: Home, the one person's eyes, the message itself, or a new message."""
    if place.home:
        return Post("views.publish", {"user_id": place.user, "view": home_view(screen)}, repeatable=True)
    if place.response_url:
        return Post(place.response_url, _private(place, screen), repeatable=place.replace)
    if place.message:
        return Post("chat.update", {"channel": place.channel, "ts": place.message, **_message(screen)}, repeatable=True)
    return new_post(place.channel, screen, place.thread)


def new_post(channel: str, screen: Screen, thread: str | None = None, below: bool = False) -> Post:
    """A new message in a channel, or to the person whose id `channel` is. With `below` its buttons answer below it."""
    body = {"channel": channel, **_message(screen, below), "unfurl_links": False, "unfurl_media": False}
    return Post("chat.postMessage", body | ({"thread_ts": thread} if thread else {}))


def kept_post(channel: str, message: str | None, screen: Screen) -> Post:
    """A message whose buttons answer below it: a new one, or the screen in the place of `message`."""
    if message is None:
        return new_post(channel, screen, below=True)
    return Post("chat.update", {"channel": channel, "ts": message, **_message(screen, below=True)}, repeatable=True)


def _message(screen: Screen, below: bool = False) -> Block:
    drawn = render(screen, below)
    return {"text": drawn.text, "blocks": drawn.blocks}


def _private(place: Place, screen: Screen) -> Block:
    thread = {"thread_ts": place.thread} if place.thread else {}
    return {"response_type": "ephemeral", "replace_original": place.replace, **_message(screen), **thread}
