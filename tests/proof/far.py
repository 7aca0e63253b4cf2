"""The judge's hand on the far Telegram: it is started in a process of its own, told what to do, and its ledger is read."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

TOKEN: Final = "7000000001:far-telegram"
_PROGRAM: Final = Path(__file__).with_name("far_telegram.py")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger. `at` is monotonic seconds; a call has came, perhaps taken (the chat has it), and ended."""

    at: float
    what: str
    chat: str = ""
    call: int = 0
    who: str = ""
    method: str = ""
    status: int = 0
    fault: str | None = None
    taken: bool = False
    open: bool = False
    text: str = ""
    keys: tuple[str, ...] = ()

    @property
    def bulk(self) -> bool:
        """Whether it was started by the bot: the buttons of such a message answer below it."""
        return any(key.startswith("b:") for key in self.keys)


@dataclass
class Far:
    """A far Telegram that serves. `url(who)` is the root of its Bot API for one caller."""

    ledger: Path
    port: int
    session: aiohttp.ClientSession
    _read: int = 0
    _lines: list[Line] = field(default_factory=list)

    def url(self, who: str) -> str:
        """Where this caller finds the Bot API."""
        return f"http://127.0.0.1:{self.port}/{who}"

    async def until(self, what: str, count: int, seconds: float = 120) -> None:
        """Wait until that many lines of one kind stand in the ledger."""
        async with asyncio.timeout(seconds):
            await self._tell("until", what=what, count=count)

    async def say(self, chat: int, text: str) -> None:
        """Somebody writes to the bot."""
        await self._tell("say", chat=chat, text=text)

    async def tap(self, chat: int, data: str) -> None:
        """Somebody taps a button of the bot."""
        await self._tell("tap", chat=chat, data=data)

    async def block(self, chats: Sequence[int]) -> None:
        """These people block the bot."""
        await self._tell("block", chats=list(chats))

    async def faults(self, share: float) -> None:
        """From now on this share of calls goes wrong."""
        await self._tell("faults", share=share)

    async def counts(self) -> dict[str, int]:
        """How many lines of each kind there are."""
        return await self._tell("counts")

    def lines(self) -> list[Line]:
        """All that was written so far."""
        with self.ledger.open("rb") as file:
            file.seek(self._read)
            written = file.read()
        whole = written[: written.rfind(b"\n") + 1]
        self._read += len(whole)
        self._lines += [_line(json.loads(each)) for each in whole.splitlines()]
        return self._lines

    async def _tell(self, what: str, /, **given: object) -> dict[str, int]:
        async with self.session.post(f"http://127.0.0.1:{self.port}/far/{what}", json=given) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())


def _line(told: dict[str, Any]) -> Line:
    return Line(**{**told, "keys": tuple(told.get("keys", ()))})


@asynccontextmanager
async def far_telegram(folder: Path, **options: float) -> AsyncIterator[Far]:
    """One that serves until the end; `options` are those of its command line, with _ for -."""
    ledger = folder / "ledger.jsonl"
    ledger.touch()
    given = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", f"{value:g}")]
    command = [sys.executable, str(_PROGRAM), "--ledger", str(ledger), *given]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        port = int(await process.stdout.readline())
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
            yield Far(ledger, port, session)
    finally:
        process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]
