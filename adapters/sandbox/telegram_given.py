"""What a call brings: JSON, a form, a multipart body or a query string, read the way the Bot API reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from adapters.sandbox.calls import Upload
from adapters.sandbox.telegram_limits import BAD_JSON, bad


@dataclass(frozen=True, slots=True)
class Given:
    """A call's parameters as they came. JSON values and a form's strings read alike."""

    raw: Mapping[str, object]

    def text(self, name: str) -> str:
        """The parameter as text, empty where it was not given; what is no string is read as its JSON."""
        value = self.raw.get(name)
        if value is None or isinstance(value, Upload):
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def number(self, name: str, otherwise: int = 0, least: int | None = None, most: int | None = None) -> int:
        """The parameter as a whole number within its bounds; `otherwise` where it is none."""
        try:
            found = int(self.text(name).strip())
        except ValueError:
            found = otherwise
        found = found if least is None else max(found, least)
        return found if most is None else min(found, most)

    def flag(self, name: str) -> bool:
        """Whether the parameter says yes."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def value(self, name: str) -> object:
        """The JSON of the parameter, None where it was not given or is not JSON."""
        raw = self.raw.get(name)
        if not isinstance(raw, str):
            return None if isinstance(raw, Upload) else raw
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            return None

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name, or under the name that `attach://` points to."""
        told = self.raw.get(name)
        if isinstance(told, str) and told.startswith("attach://"):
            told = self.raw.get(told.removeprefix("attach://"))
        return told if isinstance(told, Upload) else None


async def read_given(request: web.Request) -> Given:
    """The parameters of a request: its query string, and its body over it. Raises Refusal where the body is no JSON object."""
    body = await _body(request)
    return Given({**request.query, **{name: value for name, value in body.items() if value is not None}})


async def _body(request: web.Request) -> Mapping[str, object]:
    if request.content_type == "application/json":
        return _json(await request.read())
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {name: _field(value) for name, value in (await request.post()).items()}
    return {}


def _json(body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise bad(BAD_JSON) from None
    if not isinstance(found, dict):
        raise bad(BAD_JSON)
    return found


def _field(value: object) -> object:
    if isinstance(value, web.FileField):
        return Upload(value.filename, value.content_type, value.file.read())
    return value.decode("utf-8", "replace") if isinstance(value, bytes | bytearray) else str(value)
