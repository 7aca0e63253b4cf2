"""Opening the database of a URL: `sqlite:///path` or `postgresql://...`."""

import sqlite3
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from adapters.store.queries import PATIENCE, THREADS, Store, StoreDown, reason

# The newest migration; tests hold that it is the head of migrations/versions.
CURRENT: Final = "0002"
# Seconds that a program waits for another one that is bringing the tables up to date.
_MIGRATING: Final = 60.0
# Seconds until a file that another program is turning to write-ahead logging is tried again.
_TURN: Final = 0.02
# The part of SQLite's error code that tells the kind of error.
_KIND: Final = 0xFF
_PRIVATE_FILE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
# Where the URL says nothing else. A server that is gone is noticed in seconds; no statement is prepared, for poolers' sake.
_POSTGRESQL: Final = {"connect_timeout": 2, "tcp_user_timeout": 3000, "prepare_threshold": None, "application_name": "immunobot"}
# A program that stands still inside a transaction, as on a paused machine, holds its locks no longer: the other replicas go on.
_LET_GO: Final = "SET LOCAL idle_in_transaction_session_timeout = '5s'"


def open_store(url: str, patience: float = PATIENCE, *, late: bool = False) -> Store:
    """The store, with its tables brought up to date; each call gets `patience` seconds. Raises StoreDown where it cannot be opened.

    `late`: a database that does not answer yet is no error; every call tries again to bring it up to date first.
    """
    try:
        address = make_url(url)
        reading, writing = _engines(address, patience)
    except (SQLAlchemyError, OSError, ValueError) as error:
        raise StoreDown(f"the database cannot be opened: {reason(error)}") from None
    prepare = partial(_prepared, address, reading)
    try:
        prepare()
    except StoreDown:
        if not late:
            raise
        return Store(reading, writing, patience, prepare)
    return Store(reading, writing, patience)


def open_as_it_is(url: str) -> Store | None:
    """The store without bringing its tables up to date; None where its file has not been made. Raises StoreDown."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database and not Path(address.database).exists():
            return None
        return Store(*_engines(address, PATIENCE))
    except (SQLAlchemyError, OSError, ValueError) as error:
        raise StoreDown(f"the database cannot be opened: {reason(error)}") from None


def _prepared(address: URL, reading: Engine) -> None:
    try:
        if not _is_current(reading):
            _bring_up_to_date(address)
    except (SQLAlchemyError, OSError) as error:
        raise StoreDown(f"the database cannot be opened: {reason(error)}") from None
    finally:
        reading.dispose()


def _bring_up_to_date(address: URL) -> None:
    from adapters.store.migrate import migrate  # alembic costs half a second, and a current schema needs none

    _, writing = _engines(address, _MIGRATING)
    try:
        migrate(writing)
    finally:
        writing.dispose()


def _engines(address: URL, patience: float) -> tuple[Engine, Engine]:
    """One engine to read with and one to write with, which on PostgreSQL share their connections."""
    if address.get_backend_name() == "sqlite":
        return _sqlite(address.database or "", patience)
    options = {name: value for name, value in _POSTGRESQL.items() if name not in address.query}
    psycopg = address.set(drivername="postgresql+psycopg")
    reading = create_engine(psycopg, connect_args=options, pool_pre_ping=True, pool_size=THREADS, pool_timeout=patience)
    writing = reading.execution_options()
    # In each transaction anew, for a pooler may give each one another session.
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql(_LET_GO))
    return reading, writing


def _sqlite(name: str, patience: float) -> tuple[Engine, Engine]:
    if name in ("", ":memory:"):
        raise StoreDown("name a file after sqlite:///")
    path = Path(name)
    path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    path.touch(mode=_PRIVATE_FILE)
    address = URL.create("sqlite", database=str(path))
    # A little less than our own patience, so that SQLite says by itself that it is busy.
    options = {"timeout": patience * 0.8}
    reading = create_engine(address, connect_args=options, pool_size=THREADS)
    # SQLite has one writer at a time; a queue in our own process is fairer than SQLite's.
    writing = create_engine(address, connect_args=options, pool_size=1, max_overflow=0, pool_timeout=patience)
    for engine in (reading, writing):
        event.listen(engine, "connect", partial(_prepare, options["timeout"]))
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return reading, writing


def _prepare(patience: float, connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, so that a write never waits for its own read
    _write_ahead(connection, monotonic() + patience)
    # FULL: a commit survives the power going; the last choice of a reader is worth one fsync.
    # secure_delete: what is forgotten is overwritten, not only unlinked.
    for pragma in ("synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection, until: float) -> None:
    """Turn the file to write-ahead logging; asked again, since SQLite refuses at once where another program is doing the same."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _KIND != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_TURN)
        else:
            return


def schema(url: str) -> str | None:
    """The migration at which the tables are; None where there are none yet, or the database does not answer."""
    try:
        reading, _ = _engines(make_url(url), PATIENCE)
    except (SQLAlchemyError, StoreDown, OSError, ValueError):
        return None
    try:
        return _version(reading)
    finally:
        reading.dispose()


def _is_current(engine: Engine) -> bool:
    """Whether no migration is missing. A newer schema is current too: migrations only add, so old and new run side by side."""
    version = _version(engine)
    return version is not None and version.isdecimal() and int(version) >= int(CURRENT)


def _version(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        return None
    return version if isinstance(version, str) else None
