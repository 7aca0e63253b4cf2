"""Bringing the tables up to date: one program at a time, also when several replicas start at once."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from adapters.store.queries import StoreDown

MIGRATIONS: Final = Path(__file__).parent / "migrations"
# Any number, the same in every replica: PostgreSQL's name for our lock.
_LOCK: Final = 7_204_911


def migrate(engine: Engine) -> None:
    """Apply what is missing, all or nothing. Raises StoreDown where the tables are another program's.

    On SQLite the write transaction is the lock. On PostgreSQL an advisory one is, and it ends with the transaction:
    so a pooler cannot leave it behind.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        upgrade(connection, "head")


def upgrade(connection: Connection, version: str) -> None:
    """Apply what is missing up to that version. Raises StoreDown where the tables are another program's."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, version)
    except CommandError:
        raise StoreDown("its tables are another program's") from None
