"""What the running program asks all day long is found by an index, as PostgreSQL itself tells."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from outbox import BOT, SENT, TEN, Time, a_tip, subscribe
from sqlalchemy import Engine, event

from adapters.store import Store, open_store
from adapters.store.deliveries import Deliveries

FILLED = """
INSERT INTO readers (platform, space, chat, since) SELECT 'telegram', '100', n::text, '2026-11-24' FROM generate_series(1, 60000) n;
INSERT INTO subscriptions (platform, space, chat, zone, hour, days, series, state, chosen, due)
  SELECT 'telegram', '100', n::text, 'UTC', 10, '0123456', '{}', 'on', '2026-11-24', %(ten)s + (n - 50) * 60000::bigint
  FROM generate_series(1, 60000) n;
INSERT INTO deliveries (platform, space, chat, occasion, item, language, state, not_before, too_late, attempts, settled)
  SELECT 'telegram', '100', CASE WHEN day < 7 THEN n::text END, day::text, 'starting/one', 'en', 'sent', %(ten)s, %(ten)s, 1,
    %(ten)s - day * 86400000::bigint - n FROM generate_series(1, 2000) n, generate_series(0, 60) day;
INSERT INTO deliveries (platform, space, chat, occasion, item, language, state, not_before, too_late, attempts)
  SELECT 'telegram', '100', n::text, 'now', 'starting/one', 'en', 'waiting', %(ten)s, %(ten)s + 14400000, 0 FROM generate_series(1, 2000) n;
INSERT INTO gaps (day, language, audience, nearest, words, count)
  SELECT '2026-11-24'::date - mod(n, 500), 'en', 'patient', 'kinds/checkpoint', n::text, 1 FROM generate_series(1, 20000) n;
ANALYZE;
"""


@dataclass
class Heard:
    """Every statement that went to the database, with what it was given."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, connection: object, cursor: object, statement: str, parameters: Any, context: object, many: bool) -> None:
        """One statement."""
        self.statements += [(statement, parameters[0] if many else parameters)]


@contextmanager
def listening() -> Iterator[Heard]:
    """What is asked of any database for the length of the block."""
    heard = Heard()
    event.listen(Engine, "before_cursor_execute", heard)
    yield heard
    event.remove(Engine, "before_cursor_execute", heard)


def scans(plan: Any) -> Iterator[str]:
    """Every table that a plan reads from its beginning to its end."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scans(part)


def read_whole(url: str, statements: Sequence[tuple[str, Any]]) -> dict[str, list[str]]:
    """The tables that each statement would read whole."""
    found = {}
    with psycopg.connect(url) as connection:
        for statement, parameters in statements:
            if statement.startswith("SET "):
                continue  # a setting of the transaction reads no table
            plan = connection.execute(b"EXPLAIN (FORMAT JSON) " + statement.encode(), parameters).fetchone()
            assert plan
            found[statement] = list(scans((plan[0] if isinstance(plan[0], list) else json.loads(plan[0]))[0]["Plan"]))
    return found


@pytest.fixture
def full(postgresql_url: str) -> Iterator[tuple[str, Store]]:
    """Tables as they are after some weeks."""
    store = open_store(postgresql_url)
    with psycopg.connect(postgresql_url) as connection:
        for statement in FILLED.split(";"):
            connection.execute(statement.encode(), {"ten": int(TEN.timestamp() * 1000)} if "%" in statement else None)
    yield postgresql_url, store
    store.close()


async def a_day(worker: Deliveries, time: Time) -> list[tuple[str, Any]]:
    """Planning, claiming, marking, settling, sweeping and tidying, as statements."""
    with listening() as heard:
        await worker.first_due(BOT)
        assert (await worker.plan(BOT, a_tip, 100)).deliveries == 50
        await worker.first_waiting(BOT)
        claimed = (await worker.claim(BOT, 10)).deliveries
        assert len(claimed) == 10
        await worker.mark(claimed)
        await worker.settle([(each, SENT) for each in claimed])
        await worker.give_back(claimed)
        await worker.sweep()
        await worker.expire()
        time.go_on(days=60)
        await worker.tidy()
    return heard.statements


async def test_no_large_table_is_read_whole(full: tuple[str, Store]) -> None:
    """Only the small ones are: the budgets, of which there is one a bot, and the broadcasts."""
    url, store = full
    time = Time()
    statements = await a_day(Deliveries(store, "one", time), time)
    whole = {statement: tables for statement, tables in read_whole(url, statements).items() if tables}
    assert {table for tables in whole.values() for table in tables} <= {"budgets", "broadcasts"}, whole


async def test_sqlite_finds_its_rows_by_an_index_too(tmp_path: Path) -> None:
    """It uses a partial index only where the condition stands in the question to the letter."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await subscribe(store, *range(50))
    time = Time()
    statements = await a_day(Deliveries(store, "one", time), time)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        for statement, given in statements:
            if not statement.startswith("BEGIN"):
                steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
                assert not [step for step in steps if step.startswith("SCAN") and "INDEX" not in step], statement
                assert not [step for step in steps if "deliveries USING" in step and "space=? AND chat>" in step], statement
    store.close()


def node_types(plan: Any) -> Iterator[str]:
    """What each part of a plan does."""
    yield plan["Node Type"]
    for part in plan.get("Plans", ()):
        yield from node_types(part)


async def test_planning_needs_no_statistics(postgresql_url: str) -> None:
    """On tables that PostgreSQL knows nothing of yet, as after a restore, no row is compared with every other: 100,000 took two minutes."""
    store = open_store(postgresql_url)
    await subscribe(store, *range(50))
    with listening() as heard:
        await Deliveries(store, "one", Time()).plan(BOT, a_tip, 100)
    store.close()
    asked = [(statement, given) for statement, given in heard.statements if statement.startswith("SELECT")]
    with psycopg.connect(postgresql_url) as connection:
        for statement, given in asked:
            explained = connection.execute(b"EXPLAIN (FORMAT JSON) " + statement.encode(), given).fetchone()
            assert explained
            assert not [each for each in node_types(explained[0][0]["Plan"]) if "Join" in each or "Nested" in each], statement
    assert any("FOR UPDATE" in statement for statement, _ in asked)
