"""Between a platform and the store: danger is answered whatever the store does, and nothing is called saved that was not."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from adapters.clock import system_clock
from adapters.slack import turn as slack
from adapters.store import Store, StoreDown
from adapters.tasks import Tasks
from adapters.telegram import turn as telegram
from bots.respond import SECONDS, Seconds, responder
from content.events import Event, Go, Say
from content.model import Library
from content.people import Address, Adjust, Audience, Change, Confirm, Gap, Kept, Reader
from content.subscribing import Overtaken

ANNA = Address("telegram", "1", "42")


class Remembering:
    """A store that remembers what it was asked. `down` answers nothing, `slow` never answers."""

    def __init__(self, *, down: bool = False, slow: bool = False) -> None:
        self.down, self.slow, self.overtaken = down, slow, False
        self.gate = asyncio.Event()
        self.gate.set()
        self.read: list[Address] = []
        self.changes: list[Change] = []

    async def _work(self) -> None:
        if self.slow:
            await asyncio.Event().wait()
        if self.down:
            raise StoreDown

    async def reader(self, address: Address, audience: Audience) -> Reader:
        """One read."""
        self.read.append(address)
        await self._work()
        return Reader(address, audience, "es", "mx")

    async def kept(self, address: Address) -> Kept | None:
        """Everything kept."""
        await self._work()
        return Kept("es", "mx", datetime(2026, 11, 24).date())

    async def keep(self, changes: Sequence[Change], now: datetime) -> None:
        """Remember the changes."""
        await self.gate.wait()
        await self._work()
        if self.overtaken:
            raise Overtaken
        self.changes += changes


async def test_a_tap_on_a_card_reads_no_table(library: Library) -> None:
    """The store is not asked at all."""
    store = Remembering(down=True)
    found = await responder(lambda: library, store, "patient", system_clock())(Go(ANNA, ANNA, "side-effects/overview", "en"))
    assert store.read == []
    assert "Not yet reviewed" in found.screens[0].text


async def test_typed_words_read_one_row(library: Library) -> None:
    """The reader's language and region come from it."""
    store = Remembering()
    respond = responder(lambda: library, store, "patient", system_clock())
    assert (await respond(Say(ANNA, ANNA, "menu"))).screens[0].language == "es"
    assert "911" in (await respond(Say(ANNA, ANNA, "no puedo respirar"))).screens[0].text
    assert store.read == [ANNA, ANNA]


async def test_danger_is_answered_when_the_store_is_down_or_slow(library: Library) -> None:
    """Within the time that a read may take, with the general numbers."""
    for store in (Remembering(down=True), Remembering(slow=True)):
        found = await responder(lambda: library, store, "patient", system_clock())(Say(ANNA, ANNA, "i cannot breathe"))
        assert found.urgent
        assert "emergency number" in found.screens[0].text


async def test_nothing_is_called_saved_that_was_not(library: Library) -> None:
    """A choice that the store did not take shows the other screen."""
    found = await responder(lambda: library, Remembering(down=True), "patient", system_clock())(Go(ANNA, ANNA, "region/es", "en"))
    assert "Saved" not in found.screens[0].text
    assert "112" in found.screens[0].text


@pytest.mark.parametrize(
    "event", [Say(ANNA, ANNA, "stop"), Go(ANNA, ANNA, "region/es", "en"), Go(ANNA, ANNA, "tips/add/starting/madrid", "en")]
)
async def test_a_store_that_hangs_never_costs_the_reader_the_truth(library: Library, event: Event) -> None:
    """While it still thinks, they are told that it was not kept, and not that something went wrong."""
    refusing, hanging = Remembering(), Remembering()
    refusing.overtaken = True
    hanging.gate.clear()
    expected = await responder(lambda: library, refusing, "patient", system_clock())(event)
    found = await responder(lambda: library, hanging, "patient", system_clock(), seconds=Seconds(read=0.01, answer=0.01))(event)
    assert found.screens == expected.screens == (expected.otherwise,)


def test_the_store_is_given_up_before_the_turn_is() -> None:
    """Whoever waits for a turn or a form hears what was not kept."""
    assert min(telegram.THINKING_SECONDS, slack.THINKING_SECONDS, slack.SUBMITTED_SECONDS) > SECONDS.answer


async def test_what_is_kept_is_not_guessed(library: Library) -> None:
    """With the store down `mydata` and `forget` say so, instead of "nothing is kept"."""
    respond = responder(lambda: library, Remembering(down=True), "patient", system_clock())
    for words in ("mydata", "forget"):
        text = (await respond(Say(ANNA, ANNA, words))).screens[0].text
        assert "right now" in text or "just now" in text


async def test_a_new_library_is_spoken_at_once(library: Library) -> None:
    """The library is asked for at every turn, so it can be replaced while running."""
    asked: list[Library] = []

    def today() -> Library:
        asked.append(library)
        return library

    respond = responder(today, Remembering(), "patient", system_clock())
    await respond(Say(ANNA, ANNA, "menu"))
    await respond(Say(ANNA, ANNA, "menu"))
    assert len(asked) == 2


async def test_what_is_kept_later_never_holds_up_the_answer(library: Library) -> None:
    """A tap under a tip is answered while the store thinks, and kept when it answers; whoever stops can wait for that."""
    store, tasks = Remembering(), Tasks()
    store.gate.clear()
    respond = responder(lambda: library, store, "patient", system_clock(), tasks)
    found = await respond(Go(ANNA, ANNA, "side-effects/overview", "en", below=True))
    assert "Not yet reviewed" in found.screens[0].text
    assert store.changes == []
    store.gate.set()
    await tasks.drain(5)
    assert store.changes == [Confirm(ANNA)]


async def test_what_cannot_be_kept_later_is_only_told(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    """The reader has their answer."""
    tasks = Tasks()
    respond = responder(lambda: library, Remembering(down=True), "patient", system_clock(), tasks)
    assert (await respond(Go(ANNA, ANNA, "side-effects/overview", "en", below=True))).screens
    await tasks.drain(5)
    assert "did not keep" in caplog.text


async def test_a_stop_that_came_first_wins(library: Library) -> None:
    """The change is not kept, and nothing is called saved."""
    store = Remembering()
    store.overtaken = True
    found = await responder(lambda: library, store, "patient", system_clock())(Go(ANNA, ANNA, "region/es", "en"))
    assert "Saved" not in found.screens[0].text


async def test_a_question_without_a_good_card_is_counted(library: Library) -> None:
    """Beside the answer, which never waits for it."""
    store, tasks = Remembering(), Tasks()
    store.gate.clear()
    respond = responder(lambda: library, store, "patient", system_clock(), tasks)
    assert (await respond(Say(ANNA, ANNA, "would a budgie mind biologics near its cage"))).screens
    assert store.changes == []
    store.gate.set()
    await tasks.drain(5)
    assert [type(change) for change in store.changes] == [Gap]


async def test_a_stop_wins_over_a_first_choice_that_came_before_it(store: Store, library: Library) -> None:
    """The tap is on its way while the stop finds nothing to stop: the reader is not subscribed after it, nor told so."""
    readers = Behind(store)
    respond = responder(lambda: library, readers, "patient", system_clock())
    tap = asyncio.create_task(respond(Go(ANNA, ANNA, "tips/add/starting/madrid", "en")))
    await readers.held.wait()
    await respond(Say(ANNA, ANNA, "stop"))
    readers.gate.set()
    assert (await tap).screens[0].rows[0][0].target == "tips"
    kept = await store.kept(ANNA)
    assert kept is None or kept.subscription is None or kept.subscription.state == "stopped"
    await respond(Go(ANNA, ANNA, "tips/go-on", "en"))
    kept = await store.kept(ANNA)
    assert kept
    assert kept.subscription
    assert kept.subscription.state == "on"


class Behind:
    """A store that keeps a first choice only when the gate opens."""

    def __init__(self, store: Store) -> None:
        self.store, self.gate, self.held = store, asyncio.Event(), asyncio.Event()
        self.reader, self.kept = store.reader, store.kept

    async def keep(self, changes: Sequence[Change], now: datetime) -> None:
        """Late, where it is a choice."""
        if any(isinstance(change, Adjust) for change in changes):
            self.held.set()
            await self.gate.wait()
        await self.store.keep(changes, now)
