"""Gaps are counted by day, and told the commonest first; nothing in their table is a person's."""

from datetime import UTC, datetime, timedelta

from adapters.store import Store
from adapters.store.deliveries import Deliveries
from adapters.store.gaps import KEEPS_GAPS, Missed
from adapters.store.tables import gaps
from content.people import Gap

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TIRED = Gap("en", "patient", "side-effects/common/tired", ("sleep", "tired"))
COST = Gap("es", "care-team", "more/costs/why", ("precio",))


async def test_the_same_gap_is_counted(store: Store) -> None:
    """Over days, each language and audience by itself."""
    await store.keep([TIRED], NOW)
    await store.keep([COST, TIRED], NOW + timedelta(days=1))
    assert await store.gaps(NOW.date(), 10) == [Missed(TIRED, 2), Missed(COST, 1)]


async def test_only_the_days_asked_for_count(store: Store) -> None:
    """And no more than asked for."""
    await store.keep([TIRED], NOW)
    await store.keep([COST], NOW + timedelta(days=1))
    assert await store.gaps((NOW + timedelta(days=1)).date(), 10) == [Missed(COST, 1)]
    assert len(await store.gaps(NOW.date(), 1)) == 1


async def test_a_gap_is_kept_for_a_year_and_some(store: Store) -> None:
    """What is older goes in the loop that tidies, a day at a time; a day of just that age stays."""
    later = NOW + KEEPS_GAPS
    for days, gaps_of_day in ((-2, [TIRED]), (-1, [TIRED, COST]), (0, [TIRED])):
        await store.keep(gaps_of_day, NOW + timedelta(days=days))
    worker = Deliveries(store, "one", lambda: later)
    assert [await worker.tidy() for _ in range(3)] == [1, 2, 0]
    assert await store.gaps((NOW - timedelta(days=9)).date(), 10) == [Missed(TIRED, 1)]


def test_the_table_has_no_place_for_a_person() -> None:
    """Nor for an hour, nor for a text."""
    assert {column.name for column in gaps.c} == {"day", "language", "audience", "nearest", "words", "count"}
