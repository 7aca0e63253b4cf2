"""Tips: subscriptions, deliveries, budgets, broadcasts with their record, and questions without a good card."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables and what finds their rows."""
    _subscriptions()
    _deliveries()
    _broadcasts()
    op.create_table(
        "budgets",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("free_at", sa.BigInteger, nullable=False),
        sa.Column("blocked_until", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "gaps",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("language", sa.String, primary_key=True),
        sa.Column("audience", sa.String, primary_key=True),
        sa.Column("nearest", sa.String, primary_key=True),
        sa.Column("words", sa.String, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("platform", sa.String, primary_key=True),
        sa.Column("space", sa.String, primary_key=True),
        sa.Column("chat", sa.String, primary_key=True),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("days", sa.String, nullable=False),
        sa.Column("series", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("paused_until", sa.Date),
        sa.Column("stopped", sa.BigInteger),
        sa.Column("chosen", sa.Date, nullable=False),
        sa.Column("turn", sa.String),
        sa.Column("sent", sa.BigInteger),
        sa.Column("due", sa.BigInteger),
    )
    _partial_index("subscriptions_due", "subscriptions", ["platform", "space", "due"], "due IS NOT NULL")


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("space", sa.String, nullable=False),
        sa.Column("chat", sa.String),
        sa.Column("occasion", sa.String, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("broadcast", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("too_late", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("settled", sa.BigInteger),
        sa.Column("reason", sa.String),
        sa.UniqueConstraint("platform", "space", "chat", "occasion", name="deliveries_once"),
    )
    _partial_index("deliveries_waiting", "deliveries", ["platform", "space", "not_before", "id"], "state = 'waiting'")
    _partial_index("deliveries_held", "deliveries", ["lease_until"], "state IN ('claimed', 'on_wire')")
    _partial_index("deliveries_addressed", "deliveries", ["settled"], "chat IS NOT NULL AND settled IS NOT NULL")
    _partial_index("deliveries_bare", "deliveries", ["settled"], "chat IS NULL")
    op.create_index("deliveries_broadcast", "deliveries", ["broadcast", "state"])


def _partial_index(name: str, table: str, columns: list[str], holds: str) -> None:
    """An index of the few rows for which `holds` is true."""
    op.create_index(name, table, columns, sqlite_where=sa.text(holds), postgresql_where=sa.text(holds))


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("series", sa.String),
        sa.Column("language", sa.String),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("approved_by", sa.String),
        sa.Column("cursor", sa.String),
        sa.Column("canary", sa.Integer),
        sa.Column("included", sa.Integer),
        sa.Column("canary_until", sa.BigInteger),
        sa.Column("began", sa.BigInteger),
        sa.Column("told_in", sa.String),
        sa.Column("told", sa.String),
    )
    _partial_index("broadcasts_going_on", "broadcasts", ["id"], "state IN ('canary', 'running')")
    op.create_table(
        "broadcast_record",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("broadcast", sa.String, nullable=False),
        sa.Column("moment", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
    )
    op.create_index("broadcast_record_of", "broadcast_record", ["broadcast", "id"])
