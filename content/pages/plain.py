"""Pages about the bot itself: welcome, menu, about, privacy, help."""

from content.commands import described
from content.pages import reading
from content.screen import Screen
from content.turn import Answer, Turn, pairs


def start(turn: Turn) -> Answer:
    """The welcome with the menu, or the page that a deep link names. A link only shows: it never changes anything."""
    if turn.rest:
        return Answer((reading.place(turn.library, turn.rest, turn.language, turn.reader.audience),))
    return Answer((_welcomed(turn, reading.home(turn.library, turn.language, turn.reader.audience, "start.text")),))


def _welcomed(turn: Turn, screen: Screen) -> Screen:
    institution = turn.library.institution
    if institution is None or not institution.welcome:
        return screen
    return Screen(f"{screen.text}\n\n{institution.welcome}", screen.rows, screen.language)


def menu(turn: Turn) -> Answer:
    """All topics."""
    return Answer((reading.home(turn.library, turn.language, turn.reader.audience),))


def about(turn: Turn) -> Answer:
    """Who writes this, from what, and what it is not."""
    return Answer((turn.screen(turn.say("about.text"), (turn.button("help", "help"),), here="about"),))


def privacy(turn: Turn) -> Answer:
    """What is kept, and how to see and erase it."""
    return Answer((turn.screen(turn.say("privacy.text"), here="privacy"),))


def helped(turn: Turn) -> Answer:
    """The table of commands in the reader's words."""
    described_here = described(turn.library, turn.language, turn.reader.audience)
    lines = [turn.say("help.line", name=name, does=does) for name, does in described_here]
    buttons = [turn.button(name, name) for name in ("tip", "tips", "region", "about")]
    return Answer((turn.screen("\n".join((turn.say("help.text").strip(), "", *lines)), *pairs(buttons), here="help"),))
