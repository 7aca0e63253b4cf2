"""Readers whose tips are due now, and what became of their deliveries, through the real store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import insert, select

from adapters.store import Store
from adapters.store.broadcasts import Broadcasts
from adapters.store.subscriptions import values_of
from adapters.store.tables import deliveries, readers, subscriptions
from content.load import load
from content.people import Address, Adjust, Choose, Enrolment, Subscription
from content.schedule import at, local
from content.team import Broadcast, Decide
from tests.proof.far import TOKEN

SPACE: Final = TOKEN.partition(":")[0]
SERIES: Final = "starting"
FIRST_CHAT: Final = 100_000
_HOUR: Final = 10
_EVERY_DAY: Final = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Kept:
    """One delivery as the store has it; `owner` names the process that last had it in hand."""

    chat: str
    state: str
    owner: str
    reason: str


def chats(count: int) -> list[str]:
    """The chats of that many readers."""
    return [str(FIRST_CHAT + number) for number in range(count)]


def address(chat: str) -> Address:
    """Where that reader is reached."""
    return Address("telegram", SPACE, chat)


def zone_of_morning(now: datetime) -> str:
    """A zone in which it is between eleven and twelve: their tip was due an hour ago, and is not too late for two hours."""
    ahead = (_HOUR + 1 - now.astimezone(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"


def due_moment(now: datetime) -> datetime:
    """Ten o'clock there, more than an hour ago."""
    zone = zone_of_morning(now)
    return at(zone, local(now, zone).date(), _HOUR)


async def subscribe(store: Store, whom: Sequence[str], now: datetime, due: bool = True) -> None:
    """Each of them turned tips on, as a tap does: a minute before their hour, or just now, so that nothing is due today."""
    zone, then = zone_of_morning(now), due_moment(now) - timedelta(minutes=1) if due else now
    for start in range(0, len(whom), 200):
        some = [address(chat) for chat in whom[start : start + 200]]
        turned_on = [Adjust(each, None, zone=zone, add=SERIES, days=_EVERY_DAY, hour=_HOUR) for each in some]
        await store.keep([*(Choose(each, language="en") for each in some), *turned_on], then)


async def announce(store: Store, now: datetime) -> None:
    """A care team's notice to everybody, approved by the second person."""
    broadcasts = Broadcasts(store, lambda _: False, {"telegram": "patient"}, {"telegram": 30}, lambda: now, ("U0DOCTOR",))
    await broadcasts.propose(Broadcast("b1", "notice", "The clinic is shut on Friday.", "now", "U0NURSE", language="en"), [])
    await broadcasts.decide(Decide("b1", "U0DOCTOR", "approve"))


async def subscribe_many(store: Store, whom: Sequence[str], now: datetime) -> None:
    """Very many at once, written as rows, who began on different days and have had different tips."""
    zone, then = zone_of_morning(now), due_moment(now) - timedelta(minutes=1)
    names, today = list(load().series["en"][SERIES].tips), local(then, zone).date()
    alike = [
        Subscription(zone, _HOUR, _EVERY_DAY, today - timedelta(days=day), {SERIES: Enrolment(last)})
        for day in range(0, 50, 3)
        for last in (None, *names[:-1])
    ]
    values = [values_of(each, then) for each in alike]
    for start in range(0, len(whom), 5_000):
        whose = [{"platform": "telegram", "space": SPACE, "chat": chat} for chat in whom[start : start + 5_000]]
        people = [{**each, "language": "en", "since": then.date()} for each in whose]
        tips = [{**each, **values[number % len(values)]} for number, each in enumerate(whose)]
        await store.write(lambda connection, people=people: connection.execute(insert(readers), people))
        await store.write(lambda connection, tips=tips: connection.execute(insert(subscriptions), tips))


async def kept(store: Store) -> list[Kept]:
    """Every delivery."""
    asked = select(deliveries.c.chat, deliveries.c.state, deliveries.c.owner, deliveries.c.reason)
    rows = await store.read(lambda connection: connection.execute(asked).all())
    return [Kept(row.chat or "", row.state, (row.owner or "").partition(":")[0], row.reason or "") for row in rows]
