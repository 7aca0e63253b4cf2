"""Questions without a good card, counted by day: of nobody, and with no word that is not ours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select

from adapters.store.rows import insert_into
from adapters.store.tables import gaps
from content.people import Gap

# Longer than a year, so that a season can be held beside the one before.
KEEPS_GAPS: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Missed:
    """A gap and how often it was met."""

    gap: Gap
    count: int


def count_gap(connection: Connection, gap: Gap, now: datetime) -> None:
    """One more of this gap today."""
    insert = insert_into(connection.dialect.name, gaps).values(
        day=now.date(), language=gap.language, audience=gap.audience, nearest=gap.nearest, words=" ".join(gap.words), count=1
    )
    connection.execute(insert.on_conflict_do_update(index_elements=list(gaps.primary_key), set_={"count": gaps.c.count + 1}))


def most_missed(connection: Connection, since: date, most: int) -> list[Missed]:
    """The gaps met most often from that day on, the commonest first."""
    kinds = (gaps.c.language, gaps.c.audience, gaps.c.nearest, gaps.c.words)
    times = func.sum(gaps.c.count).label("times")
    chosen = select(*kinds, times).where(gaps.c.day >= since).group_by(*kinds).order_by(times.desc(), *kinds).limit(most)
    return [Missed(Gap(row.language, row.audience, row.nearest, tuple(row.words.split())), row.times) for row in connection.execute(chosen)]


def forget_gaps(connection: Connection, now: datetime) -> int:
    """How many gaps of the oldest day went, where that is long enough ago."""
    oldest = connection.execute(select(func.min(gaps.c.day))).scalar()
    if oldest is None or oldest >= now.date() - KEEPS_GAPS:
        return 0
    return connection.execute(delete(gaps).where(gaps.c.day == oldest)).rowcount
