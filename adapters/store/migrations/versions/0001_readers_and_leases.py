"""The first tables: readers and leases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "readers",
        sa.Column("platform", sa.String, primary_key=True),
        sa.Column("space", sa.String, primary_key=True),
        sa.Column("chat", sa.String, primary_key=True),
        sa.Column("language", sa.String),
        sa.Column("region", sa.String),
        sa.Column("since", sa.Date, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
