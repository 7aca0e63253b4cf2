"""The care team's desk: who may do what there is decided here, what a page needs is looked up, and what they order is carried out."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Final, Protocol

from adapters.store import StoreDown
from content.commands import named
from content.events import Event, Go
from content.model import Library
from content.team import Board, Broadcast, Colleague, Decide, Order, Statistics

LISTED: Final = 6
SECONDS_TO_LOOK: Final = 1.5
_PAGES: Final = ("broadcast", "stats", "share")
log = logging.getLogger(__name__)


class Shelf(Protocol):
    """What the desk asks of the store; every call may raise StoreDown, and `decide` NotAllowed."""

    async def propose(self, broadcast: Broadcast, told_in: Sequence[str]) -> None: ...
    async def decide(self, decision: Decide) -> None: ...
    async def listed(self, most: int) -> tuple[Board, ...]: ...
    async def board(self, id: str) -> Board | None: ...
    async def statistics(self, series: Sequence[str]) -> Statistics: ...


@dataclass(frozen=True, slots=True)
class Rights:
    """Slack users by what they may do: propose and approve, or see counts and dead letters."""

    broadcasters: tuple[str, ...]
    staff: tuple[str, ...]


class Desk:
    """`telegram` gives the other bot's user name, `pages` is our own address, each empty where unknown; `woken` follows an order."""

    def __init__(
        self,
        library: Callable[[], Library],
        shelf: Shelf,
        rights: Rights,
        *,
        telegram: Callable[[], str] = str,
        pages: str = "",
        woken: Callable[[], None] = lambda: None,
    ) -> None:
        self._library, self._shelf, self._rights = library, shelf, rights
        self._telegram, self._pages, self._woken = telegram, pages, woken

    async def colleague(self, event: Event) -> Colleague | None:
        """Whoever asks, with what their page needs; None for pages that are everybody's."""
        page, rest = self._page(event)
        if page not in _PAGES:
            return None
        who = event.sender.chat
        colleague = Colleague(
            may_broadcast=who in self._rights.broadcasters,
            may_count=who in self._rights.staff,
            second=any(each != who for each in self._rights.broadcasters),
            fresh=f"b{token_hex(4)}",
            telegram=self._telegram(),
            pages=self._pages,
        )
        try:
            async with asyncio.timeout(SECONDS_TO_LOOK):
                return await self._looked_up(colleague, page, rest)
        except (StoreDown, TimeoutError):
            log.warning("the store did not answer in time for a page of the care team")
            return replace(colleague, down=True)

    async def carry_out(self, order: Order, event: Event) -> None:
        """Do what was ordered. Raises StoreDown, NotAllowed."""
        if isinstance(order, Decide):
            await self._shelf.decide(order)
        else:
            in_channel = event.room != event.sender
            await self._shelf.propose(order.broadcast, (event.room.chat,) if in_channel else self._rights.broadcasters)
        self._woken()

    def _page(self, event: Event) -> tuple[str, str]:
        if isinstance(event, Go):
            page, _, rest = event.target.partition("/")
            return page, rest
        command = named(self._library(), event.words)
        return (command[0].name, "") if command else ("", "")

    async def _looked_up(self, colleague: Colleague, page: str, rest: str) -> Colleague:
        if page == "stats" and colleague.may_count:
            return replace(colleague, statistics=await self._shelf.statistics(tuple(self._library().series["en"])))
        if page != "broadcast" or not colleague.may_broadcast:
            return colleague
        board = await self._shelf.board(rest.partition("/")[0]) if rest.partition("/")[0] not in ("", "new") else None
        return replace(colleague, boards=(board,) if board else await self._shelf.listed(LISTED))
