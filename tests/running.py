"""The program as it really runs: its own process, against the two platforms on this computer."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.sandbox.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackSandbox
from adapters.sandbox.telegram import TelegramSandbox

ROOT = Path(__file__).parent.parent
# Seconds for another process to start or stop on a machine that does much else; past it, something hangs.
PATIENCE = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class Running:
    """`immunobot run` and both platforms. `webhooks`: Telegram by webhook and Slack by HTTP, else polling and Socket Mode."""

    folder: Path
    webhooks: bool
    telegram: TelegramSandbox = field(default_factory=TelegramSandbox)
    slack: SlackSandbox = field(default_factory=SlackSandbox)
    port: int = field(default_factory=free_port)
    changes: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Where the program serves."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """The settings of this evening."""
        ways = {"PUBLIC_URL": self.address, "SLACK_SIGNING_SECRET": SIGNING_SECRET} if self.webhooks else {"SLACK_APP_TOKEN": APP_TOKEN}
        return {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": self.slack.api_url,
            "DATABASE_URL": f"sqlite:///{self.folder}/immunobot.db",
            **ways,
            **self.changes,
        }

    async def open(self) -> None:
        """Both platforms begin to listen."""
        await self.telegram.start()
        await self.slack.start(events_url=f"{self.address}/slack/events" if self.webhooks else "")

    async def close(self) -> None:
        """Both platforms end."""
        await self.telegram.stop()
        await self.slack.stop()

    async def start(self, ready: int = 200) -> None:
        """Start the program and wait until `/readyz` answers so."""
        await self.launch()
        await self.until_ready(ready)

    async def launch(self) -> None:
        """Start the program."""
        command = [sys.executable, "-m", "bots", "run"]
        environment = {**self.environment(), "PYTHONPATH": str(ROOT)}
        log = (self.folder / "log.txt").open("ab")
        self.process = await asyncio.create_subprocess_exec(*command, cwd=self.folder, env=environment, stderr=log)
        log.close()

    async def until_ready(self, ready: int = 200) -> None:
        """Wait until `/readyz` answers so."""
        assert self.process
        async with asyncio.timeout(PATIENCE):
            while await self.status("/readyz") != ready:
                assert self.process.returncode is None, self.log()
                await asyncio.sleep(0.05)  # another process cannot set our event

    async def status(self, path: str) -> int:
        """What a GET is answered; 0 where nobody listens."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return 0
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        line = await reader.readline()
        writer.close()
        return int(line.split()[1]) if line else 0

    async def kill(self) -> None:
        """As if the power went."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def end(self) -> int:
        """Ask it to stop, and wait; what it ended with."""
        assert self.process
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    def log(self) -> str:
        """What it told on standard error."""
        return (self.folder / "log.txt").read_text(encoding="utf-8")


@asynccontextmanager
async def running(folder: Path, *, webhooks: bool) -> AsyncIterator[Running]:
    """The program, started; it and both platforms end with the test."""
    evening = Running(folder, webhooks)
    await evening.open()
    try:
        await evening.start()
        yield evening
    finally:
        await evening.end()
        await evening.close()
