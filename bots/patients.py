"""Patients, on Telegram: who is served there, with what, and how updates come in."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Final
from uuid import uuid4

from adapters.clock import Clock
from adapters.drawing.picture import Pictures
from adapters.outcome import Unreachable
from adapters.store import Store, StoreDown
from adapters.store.budget import Bot
from adapters.store.queries import PATIENCE
from adapters.tasks import Tasks
from adapters.telegram.client import Commands, TelegramClient, Webhook
from adapters.telegram.updates import Updates
from bots.courier import Sender
from bots.respond import responder
from bots.settings import Settings
from content.commands import described
from content.conversation import urgent_words
from content.load import LIBRARY
from content.model import Library
from content.screen import Screen
from content.turn import trouble

PATH: Final = "/telegram"
LEASE: Final = timedelta(seconds=10)
_RENEW: Final = 3.0
_LONGEST_PAUSE: Final = 60.0
log = logging.getLogger(__name__)


class Patients:
    """The Telegram bot as a running part of the program."""

    def __init__(self, settings: Settings, library: Callable[[], Library], store: Store, clock: Clock) -> None:
        self._library, self._store, self._clock = library, store, clock
        self._webhook = Webhook(settings.public_url.rstrip("/") + PATH, settings.webhook_secret) if settings.public_url else None
        self._client = TelegramClient(settings.telegram_bot_token.get_secret_value(), clock, settings.telegram_api_url, Pictures(LIBRARY))
        self._rate, self._later = settings.telegram_rate, Tasks()
        self.updates = Updates(
            self._client,
            responder(library, store, "patient", clock, self._later),
            self._trouble,
            lambda words: urgent_words(library(), words),
            clock,
            secret=settings.webhook_secret,
        )
        self._owner = uuid4().hex
        self.accepted = False

    def name(self) -> str:
        """The bot's user name, empty until it has signed in."""
        return self._client.name

    @property
    def counts(self) -> Mapping[str, int]:
        """What did not go as it should, by name."""
        return asdict(self.updates.counters)

    async def serve(self) -> None:
        """Sign in, however long that takes, and serve until cancelled. Raises WrongToken."""
        await self._connect()
        self.accepted = True
        log.info("Telegram: serving %s", "by webhook" if self._webhook else "by polling")
        if self._webhook is None:
            await self._poll_while_we_may()

    @property
    def sender(self) -> Sender:
        """What brings tips here; the bot's number stands in its token."""
        return Sender(self._client, "patient", lambda: Bot("telegram", self._client.space, self._rate) if self.accepted else None)

    async def stop(self) -> None:
        """Take nothing new, finish what was begun, give the lease back."""
        await self.updates.drain()
        await self._later.drain(PATIENCE)
        try:
            await self._store.release(self._lease_name, self._owner)
        except StoreDown:
            log.warning("the polling lease could not be given back; it ends by itself")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @property
    def _lease_name(self) -> str:
        return f"telegram-polling-{self._client.space}"

    def _trouble(self, language: str) -> Screen:
        return trouble(self._library(), language)

    async def _connect(self) -> None:
        pause = 1.0
        while True:
            try:
                return await self._client.connect(self._commands(), self._webhook)
            except Unreachable as error:
                log.warning("%s; trying again in %g s", error, pause)
            await self._clock.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _commands(self) -> Commands:
        library = self._library()
        return {language: described(library, language, "patient") for language in library.languages}

    async def _poll_while_we_may(self) -> None:
        """One replica polls: the one that holds the lease."""
        while True:
            if not await self._may_poll():
                await self._clock.sleep(_RENEW)
                continue
            polling = asyncio.create_task(self.updates.poll())
            try:
                await self._until_lost(polling)
            finally:
                await self.updates.drain()
            if polling.done():
                polling.result()
                return

    async def _until_lost(self, polling: asyncio.Task[None]) -> None:
        while not polling.done() and await self._may_poll():
            renewing = asyncio.ensure_future(self._clock.sleep(_RENEW))
            await asyncio.wait({polling, renewing}, return_when=asyncio.FIRST_COMPLETED)
            renewing.cancel()

    async def _may_poll(self) -> bool:
        if not self._store.shared:
            return True
        try:
            return await self._store.lease(self._lease_name, self._owner, LEASE, self._clock.now())
        except StoreDown:
            # A reader in danger matters more than two replicas asking: Telegram itself refuses the second one.
            log.error("the store does not answer; polling without the lease")
            return True
