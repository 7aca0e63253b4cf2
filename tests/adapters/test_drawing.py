"""Pictures are drawn whole, with letters, whatever fonts a machine has."""

import struct
from pathlib import Path

import pytest

from adapters.drawing.picture import FONTS, Pictures, png
from content.load import LIBRARY
from content.model import Library
from content.screen import Picture

IMAGES = sorted((LIBRARY / "images").glob("*.svg"))


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_a_picture_is_drawn_for_a_phone(path: Path) -> None:
    """A PNG, 1,000 pixels wide, small enough to load anywhere."""
    drawn = png(path)
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack(">I", drawn[16:20]) == (1_000,)
    assert len(drawn) < 200_000


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_its_letters_are_drawn(path: Path, tmp_path: Path) -> None:
    """An unknown font would draw nothing, and nobody would be told."""
    wordless = tmp_path / path.name
    wordless.write_text(path.read_text(encoding="utf-8").replace("Atkinson Hyperlegible", "No Such Font"), encoding="utf-8")
    assert len(FONTS) == 2
    assert png(path) != png(wordless)


def test_every_picture_belongs_to_a_card_and_says_what_it_shows(library: Library) -> None:
    """No picture without a card, none without words for who cannot see it."""
    used = {card.picture.file: card.picture.alt for card in library.cards["en"].values() if card.picture}
    assert set(used) == {f"images/{path.name}" for path in IMAGES}
    assert len(used) >= 8
    assert all(len(alt) > 40 for alt in used.values())


async def test_a_picture_that_cannot_be_drawn_is_none(tmp_path: Path) -> None:
    """Its words are sent alone then."""
    (tmp_path / "broken.svg").write_text("<svg", encoding="utf-8")
    assert await Pictures(tmp_path)(Picture("missing.svg", "words")) is None
    assert await Pictures(tmp_path)(Picture("broken.svg", "words")) is None
