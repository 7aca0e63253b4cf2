"""Which updates are confirmed, and in which order chats are served; without a network."""

import asyncio
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.queues import InWork, Queues
from adapters.telegram.window import Recent, Window


def test_the_lowest_in_work_is_asked_from() -> None:
    """What is done above it stays unconfirmed; when it is done, all that is done goes with it."""
    window = Window()
    assert window.offset is None
    assert [window.add(identifier) for identifier in (5, 6, 7)] == [True, True, True]
    window.finish(6)
    assert (window.offset, len(window)) == (5, 3)
    window.finish(5)
    assert (window.offset, len(window)) == (7, 1)
    window.finish(7)
    assert (window.offset, window.lowest, len(window)) == (8, None, 0)


def test_what_was_seen_is_not_taken_twice() -> None:
    """Neither while it is in work nor after it was confirmed."""
    window = Window()
    window.add(5)
    assert not window.add(5)
    window.finish(5)
    assert not window.add(5)


def test_the_oldest_can_be_carried() -> None:
    """It is confirmed with everything done after it; finishing it later changes nothing."""
    window = Window()
    for identifier in (1, 2, 3):
        window.add(identifier)
    window.finish(2)
    assert window.carry() == 1
    assert window.offset == 3
    window.finish(1)
    assert window.offset == 3
    assert (window.carry(), window.carry()) == (3, None)


def test_ids_may_begin_anew() -> None:
    """After a quiet week nothing is assumed; a lower id is as good as a higher one."""
    window = Window()
    window.add(1_000)
    window.finish(1_000)
    window.rewind()
    assert window.offset is None
    assert window.add(3)
    assert window.offset == 3


@given(st.lists(st.integers(0, 30), max_size=60))
def test_nothing_in_work_is_ever_confirmed(steps: list[int]) -> None:
    """Whatever is added and finished in whichever order, the offset stands at or below everything in work."""
    window, in_work = Window(), set[int]()
    for place, step in enumerate(steps):
        if window.add(100 + place):
            in_work.add(100 + place)
        if 100 + step in in_work:
            window.finish(100 + step)
            in_work.discard(100 + step)
        assert window.offset is not None
        assert all(window.offset <= identifier for identifier in in_work)


def test_memory_of_late_ids_is_bounded() -> None:
    """The oldest goes, the newest stay."""
    recent = Recent(2)
    for identifier in (1, 2, 2, 3):
        recent.remember(identifier)
    assert [identifier in recent for identifier in (1, 2, 3)] == [False, True, True]


async def test_one_chat_in_order_and_chats_side_by_side() -> None:
    """A chat's second job waits for its first, even a failing one; another chat's does not."""
    queues, gate, order = Queues(), asyncio.Event(), list[str]()

    async def slow() -> None:
        await gate.wait()
        order.append("slow")
        raise ValueError

    async def note(name: str) -> None:
        order.append(name)

    first = queues.put("a", slow)
    second = queues.put("a", partial(note, "second"))
    await queues.put("b", partial(note, "other"))
    await queues.put_first(partial(note, "danger"))
    assert order == ["other", "danger"]
    gate.set()
    await second
    assert order == ["other", "danger", "slow", "second"]
    assert isinstance(first.exception(), ValueError)


async def test_draining_ends_what_does_not_end() -> None:
    """What was begun finishes, what hangs is cancelled, and nothing is left."""
    queues, never = Queues(), asyncio.Event()

    async def hang() -> None:
        await never.wait()

    task, behind = queues.put("a", hang), queues.put("a", hang)
    await queues.drain(0)
    assert task.cancelled()
    assert behind.cancelled()
    await queues.drain(0)


async def test_in_work_knows_ids_and_ends() -> None:
    """An update without an id is counted too; waiting for the end has an end."""
    in_work = InWork()
    with in_work.entered(1), in_work.entered(None):
        assert 1 in in_work
        assert None not in in_work
        await in_work.done(0)
    assert 1 not in in_work
    await in_work.done(1)
