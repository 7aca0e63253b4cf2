"""The webhook: only with the secret, 200 only when handled, 503 while an urgent answer was not taken."""

import asyncio
import logging
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from telegram_house import SECRET_HEADER, House, begun_house, tapped, typed, way_in, webhook
from telegram_wire import refusal


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with begun_house() as house:
        yield house


async def test_a_webhook_is_confirmed_with_the_spinner_inside(house: House) -> None:
    """200 after the edit, and answerCallbackQuery rides in the response."""
    async with webhook(house) as post:
        status, _, body = await post(tapped(1))
        assert (status, body) == (200, {"method": "answerCallbackQuery", "callback_query_id": "q1"})
        assert len(house.wire.of("editMessageText")) == 1
        assert (await post(typed(2, "hello")))[::2] == (200, None)
        assert (await post(tapped(1)))[::2] == (200, None)
    assert house.wire.of("answerCallbackQuery") == []


@pytest.mark.parametrize("shown", [None, "", "wrong", "s3cre", "é"])
async def test_a_forged_secret_is_401_and_only_the_fact_is_logged(
    house: House, shown: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of the request is looked at or written down."""
    caplog.set_level(logging.DEBUG)
    headers = {} if shown is None else {SECRET_HEADER: shown}
    async with webhook(house) as post:
        assert (await post(typed(1, "forged words"), headers))[0] == 401
    assert house.core.heard == []
    assert "secret" in caplog.text
    assert "forged words" not in caplog.text
    assert "wrong" not in caplog.text


async def test_without_a_secret_nothing_is_let_in(house: House) -> None:
    """An empty setting is not an open door."""
    house.updates = way_in(house.client, house.core, house.time, secret="")
    async with webhook(house) as post:
        assert (await post(typed(1, "x"), {SECRET_HEADER: ""}))[0] == 401


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 5_000, b'"words"', b"null", b'{"update_id": "x"}'])
async def test_what_is_not_an_update_is_confirmed(house: House, body: bytes) -> None:
    """Refused it would come again and hold up its chat."""
    async with webhook(house) as post:
        assert (await post(body))[0] == 200
    assert house.core.heard == []


async def test_a_body_without_end_is_refused(house: House) -> None:
    """Telegram's own updates are far smaller."""
    async with webhook(house) as post:
        assert (await post(BytesIO(b"x" * (1024 * 1024 + 1))))[0] == 413


async def test_an_urgent_answer_not_taken_is_asked_for_again(house: House) -> None:
    """503 with Retry-After until Telegram took it; then 200, and never a third time."""
    house.wire.script("sendMessage", refusal("Too Many Requests: retry after 9", 429, retry_after=9))
    async with webhook(house) as post:
        status, headers, _ = await post(typed(1, "chest pain"))
        assert (status, headers["Retry-After"]) == (503, "9")
        assert (await post(typed(1, "chest pain")))[0] == 200
        assert (await post(typed(1, "chest pain")))[0] == 200
    assert house.sent().count("call now: chest pain") == 2
    assert house.updates.counters.failed == 0


async def test_an_urgent_answer_is_given_up_after_ten_minutes(house: House) -> None:
    """Then the update is confirmed and counted, so that the chat goes on."""
    waiting = refusal("Too Many Requests: retry after 400", 429, retry_after=400)
    house.wire.script("sendMessage", waiting, waiting, waiting)
    statuses = []
    async with webhook(house) as post:
        for _ in range(4):
            statuses.append((await post(typed(1, "chest pain")))[0])
            await house.time.clock().sleep(400)
    assert statuses == [503, 503, 200, 200]
    assert house.updates.counters.failed == 1


async def test_an_update_in_work_is_not_handled_beside_itself(house: House) -> None:
    """The same update while it is in work is asked to come again, and is then known."""
    gate = house.core.gates["slow"] = asyncio.Event()
    async with webhook(house) as post:
        first = asyncio.create_task(post(typed(1, "slow")))
        await house.core.begun.wait()
        assert (await post(typed(1, "slow")))[0] == 503
        gate.set()
        assert (await first)[0] == 200
        assert (await post(typed(1, "slow")))[0] == 200
    assert house.core.heard == ["slow"]


async def test_draining_waits_for_the_webhook(house: House) -> None:
    """What was accepted is handled before the program goes."""
    gate = house.core.gates["slow"] = asyncio.Event()
    async with webhook(house) as post:
        first = asyncio.create_task(post(typed(1, "slow")))
        await house.core.begun.wait()
        draining = asyncio.create_task(house.updates.drain())
        await asyncio.sleep(0)
        assert not draining.done()
        gate.set()
        await draining
        assert (await first)[0] == 200
    assert house.sent() == ["answer to slow"]
