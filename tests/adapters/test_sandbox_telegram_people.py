"""The people's side of the sandbox: what reaches the bot when somebody types, taps, edits, sends a picture or asks inline."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sandbox_telegram import ADA, Desk, key, keyboard, opened_desk

GROUP = -77
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened_desk() as opened:
        yield opened


async def newest(desk: Desk) -> Any:
    """The update that came last."""
    desk.time.forward(10)
    return (await desk.call("getUpdates", offset=-1)).result[0]


async def test_a_person_presses_start_with_a_payload_and_a_language(desk: Desk) -> None:
    """A deep link is the command with its payload; a phone says its language, or does not."""
    desk.sandbox.person(50, "Luz", "es-MX", username="luz")
    await desk.sandbox.follow_link(50, "side-effects_gut")
    message = (await newest(desk))["message"]
    assert message["text"] == "/start side-effects_gut"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert (message["from"]["language_code"], message["chat"]["type"]) == ("es-MX", "private")
    assert (await desk.send("hola", chat_id="@luz"))["chat"]["id"] == 50
    desk.sandbox.person(51, language_code=None)
    await desk.sandbox.type(51, "hi")
    assert "language_code" not in (await newest(desk))["message"]["from"]
    with pytest.raises(ValueError, match="payload"):
        await desk.sandbox.follow_link(51, "no/slashes")


async def test_a_tap_carries_the_message_as_it_stands(desk: Desk) -> None:
    """The bot reads the tapped message, its buttons and the data."""
    sent = await desk.send("card", reply_markup=keyboard([key()]))
    query = await desk.sandbox.tap(ADA, sent["message_id"], "g:en:menu")
    tapped = (await newest(desk))["callback_query"]
    assert (tapped["id"], tapped["data"], tapped["from"]["id"]) == (query.id, "g:en:menu", ADA)
    assert (tapped["message"]["text"], tapped["message"]["reply_markup"]) == ("card", keyboard([key()]))
    assert (await desk.call("answerCallbackQuery", callback_query_id=query.id)).result is True
    assert query.answered


async def test_an_ancient_message_can_still_be_tapped(desk: Desk) -> None:
    """What Telegram no longer has is told with date 0."""
    await desk.sandbox.tap(ADA, 12345, "g:en:menu")
    assert (await newest(desk))["callback_query"]["message"]["date"] == 0


async def test_a_tap_can_be_answered_for_150_seconds(desk: Desk) -> None:
    """Too late, or an id that nobody gave out: the same refusal; and a toast has its length."""
    query = await desk.sandbox.tap(ADA, 1, "g:en:menu")
    long = await desk.call("answerCallbackQuery", callback_query_id=query.id, text="x" * 201)
    assert long.refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
    desk.time.forward(151)
    for number in (query.id, "nonsense", ""):
        assert (await desk.call("answerCallbackQuery", callback_query_id=number)).refusal == (400, TOO_OLD)


async def test_an_edited_text_and_a_picture_reach_the_bot(desk: Desk) -> None:
    """An edited message is told as such; a caption stands beside its photo."""
    message = await desk.sandbox.type(ADA, "hi")
    await desk.sandbox.edit(ADA, message.id, "chest pain")
    edited = (await newest(desk))["edited_message"]
    assert (edited["text"], edited["message_id"], edited["edit_date"] > 0) == ("chest pain", message.id, True)
    await desk.sandbox.send_photo(ADA, "is this a rash")
    sent = (await newest(desk))["message"]
    assert (sent["caption"], len(sent["photo"]), "text" in sent) == ("is this a rash", 1, False)


async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(desk: Desk) -> None:
    """Commands, its name, and answers to it; the rest is private."""
    desk.sandbox.group(GROUP, "Ward 3")
    spoken = await desk.send("Hello group", chat_id=GROUP)
    for words, reply in (
        ("/menu", None),
        ("just talking", None),
        (f"hey @{desk.sandbox.bot.username}", None),
        ("yes", spoken["message_id"]),
    ):
        await desk.sandbox.type(GROUP, words, sender=60, reply_to=reply)
    desk.time.forward(10)
    heard = [update["message"] for update in (await desk.call("getUpdates")).result]
    assert [each["text"] for each in heard] == ["/menu", f"hey @{desk.sandbox.bot.username}", "yes"]
    assert {(each["chat"]["id"], each["chat"]["title"], each["from"]["id"]) for each in heard} == {(GROUP, "Ward 3", 60)}
    assert heard[2]["reply_to_message"]["text"] == "Hello group"


async def test_a_topic_of_a_chat_can_be_answered_in(desk: Desk) -> None:
    """A thread exists once somebody wrote in it."""
    await desk.sandbox.type(ADA, "in a topic", thread=5)
    assert (await newest(desk))["message"]["is_topic_message"] is True
    assert (await desk.send("answer", message_thread_id=5))["message_thread_id"] == 5


async def test_blocking_is_told_to_the_bot(desk: Desk) -> None:
    """The bot's own membership changes to kicked, and back."""
    await desk.sandbox.block(ADA)
    changed = (await newest(desk))["my_chat_member"]
    assert (changed["old_chat_member"]["status"], changed["new_chat_member"]["status"]) == ("member", "kicked")
    await desk.sandbox.unblock(ADA)
    assert (await newest(desk))["my_chat_member"]["new_chat_member"]["status"] == "member"


def article(**other: Any) -> dict[str, Any]:
    """One result of an inline query."""
    content = {"message_text": "<b>Fever</b> words", "parse_mode": "HTML"}
    return {"type": "article", "id": "card", "title": "Fever", "input_message_content": content} | other


async def test_an_inline_query_is_offered_results(desk: Desk) -> None:
    """What the person would send is parsed like any message."""
    query = await desk.sandbox.ask_inline(ADA, "fever")
    assert (await newest(desk))["inline_query"]["query"] == "fever"
    link = {"inline_keyboard": [[{"text": "Open", "url": "https://t.me/immuno_sandbox_bot"}]]}
    told = await desk.call("answerInlineQuery", inline_query_id=query.id, results=[article(reply_markup=link)])
    assert told.result is True
    (result,) = query.results
    assert (result.id, result.title, result.words.text, result.rows[0][0].text) == ("card", "Fever", "Fever words", "Open")


@pytest.mark.parametrize(
    ("results", "description"),
    [
        ("{}", "can't parse inline query results JSON object"),
        ([article(id=str(number)) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([article(id="x" * 65)], "RESULT_ID_INVALID"),
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article(title=None)], "can't parse inline query result: Can't find field \"title\""),
        ([article(input_message_content={"message_text": ""})], "message text is empty"),
    ],
)
async def test_inline_results_are_refused_in_telegrams_words(desk: Desk, results: Any, description: str) -> None:
    """How many, their ids, their fields, their words."""
    query = await desk.sandbox.ask_inline(ADA, "fever")
    told = await desk.call("answerInlineQuery", inline_query_id=query.id, results=results)
    assert told.refusal == (400, f"Bad Request: {description}")


async def test_an_inline_query_is_soon_too_old(desk: Desk) -> None:
    """Thirty seconds, then nobody waits for it."""
    query = await desk.sandbox.ask_inline(ADA, "fever")
    desk.time.forward(31)
    told = await desk.call("answerInlineQuery", inline_query_id=query.id, results=[article()])
    assert told.refusal == (400, TOO_OLD)
