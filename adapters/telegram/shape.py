"""Reading JSON of which nothing is promised: what is missing or of another kind is None or empty, never an exception."""

from collections.abc import Mapping
from typing import Final

_LARGEST: Final = 2**63
_NOTHING: Final[Mapping[str, object]] = {}


def part(value: object, key: str | None = None) -> Mapping[str, object]:
    """The object under `key` (or `value` itself), an empty one where there is none."""
    if key is not None:
        value = part(value).get(key)
    return value if isinstance(value, dict) else _NOTHING


def number(value: object, key: str) -> int | None:
    """The whole number under `key`; None for anything else, and for what no Telegram id can be."""
    found = part(value).get(key)
    fits = isinstance(found, int) and not isinstance(found, bool) and -_LARGEST < found < _LARGEST
    return found if fits and isinstance(found, int) else None


def text(value: object, key: str) -> str | None:
    """The text under `key`, always encodable as UTF-8: half a surrogate pair becomes `?`."""
    found = part(value).get(key)
    return found.encode("utf-8", "replace").decode("utf-8") if isinstance(found, str) else None
