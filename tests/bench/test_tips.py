"""The bench of tips, small: what must hold on any machine, however busy. `python -m tests.bench.tips` has the figures and their marks."""

from pathlib import Path

from tests.bench.limited import pace, waits
from tests.bench.planning import plan
from tests.bench.unlimited import SAME, sends
from tests.proof.stage import Setting


async def test_the_limit_is_used_and_never_met(tmp_path: Path, postgresql_url: str) -> None:
    """Two replicas, both sending: no 429, nothing lost, and most of the limit used."""
    found = await pace(Setting(120, 2), postgresql_url, tmp_path)
    assert (found.verdict.too_many, found.verdict.wrong) == (0, [])
    assert len(found.workers) == 2
    assert found.share > 0.8


async def test_answers_do_not_wait_for_a_broadcast(tmp_path: Path) -> None:
    """At the median, with room: a few seconds are too short for more, and no answer is refused."""
    found = await waits(1, 3, f"sqlite:///{tmp_path}/store.db", tmp_path)
    assert found.ratio(0.5) < 3


async def test_without_a_limit_we_keep_up_with_the_bare_library(tmp_path: Path) -> None:
    """By the processor's time for a message, which other work on the machine changes least."""
    found = await sends(100, 2, tmp_path)
    assert found.cheaper(SAME) > 0.4


async def test_planning_many_takes_no_more_for_each_and_no_more_memory(tmp_path: Path) -> None:
    """The second half by the processor's time against the first, with room."""
    found = await plan(6_000, f"sqlite:///{tmp_path}/store.db")
    assert found.deliveries == 6_000
    assert found.growth < 2
    assert found.peak - found.before < 30
