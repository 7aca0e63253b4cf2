"""setWebhook and its kin, and the delivery: Telegram brings each update to the bot's address until it is taken."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from adapters.clock import Clock
from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_courier import Answer, Courier, Hook
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_limits import bad, too_many
from adapters.sandbox.telegram_updates import Polls, Waiting
from adapters.sandbox.telegram_world import Method, Told

_SECRET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_NEVER_IN_AN_ANSWER: Final = ("setwebhook", "deletewebhook", "close", "logout")

Perform = Callable[[str, Given], Awaitable[object]]


class Webhooks:
    """One webhook: of one queue one update at a time, again until it is answered with 200. `changed` is called after each try."""

    def __init__(self, waiting: Waiting, polls: Polls, clock: Clock, perform: Perform, changed: Callable[[], None]) -> None:
        self._waiting, self._polls, self._clock, self._perform, self._changed = waiting, polls, clock, perform, changed
        self._hook: Hook | None = None
        self._courier: Courier | None = None
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._error: tuple[int, str] | None = None
        self._last_set: float | None = None

    @property
    def active(self) -> bool:
        """Whether a webhook is set, so that getUpdates is refused."""
        return self._hook is not None

    def methods(self) -> dict[str, Method]:
        """The methods by their names."""
        return {"setWebhook": self._set, "deleteWebhook": self._delete, "getWebhookInfo": self._info}

    def deliver(self) -> None:
        """Begin a round for each queue that waits and has none."""
        if self._courier is None:
            return
        for queue in {each.queue for each in self._waiting.all()} - self._rounds.keys():
            begun = self._rounds[queue] = asyncio.create_task(self._round(queue, self._courier))
            begun.add_done_callback(partial(self._ended, queue))

    async def stop(self) -> None:
        """End every round and close the connections."""
        rounds, self._rounds = [*self._rounds.values()], {}
        courier, self._courier, self._hook = self._courier, None, None
        for each in rounds:
            each.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)
        if courier is not None:
            await courier.close()

    async def _set(self, given: Given) -> object:
        url = given.text("url").strip()
        if not url:
            return await self._delete(given)
        self._check_pace()
        connections = given.number("max_connections", limits.USUAL_CONNECTIONS, 1, limits.CONNECTIONS)
        hook = Hook(_checked_url(url), _checked_secret(given.text("secret_token")), connections)
        self._waiting.remember_allowed(given)
        if hook == self._hook and not given.flag("drop_pending_updates"):
            return Told(True, "Webhook is already set")
        self._polls.interrupt(limits.WEBHOOK_SET)
        await self._change(hook, given)
        return Told(True, "Webhook was set")

    async def _delete(self, given: Given) -> object:
        had = self.active
        await self._change(None, given)
        return Told(True, "Webhook was deleted" if had else "Webhook is already deleted")

    async def _change(self, hook: Hook | None, given: Given) -> None:
        # A call inside a webhook's answer never comes here, so no round waits for its own end.
        await self.stop()
        if given.flag("drop_pending_updates"):
            self._waiting.drop()
        self._hook, self._error = hook, None
        self._courier = Courier(hook) if hook else None
        self.deliver()

    async def _info(self, given: Given) -> object:
        hook = self._hook
        told: dict[str, object] = {"url": hook.url if hook else "", "has_custom_certificate": False}
        told["pending_update_count"] = len(self._waiting)
        if self._error is not None:
            told["last_error_date"], told["last_error_message"] = self._error
        if hook is not None:
            told["max_connections"] = hook.connections
        return told | ({"allowed_updates": list(self._waiting.allowed)} if self._waiting.allowed else {})

    def _check_pace(self) -> None:
        now, last = self._clock.now().timestamp(), self._last_set
        if last is not None and now < last + limits.SET_WEBHOOK:
            raise too_many(limits.SET_WEBHOOK)
        self._last_set = now

    def _ended(self, queue: str, done: asyncio.Task[None]) -> None:
        if self._rounds.get(queue) is done:
            del self._rounds[queue]
            self.deliver()

    async def _round(self, queue: str, courier: Courier) -> None:
        failures, delay = 0, 1
        while (update := next((each for each in self._waiting.all() if each.queue == queue), None)) is not None:
            answer = await courier.offer(update)
            if not answer.error:
                self._waiting.drop(update)
                await self._perform_answer(answer)
                failures, delay = 0, 1
                continue
            self._error = (int(self._clock.now().timestamp()), answer.error)
            self._changed()
            # The first failure is tried again at once; after it the pause doubles.
            delay = min(delay * 2, limits.LONGEST_RETRY) if failures and not answer.wait else delay
            await self._clock.sleep(answer.wait or (delay if failures else 0))
            failures += 1

    async def _perform_answer(self, answer: Answer) -> None:
        method = str(answer.call.get("method") or "")
        if method and not method.lower().startswith("get") and method.lower() not in _NEVER_IN_AN_ANSWER:
            await self._perform(method, Given({name: value for name, value in answer.call.items() if name != "method"}))
        self._changed()


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad(limits.WEBHOOK_URL) from None
    if parts.hostname in _LOOPBACK and parts.scheme in ("http", "https"):
        return url
    if parts.scheme != "https":
        raise bad(limits.WEBHOOK_HTTPS)
    if (port or 443) not in limits.PORTS:
        raise bad(limits.WEBHOOK_PORT)
    return url


def _checked_secret(secret: str) -> str:
    if len(secret) > limits.SECRET:
        raise bad(limits.SECRET_LONG)
    if not _SECRET.fullmatch(secret):
        raise bad(limits.SECRET_LETTERS)
    return secret
