"""A Telegram sandbox in its house for tests: a client that knows the token, and a clock that is moved by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession

from adapters.clock import Clock
from adapters.sandbox.telegram import TelegramSandbox

ADA = 42


@dataclass
class HandClock:
    """Time stands still until `forward`; who sleeps longer than that sleeps on."""

    at: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    asleep: list[tuple[datetime, float, asyncio.Event]] = field(default_factory=list)
    lain_down: asyncio.Event = field(default_factory=asyncio.Event)

    def clock(self) -> Clock:
        """The clock as the sandbox takes it."""
        return Clock(lambda: self.at, self._sleep)

    def forward(self, seconds: float) -> None:
        """Let time pass, and wake whoever slept long enough."""
        self.at += timedelta(seconds=seconds)
        for bed in [each for each in self.asleep if each[0] <= self.at]:
            self.asleep.remove(bed)
            bed[2].set()

    async def next_sleep(self) -> float:
        """Wait until somebody sleeps, and say for how many seconds."""
        async with asyncio.timeout(5):
            while not self.asleep:
                self.lain_down.clear()
                await self.lain_down.wait()
        return self.asleep[-1][1]

    async def _sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        bed = (self.at + timedelta(seconds=seconds), seconds, asyncio.Event())
        self.asleep.append(bed)
        self.lain_down.set()
        try:
            await bed[2].wait()
        finally:
            if bed in self.asleep:
                self.asleep.remove(bed)


@dataclass
class Told:
    """What a call was answered."""

    status: int
    body: Any

    @property
    def result(self) -> Any:
        """The result of a call that went well."""
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and description of a call that did not."""
        assert self.body["ok"] is False
        assert self.body["error_code"] == self.status
        return self.status, self.body["description"]


@dataclass
class Desk:
    """The sandbox, its time, and a bot's hand on its API."""

    sandbox: TelegramSandbox
    time: HandClock
    session: ClientSession

    def address(self, method: str) -> str:
        """Where a method is called."""
        return f"{self.sandbox.url}/bot{self.sandbox.token}/{method}"

    async def call(self, method: str, **parameters: Any) -> Told:
        """Call a method with a JSON body."""
        return await self.post(method, json=parameters)

    async def post(self, method: str, **body: Any) -> Told:
        """Call a method with any body that aiohttp can send."""
        async with self.session.post(self.address(method), **body) as response:
            return Told(response.status, await response.json())

    async def send(self, text: str = "Hello", chat_id: int = ADA, **parameters: Any) -> Any:
        """Send a message that is taken, and give it back."""
        return (await self.call("sendMessage", chat_id=chat_id, text=text, **parameters)).result


@asynccontextmanager
async def opened_desk() -> AsyncIterator[Desk]:
    """A sandbox that listens, in which Ada has pressed Start and the bot has read it."""
    time = HandClock()
    sandbox = TelegramSandbox(clock=time.clock())
    await sandbox.start()
    async with ClientSession() as session:
        desk = Desk(sandbox, time, session)
        await sandbox.follow_link(ADA)
        await desk.call("getUpdates", offset=-1)
        await desk.call("getUpdates", offset=2000)
        sandbox.calls.clear()
        yield desk
    await sandbox.stop()


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    """An inline keyboard."""
    return {"inline_keyboard": list(rows)}


def key(text: str = "Menu", data: str = "g:en:menu") -> dict[str, Any]:
    """A button that is tapped."""
    return {"text": text, "callback_data": data}
