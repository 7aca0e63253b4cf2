"""The store keeps what a reader chose, nothing else, on both databases."""

import re
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from adapters.store import Store, StoreDown, open_store
from adapters.store.database import CURRENT
from adapters.store.migrate import MIGRATIONS
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


def test_a_wrong_address_is_told_without_its_password() -> None:
    """The error names neither host nor password."""
    with pytest.raises(StoreDown) as caught:
        open_store("postgresql://immunobot:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(caught.value)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else on the machine can read who chose what."""
    open_store(f"sqlite:///{tmp_path}/deep/er/store.db").close()
    assert stat.S_IMODE((tmp_path / "deep/er/store.db").stat().st_mode) == 0o600


async def test_a_backup_is_a_whole_store(tmp_path: Path) -> None:
    """The copy opens and holds what was kept."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.keep([Choose(ANNA, language="es")], NOW)
    await store.backup(tmp_path / "copy.db")
    copy = open_store(f"sqlite:///{tmp_path}/copy.db")
    assert (await copy.reader(ANNA, "patient")).language == "es"


def test_several_replicas_may_start_at_once(store_url: str) -> None:
    """Four programs open an empty database together, and all of them find it whole."""
    opening = [sys.executable, "-c", "import sys; from adapters.store import open_store; open_store(sys.argv[1])", store_url]
    started = [subprocess.Popen(opening) for _ in range(4)]
    assert [each.wait(timeout=60) for each in started] == [0, 0, 0, 0]
    open_store(store_url).close()


def test_the_current_schema_is_the_newest_migration() -> None:
    """Opening skips alembic only where nothing is left to apply."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == CURRENT


def test_a_current_schema_needs_no_alembic(tmp_path: Path) -> None:
    """Starting on a store that is up to date imports no migrations."""
    url = f"sqlite:///{tmp_path}/store.db"
    open_store(url).close()
    asked = f"import sys; from adapters.store import open_store; open_store({url!r}); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_sql_never_asks_for_the_time() -> None:
    """The moment is always an argument."""
    for path in Path("adapters/store").rglob("*.py"):
        assert not re.search(r"CURRENT_TIMESTAMP|func\.now|datetime\('now|\bnow\(\)", path.read_text(encoding="utf-8")), path
