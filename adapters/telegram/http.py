"""The Bot API over one kept aiohttp session. No error told here holds an address, for the address holds the token."""

import json
from http import HTTPStatus
from io import BytesIO
from typing import Final, cast

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from adapters.telegram.shape import number, part

CONNECTIONS: Final = 256
READ_SECONDS: Final = 5.0
UPLOAD_SECONDS: Final = 20.0
_MAPPED_BY_BASE = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


class NotSent(NetworkError):
    """No connection stood, so nothing left."""


class NotSentInTime(TimedOut):
    """No connection stood in time, so nothing left."""


class Overloaded(NetworkError):
    """Telegram itself said that it cannot now."""


class TooManyRequests(TelegramError):
    """Flood control. Stands for python-telegram-bot's `RetryAfter`, which warns of its own deprecation whenever it is made."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Too Many Requests: retry after {retry_after:g}")
        self.retry_after = retry_after


class _Encoded:
    """A body that is JSON already, where `RequestData` (final) would encode every parameter anew."""

    __slots__ = ("content",)
    contains_files = False

    def __init__(self, content: bytes) -> None:
        self.content = content


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way to the network, on aiohttp. `initialize` opens the session, `shutdown` closes it."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a call may take as a whole where none are given."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the one session; when it is open already nothing happens."""
        self._open()

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def post_json(self, url: str, body: bytes, seconds: float) -> object:
        """The result of one call whose body is encoded already. Raises TelegramError."""
        return await self.post(url, cast(RequestData, _Encoded(body)), read_timeout=seconds)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of one request, by the floor's own errors where they say more than the base class's."""
        total = _seconds(read_timeout, READ_SECONDS)  # for the whole call; an upload may take the write timeout on top
        if request_data is not None and request_data.contains_files:
            total += _seconds(write_timeout, UPLOAD_SECONDS)
        status, payload = await self._exchange(url, method, request_data, total)
        if (error := _refusal(status, payload)) is not None:
            raise error
        return status, payload

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300))
        return self._session

    async def _exchange(self, url: str, method: str, request_data: RequestData | None, total: float) -> tuple[int, bytes]:
        data, headers = _body(request_data)
        # Half of the time is enough to connect, so that a timeout tells whether anything left.
        timeout = aiohttp.ClientTimeout(total=total, connect=total / 2)
        try:
            async with self._open().request(method, url, data=data, headers=headers, timeout=timeout, allow_redirects=False) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = _failure(error)
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """The body as an object with a `result`; the base class would log the body of what it cannot read."""
        try:
            loaded = json.loads(payload)
        except (ValueError, RecursionError):
            loaded = None
        if not isinstance(loaded, dict):
            raise TelegramError("Invalid server response")
        return {"result": None, **loaded, "parameters": part(loaded, "parameters")}


def _seconds(given: object, otherwise: float) -> float:
    return float(given) if isinstance(given, int | float) else otherwise


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | dict[str, str] | None, dict[str, str] | None]:
    if isinstance(request_data, _Encoded):
        return request_data.content, {"Content-Type": "application/json"}
    if request_data is None:
        return None, None
    return (_form(request_data) if request_data.contains_files else request_data.json_parameters), None


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        # As a file, for aiohttp warns of large bodies that are plain bytes.
        form.add_field(name, BytesIO(content) if isinstance(content, bytes) else content, filename=filename, content_type=kind)
    return form


def _failure(error: Exception) -> NetworkError:
    kind = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotSentInTime(kind)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return NotSent(kind)
    return TimedOut(kind) if isinstance(error, TimeoutError) else NetworkError(kind)


def _refusal(status: int, payload: bytes) -> TelegramError | None:
    """An error that the base class would blur: a wait, trouble of Telegram's own or of something before it, any other refusal."""
    if status < HTTPStatus.BAD_REQUEST or status in _MAPPED_BY_BASE:
        return None
    try:
        body = AiohttpRequest.parse_json_payload(payload)
    except TelegramError:
        body = {}
    wait = number(body.get("parameters"), "retry_after")
    if wait is not None or status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooManyRequests(max(wait or 1, 1))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Overloaded(f"HTTP {status}") if body.get("ok") is False else NetworkError(f"HTTP {status}")
    return BadRequest(f"HTTP {status}")
