"""What goes wrong around the workers: Telegram's faults, a store that is away, clocks that jump, readers who leave."""

import asyncio
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outbox import a_tip
from sqlalchemy import Connection

from adapters.store import StoreDown, open_store
from adapters.store.budget import Bot, lock
from adapters.store.deliveries import Deliveries
from tests.proof.far import Line
from tests.proof.seeding import FIRST_CHAT, SPACE, chats, kept, subscribe
from tests.proof.stage import Setting, on_both, staged
from tests.proof.test_kills import PACE, check
from tests.proof.trouble import store_away

BOT = Bot("telegram", SPACE, 30)
SAID = {"429", "500"}


def faults(lines: list[Line]) -> Counter[str]:
    """How often each kind of fault met a call; of one that was reset before it was read only the end is known."""
    return Counter(line.fault for line in lines if line.fault and (line.what == "came" or line.fault == "reset before"))


async def test_a_telegram_in_trouble_costs_nobody_a_message(tmp_path: Path, postgresql_url: str) -> None:
    """One call in ten goes wrong: what Telegram refused is sent later, and only what left without a word is unknown."""

    async def scene(url: str, folder: Path) -> None:
        async with staged(Setting(deliveries=120, workers=1, pace=PACE, faults=0.1, seed=6), url, folder) as stage:
            await stage.settled()
            # Some calls are never answered, and it would wait for them.
            await stage.kill(stage.team[0])
            verdict = await stage.verdict()
            met = faults(stage.far.lines())
        assert set(met) == {"429", "500", "page before", "page after", "silence", "reset before", "reset after"}
        assert verdict.wrong == []
        silent = sum(count for name, count in met.items() if name not in SAID)
        # And what had been answered when the worker was killed, and not been noted yet.
        assert silent <= verdict.unknown <= silent + 2, (verdict, met)
        assert verdict.states.keys() == {"sent", "unknown"}

    await on_both(scene, tmp_path, postgresql_url)


async def test_a_store_that_is_away_loses_nothing(tmp_path: Path, postgresql_url: str) -> None:
    """It takes nothing for a minute, longer than any lease; when it is back everything goes on."""

    async def scene(url: str, folder: Path) -> None:
        async with staged(Setting(deliveries=90, workers=1, pace=PACE), url, folder) as stage:
            await stage.taken(0.3)
            with store_away(url):
                await asyncio.sleep(60 / PACE)
            await stage.settled()
            await stage.end()
            check(await stage.verdict(), unknown=2)

    await on_both(scene, tmp_path, postgresql_url)


async def test_a_clock_that_jumps_sends_nothing_twice(tmp_path: Path, postgresql_url: str) -> None:
    """An hour ahead, back to where it was, and an hour behind: everything goes on, and nothing comes twice."""

    async def scene(url: str, folder: Path) -> None:
        async with staged(Setting(deliveries=90, workers=1, pace=PACE), url, folder) as stage:
            for share, seconds in ((0.2, 3600), (0.4, 0), (0.6, -3600)):
                await stage.taken(share)
                stage.set_clock(seconds)
            await stage.settled()
            await stage.end()
            verdict = await stage.verdict()
        assert verdict.wrong == []
        # A jump ends the leases of what is on the wire at that moment; its late word corrects the row.
        assert verdict.unknown == 0

    await on_both(scene, tmp_path, postgresql_url)


@pytest.mark.parametrize("broadcast", [False, True], ids=["tips", "a broadcast"])
async def test_who_stops_or_blocks_the_bot_in_the_middle_gets_nothing_more(tmp_path: Path, postgresql_url: str, broadcast: bool) -> None:
    """After the answer to "stop" nothing comes any more; a blocked chat costs one call, and its subscription goes."""

    async def scene(url: str, folder: Path) -> None:
        async with staged(Setting(deliveries=120, workers=1, broadcast=broadcast), url, folder) as stage:
            blocking, stopping = chats(120)[60:70], chats(120)[110:]
            await stage.far.block([int(chat) for chat in blocking])
            await stage.taken(0.1)
            for chat in stopping:
                await stage.far.say(int(chat), "stop")
            await stage.settled()
            await stage.end()
            verdict = await stage.verdict(excused=("gone", "cancelled"))
            states = {row.chat: row.state for row in await kept(stage.store)}
            came = [line for line in stage.far.lines() if line.what == "came"]
        check(verdict)
        counts = Counter(line.chat for line in came if line.bulk)
        answered = {line.chat: line.at for line in reversed(came) if not line.bulk}
        assert answered.keys() == set(stopping)
        assert not [line for line in came if line.bulk and line.at > answered.get(line.chat, line.at)]
        assert not counts.keys() & {chat for chat in stopping if states[chat] == "cancelled"}
        assert "cancelled" in {states[chat] for chat in stopping}
        assert {(states[chat], counts[chat]) for chat in blocking} == {("gone", 1)}

    await on_both(scene, tmp_path, postgresql_url)


async def test_two_schedulers_racing_write_each_delivery_once(store_url: str) -> None:
    """Both take small steps at the same time, until nothing is due for either."""
    now = datetime.now(UTC)
    stores = [open_store(store_url, patience=60) for _ in range(2)]
    await subscribe(stores[0], chats(200), now)

    async def plan(number: int) -> int:
        outbox, made = Deliveries(stores[number], str(number), lambda: now), 0
        while step := (await outbox.plan(BOT, a_tip, 20)).schedules:
            made += step
        return made

    made = await asyncio.gather(plan(0), plan(1))
    assert sum(made) == 200
    assert sorted(int(row.chat) for row in await kept(stores[0])) == list(range(FIRST_CHAT, FIRST_CHAT + 200))
    for each in stores:
        each.close()


async def test_a_program_that_stands_still_inside_a_transaction_holds_nobody_up(postgresql_url: str) -> None:
    """A paused machine keeps its connection and its locks; PostgreSQL ends them for it, and the others claim again."""
    paused, living = open_store(postgresql_url, patience=60), open_store(postgresql_url, patience=60)
    locked, go_on, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def stand_still(connection: Connection) -> None:
        lock(connection, BOT)
        loop.call_soon_threadsafe(locked.set)
        go_on.wait()

    standing = asyncio.create_task(paused.write(stand_still))
    await locked.wait()
    assert (await Deliveries(living, "living", lambda: datetime.now(UTC)).claim(BOT, 10)).deliveries == ()
    assert not standing.done()
    go_on.set()
    with pytest.raises(StoreDown):
        await standing
    paused.close()
    living.close()
