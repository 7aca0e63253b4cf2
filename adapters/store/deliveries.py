"""The outbox: what is due becomes rows, rows are claimed under the bot's budget, marked on the wire, and settled."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count

from adapters.store import budget, claiming, outlook, planning, settling
from adapters.store.budget import Bot
from adapters.store.claiming import Claim, Delivery
from adapters.store.planning import Made, Plan
from adapters.store.queries import Store
from adapters.store.rows import moment
from adapters.store.settling import Settled, State


class Deliveries:
    """The outbox of one store, for one running worker. `owner` is the worker's own name, `now` is asked where a lock may be waited for."""

    def __init__(self, store: Store, owner: str, now: Callable[[], datetime]) -> None:
        self._store, self._owner, self._now = store, owner, now
        # Each claim has a name of its own, so that nothing is done for a row in the name of an earlier claim.
        self._claims = count(1)

    async def first_due(self, bot: Bot) -> datetime | None:
        """When the bot's next schedule is due; None where none is."""
        return _moment(await self._store.read(lambda connection: connection.execute(planning.first_due(bot)).scalar()))

    async def plan(self, bot: Bot, plan: Plan, most: int) -> Made:
        """One transaction: schedules that are due are advanced, and each gets its delivery."""
        return await self._store.write(lambda connection: planning.plan_due(connection, bot, plan, self._now(), most))

    async def first_waiting(self, bot: Bot) -> datetime | None:
        """Since when, or from when on, the bot's first row may leave; None where none waits."""
        asked = claiming.first_waiting(bot, self._now())
        return _moment(await self._store.read(lambda connection: connection.execute(asked).scalar()))

    async def due_since(self, bot: Bot) -> datetime | None:
        """Since when the bot's first message is due that has not left, tried or not; None where none is."""
        return (await self._store.read(lambda connection: outlook.waits(connection, self._now(), claiming.of_bot(bot))))[1]

    async def claim(self, bot: Bot, most: int, spent: int = 0) -> Claim:
        """Up to `most` rows with a place each; `spent` are messages that went past the budget since the last time."""
        owner = f"{self._owner}:{next(self._claims)}"
        return await self._store.write(lambda connection: claiming.claim(connection, bot, owner, self._now, most, spent))

    async def mark(self, leaving: Sequence[Delivery]) -> list[bool]:
        """Whether each may leave now; where it may, its row says that it has."""
        return await self._store.write(lambda connection: [claiming.mark(connection, each, self._now()) for each in leaving])

    async def settle(self, settled: Sequence[Settled]) -> list[State]:
        """What became of each row that left; a late word of the same claim corrects "unknown"."""
        return await self._store.write(lambda connection: settling.settle(connection, settled, self._now()))

    async def skip(self, delivery: Delivery, reason: str) -> None:
        """It is not sent, since there is nothing to say any more."""
        await self._store.write(lambda connection: settling.skip(connection, delivery, reason, self._now()))

    async def block(self, bot: Bot, until: datetime) -> None:
        """The platform wants nothing in bulk before `until`."""
        await self._store.write(lambda connection: budget.block(connection, bot, until))

    async def give_back(self, given: Sequence[Delivery]) -> None:
        """What was claimed and has not left waits again."""
        await self._store.write(lambda connection: claiming.give_back(connection, given))

    async def sweep(self) -> Counter[str]:
        """What dead workers held waits again; how many, by platform, were on the wire and so are of unknown outcome."""
        return await self._store.write(lambda connection: settling.sweep(connection, self._now()))

    async def expire(self) -> Counter[str]:
        """How many rows, by platform, it was too late for."""
        return await self._store.write(lambda connection: settling.expire(connection, self._now()))

    async def tidy(self) -> int:
        """Settled rows lose their address after some days, and go after some months: how many did, up to a thousand of each."""
        return await self._store.write(lambda connection: settling.tidy(connection, self._now()))


def _moment(count: int | None) -> datetime | None:
    return None if count is None else moment(count)
