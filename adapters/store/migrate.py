"""Bringing the tables up to date: one program at a time, also when several replicas start at once."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

MIGRATIONS: Final = Path(__file__).parent / "migrations"
# Any number, the same in every replica: PostgreSQL's name for our lock.
_LOCK: Final = 7_204_911


def migrate(engine: Engine) -> None:
    """Apply what is missing. On SQLite the write transaction is the lock; on PostgreSQL it is an advisory one."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
