"""Updates fetched from the sandbox: what confirms, what conflicts, what waits, what is lost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sandbox_telegram import ADA, Desk, Told, opened_desk

ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened_desk() as opened:
        yield opened


async def fetched(desk: Desk, **parameters: Any) -> list[Any]:
    """What getUpdates gives, asked long after the time before."""
    desk.time.forward(10)
    return list((await desk.call("getUpdates", **parameters)).result)


async def poller(desk: Desk, **parameters: Any) -> asyncio.Task[Told]:
    """A long poll that Telegram holds."""
    task = asyncio.create_task(desk.call("getUpdates", timeout=50, **parameters))
    await desk.time.next_sleep()
    return task


async def test_updates_stay_until_a_higher_offset_confirms_them(desk: Desk) -> None:
    """The same offset brings the same updates; the next one forgets them."""
    for words in ("one", "two", "three"):
        await desk.sandbox.type(ADA, words)
    first = await fetched(desk)
    assert [each["message"]["text"] for each in first] == ["one", "two", "three"]
    assert await fetched(desk) == first
    assert await fetched(desk, offset=first[1]["update_id"]) == first[1:]
    assert await fetched(desk, offset=first[-1]["update_id"] + 1, limit=5) == []
    assert desk.sandbox.pending == 0


async def test_a_negative_offset_keeps_only_the_newest(desk: Desk) -> None:
    """-1 gives the last update and forgets the rest."""
    for words in ("one", "two", "three"):
        await desk.sandbox.type(ADA, words)
    assert [each["message"]["text"] for each in await fetched(desk, offset=-1)] == ["three"]
    assert desk.sandbox.pending == 1


async def test_at_most_a_hundred_come_at_once(desk: Desk) -> None:
    """A limit is bounded by one and a hundred."""
    for number in range(120):
        await desk.sandbox.type(ADA, str(number))
    assert [len(await fetched(desk, limit=limit)) for limit in (None, 1000, 7, 0)] == [100, 100, 7, 1]


async def test_the_same_offset_within_half_a_second_brings_one_update(desk: Desk) -> None:
    """An impatient poller gets little; half a second later it gets all."""
    await desk.sandbox.type(ADA, "one")
    await desk.sandbox.type(ADA, "two")
    assert len(await fetched(desk, offset=1)) == 2
    desk.time.forward(0.4)
    assert len((await desk.call("getUpdates", offset=1)).result) == 1
    desk.time.forward(0.5)
    assert len((await desk.call("getUpdates", offset=1)).result) == 2


async def test_the_same_offset_asked_again_at_once_is_held_three_seconds(desk: Desk) -> None:
    """Where nothing waits, asking in a loop is slowed down."""
    await fetched(desk, offset=7)
    again = asyncio.create_task(desk.call("getUpdates", offset=7))
    assert await desk.time.next_sleep() == 3
    desk.time.forward(3)
    assert (await again).result == []


async def test_a_long_poll_ends_with_the_first_update_or_its_time(desk: Desk) -> None:
    """Held for the seconds asked, 50 at most, and answered as soon as something comes."""
    held = await poller(desk)
    await desk.sandbox.type(ADA, "hi")
    assert [each["message"]["text"] for each in (await held).result] == ["hi"]
    await fetched(desk, offset=-1)
    desk.time.forward(10)
    held = asyncio.create_task(desk.call("getUpdates", offset=5000, timeout=999))
    assert await desk.time.next_sleep() == 50
    desk.time.forward(50)
    assert (await held).result == []


async def test_of_two_pollers_the_first_is_sent_away(desk: Desk) -> None:
    """409, and the second one gets the updates."""
    first = await poller(desk)
    second = asyncio.create_task(desk.call("getUpdates", offset=1, timeout=50))
    assert (await first).refusal == (409, OTHER)
    await desk.sandbox.type(ADA, "hi")
    assert len((await second).result) == 1


async def test_a_poller_that_hangs_up_frees_its_place(desk: Desk) -> None:
    """Who comes after it is alone again and sees no conflict."""
    first = await poller(desk)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    second = await poller(desk, offset=1)
    await desk.sandbox.type(ADA, "hi")
    assert len((await second).result) == 1


async def test_a_webhook_and_a_poller_exclude_each_other(desk: Desk) -> None:
    """Setting a webhook ends the poll; while it stands every poll is a conflict; deleting it frees the way."""
    held = await poller(desk)
    assert (await desk.call("setWebhook", url="http://127.0.0.1:9/telegram")).body["description"] == "Webhook was set"
    assert (await held).refusal == (409, "Conflict: terminated by setWebhook request")
    assert (await desk.call("getUpdates")).refusal == (409, ACTIVE)
    assert (await desk.call("deleteWebhook")).body["description"] == "Webhook was deleted"
    assert await fetched(desk) == []


async def test_only_the_kinds_asked_for_come_and_the_choice_is_remembered(desk: Desk) -> None:
    """allowed_updates holds until another list is named; an empty one asks for the usual kinds."""
    await fetched(desk, allowed_updates=["callback_query"])
    await desk.sandbox.type(ADA, "unheard")
    await desk.sandbox.tap(ADA, 1, "g:en:menu")
    assert [set(each) - {"update_id"} for each in await fetched(desk)] == [{"callback_query"}]
    await fetched(desk, allowed_updates=[])
    await desk.sandbox.block(ADA)
    assert "my_chat_member" in (await fetched(desk))[-1]


async def test_a_tap_waits_150_seconds_and_a_text_a_day(desk: Desk) -> None:
    """What nobody fetched in time is lost."""
    await desk.sandbox.type(ADA, "hi")
    await desk.sandbox.tap(ADA, 1, "g:en:menu")
    assert len(await fetched(desk)) == 2
    desk.time.forward(150)
    assert ["message" in each for each in await fetched(desk)] == [True]
    desk.time.forward(86_400)
    assert await fetched(desk) == []


async def test_stopping_answers_whoever_waits(desk: Desk) -> None:
    """A held poll does not hold up the end."""
    held = await poller(desk)
    await desk.sandbox.stop()
    assert (await held).result == []
