"""Many small calls are made as one, and what one of them meets each caller learns."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.tasks import Together


class Work:
    """Doubles numbers, one call at a time, when its gate is open."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.gate = asyncio.Event()

    async def double(self, numbers: Sequence[int]) -> list[int]:
        """Each number twice as large; a negative one fails the whole call."""
        self.calls.append(list(numbers))
        await self.gate.wait()
        if min(numbers) < 0:
            raise ValueError
        return [2 * number for number in numbers]


async def test_calls_that_come_meanwhile_are_made_as_one() -> None:
    """The first goes at once, those behind it together."""
    work = Work()
    together = Together(work.double)
    asked = [asyncio.create_task(together(number)) for number in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    later = [asyncio.create_task(together(number)) for number in (7, 8)]
    await asyncio.sleep(0)
    work.gate.set()
    assert await asyncio.gather(*asked, *later) == [0, 2, 4, 6, 8, 14, 16]
    assert work.calls == [[0, 1, 2, 3, 4], [7, 8]]


async def test_what_one_call_meets_is_told_to_those_in_it_and_to_nobody_else() -> None:
    """The next call is made as if nothing had been."""
    work = Work()
    work.gate.set()
    together = Together(work.double)
    assert [type(each) for each in await asyncio.gather(together(1), together(-1), return_exceptions=True)] == [ValueError, ValueError]
    assert await together(4) == 8


async def test_a_caller_that_left_holds_up_nobody() -> None:
    """Its number is doubled for nothing."""
    work = Work()
    together = Together(work.double)
    left, stays = asyncio.create_task(together(1)), asyncio.create_task(together(2))
    await asyncio.sleep(0)
    left.cancel()
    work.gate.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await left


async def test_a_call_right_after_an_answer_is_made_too() -> None:
    """The work before it is over, though its task is not put away yet: nobody may wait for it to look again."""
    work = Work()
    work.gate.set()
    together = Together(work.double)
    async with asyncio.timeout(5):
        assert [await together(number) for number in (1, 2)] == [2, 4]
    assert work.calls == [[1], [2]]
