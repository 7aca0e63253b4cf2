"""What Telegram refuses, and its words for it. One table; nothing here is ours to choose."""

from dataclasses import dataclass
from typing import Final

from adapters.sandbox.pace import Limit

TEXT: Final = 4096  # characters, after entities were parsed
CAPTION: Final = 1024
ENTITIES: Final = 100
DATA_BYTES: Final = 64
BUTTONS: Final = 100
MARKUP_BYTES: Final = 10_000
COPY_TEXT: Final = 256
TOAST: Final = 200
PHOTO_BYTES: Final = 10 * 1024 * 1024
PHOTO_SIDES: Final = 10_000  # width and height together
PHOTO_RATIO: Final = 20
COMMANDS: Final = 100
COMMAND: Final = 32
COMMAND_DESCRIPTION: Final = 256
NAME: Final = 64
DESCRIPTION: Final = 512
SHORT_DESCRIPTION: Final = 120
INLINE_RESULTS: Final = 50
RESULT_ID_BYTES: Final = 64
START_PAYLOAD: Final = 64
SECRET: Final = 256
CONNECTIONS: Final = 100
USUAL_CONNECTIONS: Final = 40
UPDATES: Final = 100
LONGEST_POLL: Final = 50
PORTS: Final = (443, 80, 88, 8443)

MESSAGE_LIFE: Final = 86_400  # seconds that an update waits to be fetched
CALLBACK_LIFE: Final = 150
INLINE_LIFE: Final = 30
DELETE_LIFE: Final = 48 * 3600
# Telegram publishes 30 a second in all, 1 a second in a chat ("short bursts" pass), 20 a minute in a group; the bursts are guessed.
NEW_MESSAGES: Final = frozenset({"sendMessage", "sendPhoto"})
RATE, BURST = 30.0, 30.0
IN_CHAT: Final = Limit(1, burst=3)
IN_GROUP: Final = Limit(20 / 60, burst=20)

SAME_OFFSET: Final = 0.5  # seconds in which the same offset gets one update only
IMPATIENT: Final = 3  # seconds; asking the same offset again sooner is held this long
SET_WEBHOOK: Final = 1  # seconds between two calls of setWebhook
WEBHOOK_ANSWER: Final = 60
LONGEST_RETRY: Final = 60
LONGEST_RETRY_AFTER: Final = 3600

UNAUTHORIZED: Final = "Unauthorized"
NOT_FOUND: Final = "Not Found"
WEBHOOK_ACTIVE: Final = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET: Final = "Conflict: terminated by setWebhook request"
BLOCKED: Final = "Forbidden: bot was blocked by the user"
DEACTIVATED: Final = "Forbidden: user is deactivated"
NOT_BEGUN: Final = "Forbidden: bot can't initiate conversation with a user"
KICKED: Final = "Forbidden: bot was kicked from the {kind} chat"
CHAT_NOT_FOUND: Final = "chat not found"
MIGRATED: Final = "group chat was upgraded to a supergroup chat"
TEXT_EMPTY: Final = "message text is empty"
TEXT_BLANK: Final = "text must be non-empty"
TEXT_TOO_LONG: Final = "message is too long"
CAPTION_TOO_LONG: Final = "message caption is too long"
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
EDIT_NOT_FOUND: Final = "message to edit not found"
EDIT_FORBIDDEN: Final = "message can't be edited"
NO_TEXT: Final = "there is no text in the message to edit"
NO_MESSAGE_ID: Final = "message identifier is not specified"
DELETE_NOT_FOUND: Final = "message to delete not found"
DELETE_FORBIDDEN: Final = "message can't be deleted for everyone"
REPLY_NOT_FOUND: Final = "message to be replied not found"
THREAD_NOT_FOUND: Final = "message thread not found"
QUERY_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
TOAST_TOO_LONG: Final = "MESSAGE_TOO_LONG"
BUTTON_DATA: Final = "BUTTON_DATA_INVALID"
BUTTON_COPY: Final = "BUTTON_COPY_TEXT_INVALID"
BUTTON_EMPTY: Final = "inline keyboard button text must be non-empty"
BUTTON_KIND: Final = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
BUTTON_URL: Final = "inline keyboard button URL '{url}' is invalid: {why}"
MARKUP_LONG: Final = "reply markup is too long"
MARKUP_JSON: Final = "can't parse reply keyboard markup JSON object"
MARKUP_OBJECT: Final = "object expected as reply markup"
PARSE_MODE: Final = "unsupported parse_mode"
PARSE: Final = "can't parse entities: {why}"
NO_PHOTO: Final = "there is no photo in the request"
PHOTO_FAILED: Final = "IMAGE_PROCESS_FAILED"
PHOTO_DIMENSIONS: Final = "PHOTO_INVALID_DIMENSIONS"
PHOTO_TOO_BIG: Final = "file of size {size} bytes is too big for a photo; the maximum size is {most} bytes"
PHOTO_UNKNOWN: Final = "wrong file identifier/HTTP URL specified"
ACTION: Final = "wrong parameter action in request"
NO_INLINE_MESSAGE: Final = "MESSAGE_ID_INVALID"
OTHER_MODE: Final = "Not Implemented: the sandbox reads HTML only"
COMMAND_INVALID: Final = "BOT_COMMAND_INVALID"
COMMAND_EMPTY: Final = "command must be non-empty"
COMMAND_LONG: Final = "command length must not exceed 32"
COMMAND_DESCRIPTION_EMPTY: Final = "command description must be non-empty"
COMMAND_DESCRIPTION_LONG: Final = "command description length must not exceed 256"
COMMANDS_JSON: Final = "can't parse commands JSON object"
COMMANDS_MANY: Final = "there can be at most 100 bot commands"
LANGUAGE: Final = "invalid language code specified"
SCOPE: Final = "can't parse BotCommandScope: Unsupported type specified"
MENU_BUTTON: Final = "can't parse menu button: Unsupported type specified"
RESULTS_JSON: Final = "can't parse inline query results JSON object"
RESULTS_MANY: Final = "RESULTS_TOO_MUCH"
RESULT_ID: Final = "RESULT_ID_INVALID"
RESULT_TWICE: Final = "RESULT_ID_DUPLICATE"
RESULT_FIELD: Final = "can't parse inline query result: Can't find field \"{name}\""
WEBHOOK_HTTPS: Final = "bad webhook: An HTTPS URL must be provided for webhook"
WEBHOOK_PORT: Final = "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
WEBHOOK_URL: Final = "bad webhook: invalid webhook URL specified"
SECRET_LONG: Final = "secret token is too long"  # noqa: S105 - a refusal, and no secret
SECRET_LETTERS: Final = "secret token contains unallowed characters"  # noqa: S105 - a refusal, and no secret
# For these lengths no text of the real one is known; only that it refuses.
TOO_LONG: Final = "{name} is too long"
BAD_JSON: Final = "can't parse request JSON object"


@dataclass(eq=False)
class Refusal(Exception):
    """Telegram's no: status, description, and what stands in `parameters`."""

    status: int
    description: str
    retry_after: int | None = None
    migrate_to: int | None = None

    def body(self) -> dict[str, object]:
        """The answer as JSON."""
        told = {"retry_after": self.retry_after, "migrate_to_chat_id": self.migrate_to}
        more = {name: value for name, value in told.items() if value is not None}
        return {"ok": False, "error_code": self.status, "description": self.description} | ({"parameters": more} if more else {})


def bad(text: str) -> Refusal:
    """400, with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {text}")


def too_many(seconds: int) -> Refusal:
    """429, and how many seconds to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
