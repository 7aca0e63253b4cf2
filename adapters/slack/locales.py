"""The languages people read Slack in and the zones they live in: asked once, in the background, and kept in the process."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Final

REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Locale:
    """What Slack tells of a person: a language such as `es-ES`, and an IANA zone."""

    language: str | None = None
    zone: str | None = None


UNKNOWN: Final = Locale()


class Locales:
    """`ask` gives what Slack tells of a user, or None; `begin` does work in the background."""

    def __init__(self, ask: Callable[[str], Awaitable[Locale | None]], begin: Callable[[Coroutine[object, object, None]], object]) -> None:
        self._ask, self._begin = ask, begin
        self._known: dict[str, Locale | None] = {}

    def of(self, user: str) -> Locale:
        """What is known; at a person's first words or tap nothing is, and Slack is asked."""
        if user not in self._known:
            self._known[user] = None
            self._begin(self._learn(user))
        return self._known.get(user) or UNKNOWN

    async def _learn(self, user: str) -> None:
        try:
            self._known[user] = await self._ask(user)
        finally:
            # What is not known is worth asking again at the next words.
            if self._known[user] is None:
                del self._known[user]
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
