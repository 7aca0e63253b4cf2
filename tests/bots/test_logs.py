"""No log line holds a token."""

import json
import logging
from collections.abc import Iterator

import pytest

from bots.logs import set_up_logs

TELEGRAM = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
SLACK = "xoxb-123-456-abcDEF"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Give the test runner its own handlers back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("form", ["text", "json"])
def test_tokens_are_hidden_wherever_they_stand(capsys: pytest.CaptureFixture[str], form: str) -> None:
    """In a message, in its arguments, in a traceback, in another library's line."""
    set_up_logs("INFO", form, ["signing-secret"])  # type: ignore[arg-type]  # the parameter is one of the two forms
    logging.getLogger("ours").info("asked https://api/bot%s/getMe with signing-secret", TELEGRAM)
    try:
        raise ValueError(f"no luck with {SLACK}")
    except ValueError:
        logging.getLogger("aiohttp.client").exception("failed")
    told = capsys.readouterr().err
    assert told.count("[hidden]") >= 3
    for secret in (TELEGRAM, SLACK, "signing-secret"):
        assert secret not in told


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is one object, also with a line break in the message."""
    set_up_logs("INFO", "json", [])
    logging.getLogger("ours").warning("two\nlines")
    assert json.loads(capsys.readouterr().err)["message"] == "two\nlines"


def test_other_libraries_do_not_tell_every_request(capsys: pytest.CaptureFixture[str]) -> None:
    """The loggers that write addresses are quiet at INFO."""
    set_up_logs("INFO", "text", [])
    logging.getLogger("httpx").info("GET https://api/bot/getUpdates")
    assert capsys.readouterr().err == ""
