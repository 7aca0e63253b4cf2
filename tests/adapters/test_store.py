"""The store keeps what a reader chose, nothing else, on both databases."""

import asyncio
import sqlite3
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from adapters.store import Store, StoreDown, open_store
from content.people import Address, Choose, Erase, Kept, Reader

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANNA = Address("telegram", "100", "42")
BEN = Address("slack", "T1", "U1")
WORDS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


async def test_who_only_reads_leaves_no_row(store: Store) -> None:
    """Asking for a reader writes nothing."""
    assert await store.reader(ANNA, "patient") == Reader(ANNA, "patient")
    assert await store.kept(ANNA) is None


async def test_a_choice_is_kept_and_changes_one_thing(store: Store) -> None:
    """Choosing a region leaves the language as it was, and the first day stays."""
    await store.keep([Choose(ANNA, language="es")], NOW)
    await store.keep([Choose(ANNA, region="mx")], NOW + timedelta(days=3))
    assert await store.reader(ANNA, "patient") == Reader(ANNA, "patient", "es", "mx")
    assert await store.kept(ANNA) == Kept("es", "mx", date(2026, 11, 24))


async def test_doing_it_twice_changes_nothing_more(store: Store) -> None:
    """The same change again leaves one row as it was."""
    for _ in range(2):
        await store.keep([Choose(BEN, language="en")], NOW)
    assert await store.kept(BEN) == Kept("en", None, date(2026, 11, 24))


async def test_erasing_leaves_nothing_of_one_reader_only(store: Store) -> None:
    """Another reader's row stays; erasing twice is no error."""
    await store.keep([Choose(ANNA, language="es"), Choose(BEN, language="en")], NOW)
    for _ in range(2):
        await store.keep([Erase(ANNA)], NOW)
    assert await store.kept(ANNA) is None
    assert await store.kept(BEN) is not None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, WORDS, WORDS)
async def test_hostile_addresses_are_only_words(store: Store, platform: str, space: str, chat: str) -> None:
    """Whatever an address holds, its row is found again and erased."""
    address = Address(platform, space, chat)
    await store.keep([Choose(address, language="en")], NOW)
    assert (await store.reader(address, "patient")).language == "en"
    await store.keep([Erase(address)], NOW)
    assert await store.kept(address) is None


async def test_a_lease_has_one_owner_until_it_ends(store: Store) -> None:
    """Only one replica polls; another takes over when the lease has run out or was given back."""
    length = timedelta(seconds=20)
    assert await store.lease("poll", "one", length, NOW)
    assert await store.lease("poll", "one", length, NOW + timedelta(seconds=10))
    assert not await store.lease("poll", "two", length, NOW + timedelta(seconds=15))
    assert await store.lease("poll", "two", length, NOW + timedelta(seconds=31))
    await store.release("poll", "one")
    assert not await store.lease("poll", "one", length, NOW + timedelta(seconds=32))
    await store.release("poll", "two")
    assert await store.lease("poll", "one", length, NOW + timedelta(seconds=32))


async def test_a_store_that_is_gone_has_one_meaning(tmp_path: Path) -> None:
    """A database that stops answering raises StoreDown and says so when asked."""
    store = open_store(f"sqlite:///{tmp_path}/gone.db")
    with sqlite3.connect(tmp_path / "gone.db") as connection:
        connection.execute("DROP TABLE readers")
    connection.close()
    with pytest.raises(StoreDown):
        await store.kept(ANNA)
    assert await store.answers()
    store.close()


async def test_choosing_nothing_leaves_no_row(store: Store) -> None:
    """A change without a choice is no reason to keep somebody."""
    await store.keep([Choose(ANNA)], NOW)
    assert await store.kept(ANNA) is None


@pytest.mark.parametrize("chat", ["'; DROP TABLE readers; --", '"', "%", "\u202eevil", "\0", "\ud800", "x" * 100_000])
async def test_an_address_is_kept_or_refused_never_a_crash(store: Store, chat: str) -> None:
    """What a database cannot hold has the one meaning too, and nobody else's row is touched."""
    await store.keep([Choose(ANNA, language="es")], NOW)
    try:
        await store.keep([Choose(Address("slack", "T1", chat), language="en")], NOW)
    except StoreDown:
        pass
    else:
        assert (await store.reader(Address("slack", "T1", chat), "patient")).language == "en"
    assert (await store.reader(ANNA, "patient")).language == "es"


async def test_all_changes_are_kept_or_none(store: Store) -> None:
    """Where the second change fails, the first is not kept either."""
    with pytest.raises(StoreDown):
        await store.keep([Choose(ANNA, language="es"), Choose(Address("slack", "T1", "\ud800"), language="en")], NOW)
    assert await store.kept(ANNA) is None


async def test_many_changes_at_once_are_all_kept(store: Store) -> None:
    """Readers who choose in the same moment do not stand in each other's way."""
    readers = [Address("telegram", "100", str(number)) for number in range(40)]
    await asyncio.gather(*(store.keep([Choose(each, language="es", region="es")], NOW) for each in readers))
    assert {(await store.reader(each, "patient")).region for each in readers} == {"es"}


async def test_of_many_who_want_the_lease_one_gets_it(store_url: str) -> None:
    """Two programs, eight owners, one moment: one of them polls."""
    one, two = open_store(store_url, patience=30), open_store(store_url, patience=30)
    wanted = [(one, two)[number % 2].lease("poll", str(number), timedelta(seconds=20), NOW) for number in range(8)]
    assert sum(await asyncio.gather(*wanted)) == 1
    one.close()
    two.close()


async def test_what_was_forgotten_stands_in_no_file(tmp_path: Path) -> None:
    """Erasing overwrites: neither the database nor its log holds the address any more, while the store is open."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    forgotten = Address("telegram", "100", "a-chat-to-be-forgotten")
    await store.keep([Choose(forgotten, language="es")], NOW)
    assert holding(tmp_path, forgotten.chat)
    await store.keep([Erase(forgotten)], NOW)
    assert holding(tmp_path, forgotten.chat) == []
    store.close()


def holding(folder: Path, words: str) -> list[str]:
    """The names of the files that hold these words."""
    return [path.name for path in folder.iterdir() if words.encode() in path.read_bytes()]


async def test_a_busy_file_can_be_read_and_says_so_when_written(tmp_path: Path) -> None:
    """While another program writes, readers are read; a write that cannot be done in time was not done."""
    store = open_store(f"sqlite:///{tmp_path}/store.db", patience=0.1)
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreDown):
        await store.keep([Choose(ANNA, language="es")], NOW)
    assert await store.kept(ANNA) is None
    other.close()
    await store.keep([Choose(ANNA, language="es")], NOW)
    store.close()


async def test_a_database_that_hangs_is_not_waited_for(postgresql_url: str) -> None:
    """A call that gets no answer in time raises; when the database turns again, so does the store."""
    store = open_store(postgresql_url, patience=0.1)
    with psycopg.connect(postgresql_url) as other:
        other.execute("LOCK TABLE readers")
        with pytest.raises(StoreDown):
            await store.kept(ANNA)
    store.close()
    later = open_store(postgresql_url)
    assert await later.kept(ANNA) is None
    later.close()


async def test_a_database_that_comes_late_is_brought_up_to_date_then(postgresql_url: str) -> None:
    """At the start it is not there: nothing is kept and nothing ends; when it has come, everything works."""
    name = postgresql_url.partition("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(postgresql_url.replace(name, "postgres"), autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_away"'.encode())
        store = open_store(postgresql_url, late=True)
        assert not await store.answers()
        with pytest.raises(StoreDown):
            await store.keep([Choose(ANNA, language="es")], NOW)
        connection.execute(f'ALTER DATABASE "{name}_away" RENAME TO "{name}"'.encode())
    await store.keep([Choose(ANNA, language="es")], NOW)
    assert (await store.reader(ANNA, "patient")).language == "es"
    store.close()


async def test_a_store_that_only_answers_keeps_nothing(tmp_path: Path) -> None:
    """A full disk can be read, and a stop would not be heard."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    assert await store.keeps(NOW)
    assert await store.keeps(NOW)
    full = "CREATE TRIGGER full BEFORE UPDATE ON leases BEGIN SELECT RAISE(FAIL, 'disk full'); END"
    await store.write(lambda connection: connection.exec_driver_sql(full))
    assert await store.answers()
    assert not await store.keeps(NOW)
    store.close()


async def test_a_backup_is_a_whole_store(tmp_path: Path) -> None:
    """The copy opens, holds what was kept, and is its owner's alone; what stands there already is left alone."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.keep([Choose(ANNA, language="es")], NOW)
    await store.backup(tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        await store.backup(tmp_path / "copy.db")
    store.close()
    copy = open_store(f"sqlite:///{tmp_path}/copy.db")
    assert (await copy.reader(ANNA, "patient")).language == "es"
    copy.close()


async def test_postgresql_is_copied_by_its_own_tool(postgresql_url: str, tmp_path: Path) -> None:
    """The error names it."""
    store = open_store(postgresql_url)
    with pytest.raises(StoreDown, match="pg_dump"):
        await store.backup(tmp_path / "copy.db")
    store.close()
