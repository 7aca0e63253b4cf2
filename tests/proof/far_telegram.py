"""Another Telegram, in a process of its own and sharing no code with ours: it keeps limits, has faults, and writes down what comes.

`python far_telegram.py --ledger FILE ...` prints its port and serves until it is ended. What stands before `/bot<token>` in a path
names who calls, so that each call can be laid at one worker's door. Times are of the machine's monotonic clock, the same in every process.
"""

import argparse
import asyncio
import hashlib
import json
import math
import os
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from aiohttp import ClientError, ClientSession, web

LIMITED: Final = ("sendMessage", "editMessageText")
# What may go wrong with a call: said in Telegram's own form and not done, or left open whether it was done.
SAID: Final = ("429", "500")
OPEN: Final = ("page before", "page after", "silence", "reset before", "reset after")
_PATH: Final = re.compile(r"/(?:(?P<who>[^/]+)/)?bot(?P<token>[^/]+)/(?P<method>\w+)")
_BOT: Final = {"is_bot": True, "first_name": "immunobot", "username": "immunobot", "can_join_groups": True}
_SILENCE: Final = 60.0


@dataclass
class Bucket:
    """So many a second, `burst` of them at once."""

    rate: float
    burst: float
    left: float = math.nan
    at: float = 0.0

    def take(self, now: float) -> float:
        """Take one; the seconds until there is one where there is none."""
        self.left = self.burst if math.isnan(self.left) else min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0.0


@dataclass
class Ledger:
    """What came, a line each, written at once."""

    path: str
    file: int = -1

    def write(self, what: str, **told: object) -> None:
        """One line, with the moment."""
        if self.file < 0:
            self.file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(self.file, (json.dumps({"at": time.monotonic(), "what": what, **told}) + "\n").encode())


@dataclass
class Call:
    """One call as it came."""

    number: int
    who: str
    method: str
    request: web.Request
    given: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None
    taken: bool = False

    @property
    def chat(self) -> str:
        return str(self.given.get("chat_id", ""))

    @property
    def open(self) -> bool:
        """Whether the caller is still there to hear the answer."""
        return self.request.transport is not None and not self.request.transport.is_closing()


class Refused(Exception):
    """What Telegram says instead of doing it."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.retry_after = status, description, retry_after

    def answer(self) -> web.Response:
        told: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after:
            told["parameters"] = {"retry_after": self.retry_after}
        return web.json_response(told, status=self.status)


def too_many(seconds: float) -> Refused:
    wait = max(1, math.ceil(seconds))
    return Refused(429, f"Too Many Requests: retry after {wait}", wait)


class FarTelegram:
    """One bot's Telegram."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.ledger, self.faults, self.latency = Ledger(options.ledger), options.faults, options.latency
        self.seed, self.blocked, self.calls, self.messages = options.seed, set[str](), count(1), count(1)
        self.total = Bucket(options.rate, options.burst) if options.rate else None
        self.chats: dict[str, Bucket] = defaultdict(lambda: Bucket(options.chat_rate, options.chat_burst))
        self.shut_until, self.counts, self.happened = 0.0, Counter[str](), asyncio.Condition()
        self.updates, self.offset, self.polling = list[dict[str, Any]](), 1, 0
        self.hook: tuple[str, str] | None = None
        self.hooking: asyncio.Task[None] | None = None

    def application(self) -> web.Application:
        served = web.Application()
        served.router.add_post("/far/{what}", self.told)
        served.router.add_route("*", "/{path:.*}", self.called)
        return served

    async def told(self, request: web.Request) -> web.Response:
        """What the judge asks for: somebody writes, taps or blocks, faults begin or end, or to wait until so much has happened."""
        given = await request.json() if request.can_read_body else {}
        match request.match_info["what"]:
            case "say":
                await self.bring(given["chat"], message=self.message(given["chat"], text=given["text"]))
            case "tap":
                below = {**self.message(given["chat"], text="."), "from": {"id": 7000000001, **_BOT}}
                asked = {"id": str(next(self.messages)), "from": self.person(given["chat"]), "chat_instance": "1"}
                await self.bring(given["chat"], callback_query={**asked, "message": below, "data": given["data"]})
            case "block":
                self.blocked |= set(map(str, given["chats"]))
            case "faults":
                self.faults = given["share"]
            case "until":
                async with self.happened:
                    await self.happened.wait_for(lambda: self.counts[given["what"]] >= given["count"])
        return web.json_response(dict(self.counts))

    async def bring(self, chat: int, **update: object) -> None:
        self.ledger.write("asked", chat=str(chat))
        self.updates.append({"update_id": self.offset + len(self.updates), **update})
        await self.tell("asked")

    async def tell(self, what: str) -> None:
        async with self.happened:
            self.counts[what] += 1
            self.happened.notify_all()

    def person(self, chat: int) -> dict[str, object]:
        return {"id": chat, "is_bot": False, "first_name": "Ada", "language_code": "en"}

    def message(self, chat: int, **inside: object) -> dict[str, object]:
        place = {"id": chat, "type": "private", "first_name": "Ada"}
        return {"message_id": next(self.messages), "date": int(time.time()), "chat": place, "from": self.person(chat), **inside}

    async def called(self, request: web.Request) -> web.StreamResponse:
        found = _PATH.fullmatch(request.path)
        if found is None:
            return Refused(404, "Not Found").answer()
        # Only what may go wrong is counted, so that a seed has the same faults however often updates are asked for.
        number = next(self.calls) if found["method"] in LIMITED else 0
        call = Call(number, found["who"] or "", found["method"], request)
        call.fault = self.fault(call)
        if call.fault == "reset before":
            return await self.broken(call)
        call.given = await given_with(request)
        if call.method not in LIMITED:
            return await self.answered(call)
        marks = [key.get("callback_data", "") for row in keys(call.given) for key in row]
        text = hashlib.sha256(str(call.given.get("text")).encode()).hexdigest()[:12]
        self.ledger.write(
            "came", call=call.number, who=call.who, method=call.method, chat=call.chat, fault=call.fault, text=text, keys=marks
        )
        await self.tell("came")
        await asyncio.sleep(self.latency / 2)
        return await self.answered(call)

    def fault(self, call: Call) -> str | None:
        chance = random.Random(f"{self.seed}:{call.number}")  # noqa: S311 - the same faults in every run, not a secret
        if call.method not in LIMITED or chance.random() >= self.faults:
            return None
        return chance.choice(SAID + OPEN)

    async def answered(self, call: Call) -> web.StreamResponse:
        try:
            result = await self.done(call)
        except Refused as refused:
            await self.ended(call, refused.status)
            return refused.answer()
        if call.fault:
            return await self.broken(call)
        if call.method in LIMITED:
            await asyncio.sleep(self.latency / 2)
            await self.ended(call, 200)
        return web.json_response({"ok": True, "result": result})

    async def broken(self, call: Call) -> web.StreamResponse:
        """The call ends without a word of its own: what came of it, the caller cannot know."""
        if call.fault == "silence":
            await asyncio.sleep(_SILENCE)
        await self.ended(call, 0)
        if "page" in str(call.fault):
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        if call.request.transport is not None:
            call.request.transport.abort()
        return web.Response()

    async def ended(self, call: Call, status: int) -> None:
        told = {"call": call.number, "who": call.who, "chat": call.chat, "status": status, "fault": call.fault}
        if call.method in LIMITED or status == 0:
            self.ledger.write("ended", **told, taken=call.taken, open=call.open)
            await self.tell("ended")

    async def done(self, call: Call) -> object:
        match call.method:
            case "getMe":
                return {"id": int(call.request.path.partition("/bot")[2].partition(":")[0]), **_BOT}
            case "sendMessage" | "editMessageText":
                return await self.take(call)
            case "getUpdates":
                return await self.poll(call.given)
            case "setWebhook" | "deleteWebhook":
                return self.set_hook(call.given)
            case "answerCallbackQuery" | "setMyCommands":
                return True
        raise Refused(404, "Not Found: method not found")

    async def take(self, call: Call) -> object:
        """The message reaches its chat, where nothing is against it."""
        if call.fault in SAID:
            raise too_many(1) if call.fault == "429" else Refused(500, "Internal Server Error")
        if call.fault == "page before":
            return None
        self.hold_limits(call.chat, time.monotonic())
        if call.chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        call.taken = True
        self.ledger.write("taken", call=call.number, who=call.who, method=call.method, chat=call.chat)
        await self.tell("taken")
        return self.message(int(call.chat), text=call.given.get("text"))

    def hold_limits(self, chat: str, now: float) -> None:
        if now < self.shut_until:
            raise too_many(self.shut_until - now)
        if wait := self.chats[chat].take(now):
            raise too_many(wait)
        if self.total and (wait := self.total.take(now)):
            self.shut_until = now + max(1, math.ceil(wait))
            raise too_many(wait)

    async def poll(self, given: Mapping[str, Any]) -> object:
        """What waits, from the offset on; a newer poll ends an older one."""
        self.polling += 1
        mine = self.polling
        offset = max(self.offset, int(given.get("offset") or 0))
        del self.updates[: offset - self.offset]
        self.offset = offset
        await self.tell("polled")
        async with self.happened:
            try:
                async with asyncio.timeout(float(given.get("timeout") or 0)):
                    await self.happened.wait_for(lambda: self.updates or self.polling != mine)
            except TimeoutError:
                return []
        if self.polling != mine:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return self.updates[: int(given.get("limit") or 100)]

    def set_hook(self, given: Mapping[str, Any]) -> bool:
        if self.hooking:
            self.hooking.cancel()
        self.hook = (given["url"], given.get("secret_token", "")) if given.get("url") else None
        self.hooking = asyncio.create_task(self.bring_to_hook(*self.hook)) if self.hook else None
        return True

    async def bring_to_hook(self, url: str, secret: str) -> None:
        """One update after the other, each until it was taken."""
        async with ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": secret}) as session:
            while True:
                async with self.happened:
                    await self.happened.wait_for(lambda: self.updates)
                try:
                    async with session.post(url, json=self.updates[0]) as answer:
                        went_well = answer.status == 200
                except (ClientError, OSError):
                    went_well = False
                if went_well:
                    del self.updates[0]
                    self.offset += 1
                else:
                    await asyncio.sleep(0.2)


def keys(given: Mapping[str, Any]) -> list[list[dict[str, str]]]:
    markup = given.get("reply_markup") or {}
    return (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])


async def given_with(request: web.Request) -> Mapping[str, Any]:
    if request.content_type == "application/json":
        return await request.json()
    return {**request.query, **await request.post()}


async def serve(options: argparse.Namespace) -> None:
    # Whoever hangs up has been heard all the same: the call goes on without them.
    runner = web.AppRunner(FarTelegram(options).application(), access_log=None, handler_cancellation=False, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.port, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", type=float, default=30, help="messages a second in all; 0: no limit")
    parser.add_argument("--burst", type=float, default=30)
    parser.add_argument("--chat-rate", type=float, default=1)
    parser.add_argument("--chat-burst", type=float, default=3)
    parser.add_argument("--faults", type=float, default=0, help="the share of calls that go wrong")
    parser.add_argument("--latency", type=float, default=0.03)
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
