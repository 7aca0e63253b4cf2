"""One update on its way to the bot's webhook, and what comes back."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_updates import Update

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header, not a secret


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates go, what is shown there, and how many at a time."""

    url: str
    secret: str
    connections: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `error` is empty where the update was taken; `wait` is its Retry-After in seconds, `call` its JSON."""

    error: str = ""
    wait: int = 0
    call: Mapping[str, object] = field(default_factory=dict)


class Courier:
    """Brings updates to one webhook over kept connections."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._free = asyncio.Semaphore(hook.connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=limits.WEBHOOK_ANSWER))

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def offer(self, update: Update) -> Answer:
        """Bring one update and wait for the answer, 60 seconds at most."""
        headers = {SECRET_HEADER: self._hook.secret} if self._hook.secret else {}
        try:
            async with self._free, self._session.post(self._hook.url, json=update.told(), headers=headers, allow_redirects=False) as came:
                return _read(came, await came.read())
        except TimeoutError:
            return Answer("Read timeout expired")
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL):
            return Answer("Connection refused")
        except (aiohttp.ClientError, OSError):
            return Answer("Webhook connection closed")


def _read(came: aiohttp.ClientResponse, body: bytes) -> Answer:
    if not 200 <= came.status <= 299:
        told = came.headers.get("Retry-After", "")
        wait = min(int(told), limits.LONGEST_RETRY_AFTER) if told.isascii() and told.isdigit() else 0
        return Answer(f"Wrong response from the webhook: {came.status} {came.reason}", wait)
    try:
        call = json.loads(body) if came.content_type == "application/json" else None
    except (ValueError, RecursionError):
        call = None
    return Answer(call=call if isinstance(call, dict) else {})
