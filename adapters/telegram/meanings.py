"""What Telegram's refusals mean for us: sent, later, gone, refused, unknown, or worth one more try in another form."""

import re
from enum import Enum, auto
from typing import Final

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

from adapters.outcome import Outcome, Sent
from adapters.telegram.http import NotSent, NotSentInTime, Overloaded, TooManyRequests


class Repair(Enum):
    """How the same words may still arrive: as a new message, outside the thread, without markup, or in the chat that replaced this one."""

    NEW_MESSAGE = auto()
    NO_THREAD = auto()
    PLAIN = auto()
    MOVED = auto()


BY_TEXT: Final[dict[str, Outcome | Repair]] = {
    "message is not modified": Outcome.SENT,
    "query is too old": Outcome.SENT,
    "query id is invalid": Outcome.SENT,
    "message to edit not found": Repair.NEW_MESSAGE,
    "message can't be edited": Repair.NEW_MESSAGE,
    "there is no text in the message to edit": Repair.NEW_MESSAGE,
    "message thread not found": Repair.NO_THREAD,
    "can't parse entities": Repair.PLAIN,
    "chat not found": Outcome.GONE,
    "user not found": Outcome.GONE,
    "user is deactivated": Outcome.GONE,
    "bot was blocked by the user": Outcome.GONE,
    "bot can't initiate conversation": Outcome.GONE,
    "bot was kicked": Outcome.GONE,
    "bot is not a member": Outcome.GONE,
    "group chat was deleted": Outcome.GONE,
    "not enough rights": Outcome.GONE,
    "have no rights to send": Outcome.GONE,
    "message is too long": Outcome.REFUSED,
    "message text is empty": Outcome.REFUSED,
    "reply markup is too long": Outcome.REFUSED,
    "button_data_invalid": Outcome.REFUSED,
}


_QUOTED: Final = re.compile(r"(?:^|\s)[\"'“‘«<@]|https?:")
_NUMBER: Final = re.compile(r"[-+]?\d+")
_MOST: Final = 80


def meaning(error: TelegramError, editing: bool) -> Sent | Repair:
    """What came of one call. An edit may be repeated, so its silence means LATER; after a send it means UNKNOWN."""
    if isinstance(error, ChatMigrated):
        return Repair.MOVED
    if isinstance(error, TooManyRequests):
        return Sent(Outcome.LATER, retry_after=error.retry_after, reason="too many requests")
    if isinstance(error, BadRequest | Forbidden):
        return _refusal(error, editing)
    if isinstance(error, NotSent | NotSentInTime | Overloaded | InvalidToken):
        return Sent(Outcome.LATER, reason=_kind(error))
    silent = Outcome.LATER if editing else Outcome.UNKNOWN
    return Sent(silent, reason=_kind(error))


def _refusal(error: TelegramError, editing: bool) -> Sent | Repair:
    # BadRequest is a NetworkError in python-telegram-bot, so refusals are looked at first.
    told = error.message.lower()
    known, found = next(((text, means) for text, means in BY_TEXT.items() if text in told), ("", None))
    if isinstance(found, Repair):
        return found
    if found is not None:
        return Sent(found, reason=known)
    if isinstance(error, Forbidden):
        return Sent(Outcome.GONE, reason="forbidden")
    return Repair.NEW_MESSAGE if editing else Sent(Outcome.REFUSED, reason=_own_words(told))


def _own_words(told: str) -> str:
    """Telegram's reason, less what it may quote of ours: no number, name, address or text goes where reasons are kept."""
    words = _QUOTED.split(told.removeprefix("bad request:"))[0]
    return " ".join(_NUMBER.sub("", words).split())[:_MOST].rstrip(" :,-") or "bad request"


def _kind(error: TelegramError) -> str:
    if isinstance(error, NotSent | NotSentInTime):
        return "no connection"
    if isinstance(error, TimedOut):
        return "timed out"
    if isinstance(error, InvalidToken):
        return "token not known"
    return (
        "telegram is overloaded"
        if isinstance(error, Overloaded)
        else ("connection lost" if isinstance(error, NetworkError) else "unreadable")
    )
