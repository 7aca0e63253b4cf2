"""Workers that are killed, stopped and told to stop: nobody misses a message, nobody gets one twice.

The workers' clock is five times as quick as ours, so that a lease ends in three seconds; `python -m tests.proof.kills --full` has ours.
How much a kill may leave unknown is held to the letter at ten messages a second, where a busy machine has time to keep what it heard.
"""

import asyncio
import signal
from pathlib import Path

from tests.proof.judging import Verdict
from tests.proof.kills import Run, play
from tests.proof.seeding import kept
from tests.proof.stage import Setting, on_both, staged

PACE = 5
RATE = 10


def check(verdict: Verdict, unknown: int = 0) -> None:
    """The promise is kept, the limit too; so many may be of unknown outcome."""
    assert verdict.wrong == []
    assert verdict.unexplained == ()
    assert verdict.unknown <= unknown
    assert verdict.too_many == 0


async def test_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, postgresql_url: str) -> None:
    """One worker on SQLite takes over from itself, two on PostgreSQL from each other; only what was on the wire is unknown."""

    async def scene(url: str, folder: Path) -> None:
        count = 1 if url.startswith("sqlite") else 2
        run = Run(Setting(deliveries=90, workers=count, rate=RATE, pace=PACE, seed=10 + count), kills=2)
        check(await play(run, url, folder), unknown=10)

    await on_both(scene, tmp_path, postgresql_url)


async def test_who_is_told_to_stop_gives_back_what_has_not_left(tmp_path: Path, postgresql_url: str) -> None:
    """SIGTERM in the middle: it ends well, nothing is claimed, on the wire or unknown, and the next start sends the rest."""

    async def scene(url: str, folder: Path) -> None:
        async with staged(Setting(deliveries=60, workers=1), url, folder) as stage:
            await stage.taken(0.3)
            await stage.end()
            assert {row.state for row in await kept(stage.store)} == {"sent", "waiting"}
            await stage.team[0].start()
            await stage.settled()
            await stage.end()
            check(await stage.verdict())

    await on_both(scene, tmp_path, postgresql_url)


async def test_one_of_three_takes_over_from_one_that_died_and_one_that_stands_still(tmp_path: Path, postgresql_url: str) -> None:
    """SIGSTOP for longer than its lease, then SIGCONT: what it had claimed is not its own any more, and does not leave twice."""
    async with staged(Setting(deliveries=90, workers=3, rate=RATE, pace=PACE), postgresql_url, tmp_path) as stage:
        await asyncio.gather(*(each.ready() for each in stage.team))
        await stage.taken(0.3)
        sleeper, victim, _ = stage.team
        sleeper.signal(signal.SIGSTOP)
        kill = await stage.kill(victim)
        stage.team.remove(victim)
        await stage.settled()
        sleeper.signal(signal.SIGCONT)
        await stage.end()
        check(await stage.verdict([kill]), unknown=5)
