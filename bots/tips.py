"""Tips and broadcasts as a running part of the program: what is due is planned, what waits is brought, what was left is swept."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from adapters.clock import Clock
from adapters.store import Store
from adapters.store.budget import Bot
from adapters.store.claiming import Delivery
from adapters.store.deliveries import Deliveries
from bots.courier import IDLE, Courier, Sender
from bots.loops import Loops
from content.model import Library
from content.notice import notice_screen
from content.pages.tip import delivered
from content.people import Audience
from content.screen import Screen
from content.subscribing import planned

# So many schedules a transaction: on SQLite nobody else writes meanwhile.
BATCH: Final = 500
SWEEP_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 60.0
EXPIRE_SECONDS: Final = 60.0
TIDY_SECONDS: Final = 3_600.0
log = logging.getLogger(__name__)


class Tips:
    """Brings every platform's tips and broadcasts. `owner` is this program's own name, another at each start."""

    def __init__(self, library: Callable[[], Library], store: Store, senders: Sequence[Sender], clock: Clock, owner: str) -> None:
        self._library, self._senders, self._clock = library, senders, clock
        self._deliveries = Deliveries(store, owner, clock.now)
        self._couriers: dict[str, Courier] = {}
        self._skipped, self._unknown = Counter[str](), Counter[str]()
        self._behind: dict[str, float] = {}
        self._loops = Loops(clock)

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """By platform: what became of deliveries since the program began, by name."""
        return {name: self._counted(name, courier) for name, courier in self._couriers.items()}

    @property
    def waiting(self) -> Mapping[str, float]:
        """By platform: for how many seconds the one has waited that waits longest."""
        return {name: self._behind.get(name, 0.0) for name in self._couriers}

    async def serve(self) -> None:
        """Work until stopped. A store that is away for a while is waited for; nothing is lost by it."""
        self._loops.begin("sweep", self._sweep)
        self._loops.begin("expire", self._expire)
        self._loops.begin("tidy", self._tidy)
        for place, sender in enumerate(self._senders):
            self._loops.begin(f"admit {place}", partial(self._admit, sender))
        await self._loops.ended()

    def wake(self) -> None:
        """Look at once: something new is due, or waits."""
        self._loops.wake()

    async def first_due(self, platform: str) -> datetime | None:
        """When the next tip of a platform is due; None where none is, or the platform has not let us in. Raises StoreDown."""
        courier = self._couriers.get(platform)
        return await self._deliveries.first_due(courier.bot) if courier else None

    async def stop(self) -> None:
        """Plan and claim nothing more, give back what has not left, and wait for the word on what has."""
        await self._loops.end()
        await asyncio.gather(*(courier.stop() for courier in self._couriers.values()))

    async def _admit(self, sender: Sender) -> float | None:
        """Begin for a platform when it has let us in."""
        bot = sender.bot()
        if bot is None:
            return IDLE
        drawn = partial(self._drawn, sender.audience)
        courier = self._couriers[bot.platform] = Courier(self._deliveries, sender.client, bot, drawn, self._clock)
        self._loops.begin(f"bring {bot.platform}", courier.step, courier.woken)
        self._loops.begin(f"plan {bot.platform}", partial(self._plan, bot, sender.audience, courier))
        self._loops.begin(f"look {bot.platform}", partial(self._look, bot))
        log.info("Tips: %s, %g a second", bot.platform, bot.rate)
        return None

    async def _plan(self, bot: Bot, audience: Audience, courier: Courier) -> float:
        first, now = await self._deliveries.first_due(bot), self._clock.now()
        if first is None or first > now:
            return IDLE if first is None else min(IDLE, (first - now).total_seconds())
        library = self._library()
        made = await self._deliveries.plan(bot, lambda subscription, due: planned(library, subscription, audience, due), BATCH)
        self._skipped[bot.platform] += made.skipped
        if made.deliveries:
            courier.woken.set()
        return 0.0 if made.schedules == BATCH else IDLE

    def _drawn(self, audience: Audience, delivery: Delivery) -> Screen | None:
        if delivery.notice:
            return notice_screen(self._library(), delivery.notice, delivery.language)
        return delivered(self._library(), delivery.item, delivery.language, audience, self._clock.now().date())

    async def _sweep(self) -> float:
        self._unknown += await self._deliveries.sweep()
        return SWEEP_SECONDS

    async def _look(self, bot: Bot) -> float:
        since = await self._deliveries.due_since(bot)
        self._behind[bot.platform] = max(0.0, (self._clock.now() - since).total_seconds()) if since else 0.0
        return LOOK_SECONDS

    async def _expire(self) -> float:
        expired = await self._deliveries.expire()
        self._skipped += expired
        return 0.0 if expired else EXPIRE_SECONDS

    async def _tidy(self) -> float:
        return 0.0 if await self._deliveries.tidy() else TIDY_SECONDS

    def _counted(self, platform: str, courier: Courier) -> Mapping[str, int]:
        found = courier.settled
        return {
            "tips_sent": found["sent"],
            "tips_gone": found["gone"],
            "tips_refused": found["refused"],
            "tips_tried_again": found["waiting"],
            "tips_unknown": found["unknown"] + self._unknown[platform],
            "tips_skipped": found["skipped"] + self._skipped[platform],
        }
