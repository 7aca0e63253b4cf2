"""What is done again and again goes on whatever one step meets, and ends when told."""

import asyncio
from datetime import UTC, datetime

import pytest
from passing import Counted, Passing

from adapters.store import StoreDown
from bots.loops import Loops

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Steps:
    """Steps that remember when they were taken, and meet what the test puts in their way."""

    def __init__(self, time: Passing, *met: Exception | None) -> None:
        self.time, self.met, self.taken = time, list(met), list[float]()

    async def step(self) -> float:
        """One step; the next one is to come in ten seconds."""
        self.taken.append((self.time.at - NOON).total_seconds())
        met = self.met.pop(0) if self.met else None
        if met:
            raise met
        return 10


@pytest.fixture
def time() -> Passing:
    """A time of its own; there is no store."""
    return Passing(NOON, Counted(None))  # type: ignore[arg-type]  # no step asks it


async def test_a_step_is_taken_again_after_its_pause(time: Passing) -> None:
    """And at once where somebody wakes it; told to end, none is taken any more."""
    loops, steps = Loops(time.clock()), Steps(time)
    loops.begin("walk", steps.step)
    await time.go_on(seconds=15)
    loops.wake()
    await time.go_on(seconds=1)
    assert steps.taken == [0, 10, 15]
    await loops.end()
    await time.go_on(minutes=1)
    assert len(steps.taken) == 3


async def test_what_one_step_meets_ends_no_loop(time: Passing, caplog: pytest.LogCaptureFixture) -> None:
    """It is told by its kind, never by its text, and tried again in a second."""
    loops, steps = Loops(time.clock()), Steps(time, ValueError("the words of a reader"))
    loops.begin("walk", steps.step)
    await time.go_on(seconds=2)
    await loops.end()
    assert steps.taken == [0, 1]
    assert "ValueError" in caplog.text
    assert "words" not in caplog.text


async def test_a_store_that_is_away_is_told_once(time: Passing, caplog: pytest.LogCaptureFixture) -> None:
    """However many loops need it and however often they ask, and its return is told once."""
    loops = Loops(time.clock())
    walks = [Steps(time, *[StoreDown("gone fishing")] * times) for times in (2, 4)]
    for number, steps in enumerate(walks):
        loops.begin(f"walk {number}", steps.step)
    await time.go_on(seconds=30)
    await loops.end()
    assert [record.message.partition(" (")[0] for record in caplog.records] == [
        "the store does not answer",
        "the store answers again; tips go on",
    ]


async def test_a_step_under_way_is_waited_for(time: Passing) -> None:
    """What it holds can be given back then."""
    gate, loops = asyncio.Event(), Loops(time.clock())

    async def step() -> None:
        await gate.wait()

    loops.begin("walk", step)
    await time.go_on(seconds=1)
    ending = asyncio.create_task(loops.end())
    await time.go_on(seconds=1)
    assert not ending.done()
    gate.set()
    await ending
