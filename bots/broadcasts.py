"""Broadcasts as a running part of the program: moved on step by step, and told in Slack while they run. Every replica may do it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from adapters.clock import Clock
from adapters.outcome import Outcome, Sent
from adapters.slack.meanings import TOKEN
from adapters.store import Store, StoreDown
from adapters.store.broadcasts import Broadcasts, Message
from bots.loops import Loops
from bots.settings import Settings
from content.broadcasting import for_team
from content.model import Library
from content.pages.board import board_screen, example
from content.people import Audience
from content.screen import Screen
from content.team import Board

IDLE: Final = 1.0
# Slack takes about fifty edits a minute.
EDIT_SECONDS: Final = 3.0
LEASE: Final = timedelta(seconds=15)
# Messages a second in one workspace. For chat.postMessage Slack tells of one a second for each channel and of a limit of the whole
# workspace that it does not publish (https://docs.slack.dev/apis/web-api/rate-limits); three is a cautious guess at that.
SLACK_RATE: Final = 3.0
LEASE_NAME: Final = "broadcast-messages"
# Messages about broadcasts are read by several people; those who work here share this language.
_LANGUAGE: Final = "en"
AUDIENCES: Final[dict[str, Audience]] = {"telegram": "patient", "slack": "care-team"}
log = logging.getLogger(__name__)


class Post(Protocol):
    """Slack, as far as messages that are kept up to date need it."""

    async def keep_posted(self, channel: str, message: str | None, screen: Screen) -> Sent: ...
    async def direct(self, user: str) -> Sent: ...


@dataclass(frozen=True, slots=True)
class Teller:
    """Where broadcasts are told: to `people`, where a channel does not take it; `ready` once Slack has let us in."""

    post: Post
    people: Sequence[str]
    ready: Callable[[], bool]


def broadcasts_of(settings: Settings, library: Callable[[], Library], store: Store, now: Callable[[], datetime]) -> Broadcasts:
    """The store's broadcasts, with who reads on which platform and how fast each is."""
    rates = {"telegram": settings.telegram_rate, "slack": SLACK_RATE}
    return Broadcasts(store, lambda broadcast: for_team(library(), broadcast), AUDIENCES, rates, now, settings.slack_broadcasters)


class Broadcasting:
    """Moves broadcasts on. `woken` is set where somebody has ordered something; without a `teller` nothing is told in Slack."""

    def __init__(
        self,
        broadcasts: Broadcasts,
        library: Callable[[], Library],
        store: Store,
        clock: Clock,
        owner: str,
        woken: asyncio.Event,
        teller: Teller | None = None,
    ) -> None:
        self._broadcasts, self._library, self._store, self._clock, self._owner = broadcasts, library, store, clock, owner
        self._teller, self._woken, self._moved = teller, woken, asyncio.Event()
        self._loops = Loops(clock)
        # What stands in Slack, and since when, so that nothing is edited into itself or too often.
        self._shown: dict[str, tuple[Screen, datetime]] = {}

    async def serve(self) -> None:
        """Work until stopped."""
        self._loops.begin("broadcasts", self._move, self._woken)
        if self._teller:
            self._loops.begin("broadcast messages", self._tell, self._moved)
        await self._loops.ended()

    async def stop(self) -> None:
        """Finish the steps that were begun; another replica tells from now on."""
        await self._loops.end()
        try:
            await self._store.release(LEASE_NAME, self._owner)
        except StoreDown:
            log.debug("the lease of the messages was not given back; it ends by itself")

    async def _move(self) -> float:
        more = [await self._broadcasts.step(id) for id in await self._broadcasts.active()]
        self._moved.set()
        return 0.0 if any(more) else IDLE

    async def _tell(self) -> float:
        teller = self._teller
        if teller is None or not teller.ready():
            return IDLE
        if not await self._store.lease(LEASE_NAME, self._owner, LEASE, self._clock.now()):
            return EDIT_SECONDS
        untold = await self._broadcasts.untold()
        self._shown = {id: self._shown[id] for id, _ in untold if id in self._shown}
        for id, messages in untold:
            await self._tell_one(teller, id, messages)
        return IDLE

    async def _tell_one(self, teller: Teller, id: str, messages: Sequence[Message]) -> None:
        board, now = await self._broadcasts.board(id), self._clock.now()
        last = self._shown.get(id)
        if board is None or (last and now - last[1] < timedelta(seconds=EDIT_SECONDS)):
            return
        screen = board_screen(self._library(), _LANGUAGE, board, now.date())
        new = any(message is None for _, message in messages)
        same = not new and last is not None and last[0] == screen
        if same and board.moves:
            return
        kept: list[Message] = list(messages) if same else []
        for channel, message in () if same else messages:
            kept += (
                [await self._edited(teller, channel, message, screen)] if message else await self._posted(teller, channel, board, screen)
            )
        self._shown[id] = screen, now
        waits = board.moves or any(message is None for _, message in kept)
        await self._broadcasts.tell(id, kept, "" if waits else board.broadcast.state)

    async def _edited(self, teller: Teller, channel: str, message: str, screen: Screen) -> Message:
        sent = await teller.post.keep_posted(channel, message, screen)
        return channel, sent.message or message

    async def _posted(self, teller: Teller, place: str, board: Board, screen: Screen) -> list[Message]:
        """The message as it will look, and below it the one that is kept up to date; where a channel takes neither, to each person."""
        sent = Sent(Outcome.SENT, place) if _is_channel(place) else await teller.post.direct(place)
        channel = sent.message or place
        shown = example(self._library(), board, self._clock.now().date())
        for each in (shown, screen):
            if each and sent.outcome is Outcome.SENT:
                sent = await teller.post.keep_posted(channel, None, each)
        if sent.outcome is Outcome.SENT and sent.message:
            return [(channel, sent.message)]
        if sent.outcome is Outcome.GONE and _is_channel(place):
            return [each for person in teller.people for each in await self._posted(teller, person, board, screen)]
        if sent.reason not in TOKEN:  # of its token the client tells, and once
            log.warning("A message about a broadcast was not taken: %s", sent.reason)
        return [] if sent.outcome is Outcome.GONE else [(place, None)]


def _is_channel(place: str) -> bool:
    return place.startswith(("C", "G"))
