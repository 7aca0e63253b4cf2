"""Screens drawn for Telegram: what is sent, and what would be refused."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.render import problems, render
from content.screen import Button, Link, Picture, Screen

TAG = re.compile(r"</?b>")


def keys(screen: Screen, below: bool = False) -> list[list[dict[str, object]]]:
    keyboard: list[list[dict[str, object]]] = json.loads(render(screen, below).keyboard)["inline_keyboard"]
    return keyboard


def test_small_markdown_becomes_html() -> None:
    """Bold runs and lists are all the markup there is; everything else is a reader's letters."""
    drawing = render(Screen("**Call <now> & go**\n- one\n- **two**\na - b *c*"))
    assert drawing.html == "<b>Call &lt;now&gt; &amp; go</b>\n• one\n• <b>two</b>\na - b *c*"
    assert drawing.plain == "Call <now> & go\n• one\n• two\na - b *c*"


def test_buttons_carry_place_and_language() -> None:
    """A tap edits in place, under a tip it answers below; a link leaves the bot; a number can be copied."""
    screen = Screen("x", ((Button("Menú", "menu"), Link("Source", "https://a.example/?q=1")), (Link("Call", "tel:+34900"),)), "es")
    assert keys(screen) == [
        [{"text": "Menú", "callback_data": "g:es:menu"}, {"text": "Source", "url": "https://a.example/?q=1"}],
        [{"text": "Call", "copy_text": {"text": "+34900"}}],
    ]
    assert keys(screen, below=True)[0][0]["callback_data"] == "b:es:menu"


def test_the_body_is_one_json_object() -> None:
    """The tail that is encoded once closes a body that began elsewhere."""
    drawing = render(Screen("**Hi** é", ((Button("Menu", "menu"),),)))
    body = json.loads(b'{"chat_id":1,' + drawing.tail)
    assert body["text"] == "<b>Hi</b> é"
    assert body["parse_mode"] == "HTML"
    assert body["link_preview_options"] == {"is_disabled": True}
    assert body["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "g:en:menu"
    plain = json.loads(b'{"chat_id":1,' + drawing.plain_tail)
    assert plain["text"] == "Hi é"
    assert "parse_mode" not in plain


def test_a_screen_is_encoded_once() -> None:
    """Equal screens share one drawing."""
    assert render(Screen("same", ((Button("a", "menu"),),))) is render(Screen("same", ((Button("a", "menu"),),)))


def test_a_screen_without_buttons_has_no_keyboard() -> None:
    """Rows that are empty are no rows."""
    assert render(Screen("x", ((),))).keyboard == ""
    assert b"reply_markup" not in render(Screen("x", ((),))).tail


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None), min_size=1))
def test_any_text_is_escaped(text: str, label: str) -> None:
    """Without our own bold marks no `<` is left bare, the words come back out, and the body is JSON."""
    drawing = render(Screen(text, ((Button(label, "menu"),),)))
    bare = TAG.sub("", drawing.html)
    assert "<" not in bare
    assert bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == drawing.plain
    assert json.loads(b"{" + drawing.tail)["parse_mode"] == "HTML"
    assert drawing.html.count("<b>") == drawing.html.count("</b>")


def test_a_good_screen_has_no_problems() -> None:
    """What content writes within its own limits can be drawn."""
    assert problems(Screen("Hello", ((Button("Menu", "menu"), Link("Source", "https://a.example")),))) == []


def test_problems_name_what_telegram_refuses() -> None:
    """Each of Telegram's limits is told before it is met on the wire."""
    told = " | ".join(
        problem
        for screen in (
            Screen("  "),
            Screen("x" * 4097),
            Screen("**a** " * 101),
            Screen("x", tuple((Button(f"{n}", f"t{n}"),) for n in range(101))),
            Screen("x", (tuple(Button(f"{n}", f"t{n}") for n in range(9)),)),
            Screen("x", tuple((Link("s", "https://a.example/" + "y" * 900),) for _ in range(12))),
            Screen("x", ((Button("long", "a" * 49), Button(" ", "menu")),)),
            Screen("x", ((Link("mail", "mailto:a@b"), Link("call", "tel:")),)),
            Screen("x", picture=Picture("a.svg", "y" * 1025)),
        )
        for problem in problems(screen)
    )
    for part in ("is empty", "4097", "101 bold", "101 buttons", "9 buttons", "bytes", "read back", "no label", "'mail'", "'call'", "1025"):
        assert part in told
