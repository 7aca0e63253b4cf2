"""Tips as they run: planned, brought in their places, settled; whatever the platform, the store or the power does meanwhile."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from outbox import BOT, TEN, address, milliseconds, rows, schedules, states, subscribe, write
from passing import Counted, Passing

from adapters.lanes import Lane, Spent
from adapters.outcome import Outcome, Sent
from adapters.store import Store
from adapters.store.budget import Bot
from adapters.store.outlook import outlook
from bots.courier import Sender
from bots.tips import Tips
from content.model import Library
from content.people import Address, Erase, Stop
from content.screen import Screen

ARRIVED = Sent(Outcome.SENT, "1")


@dataclass
class Phone:
    """A platform that keeps what it got and when. `words` are its answers to one chat, in order; `held` keeps every call waiting."""

    time: Passing
    spent: Spent = field(default_factory=Spent)
    got: list[tuple[datetime, str, Screen]] = field(default_factory=list)
    words: defaultdict[str, deque[Sent | Exception]] = field(default_factory=lambda: defaultdict(deque))
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 0
    bot: Bot | None = BOT

    def __post_init__(self) -> None:
        self.opened.set()

    async def send(self, address: Address, screen: Screen, lane: Lane) -> Sent:
        """Take a message, or answer as the test wants it."""
        assert lane is Lane.BULK
        self.calls += 1
        at = self.time.at
        await self.opened.wait()
        word = self.words[address.chat].popleft() if self.words[address.chat] else ARRIVED
        if isinstance(word, Exception):
            raise word
        if word is ARRIVED:
            self.got.append((at, address.chat, screen))
        return word

    def chats(self) -> list[str]:
        """Who got something, in order."""
        return [chat for _, chat, _ in self.got]

    def sender(self) -> Sender:
        """As the program hands it over."""
        return Sender(self, "patient", lambda: self.bot)


@dataclass
class Evening:
    """A store, a time, a phone, and the library of the moment."""

    store: Store
    counted: Counted
    time: Passing
    phone: Phone
    library: Library

    @asynccontextmanager
    async def running(self, owner: str = "one") -> AsyncIterator[Tips]:
        """Tips run for the length of the block."""
        tips = Tips(lambda: self.library, self.counted, [self.phone.sender()], self.time.clock(), owner)
        serving = asyncio.create_task(tips.serve())
        yield tips
        stopping = asyncio.create_task(tips.stop())
        await self.time.go_on(seconds=2)
        await asyncio.gather(stopping, serving)


@pytest.fixture
def evening(store: Store, library: Library) -> Evening:
    """At ten, when tips are due."""
    counted = Counted(store)
    time = Passing(TEN, counted)
    return Evening(store, counted, time, Phone(time), library)


def names(library: Library) -> list[str]:
    """The first series' tips, in order."""
    return [tip.id for tip in library.series["en"]["starting"].tips.values()]


async def test_a_tip_comes_on_its_day(evening: Evening) -> None:
    """At its time, with Stop and Urgent on it; then nothing until the next day, which brings the next one."""
    evening.time.at = TEN - timedelta(minutes=1)
    await subscribe(evening.store, "42")
    async with evening.running() as tips:
        await evening.time.go_on(seconds=59)
        assert evening.phone.got == []
        await evening.time.go_on(seconds=10)
        ((at, chat, screen),) = evening.phone.got
        assert chat == "42"
        assert TEN <= at < TEN + timedelta(seconds=0.1)
        assert {"stop", "urgent"} <= {button.target for button in screen.buttons()}
        evening.time.at = TEN + timedelta(hours=23)
        await evening.time.go_on(seconds=10)
        assert len(evening.phone.got) == 1
        evening.time.at = TEN + timedelta(hours=24)
        await evening.time.go_on(seconds=10)
        assert [row.item for row in await rows(evening.store)] == names(evening.library)[:2]
        assert await states(evening.store) == ["sent", "sent"]
        assert tips.counts["telegram"]["tips_sent"] == 2
        assert tips.waiting == {"telegram": 0.0}


async def test_what_is_refused_again_and_again_is_seen_to_wait(evening: Evening) -> None:
    """The gauge tells since when it was due, though its next try is always in the future."""
    await subscribe(evening.store, "42")
    evening.phone.words["42"].extend([Sent(Outcome.LATER, reason="server")] * 20)
    async with evening.running() as tips:
        await evening.time.go_on(minutes=10)
        assert 7 * 60 < tips.waiting["telegram"] < 11 * 60
        stands = await outlook(evening.store, evening.time.at)
        assert stands.waiting == 1
        assert stands.since
        assert abs(stands.since - TEN) < timedelta(minutes=1)


async def test_the_bots_rate_is_kept(evening: Evening) -> None:
    """A hundred readers at thirty a second: evenly, and nearly as fast as may be."""
    await subscribe(evening.store, *range(100))
    async with evening.running():
        await evening.time.go_on(seconds=10)
    moments = [at for at, _, _ in evening.phone.got]
    assert len(set(evening.phone.chats())) == len(moments) == 100
    assert min(after - before for before, after in pairwise(moments)) >= timedelta(milliseconds=33)
    assert moments[-1] - moments[0] < timedelta(seconds=100 / 30 / 0.97)


async def test_replies_take_their_share(evening: Evening) -> None:
    """Ten replies a second leave twenty places for tips."""
    await subscribe(evening.store, *range(100))
    async with evening.running():
        for _ in range(30):
            evening.phone.spent.add(Lane.REPLY, evening.time.at)
            await evening.time.go_on(seconds=0.1)
    assert 55 <= sum(at < TEN + timedelta(seconds=3) for at, _, _ in evening.phone.got) <= 70


async def test_too_many_requests_shuts_the_lane_and_loses_nothing(evening: Evening, caplog: pytest.LogCaptureFixture) -> None:
    """For as long as the platform says nobody gets a tip; what had a place waits again, and everybody gets one in the end."""
    await subscribe(evening.store, *range(60))
    evening.phone.words["20"].append(Sent(Outcome.LATER, retry_after=7, reason="too many requests"))
    async with evening.running() as tips:
        await evening.time.go_on(seconds=60)
        assert tips.counts["telegram"]["tips_tried_again"] == 1
    told = TEN + timedelta(microseconds=20 * 33_333)
    assert not [at for at, _, _ in evening.phone.got if told + timedelta(seconds=0.1) < at < told + timedelta(seconds=7)]
    assert sorted(map(int, evening.phone.chats())) == list(range(60))
    assert set(await states(evening.store)) == {"sent"}
    assert caplog.text.count("wants no tips for 7 s") == 1


async def test_a_platform_cannot_shut_the_lane_for_ever(evening: Evening) -> None:
    """Whatever it says, it is asked again after a day."""
    await subscribe(evening.store, "1", "2")
    evening.phone.words["1"].append(Sent(Outcome.LATER, retry_after=1e300))
    async with evening.running():
        await evening.time.go_on(seconds=5)
        await evening.store.keep([Stop(address("1"))], evening.time.at)
        await write(evening.store, "3", item=names(evening.library)[0], too_late=milliseconds(TEN + timedelta(days=2)))
        evening.time.at += timedelta(days=1)
        await evening.time.go_on(seconds=5)
        assert "3" in evening.phone.chats()


async def test_every_outcome_has_its_end(evening: Evening) -> None:
    """Gone ends the subscription, refused stays as a dead letter, unknown is not repeated, later is tried again."""
    await subscribe(evening.store, "gone", "refused", "unknown", "later", "broken", "fine")
    words = evening.phone.words
    words["gone"].append(Sent(Outcome.GONE, reason="forbidden"))
    words["refused"].append(Sent(Outcome.REFUSED, reason="bad request"))
    words["unknown"].append(Sent(Outcome.UNKNOWN, reason="timed out"))
    words["later"] += [Sent(Outcome.LATER, reason="telegram is overloaded")] * 2
    words["broken"].append(ValueError("the words of a reader"))
    async with evening.running() as tips:
        await evening.time.go_on(minutes=2)
        counts = tips.counts["telegram"]
    found = {row.chat: (row.state, row.attempts) for row in await rows(evening.store)}
    ends = {"gone": ("gone", 1), "refused": ("refused", 1), "unknown": ("unknown", 1), "later": ("sent", 3), "broken": ("unknown", 1)}
    assert found == ends | {"fine": ("sent", 1)}
    assert "gone" not in await schedules(evening.store)
    assert counts["tips_sent"] == counts["tips_unknown"] == counts["tips_tried_again"] == 2
    assert counts["tips_gone"] == counts["tips_refused"] == 1


@pytest.mark.parametrize("ends", [Stop, Erase])
async def test_who_stops_in_the_middle_gets_nothing_more(evening: Evening, ends: type[Stop | Erase]) -> None:
    """Also those whose message already had a place."""
    await subscribe(evening.store, *range(90))
    async with evening.running():
        await evening.time.go_on(seconds=1)
        stopped = [str(chat) for chat in range(30, 90) if str(chat) not in evening.phone.chats()]
        on_its_way = len(evening.phone.got)
        await evening.store.keep([ends(address(chat)) for chat in stopped], evening.time.at)
        await evening.time.go_on(minutes=1)
    assert stopped
    assert not set(stopped) & set(evening.phone.chats()[on_its_way:])


async def test_a_store_that_is_away_for_a_minute_loses_nothing(evening: Evening, caplog: pytest.LogCaptureFixture) -> None:
    """What was on the wire is settled when it is back, nobody gets two, and the log has one line for each change."""
    caplog.set_level(logging.WARNING)
    await subscribe(evening.store, *range(60))
    evening.phone.opened.clear()
    async with evening.running() as tips:
        await evening.time.go_on(seconds=1)
        assert evening.phone.calls > 20
        evening.counted.away = True
        evening.phone.opened.set()
        await evening.time.go_on(minutes=1)
        evening.counted.away = False
        await evening.time.go_on(minutes=1)
        assert sorted(map(int, evening.phone.chats())) == list(range(60))
        assert set(await states(evening.store)) == {"sent"}
        assert tips.counts["telegram"]["tips_sent"] == 60
    assert [record.message for record in caplog.records] == [
        "the store does not answer (gone fishing); tips wait until it does",
        "the store answers again; tips go on",
    ]


async def test_a_store_that_does_what_it_does_not_say_loses_nothing(evening: Evening) -> None:
    """A mark that may have been kept is no reason to send, and none to call it lost."""
    await subscribe(evening.store, *range(60))
    async with evening.running():
        await evening.time.go_on(seconds=1)
        evening.counted.mute = True
        await evening.time.go_on(seconds=20)
        evening.counted.mute = False
        await evening.time.go_on(minutes=2)
    assert sorted(map(int, evening.phone.chats())) == list(range(60))
    assert set(await states(evening.store)) == {"sent"}


async def test_stopping_gives_back_what_has_not_left(evening: Evening) -> None:
    """And waits for the word on what has; the next program brings the rest."""
    await subscribe(evening.store, *range(60))
    evening.phone.opened.clear()
    async with evening.running() as tips:
        await evening.time.go_on(seconds=0.2)
        stopping = asyncio.create_task(tips.stop())
        await evening.time.go_on(seconds=1)
        on_the_wire = evening.phone.calls
        assert 5 < on_the_wire < 30
        assert sorted(set(await states(evening.store))) == ["on_wire", "waiting"]
        assert not stopping.done()
        evening.phone.opened.set()
        await evening.time.go_on(seconds=1)
        await stopping
        assert (await states(evening.store)).count("sent") == on_the_wire
    async with evening.running("two"):
        await evening.time.go_on(seconds=10)
    assert sorted(map(int, evening.phone.chats())) == list(range(60))


async def test_another_takes_over_from_a_worker_that_died(evening: Evening) -> None:
    """What the dead one had claimed is sent within thirty seconds; what it had on the wire is unknown, and is not sent again."""
    await write(evening.store, *range(8), item=names(evening.library)[0])
    dead = Tips(lambda: evening.library, evening.counted, [evening.phone.sender()], evening.time.clock(), "dead")
    serving = asyncio.create_task(dead.serve())
    evening.phone.opened.clear()
    await evening.time.go_on(seconds=0.1)
    on_the_wire = evening.phone.calls
    assert 0 < on_the_wire < 8
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    evening.phone.opened.set()
    async with evening.running("living") as tips:
        await evening.time.go_on(seconds=29)
        assert len(evening.phone.got) == 8 - on_the_wire
        await evening.time.go_on(seconds=30)
        assert sorted(await states(evening.store)) == ["sent"] * (8 - on_the_wire) + ["unknown"] * on_the_wire
        assert tips.counts["telegram"]["tips_unknown"] == on_the_wire
        assert evening.phone.calls == 8


async def test_what_is_said_is_the_librarys_of_the_moment(evening: Evening) -> None:
    """A card withdrawn between planning and sending takes its tip with it."""
    await subscribe(evening.store, "42")
    first = evening.library.series["en"]["starting"].tips[names(evening.library)[0].split("/")[1]]
    card = evening.library.cards["en"][first.card]
    evening.phone.bot = None
    async with evening.running() as tips:
        await evening.time.go_on(seconds=1)
        await write(evening.store, "42", item=first.id)
        withdrawn = {**evening.library.cards["en"], card.id: replace(card, withdrawn="we look at it again")}
        evening.library = replace(evening.library, cards={**evening.library.cards, "en": withdrawn})
        await evening.store.keep([Stop(address("43"))], TEN)
        evening.phone.bot = BOT
        await evening.time.go_on(seconds=5)
        assert (await states(evening.store))[0] == "skipped"
        assert tips.counts["telegram"]["tips_skipped"] == 1


async def test_a_message_that_cannot_be_drawn_is_a_dead_letter(evening: Evening) -> None:
    """The next one is drawn all the same."""
    await write(evening.store, "1", language="en", item="starting/" + "x" * 10)
    await write(evening.store, "2", item=names(evening.library)[0])
    broken = replace(evening.library, phrases={"en": {**evening.library.phrases["en"]}, "es": {}})
    evening.library = broken
    await write(evening.store, "3", item=names(evening.library)[0], language="es")
    async with evening.running():
        await evening.time.go_on(seconds=5)
    found = {row.chat: (row.state, row.reason) for row in await rows(evening.store)}
    assert found["2"][0] == "sent"
    assert found["1"] == ("skipped", "nothing to say any more")
    assert found["3"][0] == "refused"
    assert found["3"][1].startswith("not drawn: KeyError")


async def test_nothing_is_planned_for_a_platform_that_has_not_let_us_in(evening: Evening) -> None:
    """Its readers' tips wait, and come when it has."""
    await subscribe(evening.store, "42")
    evening.phone.bot = None
    async with evening.running() as tips:
        await evening.time.go_on(minutes=10)
        assert tips.counts == {}
        assert await rows(evening.store) == []
        evening.phone.bot = BOT
        await evening.time.go_on(seconds=3)
        assert evening.phone.chats() == ["42"]


async def test_a_slow_platform_is_not_given_more_than_it_takes(evening: Evening) -> None:
    """While no call comes back, a hundred are on the wire and no more."""
    await write(evening.store, *range(300), item=names(evening.library)[0])
    evening.phone.opened.clear()
    evening.phone.bot = replace(BOT, rate=1_000)
    async with evening.running():
        await evening.time.go_on(seconds=5)
        assert evening.phone.calls == 100
        evening.phone.opened.set()
        await evening.time.go_on(seconds=5)
    assert len(evening.phone.got) == 300


async def test_a_wish_of_the_moment_is_brought_at_once(evening: Evening) -> None:
    """Who writes a row wakes the loops, and nobody waits for the next look."""
    async with evening.running() as tips:
        await evening.time.go_on(seconds=0.5)
        await write(evening.store, "42", item=names(evening.library)[0])
        tips.wake()
        await evening.time.go_on(seconds=0.01)
        assert evening.phone.chats() == ["42"]


async def test_an_idle_program_asks_little(evening: Evening) -> None:
    """Two reads a second, and a look at what was left now and then."""
    async with evening.running():
        await evening.time.go_on(seconds=1)
        before = evening.counted.calls
        await evening.time.go_on(minutes=1)
        assert evening.counted.calls - before <= 60 * 2 + 15


async def test_the_day_after_the_clocks_were_wrong(evening: Evening) -> None:
    """A clock a day ahead and set right again brings no tip twice, and shuts no lane."""
    await subscribe(evening.store, "42", "43")
    async with evening.running():
        await evening.time.go_on(seconds=5)
        evening.time.at += timedelta(days=1)
        await evening.time.go_on(seconds=5)
        evening.time.at -= timedelta(days=1)
        for hours in (1, 23, 24, 25):
            evening.time.at = TEN + timedelta(hours=hours)
            await evening.time.go_on(seconds=5)
    assert sorted(evening.phone.chats()) == ["42", "42", "43", "43"]
    assert sorted(row.occasion for row in await rows(evening.store)) == ["2026-11-25"] * 2 + ["2026-11-26"] * 2


async def test_old_addresses_go_within_the_hour(evening: Evening) -> None:
    """A week after it was sent no row says to whom."""
    await subscribe(evening.store, "42")
    async with evening.running():
        await evening.time.go_on(seconds=5)
        await evening.store.keep([Stop(address("42"))], evening.time.at)
        evening.time.at += timedelta(days=7, seconds=1)
        await evening.time.go_on(seconds=5)
        assert [row.chat for row in await rows(evening.store)] == [None]
