"""What replies took of a bot's budget is paid for once, and only while it counts."""

from datetime import UTC, datetime, timedelta

from adapters.lanes import Lane, Spent

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_replies_are_counted_once() -> None:
    """A tip has its place in the budget already; what was taken is counted no more."""
    spent = Spent()
    for lane in (Lane.REPLY, Lane.URGENT, Lane.BULK):
        spent.add(lane, NOON)
    assert spent.take(NOON) == 2
    assert spent.take(NOON) == 0


def test_what_is_long_past_costs_nothing() -> None:
    """An evening of replies does not shut the lane the next morning, and takes no room."""
    spent = Spent()
    for number in range(5_000):
        spent.add(Lane.REPLY, NOON - timedelta(seconds=5 - number / 1_000))
    assert spent.take(NOON) == 999
