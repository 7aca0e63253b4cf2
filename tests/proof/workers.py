"""Workers: `immunobot run telegram` in its own process, or the same parts under a clock of ours."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

import aiohttp

from tests.proof.far import TOKEN, Far
from tests.running import ROOT, free_port

_UNDER_OUR_CLOCK: Final = ("-m", "tests.proof.clocked")


@dataclass
class Worker:
    """One process after another under one name; each start has a number, by which the far Telegram knows it."""

    name: str
    far: Far
    folder: Path
    settings: dict[str, str]
    port: int = 0
    starts: int = 0
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def who(self) -> str:
        """What the far Telegram knows this start by."""
        return f"{self.name}.{self.starts}"

    async def start(self) -> None:
        """Start it; when it serves, `ready` tells."""
        self.starts += 1
        self.port = free_port()
        inside = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": self.far.url(self.who), "PORT": str(self.port), "HOST": "127.0.0.1"}
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}", **inside, **self.settings}
        command = [sys.executable, *(_UNDER_OUR_CLOCK if "CLOCK_PACE" in self.settings else ("-m", "bots", "run", "telegram"))]
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(*command, cwd=self.folder, env=environment, stderr=log)

    async def ready(self) -> None:
        """Wait until it serves."""
        async with asyncio.timeout(60):
            while not await self._answers():
                assert self.process
                assert self.process.returncode is None, self.log()
                await asyncio.sleep(0.05)  # another process cannot set our event

    async def _answers(self) -> bool:
        try:
            async with self.far.session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def signal(self, name: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process
        assert self.process.returncode is None, self.log()
        self.process.send_signal(name)

    async def kill(self) -> float:
        """As if the power went; the moment."""
        self.signal(signal.SIGKILL)
        moment = monotonic()
        await self.gone()
        return moment

    async def end(self) -> int:
        """Ask it to stop, and wait; what it ended with."""
        await self.ready()
        self.signal(signal.SIGTERM)
        return await self.gone()

    async def gone(self) -> int:
        """Wait until it has ended."""
        assert self.process
        async with asyncio.timeout(60):
            return await self.process.wait()

    def log(self) -> str:
        """What it told on standard error."""
        return (self.folder / f"{self.name}.log").read_text(encoding="utf-8")


@asynccontextmanager
async def workers(far: Far, folder: Path, count: int, settings: dict[str, str]) -> AsyncIterator[list[Worker]]:
    """That many on one store, started; none outlives the test."""
    team = [Worker(f"worker{number}", far, folder, settings) for number in range(1, count + 1)]
    try:
        for each in team:
            await each.start()
        yield team
    finally:
        for each in team:
            if each.process and each.process.returncode is None:
                each.process.kill()
                await each.process.wait()
