"""The whole program against a far Telegram that holds its limit: how much of it tips use, and how long readers wait meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

from adapters.store.broadcasts import Broadcasts
from bots.broadcasts import AUDIENCES
from content.broadcasting import LEAST_CANARY
from content.team import Broadcast, Decide
from tests.proof.far import Far, Line
from tests.proof.judging import Verdict
from tests.proof.seeding import FIRST_CHAT, chats, subscribe
from tests.proof.stage import Setting, Stage, staged

Told = Callable[[int], None]
# Questions and taps a second, each from somebody else than the last few.
ASKED: Final = 10
_ASKING: Final = range(FIRST_CHAT * 5, FIRST_CHAT * 5 + 60)
_QUESTION: Final = "can i have a flu shot"
_TAP: Final = "g:en:side-effects/overview"
_NURSE, _DOCTOR = "U0NURSE", "U0DOCTOR"


@dataclass(frozen=True, slots=True)
class Pace:
    """What a run under the limit came to: the share of the limit that was used, and how many messages each worker sent."""

    share: float
    verdict: Verdict
    workers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds until an answer came, while a broadcast was under way and while none was."""

    busy: list[float]
    quiet: list[float]

    def ratio(self, share: float) -> float:
        """How much longer that share of readers waits at most while a broadcast is under way."""
        return at_most(self.busy, share) / at_most(self.quiet, share)


def at_most(waits: Iterable[float], share: float) -> float:
    """What that share of them does not exceed."""
    each = sorted(waits)
    return each[min(len(each) - 1, int(len(each) * share))]


async def pace(setting: Setting, url: str, folder: Path, told: Told = lambda done: None) -> Pace:
    """Everybody gets a tip, as fast as the limit lets them; `told` hears how many have come."""
    async with staged(setting, url, folder) as stage:
        for percent in range(5, 105, 5):
            await stage.taken(percent / 100)
            told(setting.deliveries * percent // 100)
        await stage.settled()
        await stage.end()
        verdict = await stage.verdict()
    sent = Counter(line.who for line in stage.far.lines() if line.what == "taken")
    return Pace(verdict.rate / setting.rate, verdict, tuple(sent.values()))


async def waits(rounds: int, seconds: float, url: str, folder: Path, told: Told = lambda done: None) -> Waits:
    """Readers ask with and without a broadcast, by turns; `told` hears how many rounds are over."""
    found = Waits([], [])
    async with staged(Setting(deliveries=0, workers=1), url, folder) as stage:
        await stage.team[0].ready()
        readers = chats(round(stage.setting.rate * (seconds + 10)))
        # As of tomorrow, so that no tip is due today.
        await subscribe(stage.store, readers, datetime.now(UTC) + timedelta(days=1))
        await _asked(stage.far, 1)
        for number in range(rounds):
            async with _broadcast(stage, f"b{number}"):
                found.busy.extend(await _asked(stage.far, seconds))
            found.quiet.extend(await _asked(stage.far, seconds))
            told(number + 1)
        await stage.end()
    assert not [line for line in stage.far.lines() if line.status == 429]
    return found


@asynccontextmanager
async def _broadcast(stage: Stage, name: str) -> AsyncIterator[None]:
    """One that is past its first few, and still under way at the end, where it is stopped."""
    rates, before = {"telegram": stage.setting.rate}, (await stage.far.counts()).get("taken", 0)
    broadcasts = Broadcasts(stage.store, lambda _: False, AUDIENCES, rates, lambda: datetime.now(UTC), (_DOCTOR,))
    await broadcasts.propose(Broadcast(name, "card", "side-effects/overview", "now", _NURSE), ())
    await broadcasts.decide(Decide(name, _DOCTOR, "approve"))
    await stage.far.until("taken", before + 2 * LEAST_CANARY)
    yield
    board = await broadcasts.board(name)
    assert board
    assert board.broadcast.state == "running"
    await broadcasts.decide(Decide(name, _DOCTOR, "stop"))
    await asyncio.sleep(1)  # what has left arrives


async def _asked(far: Far, seconds: float) -> list[float]:
    """So long, people ask and tap at an even pace; how long each waited."""
    begun, count, began = len(far.lines()), round(seconds * ASKED), monotonic()
    for number in range(count):
        chat = _ASKING[number % len(_ASKING)]
        await (far.tap(chat, _TAP) if number % 2 else far.say(chat, _QUESTION))
        await asyncio.sleep(began + (number + 1) / ASKED - monotonic())  # people do not wait for each other
    async with asyncio.timeout(30):
        while len(found := _answered(far.lines()[begun:])) < count:  # noqa: ASYNC110 - the ledger tells nobody
            await asyncio.sleep(0.1)
    return found


def _answered(lines: Iterable[Line]) -> list[float]:
    asked, found = dict[str, float](), list[float]()
    for line in lines:
        if line.what == "asked":
            asked[line.chat] = line.at
        elif line.what == "came" and line.chat in asked:
            found.append(line.at - asked.pop(line.chat))
    return found
