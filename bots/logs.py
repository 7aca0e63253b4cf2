"""Logs: one line an event on standard error, and no token in any of them."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Final, Literal

_TOKENS: Final = re.compile(r"(?:bot)?\d{5,}:[A-Za-z0-9_-]{20,}|xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+|(?<=/)T[A-Z0-9]+/B[A-Z0-9]+/\w+")
_HIDDEN: Final = "[hidden]"
# These tell every request, with the address that holds the token.
_CHATTY: Final = ("httpx", "httpcore", "aiohttp.access", "telegram", "slack_bolt", "slack_sdk", "alembic")


class Redacting(logging.Formatter):
    """Formats a record whole, traceback included, and then hides what must not be seen."""

    def __init__(self, secrets: Iterable[str], form: Literal["text", "json"]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """One record as text, or as one JSON object."""
        text = self._redacted(super().format(record))
        if self._form == "text":
            return text
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


def set_up_logs(level: str, form: Literal["text", "json"], secrets: Iterable[str]) -> None:
    """Send every logger of the process, other libraries' too, through one redacting handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets, form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
