"""Opening the database of a URL: `sqlite:///path` or `postgresql://...`."""

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from adapters.store.queries import Store, StoreDown

# The newest migration; tests hold that it is the head of migrations/versions.
CURRENT: Final = "0001"
_PRIVATE: Final = 0o600


def open_store(url: str) -> Store:
    """The store, with its tables brought up to date. Raises StoreDown where it cannot be opened."""
    try:
        reading, writing = _engines(url)
        if not _is_current(reading):
            from adapters.store.migrate import migrate  # alembic costs half a second, and a current schema needs none

            migrate(writing)
    except (SQLAlchemyError, ArgumentError, OSError, sqlite3.Error) as error:
        raise StoreDown(f"the database cannot be opened: {type(error).__name__}") from None
    return Store(reading, writing)


def _engines(url: str) -> tuple[Engine, Engine]:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(Path(address.database or "immunobot.db"))
    engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=5, pool_timeout=2)
    return engine, engine


def _sqlite(path: Path) -> tuple[Engine, Engine]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=_PRIVATE)
    reading, writing = (create_engine(f"sqlite:///{path}", poolclass=NullPool) for _ in range(2))
    for engine in (reading, writing):
        event.listen(engine, "connect", _prepare)
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return reading, writing


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, so that a write never waits for its own read
    # FULL: a commit survives the power going; the last choice of a reader is worth one fsync.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _is_current(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == CURRENT
    except (OperationalError, ProgrammingError):
        return False
