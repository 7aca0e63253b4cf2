"""An outbox for tests: a time that moves when told, readers who subscribe, and what stands in the rows."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from adapters.outcome import Outcome, Sent
from adapters.store import Store
from adapters.store.budget import Bot
from adapters.store.claiming import Delivery
from adapters.store.deliveries import Deliveries
from adapters.store.tables import deliveries, subscriptions
from content.model import Tip
from content.people import Address, Adjust, Subscription
from content.subscribing import Planned

BOT = Bot("telegram", "100", 30)
EVERY_DAY = frozenset(range(7))
# A Wednesday; tips are chosen at eight and due at ten.
EIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)
TEN = datetime(2026, 11, 25, 10, tzinfo=UTC)
SENT = Sent(Outcome.SENT, "1")


@dataclass
class Time:
    """A time that moves when told."""

    at: datetime = TEN

    def __call__(self) -> datetime:
        """What the clock shows."""
        return self.at

    def go_on(self, **length: float) -> None:
        """Some seconds or hours pass; negative ones set the clock back."""
        self.at += timedelta(**length)


def address(chat: object) -> Address:
    """A reader of the one bot."""
    return Address(BOT.platform, BOT.space, str(chat))


def a_tip(subscription: Subscription, due: datetime) -> Planned:
    """Everybody gets the same tip."""
    return Planned(replace(subscription, sent=due), Tip("starting/one", "Drink.", "card", "en"))


def choice(chat: object, **wanted: Any) -> Adjust:
    """Tips every day at ten in UTC."""
    usual: dict[str, Any] = {"seen": None, "zone": "UTC", "add": "starting", "days": EVERY_DAY, "hour": 10}
    return Adjust(address(chat), **(usual | wanted))


async def subscribe(store: Store, *chats: object, **wanted: Any) -> None:
    """These readers choose tips, this morning at eight."""
    await store.keep([choice(chat, **wanted) for chat in chats], EIGHT)


async def rows(store: Store) -> Sequence[Any]:
    """Every delivery, in the order in which they were written."""
    return await store.read(lambda connection: connection.execute(select(deliveries).order_by(deliveries.c.id)).all())


async def states(store: Store) -> list[str]:
    """The states of every delivery."""
    return [row.state for row in await rows(store)]


async def schedules(store: Store) -> dict[str, int | None]:
    """When each reader's next tip is due, in milliseconds."""
    found = await store.read(lambda connection: connection.execute(select(subscriptions.c.chat, subscriptions.c.due)).all())
    return {row.chat: row.due for row in found}


async def write(store: Store, *chats: object, occasion: str = "2026-11-25", **columns: Any) -> None:
    """Deliveries that may leave from ten on, until two."""
    usual = {"occasion": occasion, "item": "starting/one", "language": "en", "state": "waiting", "attempts": 0}
    times = {"not_before": milliseconds(TEN), "too_late": milliseconds(TEN + timedelta(hours=4))}
    values = [{"platform": BOT.platform, "space": BOT.space, "chat": str(chat)} | usual | times | columns for chat in chats]
    await store.write(lambda connection: connection.execute(insert(deliveries), values))


def milliseconds(moment: datetime) -> int:
    """As the tables have it."""
    return int(moment.timestamp()) * 1000


@asynccontextmanager
async def on_the_wire(store: Store, time: Time, *chats: object) -> AsyncIterator[tuple[Deliveries, list[Delivery]]]:
    """A worker with these readers' deliveries on the wire."""
    await write(store, *chats)
    worker = Deliveries(store, "one", time)
    claimed = list((await worker.claim(BOT, 50)).deliveries)
    assert await worker.mark(claimed) == [True] * len(chats)
    yield worker, claimed
