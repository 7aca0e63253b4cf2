"""The tables. What is not here is not kept. Moments are whole milliseconds since 1970 (UTC), budgets whole microseconds."""

from typing import Final

from sqlalchemy import JSON, BigInteger, Column, Date, Index, Integer, MetaData, String, Table, UniqueConstraint, text

metadata: Final = MetaData()
_BIG: Final = BigInteger().with_variant(Integer, "sqlite")

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

# One a reader; who has one has a row in `readers` too. `series` is {key: [last tip, day it ended, off]}, `days` digits with Monday
# as 0, `due` the next moment for a tip.
_DUE: Final = text("due IS NOT NULL")
subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("platform", String, primary_key=True),
    Column("space", String, primary_key=True),
    Column("chat", String, primary_key=True),
    Column("zone", String, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("days", String, nullable=False),
    Column("series", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("paused_until", Date),
    Column("stopped", BigInteger),
    Column("chosen", Date, nullable=False),
    Column("turn", String),
    Column("sent", BigInteger),
    Column("due", BigInteger),
    Index("subscriptions_due", "platform", "space", "due", sqlite_where=_DUE, postgresql_where=_DUE),
)

# A lease is held by one running program until `until`.
leases: Final = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("until", BigInteger, nullable=False),
)

# One row for everything that is sent unasked. `occasion` is the idempotency key: a local day for tips, a broadcast's id for broadcasts.
# `item` is a tip's id, a card's id, `question`, or `notice`. `chat` is emptied some days after it was settled.
# waiting -> claimed -> on_wire -> sent | gone | refused | unknown; or waiting again; or skipped (too late); or cancelled (they stopped).
# Of a broadcast that is paused or tries again: held, until it has a new time.
# `owner` names one claim of one worker; `attempts` counts how often it left.
_WAITING: Final = text("state = 'waiting'")
_HELD: Final = text("state IN ('claimed', 'on_wire')")
_ADDRESSED: Final = text("chat IS NOT NULL AND settled IS NOT NULL")
_BARE: Final = text("chat IS NULL")
deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("platform", String, nullable=False),
    Column("space", String, nullable=False),
    Column("chat", String),
    Column("occasion", String, nullable=False),
    Column("item", String, nullable=False),
    Column("language", String, nullable=False),
    Column("broadcast", String),
    Column("state", String, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("too_late", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String),
    Column("lease_until", BigInteger),
    Column("settled", BigInteger),
    Column("reason", String),
    UniqueConstraint("platform", "space", "chat", "occasion", name="deliveries_once"),
    Index("deliveries_waiting", "platform", "space", "not_before", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("deliveries_held", "lease_until", sqlite_where=_HELD, postgresql_where=_HELD),
    Index("deliveries_addressed", "settled", sqlite_where=_ADDRESSED, postgresql_where=_ADDRESSED),
    Index("deliveries_bare", "settled", sqlite_where=_BARE, postgresql_where=_BARE),
    Index("deliveries_broadcast", "broadcast", "state"),
)

# What one bot may still send: the bulk lane's next free place, and until when the platform wants none.
budgets: Final = Table(
    "budgets",
    metadata,
    Column("name", String, primary_key=True),
    Column("free_at", BigInteger, nullable=False),
    Column("blocked_until", BigInteger, nullable=False),
)

# `kind` is card, tip or notice, `item` its id or its text; `at` is now or morning. `cursor` is the last reader that was looked at, as
# [platform, space, chat]: empty where that is yet to begin, NULL before the canary settled, `end` at the end. `canary` is how many of
# `included` got it first, waited for until `canary_until`. `told_in` is where the live progress stands, as [[channel, message or NULL],
# ...], and `told` the state that was last told there.
_GOING_ON: Final = text("state IN ('canary', 'running')")
broadcasts: Final = Table(
    "broadcasts",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("item", String, nullable=False),
    Column("series", String),
    Column("language", String),
    Column("at", String, nullable=False),
    Column("state", String, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("approved_by", String),
    Column("cursor", String),
    Column("canary", Integer),
    Column("included", Integer),
    Column("canary_until", BigInteger),
    Column("began", BigInteger),
    Column("told_in", String),
    Column("told", String),
    Index("broadcasts_going_on", "id", sqlite_where=_GOING_ON, postgresql_where=_GOING_ON),
)

# Who did what with a broadcast, and when.
broadcast_record: Final = Table(
    "broadcast_record",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("broadcast", String, nullable=False),
    Column("moment", BigInteger, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Index("broadcast_record_of", "broadcast", "id"),
)

# Questions without a good card: never a person, never a word that is not in our own texts.
gaps: Final = Table(
    "gaps",
    metadata,
    Column("day", Date, primary_key=True),
    Column("language", String, primary_key=True),
    Column("audience", String, primary_key=True),
    Column("nearest", String, primary_key=True),
    Column("words", String, primary_key=True),
    Column("count", Integer, nullable=False),
)
