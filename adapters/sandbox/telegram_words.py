"""The words of a call: cleaned, parsed, measured, refused."""

from typing import Final

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_html import Formatted, parse_html
from adapters.sandbox.telegram_limits import Refusal, bad
from adapters.sandbox.telegram_world import text_entities

# Control characters become spaces, and carriage returns go.
_CLEAN: Final = {code: " " for code in range(32) if code != 10} | {13: ""}


def read_text(given: Given, name: str = "text", entities: str = "entities") -> Formatted:
    """The text of a message. Raises Refusal where it is empty, too long or marked wrongly."""
    if not given.text(name):
        raise bad(limits.TEXT_EMPTY)
    words = _words(given, name, entities)
    if not words.text:
        raise bad(limits.TEXT_BLANK)
    if len(words.text) > limits.TEXT:
        raise bad(limits.TEXT_TOO_LONG)
    return words


def read_caption(given: Given) -> Formatted:
    """The caption of a photo, which may be empty. Raises Refusal."""
    words = _words(given, "caption", "caption_entities")
    if len(words.text) > limits.CAPTION:
        raise bad(limits.CAPTION_TOO_LONG)
    return words


def _words(given: Given, name: str, entities: str) -> Formatted:
    mode, text = given.text("parse_mode").lower(), given.text(name).translate(_CLEAN)
    if mode in ("markdown", "markdownv2"):
        raise Refusal(501, limits.OTHER_MODE)
    if mode not in ("", "html"):
        raise bad(limits.PARSE_MODE)
    words = parse_html(text) if mode else Formatted(text, text_entities(given.value(entities)))
    trimmed = words.trimmed()
    return Formatted(trimmed.text, trimmed.entities[: limits.ENTITIES])
