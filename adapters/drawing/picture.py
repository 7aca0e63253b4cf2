"""The library's pictures, SVG to PNG."""

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Final

import resvg_py

from content.screen import Picture

WIDTH: Final = 1_000
FONTS: Final = tuple(str(path) for path in sorted((Path(__file__).parent / "fonts").glob("*.ttf")))


@lru_cache(maxsize=64)
def png(path: Path) -> bytes:
    """The picture as PNG, 1,000 pixels wide. Raises OSError where the file cannot be read, ValueError where it is no SVG."""
    drawn = resvg_py.svg_to_bytes(svg_string=path.read_text(encoding="utf-8"), skip_system_fonts=True, font_files=list(FONTS), width=WIDTH)
    return bytes(drawn)


class Pictures:
    """Draws a library's pictures; `folder` is where their files stand."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __call__(self, picture: Picture) -> bytes | None:
        """The picture, or None where it cannot be drawn: its words are then sent alone."""
        try:
            return await asyncio.to_thread(png, self._folder / picture.file)
        except (OSError, ValueError):
            return None
