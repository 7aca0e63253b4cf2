"""Screens as Slack takes them: its limits kept, its markup ours alone."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.render import MAXIMUM_SECTION, problems, render
from content.screen import Button, Link, Picture, Press, Screen, press_data, read_press

ALLOWED = {"section", "header", "context", "actions", "divider", "image"}


def blocks(screen: Screen, kind: str, below: bool = False) -> list[Any]:
    return [block for block in render(screen, below).blocks if block["type"] == kind]


def marked(text: str) -> str:
    return "\n".join(block["text"]["text"] for block in blocks(Screen(text), "section"))


def test_a_screen_is_a_header_its_words_and_its_rows() -> None:
    """A bold first line is the header; every row is a block of buttons that carry the press."""
    screen = Screen(
        "**Loose stools**\nCall **today**.\n- Drink\n- Rest", ((Button("Back", "side-effects"), Link("NCI", "https://x.org")),), "es"
    )
    assert blocks(screen, "header")[0]["text"] == {"type": "plain_text", "text": "Loose stools", "emoji": False}
    assert blocks(screen, "section")[0]["text"] == {"type": "mrkdwn", "text": "Call *today*.\n• Drink\n• Rest", "verbatim": True}
    back, link = blocks(screen, "actions")[0]["elements"]
    assert (back["text"]["text"], back["value"]) == ("Back", "g:es:side-effects")
    assert (link["text"]["text"], link["url"]) == ("NCI", "https://x.org")
    assert render(screen).text == "Loose stools\nCall today.\n• Drink\n• Rest"


def test_under_a_tip_buttons_answer_below() -> None:
    """The mark that says so travels inside the button."""
    screen = Screen("A tip", ((Button("More", "tip"),),))
    assert blocks(screen, "actions", below=True)[0]["elements"][0]["value"] == "b:en:tip"


def test_a_screen_is_drawn_once() -> None:
    """The same screen is the same drawing, not another like it."""
    assert render(Screen("Same")) is render(Screen("Same"))


def test_a_title_alone_is_a_whole_message() -> None:
    """No empty section follows a header."""
    assert [block["type"] for block in render(Screen("**Only a title**")).blocks] == ["header"]


def test_a_long_title_is_a_bold_line() -> None:
    """What no header holds stays readable in a section."""
    assert marked(f"**{'a' * 151}**") == f"*{'a' * 151}*"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<!channel> <@U1> <https://x.org|y>", "&lt;!channel&gt; &lt;@U1&gt; &lt;<https://x.org>|y&gt;"),
        ("2 * 3", "2 * 3"),
        ("HLA-B*57", "HLA-B*57"),
        ("*not ours*", "\u2217not ours\u2217"),
        ("_i_ ~s~ `c`", "\uff3fi\uff3f \u223cs\u223c \u02cbc\u02cb"),
        ("Read https://t.me/my_own_bot?start=a_b&c, or _i_.", "Read <https://t.me/my_own_bot?start=a_b&amp;c>, or \uff3fi\uff3f."),
        ("See **https://x.org/_a_/@U0NURSE**", "See *<https://x.org/_a_/@U0NURSE>*"),
        ("> quoted", "\uff1e quoted"),
        ("Say ** yes ** now", "Say  *yes*  now"),
        ("**5 * 3** = *", "*5 \u2217 3* = \u2217"),
    ],
)
def test_no_markup_but_ours_gets_through(text: str, drawn: str) -> None:
    """Slack's letters are escaped; a pair of its marks becomes letters that look alike; a single mark stays; an address is whole."""
    assert marked(text) == drawn


def test_long_texts_are_cut_on_line_ends() -> None:
    """Every section keeps Slack's limit and no line is lost or torn."""
    lines = [f"{number} {'word ' * 30}".strip() for number in range(60)]
    sections = blocks(Screen("\n".join(lines)), "section")
    assert len(sections) > 1
    assert all(len(section["text"]["text"]) <= MAXIMUM_SECTION for section in sections)
    assert "\n".join(section["text"]["text"] for section in sections).split("\n") == lines


def test_a_line_longer_than_a_section_comes_in_pieces() -> None:
    """Escaping makes letters longer; the pieces still fit, and nothing is lost."""
    sections = blocks(Screen("&" * 7000), "section")
    assert all(len(section["text"]["text"]) <= MAXIMUM_SECTION for section in sections)
    assert "".join(section["text"]["text"] for section in sections).replace("\n", "") == "&amp;" * 7000


def test_a_row_of_many_is_broken() -> None:
    """Five buttons a block, each with an id of its own."""
    screen = Screen("Tick", (tuple(Button(letter, f"questions/{letter}") for letter in "abcdefg"), (Button("Menu", "menu"),)))
    elements = [block["elements"] for block in blocks(screen, "actions")]
    assert [len(each) for each in elements] == [5, 2, 1]
    assert len({element["action_id"] for each in elements for element in each}) == 8


def test_a_telephone_number_stands_in_the_text() -> None:
    """A button's address must be of the web, so a number to call is a link in a section."""
    screen = Screen("Call", ((Link("Call <112>", "tel:112"), Button("Menu", "menu")),))
    assert blocks(screen, "section")[-1]["text"]["text"] == "<tel:112|Call &lt;112&gt;>"
    assert [element["text"]["text"] for element in blocks(screen, "actions")[0]["elements"]] == ["Menu"]


def test_the_text_of_notifications_is_short_and_escaped() -> None:
    """Slack reads markup there too."""
    assert render(Screen("a <!here>")).text == "a &lt;!here&gt;"
    assert len(render(Screen("a" * 9000)).text) < 4000


@pytest.mark.parametrize(
    ("screen", "problem"),
    [
        (Screen("  "), "the text is empty"),
        (Screen("****"), "the text is empty"),
        (Screen("a" * 10_001), "characters of text"),
        (Screen("a", tuple((Button("b", f"c{number}"),) for number in range(50))), "51 blocks"),
        (Screen("a", ((Button(" ", "menu"),),)), "no label"),
        (Screen("a", ((Button("b" * 76, "menu"),),)), "76 characters"),
        (Screen("a", ((Button("b", "Not A Target"),),)), "cannot be read back"),
        (Screen("a", ((Link("b", "javascript:x"),),)), "neither a web address"),
        (Screen("a", ((Link("b", "https://" + "x" * 3000),),)), "neither a web address"),
        (Screen("a", picture=Picture("x.svg", "b" * 2001)), "alt text"),
    ],
)
def test_what_slack_would_refuse_is_told(screen: Screen, problem: str) -> None:
    """Each limit has its sentence, and nothing else is wrong."""
    told = problems(screen)
    assert len(told) == 1
    assert problem in told[0]


TEXTS = st.text(st.sampled_from("ab *_~`<>&|!@#:\n-\u05e9\U0001f4a9"), max_size=400)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_no_text_makes_markup(text: str) -> None:
    """Whatever stands in a screen: no unescaped letter of Slack's, no pair of its marks but our own bold."""
    drawn = render(Screen(text)).blocks
    assert {block["type"] for block in drawn} <= ALLOWED
    for block in blocks(Screen(text), "section"):
        assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", block["text"]["text"])
        for line in block["text"]["text"].split("\n"):
            assert all(line.count(mark) < 2 for mark in "_~`")
            assert not line.startswith("&gt;")


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"[a-z0-9/-]{1,48}", fullmatch=True), st.sampled_from(["en", "es"]), st.booleans())
def test_every_target_comes_back(target: str, language: str, below: bool) -> None:
    """What a button says is read as what was pressed."""
    element = blocks(Screen("a", ((Button("b", target),),), language), "actions", below)[0]["elements"][0]
    assert read_press(element["value"]) == Press(language, target, below)
    assert element["value"] == press_data(Press(language, target, below))
