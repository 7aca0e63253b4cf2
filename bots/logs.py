"""Logs: one line an event on standard error, and no token in any of them."""

import json
import logging
import sys
import threading
import time
from collections.abc import Iterable
from re import compile as pattern
from types import TracebackType
from typing import Final, Literal

Form = Literal["text", "json"]

# Tokens are hidden by their looks too: a library may tell one that is no setting of ours, or write it in its own way.
_TOKENS: Final = pattern(
    "|".join(
        (
            r"bot\d+(?::|%3A)[\w-]+",  # in an address of Telegram's
            r"\b\d{5,}(?::|%3A)[\w-]{20,}",
            r"\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]+",
            r"(?<=hooks\.slack\.com/)[\w/-]+",  # whoever knows it may answer in our name
            r"(?<=[?&]ticket=)[^&\s\"']+",  # of Socket Mode
            r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)",  # of a database
        )
    )
)
_HIDDEN: Final = "[hidden]"
# These tell every request, with the address that holds the token.
_CHATTY: Final = ("httpx", "httpcore", "aiohttp.access", "telegram", "slack_bolt", "slack_sdk", "alembic")
log = logging.getLogger(__name__)


class Redacting(logging.Formatter):
    """Formats a record whole, traceback included, and then hides what must not be seen."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, secrets: Iterable[str], form: Form) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.converter = time.gmtime
        self._secrets = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """One record as text, or as one JSON object; times are in UTC."""
        _mend(record)
        if self._form == "text":
            return self._redacted(super().format(record))
        told = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redacted(record.getMessage()),
        }
        if record.exc_info:
            told["traceback"] = self._redacted(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKENS.sub(_HIDDEN, text)


def _mend(record: logging.LogRecord) -> None:
    """Let a line whose arguments do not fit be told without them: logging itself would print them as they are."""
    try:
        record.getMessage()
    except (TypeError, ValueError, KeyError):
        record.args = None


def set_up_logs(level: str, form: Form, secrets: Iterable[str]) -> None:
    """Send every logger of the process, other libraries' too, warnings and the last words of a crash through one redacting handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets, form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.raiseExceptions = False  # what a handler tells of its own trouble holds the arguments as they are
    logging.captureWarnings(True)
    sys.excepthook = _last_words
    threading.excepthook = lambda died: _last_words(died.exc_type, died.exc_value, died.exc_traceback)


def _last_words(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """A crash is told like anything else; Ctrl-C is none."""
    if error is not None and not issubclass(kind, KeyboardInterrupt):
        log.critical("ended by %s", kind.__name__, exc_info=(kind, error, trace))
