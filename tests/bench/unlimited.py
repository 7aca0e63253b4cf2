"""How fast tips leave where nothing holds them, beside python-telegram-bot alone doing the same sends. In a process of its own.

`python -m tests.bench.unlimited DATABASE TELEGRAM COUNT ROUNDS` sends COUNT messages each way, by turns, and tells what each way took.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from telegram import Bot as TheirBot
from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.request import BaseRequest, HTTPXRequest

from adapters.clock import Clock, system_clock
from adapters.store import open_store
from adapters.store.budget import Bot
from adapters.store.claiming import Delivery
from adapters.store.deliveries import Deliveries
from adapters.telegram.client import TelegramClient
from adapters.telegram.http import CONNECTIONS, AiohttpRequest
from adapters.telegram.render import Drawing, render
from bots.courier import IN_FLIGHT, Courier
from bots.loops import Loops
from content.load import load
from content.model import Library
from content.pages.tip import delivered
from content.screen import Screen
from tests.bench.planning import plan_of
from tests.proof.far import TOKEN, far_telegram
from tests.proof.seeding import SERIES, SPACE, chats, subscribe_many
from tests.running import ROOT

Send = Callable[[Sequence[str]], Awaitable[None]]
OURS, SAME, STOCK = "ours", "same connections", "as it comes"
# More than anything here can send.
BOT: Final = Bot("telegram", SPACE, 100_000)


@dataclass(frozen=True, slots=True)
class Sends:
    """Messages a second of one way and another in each round, and seconds of the processor for each message."""

    rates: dict[str, list[float]]
    costs: dict[str, list[float]]

    def faster(self, than: str) -> float:
        """Our messages a second against those of another way: the median of all rounds."""
        return median(ours / other for ours, other in zip(self.rates[OURS], self.rates[than], strict=True))

    def cheaper(self, than: str) -> float:
        """The other way's processor time for a message against ours: the median of all rounds."""
        return median(other / ours for ours, other in zip(self.costs[OURS], self.costs[than], strict=True))


async def sends(count: int, rounds: int, folder: Path, told: Callable[[int], None] = lambda done: None) -> Sends:
    """What each way came to, against a far Telegram without limits; `told` hears how many rounds are over."""
    found = Sends({}, {})
    async with far_telegram(folder, rate=0, chat_rate=1_000, chat_burst=1_000, latency=0) as far:
        url = f"sqlite:///{folder}/store.db"
        command = (sys.executable, "-m", "tests.bench.unlimited", url, far.url("bench"), f"{count}", f"{rounds}")
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        assert process.stdout
        async for line in process.stdout:
            for way, (rate, cost) in json.loads(line).items():
                found.rates.setdefault(way, []).append(rate)
                found.costs.setdefault(way, []).append(cost)
            told(len(found.rates[OURS]))
        assert await process.wait() == 0
        assert (await far.counts())["taken"] == count * len(found.rates) * (1 + rounds)
    return found


class _Ours:
    """Our courier over a store in which everybody's tip waits."""

    def __init__(self, deliveries: Deliveries, library: Library, clock: Clock, url: str) -> None:
        self._library, self._clock, self._client = library, clock, TelegramClient(TOKEN, clock, url)
        self._courier = Courier(deliveries, self._client, BOT, self._drawn, clock)
        self.close = self._client.close

    async def send(self, whom: Sequence[str]) -> None:
        """Bring what waits, which is as many."""
        loops, all_sent = Loops(self._clock), self._courier.settled["sent"] + len(whom)
        loops.begin("bring", self._courier.step, self._courier.woken)
        while self._courier.settled["sent"] < all_sent:  # noqa: ASYNC110 - the courier tells nobody
            await asyncio.sleep(0.005)
        await loops.end()

    def _drawn(self, delivery: Delivery) -> Screen | None:
        return delivered(self._library, delivery.item, delivery.language, "patient", self._clock.now().date())


class _Alone:
    """python-telegram-bot's own call for each message, as many at once as our courier has on the way."""

    def __init__(self, bot: TheirBot, drawing: Drawing) -> None:
        self._call = partial(
            bot.send_message, text=drawing.html, parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True)
        )
        self._keyboard = InlineKeyboardMarkup.de_json(json.loads(drawing.keyboard), bot)
        self._room = asyncio.Semaphore(IN_FLIGHT)

    async def send(self, whom: Sequence[str]) -> None:
        """Everybody gets the same."""
        await asyncio.gather(*map(self._one, whom))

    async def _one(self, chat: str) -> None:
        async with self._room:
            await self._call(chat, reply_markup=self._keyboard)


async def _measured(database: str, url: str, count: int, rounds: int) -> None:
    """Print what each way took in each round; nothing of the first, in which connections are opened."""
    library, store, clock = load(), open_store(database), system_clock()
    deliveries, whom = Deliveries(store, "bench", clock.now), chats(count)
    await subscribe_many(store, chats(count * (1 + rounds)), clock.now())
    async with AsyncExitStack() as opened:
        ways = await _ways(deliveries, library, clock, url, opened)
        for number in range(1 + rounds):
            await deliveries.plan(BOT, plan_of(library), count)
            took = {name: await _took(send, whom) for name, send in ways.items()}
            if number:
                print(json.dumps(took), flush=True)
    store.close()


async def _ways(deliveries: Deliveries, library: Library, clock: Clock, url: str, opened: AsyncExitStack) -> dict[str, Send]:
    ours = _Ours(deliveries, library, clock, url)
    opened.push_async_callback(ours.close)
    screen = delivered(library, next(iter(library.series["en"][SERIES].tips.values())).id, "en", "patient", clock.now().date())
    assert screen
    drawing = render(screen, below=True)
    requests: dict[str, BaseRequest] = {SAME: AiohttpRequest(), STOCK: HTTPXRequest(connection_pool_size=CONNECTIONS)}
    theirs = {name: await opened.enter_async_context(TheirBot(TOKEN, f"{url}/bot", request=each)) for name, each in requests.items()}
    return {OURS: ours.send} | {name: _Alone(bot, drawing).send for name, bot in theirs.items()}


async def _took(send: Send, whom: Sequence[str]) -> tuple[float, float]:
    """Messages a second, and seconds of the processor for a message."""
    seconds, processor = time.perf_counter(), time.process_time()
    await send(whom)
    return len(whom) / (time.perf_counter() - seconds), (time.process_time() - processor) / len(whom)


if __name__ == "__main__":
    asyncio.run(_measured(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
