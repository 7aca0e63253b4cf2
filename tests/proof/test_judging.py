"""The judge finds what it is there to find, and the far Telegram does what the judge believes of it."""

from pathlib import Path

import aiohttp
import pytest

from tests.proof.far import Line, far_telegram
from tests.proof.judging import Kill, Verdict, busiest_second, judge
from tests.proof.seeding import Kept

TAP = {"reply_markup": {"inline_keyboard": [[{"text": "Menu", "callback_data": "b:en:menu"}]]}}


def call(number: int, chat: str, at: float, who: str = "a", until: float | None = None) -> list[Line]:
    """A message of the bulk lane that was taken at once, and answered unless its caller was gone."""
    came = [Line(at, "came", chat, number, who, keys=("b:en:menu",)), Line(at, "taken", chat, number, who)]
    return came if until is None else [*came, Line(until, "ended", chat, number, who, status=200, taken=True)]


def verdict(lines: list[Line], kills: tuple[Kill, ...] = (), **states: str) -> Verdict:
    """What is judged of rows in these states."""
    return judge(lines, [Kept(chat, state, "a", "") for chat, state in states.items()], kills)


def test_what_went_well_is_well() -> None:
    """Everything came once."""
    assert verdict(call(1, "x", 0, until=1) + call(2, "y", 1, until=2), x="sent", y="sent").wrong == []


@pytest.mark.parametrize("state", ["sent", "waiting", "claimed", "on_wire", "refused", "skipped"])
def test_what_nobody_got_is_lost(state: str) -> None:
    """Whatever the store says of it, but for unknown."""
    assert verdict([], x=state).lost == ("x",)
    assert verdict([], x="unknown").lost == ()


def test_what_came_twice_is_doubled() -> None:
    """Also where the store knows of one."""
    assert verdict(call(1, "x", 0) + call(2, "x", 5), x="sent").doubled == ("x",)


def test_a_kill_may_leave_open_calls_and_two_more_unknown() -> None:
    """Calls that were answered before the kill do not count as open; a row nobody can lay at its door is told."""
    lines = call(1, "x", 0, until=1) + call(2, "y", 9)
    held = frozenset({"x", "y", "u", "v"})
    allowed = verdict(lines, (Kill(10, "a", on_wire=held),), x="sent", y="unknown", u="unknown", v="unknown")
    assert (allowed.kills[0].unknown, allowed.kills[0].open, allowed.wrong) == (3, 1, [])
    too_much = verdict(lines, (Kill(10, "a", on_wire=held),), x="unknown", y="unknown", u="unknown", v="unknown")
    assert too_much.wrong == ["4 unknown by a kill with 1 calls open"]
    assert verdict(lines, (), x="sent", y="unknown").unexplained == ("y: ",)


def test_taking_over_late_is_told() -> None:
    """What the killed worker had claimed must arrive within half a minute; where the next one dies too, from then on."""
    lines = call(1, "x", 0, until=1) + call(2, "z", 20, "b", until=21) + call(3, "y", 41, "c", until=42)
    rows = [Kept("x", "sent", "one", ""), Kept("z", "sent", "two", ""), Kept("y", "sent", "three", "")]
    first, second = Kill(10, "a", {"y": "one", "other": "two"}), Kill(30, "b", {"y": "two"})
    assert judge(lines, rows, [first]).wrong == ["taken over after 31.0 s"]
    assert [kill.takeover for kill in judge(lines, rows, [first, second]).kills] == [0, 11]


def test_the_busiest_second_slides() -> None:
    """It need not begin with a whole second."""
    assert busiest_second([0.0, 0.9, 1.0, 1.5, 1.8, 3.0]) == 4
    assert busiest_second([]) == 0


async def test_the_far_telegram_holds_limits_and_writes_down_what_came(tmp_path: Path) -> None:
    """The third message at once is one too many, a blocked chat is refused, and each is laid at its caller's door."""
    async with far_telegram(tmp_path, rate=1, burst=2, latency=0) as far, aiohttp.ClientSession() as session:

        async def send(chat: int) -> int:
            async with session.post(f"{far.url('w')}/bot1:x/sendMessage", json={"chat_id": chat, "text": "hi", **TAP}) as answer:
                return answer.status

        await far.block([3])
        assert [await send(chat) for chat in (1, 3, 2, 2)] == [200, 403, 429, 429]
        await far.until("ended", 4)
        seen = far.lines()
    assert [line.chat for line in seen if line.what == "came"] == ["1", "3", "2", "2"]
    assert all(line.bulk and line.who == "w" for line in seen if line.what == "came")
    assert [line.chat for line in seen if line.what == "taken"] == ["1"]


async def test_the_far_telegram_has_the_same_faults_every_time(tmp_path: Path) -> None:
    """A seed decides which calls go wrong and how; every way occurs."""
    met: list[dict[int, str | None]] = []
    for run in ("first", "second"):
        (tmp_path / run).mkdir()
        async with far_telegram(tmp_path / run, rate=0, faults=0.5, seed=7, latency=0) as far, aiohttp.ClientSession() as session:
            for chat in range(60):
                soon = aiohttp.ClientTimeout(total=0.2)
                try:
                    async with session.post(f"{far.url('w')}/bot1:x/sendMessage", json={"chat_id": chat, "text": "hi"}, timeout=soon):
                        pass
                except (aiohttp.ClientError, TimeoutError):
                    continue
            met.append({line.call: line.fault for line in far.lines() if line.what == "ended"})
    assert met[0] == met[1]
    assert set(met[0].values()) == {None, "429", "500", "page before", "page after", "reset before", "reset after"}
