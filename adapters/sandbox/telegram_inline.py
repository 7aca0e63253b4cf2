"""Inline mode: the results that a bot offers."""

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_keyboard import inline_rows
from adapters.sandbox.telegram_limits import bad
from adapters.sandbox.telegram_words import read_text
from adapters.sandbox.telegram_world import InlineResult, Queries


class Inline:
    """answerInlineQuery."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def answer(self, given: Given) -> object:
        """Offer results to whoever asked. Raises Refusal."""
        told = given.value("results")
        if not isinstance(told, list):
            raise bad(limits.RESULTS_JSON)
        if len(told) > limits.INLINE_RESULTS:
            raise bad(limits.RESULTS_MANY)
        results = tuple(_result(each) for each in told)
        if len({each.id for each in results}) < len(results):
            raise bad(limits.RESULT_TWICE)
        query = self._queries.open(given.text("inline_query_id"))
        query.results, query.answered = results, True
        return True


def _result(told: object) -> InlineResult:
    inside = Given(told if isinstance(told, dict) else {})
    for name in ("type", "id", "title", "input_message_content"):
        if inside.raw.get(name) is None:
            raise bad(limits.RESULT_FIELD.format(name=name))
    if not 1 <= len(inside.text("id").encode("utf-8", "replace")) <= limits.RESULT_ID_BYTES:
        raise bad(limits.RESULT_ID)
    content, markup = inside.value("input_message_content"), inside.value("reply_markup")
    words = read_text(Given(content if isinstance(content, dict) else {}), "message_text")
    rows = inline_rows(markup) if isinstance(markup, dict) else ()
    return InlineResult(inside.text("id"), inside.text("title"), inside.text("description"), words, rows)
