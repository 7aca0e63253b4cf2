"""The languages people read Slack in: asked once, in the background, and kept in the process."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

REMEMBERED: Final = 10_000


class Locales:
    """`ask` gives a user's locale or None; `begin` does work in the background."""

    def __init__(self, ask: Callable[[str], Awaitable[str | None]], begin: Callable[[Coroutine[object, object, None]], object]) -> None:
        self._ask, self._begin = ask, begin
        self._known: dict[str, str | None] = {}

    def of(self, user: str) -> str | None:
        """The locale where it is known; at a person's first words None, and Slack is asked."""
        if user not in self._known:
            self._known[user] = None
            self._begin(self._learn(user))
        return self._known.get(user)

    async def _learn(self, user: str) -> None:
        try:
            self._known[user] = await self._ask(user)
        finally:
            # What is not known is worth asking again at the next words.
            if self._known[user] is None:
                del self._known[user]
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
