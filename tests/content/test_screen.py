"""Buttons carry the place and the language inside them."""

from hypothesis import given
from hypothesis import strategies as some

from content.screen import Press, bold_runs, press_data, read_press

TARGETS = some.from_regex(r"[a-z0-9][a-z0-9/-]{0,47}", fullmatch=True)


@given(some.sampled_from(["en", "es"]), TARGETS, some.booleans())
def test_a_press_reads_back_and_fits_the_tightest_platform(language: str, target: str, below: bool) -> None:
    """What a button carries is read back whole, in at most 64 bytes."""
    press = Press(language, target, below)
    assert read_press(press_data(press)) == press
    assert len(press_data(press).encode()) <= 64


@given(some.text(max_size=100))
def test_unreadable_data_is_none(data: str) -> None:
    """Anything else is not a press, and never an error."""
    press = read_press(data)
    assert press is None or press_data(press) == data


def test_bold_runs_cut_a_line() -> None:
    """The only markup is bold."""
    assert list(bold_runs("a **b** c")) == [(False, "a "), (True, "b"), (False, " c")]
