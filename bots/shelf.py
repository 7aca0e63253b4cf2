"""The library that is served now. It is read again while the program runs, and stays where the new one is not whole."""

import asyncio
import logging
from collections.abc import Callable

from content.model import Library
from content.problems import Problems

log = logging.getLogger(__name__)


class Shelf:
    """Called, it gives the library of this moment; `read` reads it anew or raises Problems."""

    def __init__(self, library: Library, read: Callable[[], Library]) -> None:
        self._library, self._read = library, read

    def __call__(self) -> Library:
        """The library of this moment."""
        return self._library

    async def renew(self) -> None:
        """Read it again, beside everything else; where it is not whole the old one stays, and the log tells every problem."""
        try:
            self._library = await asyncio.to_thread(self._read)
        except Problems as error:
            for problem in error.problems:
                log.error("the library stays as it was: %s", problem)
            return
        log.info("the library was read again: %d cards", len(self._library.cards["en"]))
