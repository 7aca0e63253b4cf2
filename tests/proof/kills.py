"""Deliveries under kill -9, at moments that a seed decides; it is judged what reached each reader.

`python -m tests.proof.kills --full` sends 2,000 messages at 30 a second through 10 kills, on SQLite with one worker and on PostgreSQL
with two and with three; with `--broadcast` they are one broadcast, not everybody's tip. What it last came to stands in `recorded.yaml`.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.databases import new_database, postgresql
from tests.proof.judging import Verdict
from tests.proof.stage import Setting, Stage, staged

RUNS: Final = {"SQLite, one worker": 1, "PostgreSQL, two workers": 2, "PostgreSQL, three workers": 3}
MOST_UNKNOWN: Final = 0.02
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One run through so many kills."""

    setting: Setting
    kills: int


async def play(run: Run, url: str, folder: Path, told: Told = lambda done: None) -> Verdict:
    """What it came to; `told` hears how many messages have come so far."""
    chance = random.Random(run.setting.seed)  # noqa: S311 - the same moments in every run, not a secret
    async with staged(run.setting, url, folder) as stage:
        watching = asyncio.create_task(_watch(stage, told))
        kills = []
        for share in _moments(run.kills, chance):
            await stage.taken(share)
            await asyncio.sleep(chance.random() * 0.2)  # between two messages, too
            victim = chance.choice(stage.team)
            kills.append(await stage.kill(victim))
            await victim.start()
        await stage.settled()
        await stage.end()
        watching.cancel()
        return await stage.verdict(kills)


def _moments(kills: int, chance: random.Random) -> list[float]:
    """After which share of the messages each kill comes: between the first and the last tenth, each in a part of its own."""
    return [0.1 + 0.8 * (number + chance.random()) / kills for number in range(kills)]


async def _watch(stage: Stage, told: Told) -> None:
    while True:
        told((await stage.far.counts()).get("taken", 0))
        await asyncio.sleep(1)


def main() -> None:
    """Play the runs, with a bar for what has come, and show what they came to. Ends with 1 where the promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.kills", description=__doc__)
    parser.add_argument("--full", action="store_true", help="2,000 messages and 10 kills a run; without it 300 and 3")
    parser.add_argument("--broadcast", action="store_true", help="one broadcast to everybody, not everybody's tip")
    parser.add_argument("--seed", type=int, default=1, help="decides when who is killed")
    given = parser.parse_args()
    console = Console()
    count, kills = (2_000, 10) if given.full else (300, 3)
    settings = {name: Setting(count, workers, seed=given.seed + workers, broadcast=given.broadcast) for name, workers in RUNS.items()}
    runs = {name: Run(setting, kills) for name, setting in settings.items()}
    with postgresql() as server:
        verdicts = {name: _played(run, name, server, console) for name, run in runs.items()}
    console.print(_table(verdicts))
    problems = [f"{name}: {problem}" for name, verdict in verdicts.items() for problem in _problems(verdict)]
    # Where others take the processor away, words wait longer on their way to the store, and a kill finds more of them there.
    console.print(f"The machine: {os.cpu_count()} cores, a load of {os.getloadavg()[1]:.1f}.")
    console.print("\n".join(problems) or "Nothing lost, nothing twice.")
    sys.exit(1 if problems else 0)


def _played(run: Run, name: str, server: str, console: Console) -> Verdict:
    with tempfile.TemporaryDirectory() as folder, Progress(console=console) as bar:
        task = bar.add_task(name, total=run.setting.deliveries)
        url = f"sqlite:///{folder}/store.db" if name.startswith("SQLite") else new_database(server)
        return asyncio.run(play(run, url, Path(folder), lambda done: bar.update(task, completed=done)))


def _problems(verdict: Verdict) -> list[str]:
    found = list(verdict.wrong)
    if verdict.unknown > verdict.deliveries * MOST_UNKNOWN:
        found.append(f"{verdict.unknown} of {verdict.deliveries} of unknown outcome")
    if verdict.unexplained:
        found.append(f"unknown without a kill: {verdict.unexplained}")
    return found


def _table(verdicts: Mapping[str, Verdict]) -> Table:
    table = Table("", *verdicts, title="kill -9")
    for name, told in _ROWS.items():
        table.add_row(name, *map(told, verdicts.values()))
    return table


_ROWS: Final[Mapping[str, Callable[[Verdict], str]]] = {
    "deliveries": lambda verdict: str(verdict.deliveries),
    "received": lambda verdict: str(verdict.received),
    "lost": lambda verdict: str(len(verdict.lost)),
    "received twice": lambda verdict: str(len(verdict.doubled)),
    "of unknown outcome": lambda verdict: f"{verdict.unknown}, {verdict.unknown_received} of them received",
    "by each kill (calls open)": lambda verdict: " ".join(f"{kill.unknown}({kill.open})" for kill in verdict.kills),
    "taken over after, at most": lambda verdict: f"{max((kill.takeover for kill in verdict.kills), default=0):.1f} s",
    "429s": lambda verdict: str(verdict.too_many),
    "busiest second": lambda verdict: str(verdict.busiest),
}


if __name__ == "__main__":
    main()
