"""Messages in the sandbox: what is taken, and every refusal in Telegram's own words."""

from collections.abc import AsyncIterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox_telegram import ADA, Desk, key, keyboard, opened_desk

from adapters.sandbox.telegram_html import parse_html, to_html
from adapters.sandbox.telegram_limits import Refusal
from adapters.sandbox.telegram_photo import smallest_png

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
BOB = 43
STRANGER = 99


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened_desk() as opened:
        yield opened


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "hi", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "hi", "chat_id": ""}, "chat_id is empty"),
        ({"text": "hi", "chat_id": STRANGER}, "chat not found"),
        ({"text": "hi", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "hi", "message_thread_id": 5}, "message thread not found"),
        ({"text": "hi", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "hi", "reply_to_message_id": 999}, "message to be replied not found"),
    ],
)
async def test_a_message_is_refused_in_telegrams_words(desk: Desk, parameters: dict[str, Any], description: str) -> None:
    """Text, chat, thread and reply are looked at as the real one looks at them."""
    told = await desk.call("sendMessage", **({"chat_id": ADA} | parameters))
    assert told.refusal == (400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("ñ<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x!>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ],
)
async def test_html_that_telegram_cannot_read_is_refused(desk: Desk, html: str, why: str) -> None:
    """The complaint names the tag and its byte."""
    told = await desk.call("sendMessage", chat_id=ADA, text=html, parse_mode="HTML")
    assert told.refusal == (400, f"Bad Request: can't parse entities: {why}")


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b> &lt;&amp;&gt;&quot;&#33;&#x21; &copy;", 'a <&>"!! &copy;', [("bold", 0, 1)]),
        ("<strong>😀</strong><EM>b</EM>", "😀b", [("bold", 0, 2), ("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("  <u> a </u>\n", "a", [("underline", 0, 1)]),
        ('<a href="https://a.example/?x=1&amp;y">a</a>', "a", [("text_link", 0, 1)]),
        ('<a href="javascript:alert(1)">a</a>', "a", []),
        ("<blockquote expandable>q</blockquote>", "q", [("blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ("a\r\nb\tc", "a\nb c", []),
    ],
)
async def test_html_becomes_words_and_entities(desk: Desk, html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """Tags go, entities count in UTF-16, white space around the text goes."""
    sent = await desk.send(html, parse_mode="HTML")
    assert sent["text"] == text
    assert [(each["type"], each["offset"], each["length"]) for each in sent.get("entities", [])] == entities


async def test_a_page_gets_html_that_cannot_hurt_it(desk: Desk) -> None:
    """What a message shows as HTML has its marks and nothing that a bot smuggled in."""
    await desk.send("<b>a &lt;script&gt;</b> &amp; <i>b</i>", parse_mode="HTML")
    assert desk.sandbox.messages(ADA)[-1].html == "<b>a &lt;script&gt;</b> &amp; <i>b</i>"


async def test_length_is_counted_after_parsing_and_in_characters(desk: Desk) -> None:
    """4,096 characters are taken however many bytes and tags they have; no more than 100 entities are kept."""
    assert len((await desk.send("<b>" + "😀" * 4096 + "</b>", parse_mode="HTML"))["text"]) == 4096
    assert len((await desk.send("<b>a</b> " * 120, parse_mode="HTML"))["entities"]) == 100


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (keyboard([key(data="x" * 65)]), "BUTTON_DATA_INVALID"),
        (keyboard([key(data="é" * 33)]), "BUTTON_DATA_INVALID"),
        (keyboard([key(data="")]), "BUTTON_DATA_INVALID"),
        (keyboard([key(text=" ")]), "inline keyboard button text must be non-empty"),
        (keyboard([{"text": "a"}]), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (keyboard([{"callback_data": "a"}]), "can't parse inline keyboard button: Can't find field \"text\""),
        (keyboard([{"text": "a", "copy_text": {"text": "x" * 257}}]), "BUTTON_COPY_TEXT_INVALID"),
        (keyboard([{"text": "a", "url": "tel:112"}]), "inline keyboard button URL 'tel:112' is invalid: Unsupported URL protocol"),
        (keyboard([{"text": "a", "url": "http://localhost"}]), "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL"),
        (keyboard(*[[key()]] * 101), "reply markup is too long"),
        (keyboard(*[[key(text="x" * 200)]] * 60), "reply markup is too long"),
        ({"inline_keyboard": 5}, 'field "inline_keyboard" must be of type Array'),
        ({"inline_keyboard": [5]}, 'field "inline_keyboard" must be an Array of Arrays'),
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
    ],
)
async def test_a_keyboard_is_refused_in_telegrams_words(desk: Desk, markup: Any, description: str) -> None:
    """What a button may hold is counted in bytes, and the whole keyboard too."""
    told = await desk.call("sendMessage", chat_id=ADA, text="hi", reply_markup=markup)
    assert told.refusal == (400, f"Bad Request: {description}")


async def test_a_keyboard_that_is_taken_stands_under_the_message(desk: Desk) -> None:
    """64 bytes, links, numbers to copy: row by row as they were sent."""
    rows = [[key(data="x" * 64), {"text": "Link", "url": "https://a.example"}], [{"text": "Call", "copy_text": {"text": "112"}}]]
    sent = await desk.send(reply_markup=keyboard(*rows))
    assert sent["reply_markup"] == {"inline_keyboard": rows}
    message = desk.sandbox.messages(ADA)[-1]
    assert [[each.text for each in row] for row in message.rows] == [["Menu", "Link"], ["Call"]]
    assert [(each.data, each.url, each.copy) for each in message.keys[1:]] == [(None, "https://a.example", None), (None, None, "112")]


async def test_an_edit_replaces_words_and_keyboard_in_place(desk: Desk) -> None:
    """An edit without a keyboard takes the old one away, as Telegram does."""
    sent = await desk.send("old", reply_markup=keyboard([key()]))
    edited = await desk.call("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="new")
    assert (edited.result["text"], "reply_markup" in edited.result, edited.result["edit_date"] > 0) == ("new", False, True)
    (message,) = [each for each in desk.sandbox.messages(ADA) if each.from_bot]
    assert (message.id, message.text, message.rows) == (sent["message_id"], "new", ())


async def test_an_edit_that_changes_nothing_is_refused(desk: Desk) -> None:
    """Same words, marks and buttons: the error that every double tap brings."""
    sent = await desk.send("<b>a</b>", parse_mode="HTML", reply_markup=keyboard([key()]))
    same = {"chat_id": ADA, "message_id": sent["message_id"], "text": "<strong>a</strong>", "parse_mode": "HTML"}
    told = await desk.call("editMessageText", **same, reply_markup=keyboard([key()]))
    assert told.refusal == (400, NOT_MODIFIED)
    assert (await desk.call("editMessageText", **same)).status == 200
    alone = await desk.call("editMessageReplyMarkup", chat_id=ADA, message_id=sent["message_id"])
    assert alone.refusal == (400, NOT_MODIFIED)


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"message_id": 9999}, "message to edit not found"),
        ({"message_id": 0}, "message identifier is not specified"),
        ({"message_id": 1}, "message can't be edited"),
        ({"message_id": 1, "chat_id": STRANGER}, "chat not found"),
        ({"chat_id": None, "inline_message_id": "x"}, "MESSAGE_ID_INVALID"),
    ],
)
async def test_an_edit_of_what_is_not_ours_is_refused(desk: Desk, parameters: dict[str, Any], description: str) -> None:
    """A message that is gone, a person's own, another chat's."""
    told = await desk.call("editMessageText", **({"chat_id": ADA, "text": "new"} | parameters))
    assert told.refusal == (400, f"Bad Request: {description}")


async def test_a_photo_is_sent_as_a_file_and_again_by_its_id(desk: Desk) -> None:
    """A picture with its caption; it cannot become text again."""
    form = aiohttp.FormData({"chat_id": str(ADA), "caption": "<b>alt</b>", "parse_mode": "HTML"})
    form.add_field("photo", BytesIO(smallest_png()), filename="a.png", content_type="image/png")
    sent = (await desk.post("sendPhoto", data=form)).result
    assert (sent["caption"], sent["photo"][0]["width"]) == ("alt", 1)
    message = desk.sandbox.messages(ADA)[-1]
    assert (message.photo and message.photo.content, message.text) == (smallest_png(), "alt")
    again = await desk.call("sendPhoto", chat_id=ADA, photo=sent["photo"][0]["file_id"])
    assert again.result["photo"] == sent["photo"]
    told = await desk.call("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="new")
    assert told.refusal == (400, "Bad Request: there is no text in the message to edit")


WIDE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (9000).to_bytes(4) + (1001).to_bytes(4)
THIN = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (210).to_bytes(4) + (10).to_bytes(4)
HUGE = smallest_png() + b"\0" * (10 * 1024 * 1024)


@pytest.mark.parametrize(
    ("photo", "caption", "description"),
    [
        (None, "", "there is no photo in the request"),
        ("no-such-file", "", "wrong file identifier/HTTP URL specified"),
        (b"GIF89a", "", "IMAGE_PROCESS_FAILED"),
        (WIDE, "", "PHOTO_INVALID_DIMENSIONS"),
        (THIN, "", "PHOTO_INVALID_DIMENSIONS"),
        (HUGE, "", f"file of size {len(HUGE)} bytes is too big for a photo; the maximum size is 10485760 bytes"),
        (smallest_png(), "x" * 1025, "message caption is too long"),
    ],
    ids=["none", "unknown", "no picture", "too wide", "too thin", "too big", "caption"],
)
async def test_a_photo_is_refused_in_telegrams_words(desk: Desk, photo: bytes | str | None, caption: str, description: str) -> None:
    """What is no picture, too large a picture, or has too long a caption."""
    form = aiohttp.FormData({"chat_id": str(ADA), "caption": caption})
    if isinstance(photo, bytes):
        form.add_field("photo", BytesIO(photo), filename="a.png", content_type="image/png")
    elif photo:
        form.add_field("photo", photo)
    assert (await desk.post("sendPhoto", data=form)).refusal == (400, f"Bad Request: {description}")


async def test_a_deleted_message_is_gone_and_an_old_one_stays(desk: Desk) -> None:
    """Messages can be deleted for 48 hours."""
    first, second = await desk.send("one"), await desk.send("two")
    assert (await desk.call("deleteMessage", chat_id=ADA, message_id=first["message_id"])).result is True
    gone = await desk.call("deleteMessage", chat_id=ADA, message_id=first["message_id"])
    assert gone.refusal == (400, "Bad Request: message to delete not found")
    desk.time.forward(48 * 3600 + 1)
    old = await desk.call("deleteMessage", chat_id=ADA, message_id=second["message_id"])
    assert old.refusal == (400, "Bad Request: message can't be deleted for everyone")


async def test_typing_is_shown_and_nonsense_is_not(desk: Desk) -> None:
    """The method sendChatAction knows its actions."""
    assert (await desk.call("sendChatAction", chat_id=ADA, action="typing")).result is True
    told = await desk.call("sendChatAction", chat_id=ADA, action="yawning")
    assert told.refusal == (400, "Bad Request: wrong parameter action in request")


async def test_a_message_quotes_another_and_does_without_where_it_may(desk: Desk) -> None:
    """reply_parameters, and allow_sending_without_reply."""
    first = await desk.send("one")
    answer = await desk.send("two", reply_parameters={"message_id": first["message_id"]})
    assert answer["reply_to_message"]["message_id"] == first["message_id"]
    alone = await desk.send("three", reply_parameters={"message_id": 999, "allow_sending_without_reply": True})
    assert "reply_to_message" not in alone


async def test_who_never_wrote_blocked_us_or_moved_cannot_be_written_to(desk: Desk) -> None:
    """Every way a chat can be closed has its own words."""
    desk.sandbox.person(BOB)
    told = await desk.call("sendMessage", chat_id=BOB, text="hi")
    assert told.refusal == (403, "Forbidden: bot can't initiate conversation with a user")
    await desk.sandbox.block(ADA)
    blocked = await desk.call("sendMessage", chat_id=ADA, text="hi")
    assert blocked.refusal == (403, "Forbidden: bot was blocked by the user")
    await desk.sandbox.unblock(ADA)
    assert (await desk.send("hi"))["text"] == "hi"
    desk.sandbox.group(-5)
    await desk.sandbox.block(-5)
    kicked = await desk.call("sendMessage", chat_id=-5, text="hi")
    assert kicked.refusal == (403, "Forbidden: bot was kicked from the group chat")
    await desk.sandbox.unblock(-5)
    await desk.sandbox.upgrade(-5, -1005)
    moved = await desk.call("sendMessage", chat_id=-5, text="hi")
    assert moved.refusal == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert moved.body["parameters"] == {"migrate_to_chat_id": -1005}
    assert (await desk.send("hi", chat_id=-1005))["chat"]["type"] == "supergroup"


@given(st.text(alphabet="<>/&#;='\"ab \n😀\ud800", max_size=40))
def test_any_html_is_read_or_refused(html: str) -> None:
    """No markup whatever does more than be refused, and what is read can be shown."""
    with suppress(Refusal):
        words = parse_html(html).trimmed()
        assert "<script" not in to_html(words.text, words.entities)
