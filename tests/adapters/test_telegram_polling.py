"""getUpdates: confirmed only after it was handled, a chat in order, danger first, nothing stuck."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram_house import House, begun_house, polling, tapped, typed, way_in
from telegram_wire import Reply, refusal

from adapters.outcome import WrongToken


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with begun_house() as house:
        yield house


async def test_polling_handles_and_then_confirms(house: House) -> None:
    """The next ask names the offset after the handled one, and not before it was handled."""
    house.core.gates["one"] = asyncio.Event()
    async with polling(house):
        await house.wire.give(typed(5, "one"))
        await house.wire.until(lambda: house.offsets()[-1:] == [5])
        assert house.sent() == []
        house.core.gates["one"].set()
        await house.wire.until(lambda: house.offsets()[-1:] == [6])
        assert house.sent() == ["answer to one"]
    assert house.core.heard == ["one"]


async def test_polling_answers_taps(house: House) -> None:
    """The edit is made, then the spinner is stopped."""
    async with polling(house):
        await house.wire.give(tapped(5))
        await house.wire.until(lambda: bool(house.wire.of("answerCallbackQuery")))
    methods = [call.method for call in house.wire.calls if call.method != "getUpdates"]
    assert methods == ["editMessageText", "answerCallbackQuery"]


async def test_a_chat_is_in_order_and_others_do_not_wait(house: House) -> None:
    """One slow question holds up its own chat only."""
    house.core.gates["slow"] = asyncio.Event()
    async with polling(house):
        await house.wire.give(typed(1, "slow"), typed(2, "after"), typed(3, "other", chat=43))
        await house.wire.until(lambda: bool(house.sent()))
        assert house.sent() == ["answer to other"]
        house.core.gates["slow"].set()
        await house.wire.until(lambda: len(house.sent()) == 3)
    assert house.sent() == ["answer to other", "answer to slow", "answer to after"]


async def test_danger_passes_its_own_chats_queue(house: House) -> None:
    """Call now comes before an answer that is still being made."""
    house.core.gates["slow"] = asyncio.Event()
    async with polling(house):
        await house.wire.give(typed(1, "slow"), typed(2, "chest pain"))
        await house.wire.until(lambda: len(house.sent()) == 2)
        assert house.sent()[0] == "call now: chest pain"
        house.core.gates["slow"].set()


async def test_the_same_offset_is_asked_again_after_half_a_second(house: House) -> None:
    """Not sooner, for Telegram would hand out one update only; what comes again is skipped."""
    house.core.gates["slow"] = asyncio.Event()
    house.time.held = True
    async with polling(house):
        await house.wire.give(typed(1, "slow"))
        await house.wire.until(lambda: len(house.offsets()) == 1)
        await house.time.sleeping.wait()
        assert (house.time.slept, len(house.offsets())) == ([0.5], 1)
        await house.wire.give(typed(2, "other", chat=43))
        house.time.pass_time()
        await house.wire.until(lambda: house.offsets()[-1:] == [1])
        await house.wire.until(lambda: house.sent() == ["answer to other"])
        house.core.gates["slow"].set()
    assert house.core.heard == ["slow", "other"]


async def test_eighty_unconfirmed_are_carried_on(house: House) -> None:
    """The oldest are confirmed before they are done, counted, and done all the same."""
    gate = house.core.gates["slow"] = asyncio.Event()
    async with polling(house):
        await house.wire.give(*(typed(identifier, "slow", chat=identifier) for identifier in range(1, 86)))
        await house.wire.until(lambda: house.offsets()[-1:] == [7])
        assert house.updates.counters.carried == 6
        gate.set()
        await house.wire.until(lambda: house.offsets()[-1:] == [86])
    assert len(house.sent()) == 85


async def test_an_urgent_answer_goes_on_while_others_are_served(house: House) -> None:
    """It is not confirmed before Telegram took it; other chats do not wait for that."""
    house.time.held = True
    async with polling(house):
        house.wire.script("sendMessage", *[refusal("Bad Gateway", 502)] * 3)
        await house.wire.give(typed(1, "chest pain"))
        await house.wire.until(lambda: len(house.sent()) == 1)
        house.time.held = False
        house.time.pass_time()
        await house.wire.give(typed(2, "other", chat=43))
        await house.wire.until(lambda: house.offsets()[-1:] == [3])
    assert house.sent().count("call now: chest pain") >= 2
    assert house.updates.counters.failed == 0


@pytest.mark.parametrize(
    ("reply", "waits"),
    [
        (refusal("Conflict: terminated by other getUpdates request", 409), [1, 2, 4]),
        (refusal("Too Many Requests: retry after 7", 429, retry_after=7), [7, 7, 7]),
        (refusal("Bad Gateway", 502), [1, 2, 4]),
        (Reply(200, body=b"nonsense"), [1, 2, 4]),
    ],
)
async def test_asking_backs_off_and_does_not_die(house: House, reply: Reply, waits: list[float]) -> None:
    """Trouble with getUpdates is waited out, longer each time; afterwards all is as before."""
    house.wire.script("getUpdates", reply, reply, reply)
    async with polling(house):
        await house.wire.give(typed(1, "hello"))
        await house.wire.until(lambda: house.sent() == ["answer to hello"])
    assert house.time.slept[:3] == waits


async def test_a_withdrawn_token_ends_polling(house: House) -> None:
    """It is an error with the setting's name and without the token."""
    house.wire.script("getUpdates", refusal("Unauthorized", 401))
    with pytest.raises(WrongToken, match="TELEGRAM_BOT_TOKEN"):
        await house.updates.poll()
    await house.updates.drain()


async def test_hostile_updates_do_not_stop_polling(house: House) -> None:
    """Without an id, of an unknown kind or of a broken shape: skipped or confirmed, and the next one is served."""
    async with polling(house):
        await house.wire.give({"update_id": 1}, {"update_id": 2, "message": []}, {"update_id": 3, "callback_query": 7}, typed(4, "hello"))
        await house.wire.until(lambda: house.offsets()[-1:] == [5])
    assert house.sent() == ["answer to hello"]


async def test_words_that_cannot_be_judged_do_not_end_polling(house: House) -> None:
    """They are taken for danger, answered, and the failure is counted."""

    def failing(words: str) -> bool:
        raise RecursionError

    house.updates = way_in(house.client, house.core, house.time, is_urgent=failing)
    async with polling(house):
        await house.wire.give(typed(1, "hello"))
        await house.wire.until(lambda: house.sent() == ["answer to hello"])
    assert house.updates.counters.failed == 1


async def test_stopping_drains_then_confirms(house: House) -> None:
    """What was begun is answered, then its id is confirmed; nothing new is taken."""
    gate = house.core.gates["slow"] = asyncio.Event()
    task = asyncio.create_task(house.updates.poll())
    await house.wire.give(typed(5, "slow"))
    await house.wire.until(lambda: bool(house.offsets()[1:]))
    draining = asyncio.create_task(house.updates.drain())
    await asyncio.sleep(0)
    assert not draining.done()
    gate.set()
    await draining
    await task
    assert house.sent() == ["answer to slow"]
    last = house.wire.of("getUpdates")[-1]
    assert (last["offset"], last["timeout"], last["limit"]) == (6, 0, 1)


async def test_draining_without_polling_is_quiet(house: House) -> None:
    """A program that never asked has nothing to confirm."""
    await house.updates.drain()
    assert house.wire.calls == []


async def test_no_log_line_tells_who_read_what(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """At the level of an operator neither chat nor words nor token stand in the log, also when things go wrong."""
    caplog.set_level(logging.INFO)
    house.wire.script("sendMessage", refusal("Bad Request: message is too long"), refusal("Bad Gateway", 502))
    house.wire.script("answerCallbackQuery", refusal("Bad Request: query is too old and response timeout expired"))
    async with polling(house):
        await house.wire.give(typed(1, "my rash", chat=424242), typed(2, "broken", chat=424242), tapped(3, chat=424242))
        await house.wire.until(lambda: bool(house.wire.of("answerCallbackQuery")))
    for secret in ("424242", "my rash", "answer to", "made-up"):
        assert secret not in caplog.text


async def test_after_quiet_days_nothing_is_assumed_of_ids(house: House) -> None:
    """Telegram begins its ids anew after an idle week, perhaps below the last one."""
    async with polling(house):
        await house.wire.give(typed(5_000, "hello"))
        await house.wire.until(lambda: house.offsets()[-1:] == [5_001])
        house.time.at += timedelta(days=6)
        await house.wire.give({"update_id": 10**20})
        await house.wire.until(lambda: house.offsets()[-1:] == [None])
        house.wire.updates.clear()
        await house.wire.give(typed(7, "again"))
        await house.wire.until(lambda: house.offsets()[-1:] == [8])
    assert house.sent() == ["answer to hello", "answer to again"]
