"""What Slack brings by HTTP: is it Slack's, and what does it say. Nothing is read of a body whose signature is wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from yarl import URL

from adapters.clock import Clock

MAXIMUM_BODY: Final = 1024 * 1024
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class _Seconds(SignatureClock):
    clock: Clock

    def now(self) -> float:
        return self.clock.now().timestamp()


class Signatures:
    """Slack's signature over a body and a time, at most five minutes old. Without a secret nothing is Slack's."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._verifier = SignatureVerifier(secret, _Seconds(clock)) if secret else None

    def hold(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether Slack signed this body."""
        try:
            return self._verifier is not None and self._verifier.is_valid_request(body, dict(headers))
        except (TypeError, ValueError):
            # A time that is no number, a signature or a body that is no text.
            return False


def read_body(content_type: str, body: bytes) -> dict[str, object] | None:
    """The payload: JSON, JSON in a form's `payload`, or the form itself; None where it is none of them."""
    if content_type != _FORM:
        return _json(body)
    # Bolt's own reading takes eight times as long, and loses a command whose words hold "payload".
    form = dict(URL(f"?{body.decode()}", encoded=True).query)
    return _json(form["payload"]) if "payload" in form else dict(form)


def _json(text: str | bytes) -> dict[str, object] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
