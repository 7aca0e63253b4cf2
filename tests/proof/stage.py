"""Where every proof is played: a store with readers whose tips are due, a far Telegram, and workers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.store import Store, open_store
from adapters.store.deliveries import Deliveries
from tests.proof.far import Far, far_telegram
from tests.proof.judging import Kill, Verdict, judge
from tests.proof.seeding import Kept, announce, chats, kept, subscribe
from tests.proof.workers import Worker, workers

# Longer than any lease, whatever clock the workers had: after that a sweep says what nobody knows.
_LATER: Final = timedelta(hours=3)
_LOOK: Final = 0.25


@dataclass(frozen=True, slots=True)
class Setting:
    """So many readers, workers, and messages a second. `pace`: how many of the workers' seconds pass in one of ours.

    `broadcast`: everybody gets a care team's notice, not a tip.
    """

    deliveries: int
    workers: int
    rate: float = 30
    pace: float = 1
    latency: float = 0.05
    faults: float = 0
    seed: int = 1
    broadcast: bool = False


@dataclass
class Stage:
    """A proof under way."""

    setting: Setting
    url: str
    store: Store
    far: Far
    team: list[Worker]
    clock: Path

    def set_clock(self, seconds: float) -> None:
        """From now on the workers' clock is so much ahead of what it was at the beginning."""
        self.clock.write_text(f"{seconds:g}")

    async def taken(self, share: float) -> None:
        """Wait until that share of all messages has come."""
        await self.far.until("taken", round(self.setting.deliveries * share), 300)

    async def kill(self, victim: Worker) -> Kill:
        """Kill it, and see what it held."""
        who = victim.who
        moment = await victim.kill()
        rows = await kept(self.store)
        claimed = {row.chat: row.owner for row in rows if row.state == "claimed"}
        return Kill(moment, who, claimed, frozenset(row.chat for row in rows if row.state == "on_wire"))

    async def settled(self, seconds: float = 90) -> None:
        """Wait until all are planned, none waits and none is claimed; what is on the wire may be a dead worker's."""
        async with asyncio.timeout(seconds):
            while not _is_settled(await kept(self.store), self.setting.deliveries):  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(_LOOK)

    async def end(self) -> None:
        """Ask every worker to stop; each must end well."""
        ended = await asyncio.gather(*(each.end() for each in self.team))
        assert ended == [0] * len(self.team), "".join(each.log() for each in self.team)
        assert not any("Traceback" in each.log() for each in self.team), "".join(each.log() for each in self.team)

    async def verdict(self, kills: Iterable[Kill] = (), excused: Iterable[str] = ()) -> Verdict:
        """What it came to, once everybody's time on the wire has passed. The workers have ended."""
        await Deliveries(self.store, "judge", lambda: datetime.now(UTC) + _LATER).sweep()
        return judge(self.far.lines(), await kept(self.store), kills, frozenset(excused))


@asynccontextmanager
async def staged(setting: Setting, url: str, folder: Path) -> AsyncIterator[Stage]:
    """The workers have begun."""
    began, clock = datetime.now(UTC), folder / "clock"
    clock.write_text("0")
    settings = {"DATABASE_URL": url, "TELEGRAM_RATE": f"{setting.rate / setting.pace:g}"}
    settings |= {"CLOCK_BEGAN": began.isoformat(), "CLOCK_PACE": f"{setting.pace:g}", "CLOCK_FILE": str(clock)} if setting.pace != 1 else {}
    telegram = far_telegram(folder, rate=setting.rate, latency=setting.latency, faults=setting.faults, seed=setting.seed)
    store = open_store(url, patience=60)
    try:
        await subscribe(store, chats(setting.deliveries), began, due=not setting.broadcast)
        if setting.broadcast:
            await announce(store, began)
        async with telegram as far, workers(far, folder, setting.workers, settings) as team:
            yield Stage(setting, url, store, far, team, clock)
    finally:
        store.close()


def _is_settled(rows: list[Kept], count: int) -> bool:
    return len(rows) >= count and not any(row.state in ("waiting", "claimed") for row in rows)


async def on_both(scene: Callable[[str, Path], Awaitable[None]], folder: Path, postgresql_url: str) -> None:
    """Play the scene on both databases at once: most of it is waiting."""
    async with asyncio.TaskGroup() as group:
        for name, url in (("sqlite", f"sqlite:///{folder}/sqlite/store.db"), ("postgresql", postgresql_url)):
            (folder / name).mkdir()
            group.create_task(scene(url, folder / name), name=name)
