"""The questions we ask of the store. Each is one transaction, and one call in a thread."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine, Select, and_, delete, func, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from adapters.store.gaps import Missed, count_gap, most_missed
from adapters.store.rows import insert_into, milliseconds, of_one
from adapters.store.subscriptions import change_tips, erase_tips, subscription_of
from adapters.store.tables import deliveries, leases, readers, subscriptions
from content.people import Address, Audience, Change, Choose, Erase, Gap, Kept, Reader

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

# Seconds. Below the 4 in which an update is handled, so that a reader is told what was not kept.
PATIENCE: Final = 3.0
# As many as PostgreSQL has connections, so that none waits for one.
THREADS: Final = 5
_PRIVATE: Final = 0o600


class StoreDown(Exception):
    """The database did not say that it did what it was asked. Asking again is harmless."""


class Store:
    """One database. Every method may raise StoreDown, within `patience` seconds but for a backup."""

    def __init__(self, reading: Engine, writing: Engine, patience: float = PATIENCE, prepare: Callable[[], None] | None = None) -> None:
        self._reading, self._writing, self._patience = reading, writing, patience
        self._prepare, self._preparing = prepare, Lock()
        # Not the loop's own threads: a database that hangs would hold them all, and no name could be looked up.
        self._threads = ThreadPoolExecutor(THREADS, "store")

    @property
    def shared(self) -> bool:
        """Whether several replicas may stand on it; an SQLite file belongs to one program."""
        return self._writing.dialect.name != "sqlite"

    async def reader(self, address: Address, audience: Audience) -> Reader:
        """The reader as chosen so far; one who chose nothing has no row."""
        row = await self.read(lambda connection: connection.execute(_chosen(address)).one_or_none())
        if row is None:
            return Reader(address, audience)
        return Reader(address, audience, row.language, row.region, subscription=subscription_of(row))

    async def kept(self, address: Address) -> Kept | None:
        """Everything held of the reader."""
        row = await self.read(lambda connection: connection.execute(_everything(address)).one_or_none())
        return Kept(row.language, row.region, row.since, subscription_of(row), row.delivered) if row else None

    async def keep(self, changes: Sequence[Change], now: datetime) -> None:
        """Keep all of these changes or none. Doing it twice changes nothing more. Raises Overtaken where a stop came first."""

        def work(connection: Connection) -> None:
            for change in changes:
                _keep(connection, change, now)

        await self.write(work)
        if any(isinstance(change, Erase) for change in changes) and not self.shared:
            await self._empty_log()

    async def gaps(self, since: date, most: int) -> list[Missed]:
        """The questions without a good card, from that day on, the commonest first."""
        return await self.read(lambda connection: most_missed(connection, since, most))

    async def lease(self, name: str, owner: str, length: timedelta, now: datetime) -> bool:
        """Take or renew the lease; False while another owner holds it."""
        until, moment = milliseconds(now + length), milliseconds(now)
        insert = insert_into(self._writing.dialect.name, leases).values(name=name, owner=owner, until=until)
        free = or_(leases.c.owner == owner, leases.c.until < moment)
        taken = insert.on_conflict_do_update(index_elements=["name"], set_={"owner": owner, "until": until}, where=free)
        return await self.write(lambda connection: connection.execute(taken.returning(leases.c.name)).first() is not None)

    async def release(self, name: str, owner: str) -> None:
        """Give the lease back where it is ours."""
        ours = and_(leases.c.name == name, leases.c.owner == owner)
        await self.write(lambda connection: connection.execute(delete(leases).where(ours)))

    async def answers(self) -> bool:
        """Whether the database answers at all."""
        try:
            await self.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
        except StoreDown:
            return False
        return True

    async def keeps(self, now: datetime) -> bool:
        """Whether what is given to it is kept: a lease that nobody needs is written."""
        try:
            return await self.lease("trial", "anybody", timedelta(), now)
        except StoreDown:
            return False

    async def backup(self, path: Path) -> None:
        """A whole copy of an SQLite store as a new file, its owner's alone; OSError where there can be none.

        PostgreSQL has its own tools: there, StoreDown.
        """
        if self.shared:
            raise StoreDown("copy a PostgreSQL store with pg_dump")
        await asyncio.to_thread(path.touch, _PRIVATE, exist_ok=False)
        await self._in_thread(self._reading.connect, lambda connection: _copy(connection, path))

    def close(self) -> None:
        """Finish what was begun and close every connection."""
        self._threads.shutdown(cancel_futures=True)
        self._reading.dispose()
        self._writing.dispose()

    async def read(self, work: Work[Result]) -> Result:
        """What the work makes of one connection."""
        return await self._patiently(self._reading.connect, work)

    async def write(self, work: Work[Result]) -> Result:
        """The same in one transaction: all of it is kept, or nothing."""
        return await self._patiently(self._writing.begin, work)

    async def _patiently(self, opened: Callable[[], AbstractContextManager[Connection]], work: Work[Result]) -> Result:
        try:
            async with asyncio.timeout(self._patience):
                return await self._in_thread(opened, work)
        except TimeoutError:
            raise StoreDown("it did not answer in time") from None

    async def _in_thread(self, opened: Callable[[], AbstractContextManager[Connection]], work: Work[Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._once, opened, work)

    def _once(self, opened: Callable[[], AbstractContextManager[Connection]], work: Work[Result]) -> Result:
        if self._prepare is not None:
            self._prepare_first()
        return _once(opened, work)

    def _prepare_first(self) -> None:
        """Bring the tables up to date, once, when the database that was not there at the start has come."""
        with self._preparing:
            if self._prepare is not None:
                self._prepare()
                self._prepare = None

    async def _empty_log(self) -> None:
        """What was erased stands in SQLite's write-ahead log too, until that is emptied. Best effort: the row itself is gone."""
        with suppress(StoreDown):
            await self.read(lambda connection: connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).all())


def _once(opened: Callable[[], AbstractContextManager[Connection]], work: Work[Result]) -> Result:
    try:
        with opened() as connection:
            return work(connection)
    except (SQLAlchemyError, OSError, UnicodeError) as error:
        raise StoreDown(reason(error)) from None


def _copy(connection: Connection, path: Path) -> None:
    connection.execute(text("VACUUM INTO :path"), {"path": str(path)})


# What drivers and the system call their troubles, in an operator's words.
_TROUBLES: Final = {
    "OperationalError": "it does not answer, or does not take what is to be kept",
    "ConnectionTimeout": "it does not answer in time; does it run, and is its host right?",
    "TimeoutError": "it does not answer in time",
    "PermissionError": "this user may not read or write its file, or its folder",
    "FileNotFoundError": "its folder is not there and cannot be made",
    "NotADirectoryError": "its path leads through a file",
    "IsADirectoryError": "its path is a folder; name a file",
    "FileExistsError": "its path leads through a file",
    "ValueError": "its address cannot be read; check host and port, and write % for a sign that has a meaning there",
    "ArgumentError": "its address cannot be read",
    "DatabaseError": "its file is no database of ours",
}


def reason(error: Exception) -> str:
    """The kind of error. Never its text, which may hold an address."""
    kind = type(getattr(error, "orig", None) or error).__name__
    return _TROUBLES.get(kind, kind)


def _everything(address: Address) -> Select[tuple[object, ...]]:
    delivered = select(func.count()).where(of_one(deliveries, address)).where(deliveries.c.settled.is_not(None))
    return _chosen(address).add_columns(delivered.scalar_subquery().label("delivered"))


def _chosen(address: Address) -> Select[tuple[object, ...]]:
    joined = readers.outerjoin(subscriptions, of_one(subscriptions, address))
    chosen = (readers.c.language, readers.c.region, readers.c.since, *(each for each in subscriptions.c if not each.primary_key))
    return select(*chosen).select_from(joined).where(of_one(readers, address))


def _keep(connection: Connection, change: Change, now: datetime) -> None:
    match change:
        case Choose():
            _choose(connection, change, now)
        case Erase():
            connection.execute(delete(readers).where(of_one(readers, change.address)))
            erase_tips(connection, change.address, now)
        case Gap():
            count_gap(connection, change, now)
        case _:
            change_tips(connection, change, now)


def _choose(connection: Connection, change: Choose, now: datetime) -> None:
    chosen = {"language": change.language, "region": change.region}
    set_now = {name: value for name, value in chosen.items() if value is not None}
    if not set_now:
        return
    address = change.address
    insert = insert_into(connection.dialect.name, readers).values(
        platform=address.platform, space=address.space, chat=address.chat, since=now.date(), **set_now
    )
    connection.execute(insert.on_conflict_do_update(index_elements=["platform", "space", "chat"], set_=set_now))
