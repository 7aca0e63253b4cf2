"""Slack's names for what went wrong, in a few meanings. Pure."""

from typing import Final

from adapters.outcome import Outcome, Sent
from adapters.slack.wire import NotSent, NoWord, Refused

# The workspace took us out.
_REMOVED: Final = frozenset({"account_inactive", "token_revoked"})
# The token is not taken for another reason, which will be mended: no reader is gone by it.
_NOT_TAKEN: Final = frozenset({"invalid_auth", "not_authed", "token_expired", "not_allowed_token_type", "org_login_required"})
TOKEN: Final = _REMOVED | _NOT_TAKEN
LATER: Final = _NOT_TAKEN | {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
GONE: Final = _REMOVED | {
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "user_not_found",
    "users_not_found",
    "user_disabled",
    "user_not_in_channel",
    "cannot_dm_bot",
    "messages_tab_disabled",
    "restricted_action",
    "team_access_not_granted",
    "access_denied",
}
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
