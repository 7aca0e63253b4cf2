"""`immunobot run telegram` under a clock of ours: CLOCK_PACE times as quick, and set forward or back by the seconds in the file CLOCK_FILE.

Leases, pauses and rates follow it; what the network may take does not.
"""

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.clock import Clock
from adapters.store import open_store
from bots.cli.run import until_told
from bots.logs import set_up_logs
from bots.settings import read_settings
from bots.shelf import Shelf
from content.load import load


def clock_of(began: datetime, pace: float, file: Path | None) -> Clock:
    """The clock; every process that is told the same beginning has the same."""

    def now() -> datetime:
        passed = (datetime.now(UTC) - began).total_seconds()
        return began + timedelta(seconds=passed * pace + _set_by(file))

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / pace)

    return Clock(now, sleep)


def _set_by(file: Path | None) -> float:
    return float(file.read_text() or 0) if file else 0.0


def main() -> None:
    """The program as `bots/cli/run.py` composes it, but for the clock."""
    told = os.environ
    clock = clock_of(
        datetime.fromisoformat(told["CLOCK_BEGAN"]), float(told["CLOCK_PACE"]), Path(told["CLOCK_FILE"]) if "CLOCK_FILE" in told else None
    )
    settings = read_settings(told, Path.cwd())
    set_up_logs(settings.log_level, settings.log_format, settings.secrets())
    store = open_store(settings.database_url.get_secret_value(), late=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(until_told(settings, ("telegram",), Shelf(load(), load), store, clock))


if __name__ == "__main__":
    main()
