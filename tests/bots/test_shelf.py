"""The library is read again while the program runs: a withdrawn card answers as such at once."""

import logging
from pathlib import Path

import pytest
import small_library

from bots.shelf import Shelf
from content.load import load
from content.pages.reading import place

GUARD = small_library.FILES["en/basics/guard.yaml"]


async def test_a_card_that_was_withdrawn_says_so_after_a_reload(tmp_path: Path) -> None:
    """The file is changed, the library renewed, and the very next screen is the other one."""
    folder = small_library.write(tmp_path)
    shelf = Shelf(load(folder), lambda: load(folder))
    assert "guards you" in place(shelf(), "basics/guard", "en", "patient").text
    small_library.write(tmp_path, {"en/basics/guard.yaml": f"{GUARD}withdrawn: A figure is wrong.\n"})
    await shelf.renew()
    assert "while we check it" in place(shelf(), "basics/guard", "en", "patient").text


async def test_a_library_that_is_not_whole_is_not_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was served stays, and the log says what to mend: the cause, and not who else misses the card."""
    folder = small_library.write(tmp_path)
    shelf = Shelf(load(folder), lambda: load(folder))
    before = shelf()
    small_library.write(tmp_path, {"en/basics/guard.yaml": GUARD.replace("title:", "titel:")})
    with caplog.at_level(logging.ERROR):
        await shelf.renew()
    assert shelf() is before
    assert [each.split(":")[1].strip() for each in caplog.messages] == ["en/basics/guard.yaml"] * 2
