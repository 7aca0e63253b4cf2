"""What every query needs: a reader's rows, moments as whole milliseconds, and the insert that each database has of its own."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Table, and_
from sqlalchemy.dialects import postgresql, sqlite

from content.people import Address

# Whole numbers throughout: a moment that was kept and read again is the same moment.
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)


def of_one(table: Table, address: Address) -> ColumnElement[bool]:
    """The rows of one reader."""
    return and_(table.c.platform == address.platform, table.c.space == address.space, table.c.chat == address.chat)


def insert_into(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Both databases know ON CONFLICT, each by an insert of its own."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def milliseconds(moment: datetime) -> int:
    """Since 1970 in UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def microseconds(moment: datetime) -> int:
    """Since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """The moment that many milliseconds after 1970, in UTC."""
    return _EPOCH + count * _MILLISECOND
