"""How fast tips are planned and sent, and what a broadcast costs those who ask meanwhile.

Everything runs here: a Telegram that holds 30 messages a second in a process of its own, the real program, SQLite and a real PostgreSQL.
Ratios are of one run, so that other work on the machine counts on both sides; seconds and megabytes are as they are, and the machine's
load stands beside them. Ends with 1 where a mark is missed. Without --full it takes about four minutes, with it about twenty.
"""

import argparse
import asyncio
import math
import os
import platform
import re
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import psycopg
import yaml
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.limited import Told, at_most, pace, waits
from tests.bench.planning import plan
from tests.bench.unlimited import OURS, SAME, STOCK, sends
from tests.databases import new_database, postgresql
from tests.proof.stage import Setting

RECORDED: Final = Path(__file__).with_suffix(".yaml")
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
MARKED: Final = 100_000
_HEAD: Final = "# What `python -m tests.bench.tips --full --record` measured last. Ratios hold on a busy machine, seconds do not.\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and what it is to be at least or at most."""

    value: float
    least: float = -math.inf
    most: float = math.inf

    @property
    def missed(self) -> bool:
        """Whether it is not what it is to be."""
        return not self.least <= self.value <= self.most

    @property
    def mark(self) -> str:
        """What it is to be; empty where it is only told."""
        return f">= {self.least:g}" if self.least > -math.inf else f"<= {self.most:g}" if self.most < math.inf else ""


Figures = dict[str, Figure]
Measure = Callable[[str, Path, Told], Awaitable[Figures]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: messages under the limit, rounds of so many seconds of questions or of so many sends, and tips due."""

    messages: int
    rounds: int
    seconds: float
    sends: int
    due: tuple[int, ...]


QUICK: Final = Size(300, 2, 10, 500, (MARKED,))
FULL: Final = Size(1_800, 3, 20, 2_000, (MARKED, 10 * MARKED))


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement, on an empty database of that kind; `steps` is what its bar counts to."""

    name: str
    database: str
    steps: int
    measure: Measure


def runs(size: Size) -> list[Run]:
    """All of them, the quickest first."""
    both = (SQLITE, POSTGRESQL)
    return [
        Run("30 a second, one worker", SQLITE, size.messages, partial(_pace, Setting(size.messages, 1))),
        Run("30 a second, two replicas", POSTGRESQL, size.messages, partial(_pace, Setting(size.messages, 2))),
        *(Run("answers in a broadcast", each, size.rounds, partial(_waits, size)) for each in both),
        Run("no limit", SQLITE, size.rounds, partial(_sends, size)),
        *(Run(f"{count:,} tips due", each, 2 * count, partial(_plan, count)) for count in size.due for each in both),
    ]


async def _pace(setting: Setting, url: str, folder: Path, told: Told) -> Figures:
    found = await pace(setting, url, folder, told)
    assert found.verdict.wrong == []
    busiest = Figure(found.verdict.busiest)
    return {
        "share of the limit": Figure(found.share, least=0.97),
        "429s": Figure(found.verdict.too_many, most=0),
        "busiest second": busiest,
    }


async def _waits(size: Size, url: str, folder: Path, told: Told) -> Figures:
    found = await waits(size.rounds, size.seconds, url, folder, told)
    milliseconds = {"in it": at_most(found.busy, 0.99) * 1e3, "without it": at_most(found.quiet, 0.99) * 1e3}
    ratio = {"p99 in it against without it": Figure(found.ratio(0.99), most=1.5)}
    return ratio | {f"p99 {name}, ms": Figure(value) for name, value in milliseconds.items()}


async def _sends(size: Size, url: str, folder: Path, told: Told) -> Figures:
    found = await sends(size.sends, size.rounds, folder, told)
    same, stock = "python-telegram-bot on the same connections", "python-telegram-bot as it comes"
    return {
        f"messages a second against {same}": Figure(found.faster(SAME), least=0.5),
        f"messages a second against {stock}": Figure(found.faster(STOCK)),
        f"messages for the same processor time against {same}": Figure(found.cheaper(SAME)),
        "messages a second": Figure(median(found.rates[OURS])),
    }


async def _plan(count: int, url: str, folder: Path, told: Told) -> Figures:
    found = await plan(count, url, told)
    assert found.deliveries == count
    seconds, most = (10.0, 150.0) if count == MARKED else (math.inf, math.inf)
    told_only = {"seconds of our processor": Figure(found.processor), "second half against the first": Figure(found.growth)}
    return {"seconds": Figure(found.seconds, most=seconds), "MB": Figure(found.peak, most=most)} | told_only


def main() -> None:
    """Measure, with a bar for what goes on; show every figure beside its mark and the one recorded last."""
    given, load, console = _parser().parse_args(), os.getloadavg()[0], Console()
    with postgresql() as server, Progress(console=console) as bar:
        machine = _machine(server, load)
        figures = {name: each for run in runs(FULL if given.full else QUICK) for name, each in _measured(run, server, bar).items()}
    console.print(_table(figures), machine, sep="\n")
    if given.record:
        values = {name: float(f"{each.value:.3g}") for name, each in figures.items()}
        RECORDED.write_text(_HEAD + yaml.safe_dump(machine | {"figures": values}, sort_keys=False, width=140), encoding="utf-8")
    sys.exit(any(each.missed for each in figures.values()))


def _parser() -> argparse.ArgumentParser:
    shown = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m tests.bench.tips", description=__doc__, formatter_class=shown)
    parser.add_argument("--full", action="store_true", help="longer runs, and 1,000,000 tips due as well")
    parser.add_argument("--record", action="store_true", help=f"keep the figures in {RECORDED.name}, with the machine and the day")
    return parser


def _measured(run: Run, server: str, bar: Progress) -> Figures:
    task = bar.add_task(f"{run.name}, {run.database}", total=run.steps)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.db" if run.database == SQLITE else new_database(server)
        found = asyncio.run(run.measure(url, Path(folder), lambda done: bar.update(task, completed=done)))
    return {f"{run.name}, {run.database}: {name}": each for name, each in found.items()}


def _machine(server: str, load: float) -> dict[str, str]:
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    with psycopg.connect(server) as connection:
        version = connection.info.parameter_status("server_version")
    programs = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {version}"
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{os.cpu_count()} cores of {processor[1] if processor else platform.machine()}; {programs}",
        "load": f"{load:.1f} before it began",
    }


def _table(figures: Figures) -> Table:
    recorded = yaml.safe_load(RECORDED.read_text(encoding="utf-8"))["figures"] if RECORDED.exists() else {}
    table = Table("", "now", "mark", "recorded", title="Tips")
    for name, each in figures.items():
        last = recorded.get(name)
        style = "red" if each.missed else None
        table.add_row(name, f"{each.value:.3g}", each.mark, "" if last is None else f"{last:.3g}", style=style)
    return table


if __name__ == "__main__":
    main()
