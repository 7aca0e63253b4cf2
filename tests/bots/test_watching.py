"""A broadcast followed in a terminal, whatever the database does meanwhile."""

import pytest

from adapters.store import StoreDown
from adapters.store.broadcasts import Broadcasts
from bots.cli.watching import looked
from content.team import Board, Broadcast

BOARD = Board(Broadcast("b1", "notice", "Hello.", "now", "U0NURSE", state="running"))


class Blinking(Broadcasts):
    """Broadcasts whose database is away for the first looks."""

    def __init__(self, times: int) -> None:
        self.left = times

    async def board(self, id: str) -> Board | None:
        """Nothing at first, then the board."""
        self.left -= 1
        if self.left >= 0:
            raise StoreDown("gone fishing")
        return BOARD


async def test_a_database_that_blinks_ends_no_watch(capsys: pytest.CaptureFixture[str]) -> None:
    """It is asked again until it answers, and that is said once."""
    assert await looked(Blinking(3), "b1", pause=0) is BOARD
    assert capsys.readouterr().err == "The database does not answer. Trying again.\n"
