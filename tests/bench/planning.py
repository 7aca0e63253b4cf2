"""Tips that are due made into deliveries. Measured in a process of its own, which has loaded what the program loads and does nothing else.

`python -m tests.bench.planning URL` plans all that is due in that store; the last line says what it took.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.store import open_store
from adapters.store.budget import Bot
from adapters.store.deliveries import Deliveries
from adapters.store.planning import Plan
from bots.tips import BATCH
from content.load import load
from content.model import Library
from content.subscribing import planned
from tests.proof.seeding import SPACE, chats, subscribe_many
from tests.running import ROOT

BOT: Final = Bot("telegram", SPACE, 30)
_SEEDED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Planned:
    """So many deliveries, in so many seconds, of which our processor worked some; memory in megabytes, before and at its highest.

    `growth`: the processor's seconds for the second half against those for the first.
    """

    deliveries: int
    seconds: float
    processor: float
    growth: float
    before: float
    peak: float


async def plan(count: int, url: str, told: Callable[[int], None] = lambda done: None) -> Planned:
    """So many readers' tips are due; `told` hears how many have been subscribed, and then how many planned, together."""
    await _seed(count, url, told)
    command = (sys.executable, "-m", "tests.bench.planning", url)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    line = b""
    async for line in process.stdout:
        if line.strip().isdigit():
            told(count + int(line))
    assert await process.wait() == 0
    return Planned(**json.loads(line))


async def _seed(count: int, url: str, told: Callable[[int], None]) -> None:
    store, now, whom = open_store(url, patience=60), datetime.now(UTC), chats(count)
    for start in range(0, count, _SEEDED):
        await subscribe_many(store, whom[start : start + _SEEDED], now)
        told(min(count, start + _SEEDED))
    store.close()


def plan_of(library: Library) -> Plan:
    """What a patient's due subscription gets."""
    return lambda subscription, due: planned(library, subscription, "patient", due)


async def _measured(url: str) -> Planned:
    import bots.patients  # noqa: F401 - its memory is the program's

    library, store, before = load(), open_store(url, patience=60), _memory("VmRSS")
    seconds, steps = time.perf_counter(), await _steps(Deliveries(store, "bench", lambda: datetime.now(UTC)), plan_of(library))
    seconds = time.perf_counter() - seconds
    store.close()
    half = len(steps) // 2
    growth = sum(cost for _, cost in steps[half : 2 * half]) / sum(cost for _, cost in steps[:half])
    return Planned(steps[-1][0], seconds, sum(cost for _, cost in steps), growth, before, _memory("VmHWM"))


async def _steps(deliveries: Deliveries, each: Plan) -> list[tuple[int, float]]:
    """Plan as the program does until nothing is due: after each step how many deliveries there are, and its seconds of the processor."""
    made, steps, began = 0, list[tuple[int, float]](), time.process_time()
    while (step := await deliveries.plan(BOT, each, BATCH)).schedules:
        made, ended = made + step.deliveries, time.process_time()
        steps.append((made, ended - began))
        print(made, flush=True)
        began = ended
    return steps


def _memory(name: str) -> float:
    """Megabytes, as Linux counts them for this process alone: what `getrusage` tells of a child may be its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_measured(sys.argv[1])))))
