"""What the doctor finds in the store. It looks at a database that is there, and makes none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.store import Store, StoreDown
from adapters.store.database import CURRENT, open_as_it_is, schema
from adapters.store.gaps import Missed
from adapters.store.outlook import Outlook, outlook

DAYS_BACK: Final = 30
# A message that waits longer is held up by more than the rate.
_LONG: Final = timedelta(hours=1)
_MOST_GAPS: Final = 10
_STUCK: Final = frozenset({"paused", "halted"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One part that was looked at. `ok` is None where it is not set up, which is no error."""

    part: str
    ok: bool | None
    told: str


async def look_at_store(url: str, now: datetime) -> tuple[list[Finding], list[Missed]]:
    """How the database stands, and the questions without a good card."""
    try:
        store = open_as_it_is(url)
        if store is None:
            told = (
                "immunobot run makes it; if one should be here, start the doctor in the same folder as immunobot run, or mend DATABASE_URL"
            )
            return [Finding("database", None, told)], []
        try:
            return await _looked_at(store, url, now)
        finally:
            store.close()
    except StoreDown as error:
        return [Finding("database", False, f"DATABASE_URL: {error}")], []


async def _looked_at(store: Store, url: str, now: datetime) -> tuple[list[Finding], list[Missed]]:
    if not await store.answers():
        return [Finding("database", False, "DATABASE_URL: it does not answer; does it run, and are its host, user and password right?")], []
    version = schema(url)
    if version is None or int(version) < int(CURRENT):
        return [Finding("database", None, "its tables are not of this program yet; immunobot run makes them")], []
    stands = await outlook(store, now)
    missed = await store.gaps((now - timedelta(days=DAYS_BACK)).date(), _MOST_GAPS)
    return [await _database(store, url, version, now), _tips(stands, now), _broadcasts(stands)], missed


async def _database(store: Store, url: str, version: str, now: datetime) -> Finding:
    if not await store.keeps(now):
        told = "DATABASE_URL: it can be read, but nothing can be kept in it; is its disk full, or may this user not write there?"
        return Finding("database", False, told)
    newer = f", of a newer program than this one ({CURRENT})" if int(version) > int(CURRENT) else ""
    return Finding("database", True, f"{url.partition(':')[0]}, it keeps what it is given; its tables are at version {version}{newer}")


def _tips(stands: Outlook, now: datetime) -> Finding:
    behind = now - stands.since if stands.since else timedelta()
    told = [f"{stands.going_on} readers have tips"]
    if stands.waiting:
        told.append(f"{stands.waiting} messages wait, the first for {behind.total_seconds() / 60:.0f} min")
    if stands.refused:
        told.append("dead letters of the last week: " + ", ".join(f"{count} {reason}" for reason, count in sorted(stands.refused.items())))
    if behind > _LONG:
        told.append("is immunobot run running, and does the platform answer?")
    return Finding("tips", behind <= _LONG, "; ".join(told))


def _broadcasts(stands: Outlook) -> Finding:
    """Those that have not ended; one that stands still waits for a person."""
    if not stands.unfinished:
        return Finding("broadcasts", True, "none is unfinished")
    told = [f"{id} is {state}" for id, state in stands.unfinished.items()]
    stuck = next((id for id, state in stands.unfinished.items() if state in _STUCK), None)
    told += [f"to go on: immunobot broadcast resume {stuck}; to end it: immunobot broadcast stop {stuck}"] if stuck else []
    return Finding("broadcasts", stuck is None, "; ".join(told))
