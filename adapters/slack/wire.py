"""Slack's Web API and its response_urls over one kept aiohttp session. No error told here holds an address or a token."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import aiohttp

CONNECTIONS: Final = 256
_CODE: Final = re.compile(r"[a-z_]{1,60}")
_JSON: Final = "application/json; charset=utf-8"


class NotSent(Exception):
    """No connection stood, so nothing left."""


class NoWord(Exception):
    """It left, and no answer came back in time, or none that can be read."""


class Refused(Exception):
    """Slack said no. `code` is Slack's own name for why, `retry_after` is in seconds where Slack said how long to wait."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class Wire:
    """Calls in JSON with the bot's token. `open` needs a running loop."""

    def __init__(self, token: str, api_url: str) -> None:
        self._token, self._api_url = token, f"{api_url.rstrip('/')}/"
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> aiohttp.ClientSession:
        """The one session, opened when it is not yet."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300))
        return self._session

    async def close(self) -> None:
        """Close the session and its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, method: str, body: Mapping[str, object], seconds: float, token: str | None = None) -> Mapping[str, object]:
        """What a method of the Web API answers. Raises NotSent, NoWord, Refused."""
        authorization = f"Bearer {token or self._token}"
        return await self._post(f"{self._api_url}{method}", body, seconds, {"Authorization": authorization})

    async def respond(self, response_url: str, body: Mapping[str, object], seconds: float) -> None:
        """Answer through the response_url of a tap or a command. Raises NotSent, NoWord, Refused."""
        await self._post(response_url, body, seconds, {})

    async def _post(self, url: str, body: Mapping[str, object], seconds: float, headers: dict[str, str]) -> Mapping[str, object]:
        encoded = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self.open().post(url, data=encoded, headers={**headers, "Content-Type": _JSON}, timeout=timeout) as response:
                return _result(response.status, response.headers, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            raise NotSent from None
        except (aiohttp.ClientError, TimeoutError):
            raise NoWord from None


def _result(status: int, headers: Mapping[str, str], raw: bytes) -> Mapping[str, object]:
    found = _json(raw)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Refused("ratelimited", _seconds(headers.get("Retry-After")))
    if status == HTTPStatus.OK and (found.get("ok") is True or raw.strip() == b"ok"):
        return found
    told = found.get("error", raw[:60].decode("utf-8", "replace").strip())
    code = told if isinstance(told, str) and _CODE.fullmatch(told) else None
    if code is None and "ok" not in found and (status == HTTPStatus.OK or status >= HTTPStatus.INTERNAL_SERVER_ERROR):
        # Not Slack's own word but a page of something on the way: what became of the call behind it nobody tells.
        raise NoWord
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Refused("internal_error")
    raise Refused(code or f"status_{status}", _seconds(headers.get("Retry-After")))


def _json(raw: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(told: str | None) -> float | None:
    return float(told) if told and told.isascii() and told.isdigit() else None
