"""A broadcast followed in a terminal, until there is nothing more to see."""

import asyncio
import sys
from typing import Final, NoReturn

from adapters.clock import system_clock
from adapters.store import StoreDown
from adapters.store.broadcasts import Broadcasts
from bots.cli.output import refuse
from content.model import Library
from content.pages.board import board_text, plain, progress_line
from content.team import Board

_ENDED: Final = ("done", "stopped", "halted", "expired")
_LOOK_SECONDS: Final = 1.0
# Longer than a program that runs needs to begin with what is due.
_STILL: Final = 10


async def board_of(broadcasts: Broadcasts, id: str) -> Board:
    """The broadcast, or the end where there is none."""
    board = await broadcasts.board(id)
    return board or _unknown(id)


async def looked(broadcasts: Broadcasts, id: str, pause: float = _LOOK_SECONDS) -> Board:
    """The same, however long the database is away: whoever watches is told so, once, and goes on watching."""
    away = False
    while True:
        try:
            return await board_of(broadcasts, id)
        except StoreDown:
            if not away:
                print("The database does not answer. Trying again.", file=sys.stderr, flush=True)
            away = True
        await asyncio.sleep(pause)


def _unknown(id: str) -> NoReturn:
    refuse([f"{id}: there is no broadcast with this id; `immunobot broadcast propose` prints the id of a new one"])


def told(library: Library, board: Board) -> str:
    """All of it, as it stands in Slack."""
    return plain(board_text(library, "en", board, system_clock().now().date()))


class Stillness:
    """Sees that nothing leaves although it could, and says so once: then no program is sending."""

    def __init__(self) -> None:
        self._last: Board | None = None
        self._looks = 0

    def look(self, board: Board) -> None:
        """Called after every look."""
        self._looks = self._looks + 1 if board == self._last and could_leave(board) else 0
        self._last = board
        if self._looks == _STILL:
            print("Nothing leaves. No program seems to be sending: start `immunobot run`.", file=sys.stderr, flush=True)


def could_leave(board: Board) -> bool:
    """Whether a program that runs would have something to do at once."""
    begun = board.broadcast.state in ("canary", "running")
    return begun and (board.broadcast.included is None or board.tally.waiting > board.tally.later)


async def watched(library: Library, broadcasts: Broadcasts, id: str) -> Board:
    """The broadcast at its end; until then it is shown."""
    follow = _in_terminal if sys.stdout.isatty() else _in_pipe
    return await follow(library, broadcasts, id)


async def _in_pipe(library: Library, broadcasts: Broadcasts, id: str) -> Board:
    """A line whenever anything has changed."""
    last, stillness = "", Stillness()
    while True:
        board = await looked(broadcasts, id)
        line = progress_line(library, "en", board)
        if line != last:
            print(last := line, flush=True)
        if _is_over(board):
            return board
        stillness.look(board)
        await asyncio.sleep(_LOOK_SECONDS)


async def _in_terminal(library: Library, broadcasts: Broadcasts, id: str) -> Board:
    """All of it, drawn anew in its place."""
    from rich.live import Live  # a pipe needs none of it
    from rich.text import Text

    stillness = Stillness()
    with Live(auto_refresh=False) as live:
        while True:
            board = await looked(broadcasts, id)
            live.update(Text(told(library, board)), refresh=True)
            if _is_over(board):
                return board
            stillness.look(board)
            await asyncio.sleep(_LOOK_SECONDS)


def _is_over(board: Board) -> bool:
    return board.broadcast.state in _ENDED and not board.moves
