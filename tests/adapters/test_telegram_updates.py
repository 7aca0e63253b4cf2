"""One update handled: answered once, failures told and counted, every tap's spinner stopped."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram_house import TROUBLE, House, begun_house, tapped, typed, way_in
from telegram_wire import Reply, refusal


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with begun_house() as house:
        yield house


async def test_handling_leaves_the_spinner_for_the_response(house: House) -> None:
    """A tap edits first; answering the callback query is what is left. Words leave nothing."""
    assert await house.updates.handle(tapped(1)) == {"method": "answerCallbackQuery", "callback_query_id": "q1"}
    assert [each["text"] for each in house.wire.of("editMessageText")] == ["answer to menu"]
    assert await house.updates.handle(typed(2, "hello")) is None
    assert house.sent() == ["answer to hello"]


async def test_an_update_is_handled_once(house: House) -> None:
    """The same id again says nothing; the same words under another id are another question."""
    for identifier in (1, 1, 2):
        await house.updates.handle(typed(identifier, "hello"))
    assert house.core.heard == ["hello", "hello"]


async def test_an_urgent_answer_to_words_is_two_messages_and_to_a_tap_one(house: House) -> None:
    """Each message is sent by itself; a tap has one message to redraw."""
    await house.updates.handle(typed(1, "chest pain"))
    assert house.sent() == ["call now: chest pain", "who to call"]
    await house.updates.handle(tapped(2, "g:en:urgent"))
    assert [each["text"] for each in house.wire.of("editMessageText")] == ["call now: urgent\n\nwho to call"]


async def test_a_failing_turn_says_so_and_counts(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """The reader gets one sentence, the spinner stops, and the log holds the place of the error but not its words."""
    assert await house.updates.handle(typed(1, "broken")) is None
    assert house.sent() == [TROUBLE.text]
    assert await house.updates.handle(tapped(2, "g:en:broken")) is not None
    assert house.updates.counters.failed == 2
    assert "ValueError at telegram_house.py" in caplog.text
    assert "the words of a reader" not in caplog.text


async def test_a_turn_that_takes_too_long_is_ended(house: House) -> None:
    """The limit passes, the reader is told, and the failure is counted."""
    house.core.gates["slow"] = asyncio.Event()
    hurried = way_in(house.client, house.core, house.time, thinking=0)
    await hurried.handle(typed(1, "slow"))
    assert house.sent() == [TROUBLE.text]
    assert hurried.counters.failed == 1


async def test_an_answer_of_unknown_fate_is_counted_and_not_repeated(house: House) -> None:
    """What left without a word back stands in its own count."""
    house.wire.script("sendMessage", Reply(502, body=b"<html>"))
    await house.updates.handle(typed(1, "hello"))
    assert (len(house.sent()), house.updates.counters.unknown, house.updates.counters.failed) == (1, 1, 0)


async def test_an_answer_that_is_refused_is_counted(house: House) -> None:
    """Whoever blocked the bot is no failure of ours; a refused screen is."""
    house.wire.script("sendMessage", refusal("Forbidden: bot was blocked by the user", 403), refusal("Bad Request: message is too long"))
    await house.updates.handle(typed(1, "hello"))
    assert house.updates.counters.failed == 0
    await house.updates.handle(typed(2, "hello"))
    assert house.updates.counters.failed == 1


async def test_a_broken_tap_is_answered_all_the_same(house: House) -> None:
    """Whatever else is missing, the spinner stops."""
    assert await house.updates.handle({"update_id": 1, "callback_query": {"id": "q1"}}) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "q1",
    }
    assert house.core.heard == []


async def test_an_unreadable_tap_is_a_page_that_is_gone(house: House) -> None:
    """Ancient data comes to the core as the target that says so."""
    await house.updates.handle(tapped(1, "v0:something:old"))
    assert house.core.heard == ["gone"]
