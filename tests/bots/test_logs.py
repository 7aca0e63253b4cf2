"""No log line holds a token."""

import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bots.logs import set_up_logs

TELEGRAM = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
SLACK = "xoxb-123-456-abcDEF"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Give the test runner its own handlers and hooks back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook, logging.raiseExceptions
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook, logging.raiseExceptions = hooks


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


@pytest.mark.parametrize(
    "line",
    [
        "POST https://api.telegram.org/bot1:short/getMe",
        f"POST https://api.telegram.org/bot{TELEGRAM.replace(':', '%3A')}/getMe",
        "xapp-1-A01-123-abcdef0123",
        "xoxe.xoxb-1-Mi0xLWFi",
        "https://hooks.slack.com/actions/T01/123/secret",
        "wss://wss-primary.slack.com/link/?ticket=secret-ticket&app_id=A",
        "postgresql://immunobot:secret-password@db/immunobot",
    ],
)
def test_a_token_is_known_by_its_looks(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Also one that is no setting of ours."""
    set_up_logs("INFO", "text", [])
    logging.getLogger("another").warning("told %s twice: %r", line, {"url": line})
    told = capsys.readouterr().err
    assert told.count("[hidden]") == 2
    for part in ("secret", "short", "abcdef0123", "Mi0xLWFi", TELEGRAM[-20:]):
        assert part not in told


def test_a_line_without_a_token_is_told_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Times, ports and addresses are no tokens."""
    set_up_logs("INFO", "text", [""])
    line = "12:30:05 robot 5 at http://127.0.0.1:8080/card/kinds?language=en, 2026-11-24T10:00:00, telegram-polling-7000000001"
    logging.getLogger("ours").info(line)
    assert capsys.readouterr().err.endswith(f"INFO ours: {line}\n")


def test_a_line_whose_arguments_do_not_fit_tells_none(capsys: pytest.CaptureFixture[str]) -> None:
    """Python would print them beside its complaint."""
    set_up_logs("INFO", "text", ["the-secret"])
    logging.getLogger("another").warning("%d of %s", "the-secret")
    told = capsys.readouterr().err
    assert "WARNING another: %d of %s" in told
    assert "the-secret" not in told


def test_warnings_are_lines_too(capsys: pytest.CaptureFixture[str]) -> None:
    """What Python warns of goes through the same handler."""
    set_up_logs("INFO", "json", [])
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"do not print {SLACK}", stacklevel=1)
        logging.captureWarnings(False)
    told = json.loads(capsys.readouterr().err)
    assert told["logger"] == "py.warnings"
    assert SLACK not in told["message"]


@pytest.mark.parametrize("crash", ["raise error", "thread = threading.Thread(target=fall); thread.start(); thread.join()"])
def test_a_crash_tells_no_token(crash: str) -> None:
    """The last words of the program, or of one of its threads, are redacted and still say where it was."""
    program = f"""
import threading
from bots.logs import set_up_logs
set_up_logs("INFO", "text", [])
error = ValueError("rejected {TELEGRAM}")
def fall():
    raise error
{crash}
"""
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=root)
    assert "ValueError: rejected [hidden]" in ended.stderr
    assert "Traceback" in ended.stderr
    assert TELEGRAM not in ended.stderr + ended.stdout


def test_times_are_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    """A line of any replica can be laid beside another's."""
    set_up_logs("INFO", "json", [])
    logging.getLogger("ours").info("now")
    assert datetime.fromisoformat(json.loads(capsys.readouterr().err)["time"]).utcoffset() == timedelta(0)


def test_a_long_line_is_hidden_quickly(capsys: pytest.CaptureFixture[str]) -> None:
    """A line made to be slow to read is read once."""
    set_up_logs("INFO", "text", [])
    for piece in ("1" * 100_000, "bot" * 30_000, "a:" * 50_000, "://" * 30_000, "x://" + "a:" * 50_000, "xoxb.xoxb-" * 10_000):
        logging.getLogger("another").info(piece)
    assert len(capsys.readouterr().err) > 100_000
