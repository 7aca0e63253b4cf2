"""The tables. What is not here is not kept."""

from typing import Final

from sqlalchemy import BigInteger, Column, Date, MetaData, String, Table

metadata: Final = MetaData()

readers: Final = Table(
    "readers",
    metadata,
    Column("platform", String, primary_key=True),
    Column("space", String, primary_key=True),
    Column("chat", String, primary_key=True),
    Column("language", String),
    Column("region", String),
    Column("since", Date, nullable=False),
)

# A lease is held by one running program until `until`, in milliseconds since 1970 (UTC).
leases: Final = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("until", BigInteger, nullable=False),
)
