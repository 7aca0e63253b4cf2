"""Slack's names for what went wrong, in a few meanings. Pure."""

from typing import Final

from adapters.outcome import Outcome, Sent
from adapters.slack.wire import NotSent, NoWord, Refused

# The token is not taken, whoever is written to: it will be renewed, or the app installed again, and no reader is gone by it.
TOKEN: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
LATER: Final = TOKEN | {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
GONE: Final = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "user_not_in_channel",
        "cannot_dm_bot",
    }
)
# The message cannot be edited any more; a new one can be sent.
UNEDITABLE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


def meaning(error: NotSent | NoWord | Refused) -> Sent:
    """What one failed attempt came to."""
    match error:
        case NotSent():
            return Sent(Outcome.LATER, reason="no connection")
        case NoWord():
            return Sent(Outcome.UNKNOWN, reason="no answer")
        case Refused(code=code, retry_after=retry_after):
            return Sent(_outcome(code), retry_after=retry_after, reason=code)


def _outcome(code: str) -> Outcome:
    if code in LATER:
        return Outcome.LATER
    return Outcome.GONE if code in GONE else Outcome.REFUSED
