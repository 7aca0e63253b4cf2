"""Opening a store: the tables are brought up to date once, whoever starts, and a wrong address is told safely."""

import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text

import adapters.store
from adapters.store import StoreDown, open_store
from adapters.store.database import CURRENT
from adapters.store.migrate import MIGRATIONS, upgrade
from adapters.store.tables import metadata

ROOM = Path(adapters.store.__file__).parent
# Each program says that it is there, and opens the store when all are.
OPENING = """
import sys
from adapters.store import open_store
import adapters.store.migrate
print("there", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).close()
"""


def asked(url: str, question: str) -> list[tuple[object, ...]]:
    """What the database itself says; a change is kept."""
    address = make_url(url)
    engine = create_engine(address if address.get_backend_name() == "sqlite" else address.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        answered = connection.execute(text(question))
        rows = [tuple(row) for row in answered] if answered.returns_rows else []
    engine.dispose()
    return rows


def opened_by_six(url: str) -> list[int]:
    """Six programs open the database in the same moment; what each ended with."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOM.parents[1]
        )
        for _ in range(6)
    ]
    for each in started:
        assert each.stdout
        assert each.stdout.readline() == "there\n"
    for each in started:
        assert each.stdin
        each.stdin.write("now\n")
        each.stdin.flush()
    for each in started:
        each.communicate(timeout=60)
    return [each.returncode for each in started]


def test_several_replicas_may_start_at_once(store_url: str) -> None:
    """All of them find an empty database whole."""
    assert opened_by_six(store_url) == [0] * 6
    assert asked(store_url, "SELECT version_num FROM alembic_version") == [(CURRENT,)]


def test_several_replicas_may_bring_older_tables_up_to_date(store_url: str) -> None:
    """What was kept in the tables of the first version stands in those of today."""
    address = make_url(store_url)
    if address.get_backend_name() == "sqlite":
        Path(str(address.database)).parent.mkdir()
    engine = create_engine(address if address.get_backend_name() == "sqlite" else address.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        upgrade(connection, "0001")
    engine.dispose()
    asked(store_url, "INSERT INTO readers (platform, space, chat, language, since) VALUES ('telegram', '100', '42', 'es', '2026-11-24')")
    assert opened_by_six(store_url) == [0] * 6
    assert asked(store_url, "SELECT version_num FROM alembic_version") == [(CURRENT,)]
    assert asked(store_url, "SELECT chat, language FROM readers") == [("42", "es")]


def test_a_file_that_another_program_is_turning_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself refuses at once where somebody writes to a file that is not yet in write-ahead mode."""
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    over = Timer(0.2, other.execute, ["COMMIT"])
    over.start()
    open_store(f"sqlite:///{tmp_path}/store.db").close()
    over.join()
    other.close()


def test_a_newer_schema_is_good_enough(store_url: str) -> None:
    """While replicas are replaced one by one, the old program starts on the tables of the new one."""
    open_store(store_url).close()
    asked(store_url, "UPDATE alembic_version SET version_num = '9999'")
    open_store(store_url).close()


def test_tables_of_another_program_are_left_alone(store_url: str) -> None:
    """A database that another program migrates is refused, by the setting's meaning."""
    open_store(store_url).close()
    asked(store_url, "UPDATE alembic_version SET version_num = 'a1b2c3d4e5f6'")
    with pytest.raises(StoreDown, match="another program"):
        open_store(store_url)


def test_the_migrations_make_the_tables(store_url: str) -> None:
    """What the queries think stands there is what the migrations built."""
    open_store(store_url).close()
    address = make_url(store_url)
    engine = create_engine(address if address.get_backend_name() == "sqlite" else address.set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def differences(connection: Connection) -> list[object]:
    """Where tables.py and the database disagree."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_migrations_only_add() -> None:
    """Nothing is dropped, renamed or narrowed, so that the old program can go on."""
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert not re.search(r"drop_|rename_|alter_column|DELETE|DROP", path.read_text(encoding="utf-8")), path


def test_the_current_schema_is_the_newest_migration() -> None:
    """Opening skips alembic only where nothing is left to apply."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == CURRENT


def test_a_current_schema_needs_no_alembic(tmp_path: Path) -> None:
    """Starting on a store that is up to date imports no migrations."""
    url = f"sqlite:///{tmp_path}/store.db"
    open_store(url).close()
    program = f"import sys; from adapters.store import open_store; open_store({url!r}).close(); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOM.parents[1]).returncode == 0


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://immunobot:hunter2@127.0.0.1:1/none",
        "postgresql://immunobot:hunter2@host:port/none",
        "postgresql://immunobot:hunter2@[host/none",
        "mysql://immunobot:hunter2@127.0.0.1/none",
        "sqlite:////proc/hunter2/store.db",
        "sqlite:///",
        "sqlite:///:memory:",
        "hunter2",
        "",
    ],
)
def test_a_wrong_address_is_told_without_its_password(url: str) -> None:
    """The error names neither host nor password, and nothing is left behind."""
    with pytest.raises(StoreDown) as caught:
        open_store(url)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else on the machine can read who chose what, in the log beside it neither."""
    store = open_store(f"sqlite:///{tmp_path}/deep/er/store.db")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep" / "er").iterdir()} == {0o600}
    store.close()


def test_sql_never_asks_for_the_time() -> None:
    """The moment is always an argument."""
    asks = re.compile(
        r"CURRENT_(TIME|DATE)|LOCALTIME|\bnow\(|func\.(now|current)|datetime\('|julianday|unixepoch|server_default", re.IGNORECASE
    )
    for path in ROOM.rglob("*.py"):
        assert not asks.search(path.read_text(encoding="utf-8")), path
