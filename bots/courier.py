"""One bot's deliveries on their way: claimed under the budget, each sent in its place, and settled."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from adapters.clock import Clock
from adapters.counters import whereabouts
from adapters.lanes import Lane, Spent
from adapters.outcome import Outcome, Sent
from adapters.store import StoreDown
from adapters.store.budget import Bot
from adapters.store.claiming import Delivery
from adapters.store.deliveries import Deliveries
from adapters.store.settling import Settled, State
from adapters.tasks import Tasks, Together
from content.people import Address, Audience
from content.screen import Screen

# Seconds after which a loop looks again, where nobody wakes it.
IDLE: Final = 1.0
# Above the rate times a round trip even where every tenth call takes its full twenty seconds.
IN_FLIGHT: Final = 100
DRAIN_SECONDS: Final = 8.0
# A platform that wants a longer wait than a day is asked again after one.
_LONGEST_WAIT: Final = 86_400.0
_RETRY: Final = 1.0
log = logging.getLogger(__name__)

# What a delivery says at the moment of sending; None where there is nothing to say any more.
Drawn = Callable[[Delivery], Screen | None]


class Client(Protocol):
    """What sends on a platform."""

    @property
    def spent(self) -> Spent: ...
    async def send(self, address: Address, screen: Screen, lane: Lane) -> Sent: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """A platform's client and who reads there; `bot` is None until the platform has let us in."""

    client: Client
    audience: Audience
    bot: Callable[[], Bot | None]


class Courier:
    """Brings what waits for one bot. `woken` is set where there is something new to look at."""

    def __init__(self, deliveries: Deliveries, client: Client, bot: Bot, drawn: Drawn, clock: Clock) -> None:
        self._deliveries, self._client, self.bot, self._drawn, self._clock = deliveries, client, bot, drawn, clock
        # Claimed and not yet on the wire: what is taken out of here does not leave.
        self._held: dict[int, Delivery] = {}
        self._tasks = Tasks()
        self._mark = Together[Delivery, bool](deliveries.mark)
        self._settle = Together[Settled, State](deliveries.settle)
        self._shut_until: datetime | None = None
        self.woken = asyncio.Event()
        self.settled = Counter[State]()

    async def step(self) -> float:
        """Claim what may leave now and begin to bring it; the seconds after which looking again is worth it. Raises StoreDown."""
        first = await self._deliveries.first_waiting(self.bot)
        now = self._clock.now()
        room = IN_FLIGHT - len(self._tasks)
        if first is None or room < IN_FLIGHT // 2:
            return IDLE
        opens = max(first, self._shut_until or first)
        # Another program may write rows that wait less long, so no pause is longer than IDLE.
        return min(IDLE, await self._claim(room, now) if opens <= now else (opens - now).total_seconds())

    async def stop(self) -> None:
        """Give back what has not left, and wait for the word on what has."""
        await self._give_back()
        await self._tasks.drain(DRAIN_SECONDS)

    async def _claim(self, room: int, now: datetime) -> float:
        claim = await self._deliveries.claim(self.bot, room, self._client.spent.take(now))
        for delivery in claim.deliveries:
            self._held[delivery.id] = delivery
            self._tasks.begin(self._bring(delivery)).add_done_callback(self._brought)
        return (claim.again - self._clock.now()).total_seconds()

    def _brought(self, _: object) -> None:
        if len(self._tasks) == IN_FLIGHT // 2:
            self.woken.set()

    async def _bring(self, delivery: Delivery) -> None:
        await self._clock.sleep(max(0.0, (delivery.slot - self._clock.now()).total_seconds()))
        if self._held.get(delivery.id) is not delivery:
            return
        sent = await self._sent(delivery)
        self._let_go(delivery)
        if sent is None:
            return
        if sent.outcome is Outcome.LATER and sent.retry_after is not None:
            await self._shut(sent.retry_after)
        await self._settle_surely(delivery, sent)

    async def _sent(self, delivery: Delivery) -> Sent | None:
        """What came of it; None where it did not leave and is not ours any more."""
        screen = self._screen(delivery)
        if isinstance(screen, Sent):
            return screen
        if screen is None:
            await self._skip(delivery)
            return None
        try:
            may_leave = await self._mark(delivery)
        except StoreDown:
            return Sent(Outcome.LATER, reason="the store did not say that it may leave")
        self._let_go(delivery)
        if may_leave:
            return await self._send(delivery, screen)
        await self._leave(delivery)
        return None

    def _let_go(self, delivery: Delivery) -> None:
        if self._held.get(delivery.id) is delivery:
            del self._held[delivery.id]

    def _screen(self, delivery: Delivery) -> Screen | Sent | None:
        try:
            return self._drawn(delivery)
        except Exception as error:  # noqa: BLE001 - one message that cannot be drawn is nobody else's trouble, and is not to be tried again
            return Sent(Outcome.REFUSED, reason=f"not drawn: {whereabouts(error)}")

    async def _send(self, delivery: Delivery, screen: Screen) -> Sent:
        try:
            return await self._client.send(delivery.address, screen, Lane.BULK)
        except Exception as error:  # noqa: BLE001 - it was marked, so whatever happened it may have left
            log.error("Sending failed: %s", whereabouts(error))
            return Sent(Outcome.UNKNOWN, reason=whereabouts(error))

    async def _skip(self, delivery: Delivery) -> None:
        """Where the store does not answer, the row's lease ends and it is looked at again."""
        try:
            await self._deliveries.skip(delivery, "nothing to say any more")
        except StoreDown:
            return
        self.settled["skipped"] += 1

    async def _leave(self, delivery: Delivery) -> None:
        """The mark was not given: its reader stopped, its lease ended, or another replica was told to wait."""
        try:
            await self._deliveries.give_back([delivery])
        except StoreDown:
            log.debug("a row was not given back; its lease ends by itself")

    async def _shut(self, seconds: float) -> None:
        """The platform wants nothing in bulk for so long: no replica sends, and what has a place gives it back."""
        self._shut_until = self._clock.now() + timedelta(seconds=min(seconds, _LONGEST_WAIT))
        log.warning("%s wants no tips for %g s", self.bot.platform, seconds)
        try:
            await self._deliveries.block(self.bot, self._shut_until)
        except StoreDown:
            log.debug("the wait was not kept for the other replicas; they will be told themselves")
        await self._give_back()

    async def _give_back(self) -> None:
        given, self._held = list(self._held.values()), {}
        try:
            await self._deliveries.give_back(given)
        except StoreDown:
            log.debug("rows were not given back; their leases end by themselves")

    async def _settle_surely(self, delivery: Delivery, sent: Sent) -> None:
        """However long the store is away: what left is not to be called unknown while we know."""
        while True:
            try:
                state = await self._settle((delivery, sent))
            except StoreDown:
                await self._clock.sleep(_RETRY)
            else:
                self.settled[state] += 1
                if state == "refused":
                    log.warning("A delivery was refused for good: %s", sent.reason)
                return
