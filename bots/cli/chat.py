"""`immunobot chat`: the whole conversation in a terminal, or from a pipe."""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from typing import Literal

from adapters.clock import system_clock
from adapters.console import HERE, Seen, receive, render
from adapters.outcome import Respond
from adapters.store import open_store
from adapters.store.queries import PATIENCE
from adapters.tasks import Tasks
from bots.cli.output import library_or_refuse
from bots.respond import responder
from content.events import Say
from content.people import Audience

_PROMPT = "> "


def chat(*, audience: Audience = "patient", lang: Literal["en", "es"] = "en") -> None:
    """Talk to the bot here. A number taps a button; anything else is typed; Ctrl-D ends.

    Parameters
    ----------
    audience
        who is talking.
    lang
        the language to begin in.

    """
    library = library_or_refuse()
    clock = system_clock()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/chat.db")
        later = Tasks()
        asyncio.run(_evening(responder(lambda: library, store, audience, clock, later), later, lang))
        store.close()


async def _evening(respond: Respond, later: Tasks, language: str) -> None:
    colour = sys.stdout.isatty()
    found = await respond(Say(HERE, HERE, "/start", language))
    text, seen = render(found.screens, colour=colour)
    print(text)
    for line in _typed():
        text, seen = await _turn(respond, line, seen, language, colour)
        print(text, flush=True)
        # Reading the next line holds everything up: what is kept after an answer is kept before that.
        await later.drain(PATIENCE)


async def _turn(respond: Respond, line: str, seen: Seen, language: str, colour: bool) -> tuple[str, Seen]:
    found = await respond(receive(line, seen, hint=language))
    return render(found.screens, colour=colour)


def _typed() -> Iterator[str]:
    if not sys.stdin.isatty():
        for raw in sys.stdin.buffer:
            yield raw.decode("utf-8", errors="replace").rstrip("\r\n")
        return
    import readline  # noqa: F401  # gives the prompt its history and keys; only a person at a terminal needs it

    while True:
        try:
            yield input(_PROMPT)
        except (EOFError, KeyboardInterrupt):
            return
