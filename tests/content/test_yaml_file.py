"""Reading YAML: hostile files give a line and an advice, never a crash."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from content.yaml_file import MAXIMUM_BYTES, Unreadable, read


@given(some.binary(max_size=300) | some.text(alphabet="[]{}-?:&*!|>'\"# \n\tab0", max_size=300).map(str.encode))
def test_any_bytes_are_a_document_or_an_advice(raw: bytes) -> None:
    """Whatever a file holds, reading it either works or says how to mend it."""
    try:
        read(raw)
    except Unreadable as error:
        told = (error.line >= 1, bool(error.advice))
    else:
        told = (True, True)
    assert all(told)


def test_every_scalar_stays_a_word() -> None:
    """Norway's code, an hour and a phone number are not turned into booleans and numbers."""
    assert read(b"a: no\nb: 20:00\nc: 016\nd: null\ne: 'null'\n").value == {"a": "no", "b": "20:00", "c": "016", "d": None, "e": "null"}


def test_lines_are_known_for_every_place() -> None:
    """A problem deep in a file can be pointed at."""
    document = read(b"a: 1\nb:\n  - x\n  - c: y\n")
    assert document.line(("b", 1, "c")) == 4
    assert document.line(("b", 1, "missing")) == 4


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    """A file over the limit is told so at once."""
    with pytest.raises(Unreadable, match="keep the file under"):
        read(b"a" * (MAXIMUM_BYTES + 1))
