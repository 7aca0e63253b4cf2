"""The sandbox's door: tokens, methods, bodies, the calls it keeps and the faults it can be told to have."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from sandbox_telegram import ADA, Desk, opened_desk
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from adapters.sandbox.calls import EVERY_METHOD, Way
from adapters.sandbox.telegram_limits import NOT_MODIFIED


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened_desk() as opened:
        yield opened


async def test_a_wrong_token_is_unauthorized(desk: Desk) -> None:
    """A token that nobody gave out opens nothing."""
    async with desk.session.get(f"{desk.sandbox.url}/bot7:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize("method", ["noSuchMethod", "sendFax"])
async def test_an_unknown_method_is_not_found(desk: Desk, method: str) -> None:
    """What is no method is told so."""
    assert (await desk.call(method)).refusal == (404, "Not Found")


async def test_anything_but_the_bot_api_is_not_found(desk: Desk) -> None:
    """Other paths are answered in the same form."""
    async with desk.session.get(desk.sandbox.url) as response:
        assert (response.status, (await response.json())["description"]) == (404, "Not Found")


async def test_json_forms_files_and_query_strings_are_read_alike(desk: Desk) -> None:
    """One message sent in every form that the Bot API reads."""
    given = {"chat_id": str(ADA), "text": "hi", "reply_markup": json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]})}
    multipart = aiohttp.FormData(given, default_to_multipart=True)
    answers = [await desk.post("sendMessage", json=given | {"chat_id": ADA}), await desk.post("sendMessage", data=given)]
    answers.append(await desk.post("sendMessage", data=multipart))
    async with desk.session.get(desk.address("SENDMESSAGE"), params=given) as response:
        assert response.status == 200
    assert [each.result["text"] for each in answers] == ["hi"] * 3
    assert {message.keys[0].data for message in desk.sandbox.messages(ADA) if message.from_bot} == {"b"}
    assert [call.method for call in desk.sandbox.calls] == ["sendMessage"] * 4


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b"[" * 30_000])
async def test_a_body_that_is_no_json_object_is_refused(desk: Desk, body: bytes) -> None:
    """Broken JSON is a bad request and never a crash."""
    told = await desk.post("sendMessage", data=body, headers={"Content-Type": "application/json"})
    assert told.status == 400


async def test_every_call_is_kept_with_what_it_was_answered(desk: Desk) -> None:
    """The journal has method, parameters, status and answer, in the order of the answers."""
    await desk.call("sendMessage", chat_id=ADA, text="hi")
    await desk.call("sendMessage", chat_id=ADA, text="")
    first, second = desk.sandbox.calls
    assert (first.method, first.parameters, first.status) == ("sendMessage", {"chat_id": ADA, "text": "hi"}, 200)
    assert (second.status, second.answer) == (400, {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"})


async def test_a_flood_tells_how_long_to_wait_and_then_it_is_over(desk: Desk) -> None:
    """429 has its seconds twice: in the words and in the parameters."""
    desk.sandbox.fail("sendMessage", retry_after=7)
    told = await desk.call("sendMessage", chat_id=ADA, text="hi")
    assert told.refusal == (429, "Too Many Requests: retry after 7")
    assert told.body["parameters"] == {"retry_after": 7}
    assert (await desk.send("hi"))["text"] == "hi"


async def test_trouble_of_telegram_comes_as_json_and_a_gateways_as_a_page(desk: Desk) -> None:
    """A 5xx may be Telegram's own or that of something before it."""
    desk.sandbox.fail("getMe", status=500)
    assert (await desk.call("getMe")).refusal == (500, "Internal Server Error")
    desk.sandbox.fail(EVERY_METHOD, status=502, way=Way.PAGE)
    async with desk.session.post(desk.address("getMe")) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "Bad Gateway" in await response.text()


async def test_a_reset_connection_may_have_carried_the_call_out(desk: Desk) -> None:
    """`done` loses only the answer: the message stands, and the bot cannot know."""
    desk.sandbox.fail("sendMessage", way=Way.RESET, done=True)
    with pytest.raises(aiohttp.ClientError):
        await desk.call("sendMessage", chat_id=ADA, text="lost and found")
    assert desk.sandbox.messages(ADA)[-1].text == "lost and found"
    assert desk.sandbox.calls[-1].status == 0


async def test_a_call_that_is_never_answered_ends_when_the_caller_has_had_enough(desk: Desk) -> None:
    """Silence lasts until somebody hangs up, and does not hold up the end."""
    desk.sandbox.fail("getMe", way=Way.SILENCE)
    with pytest.raises(TimeoutError):
        await desk.post("getMe", timeout=aiohttp.ClientTimeout(total=0.1))
    assert (await desk.call("getMe")).status == 200


async def test_a_fault_may_be_for_some_calls_only_and_be_mended(desk: Desk) -> None:
    """`when` picks by the parameters; `mend` ends every fault."""
    desk.sandbox.fail("sendMessage", times=2, status=403, when=lambda given: given.get("text") == "tip")
    assert (await desk.send("other"))["text"] == "other"
    assert (await desk.call("sendMessage", chat_id=ADA, text="tip")).refusal == (403, "Forbidden: bot was blocked by the user")
    desk.sandbox.mend()
    assert (await desk.send("tip"))["text"] == "tip"


async def test_waiting_for_what_never_happens_names_the_last_calls(desk: Desk) -> None:
    """A test that hangs says what was called last."""
    await desk.call("getMe")
    with pytest.raises(TimeoutError, match="getMe 200"):
        await desk.sandbox.until(lambda: False, timeout=0.01)


async def test_python_telegram_bot_understands_every_refusal(desk: Desk) -> None:
    """The library that we ship reads the sandbox's answers as it reads Telegram's."""
    sandbox = desk.sandbox
    async with Bot(sandbox.token, base_url=f"{sandbox.url}/bot") as bot:
        assert bot.username == sandbox.bot.username
        sent = await bot.send_message(ADA, "<b>hi</b>", parse_mode="HTML")
        assert (sent.text, sent.entities[0].type, sent.chat.id) == ("hi", "bold", ADA)
        with pytest.raises(BadRequest, match=NOT_MODIFIED.partition(":")[0].capitalize()):
            await bot.edit_message_text("<b>hi</b>", ADA, sent.message_id, parse_mode="HTML")
        sandbox.fail("sendMessage", retry_after=3)
        with pytest.warns(DeprecationWarning, match="retry_after"), pytest.raises(RetryAfter):
            await bot.send_message(ADA, "hi")
        sandbox.fail("sendMessage", status=502, way=Way.PAGE)
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(ADA, "hi")
        await sandbox.block(ADA)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ADA, "hi")
        assert (await bot.get_chat(ADA)).first_name == "Ada"
        assert [update.message and update.message.text for update in await bot.get_updates(offset=-5)] == [None]
    async with HTTPXRequest() as request:
        with pytest.raises(InvalidToken):
            await Bot("7:wrong", base_url=f"{sandbox.url}/bot", request=request).get_me()
