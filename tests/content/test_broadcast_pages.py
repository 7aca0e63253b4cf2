"""What a care team reads of its broadcasts, to the letter; and who does not read it."""

import string
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from adapters.slack import render as slack
from adapters.telegram import render as telegram
from content.commands import described, named
from content.conversation import answer
from content.events import Event, Go, Say
from content.model import Library
from content.pages.board import board_screen, board_text, example, length, letters_text, plain, progress_line
from content.pages.broadcast_form import broadcast_form
from content.people import Address, Audience, Reader
from content.team import (
    Board,
    Broadcast,
    BroadcastState,
    Colleague,
    Count,
    Decide,
    Entry,
    Letter,
    Propose,
    Reason,
    Statistics,
    Tally,
)
from content.turn import Answer

NOW = datetime(2026, 11, 25, 9, 5, tzinfo=UTC)
NURSE, DOCTOR = Address("slack", "T1", "U0NURSE"), Address("slack", "T1", "U0DOCTOR")
WORDS = "The clinic is shut on Friday. Please call the ward if you need us. The ward is open all day and all night."
NOTICE = Broadcast("b1", "notice", WORDS, "now", "U0NURSE", language="en")
PROPOSED = Board(
    NOTICE,
    count=Count(40, 12, {"telegram": 52}, {"stopped": 3, "language": 7}, NOW.replace(day=26, hour=9, minute=0)),
    seconds=1.7,
    record=(Entry(NOW, "U0NURSE", "proposed"),),
)
RUNNING = Board(
    replace(NOTICE, state="running", approved_by="U0DOCTOR", included=52, widened=True),
    Tally(waiting=30, later=12, sent=19, gone=1, refused=1, unknown=1, rate=3.0),
    letters=(Letter("telegram", "too strange", 1),),
    record=(*PROPOSED.record, Entry(NOW, "U0DOCTOR", "approved"), Entry(NOW, "immunobot", "widened")),
)
AT_FIRST = """\
A notice from your team
It waits for a second person.
For everybody who has tips on.
Only for those who read English.
Now for those awake. At nine in the morning for the others.

• 52 get it: 40 now, 12 at nine in the morning
• The first 10 get it ahead of the rest, who wait to see that it arrives
• The last of them gets it at about 09:00 on 26 November 2026, by the clock of where they are
• 7 do not: they read another language
• 3 do not: they stopped their tips

How it looks: Telegram
│ A message, to read whenever it suits you best.
│
│ Your care team
│ The clinic is shut on Friday. Please call the ward if you need us. The ward is open all day and all night.
│ [Stop all tips]   [Urgent help]

A second person approves it. Whoever wrote it cannot.

Who did what
• 25 November 2026, 09:05 UTC: proposed, by @U0NURSE"""
ON_ITS_WAY = """\
A notice from your team
It is on its way to everybody.
For everybody who has tips on.
Only for those who read English.
Now for those awake. At nine in the morning for the others.

▓▓▓▓▓▓▓▓░░░░░░░░░░░░ 42 %
• Sent: 19
• Waiting: 30, of these 12 until their morning
• Gone, since they left, blocked the bot, or the channel is no more: 1
• Refused: 1
• Unknown, since no word came back: 1
• Not sent, since they stopped or it was too late: 0
• 3.0 a second, and less than a minute to go

Who did what
• 25 November 2026, 09:05 UTC: proposed, by @U0NURSE
• 25 November 2026, 09:05 UTC: approved, by @U0DOCTOR
• 25 November 2026, 09:05 UTC: the first few have it, by immunobot"""


def turn(library: Library, event: Event, audience: Audience = "care-team", **colleague: object) -> Answer:
    """One turn of a colleague who may do everything."""
    known: dict[str, object] = {"may_broadcast": True, "may_count": True, "second": True, "fresh": "b2", "boards": (PROPOSED,)}
    reader = Reader(event.sender, audience, colleague=Colleague(**(known | colleague)))  # type: ignore[arg-type]  # the fields of a Colleague
    return answer(library, event, reader, NOW)


def go(library: Library, target: str, who: Address = DOCTOR, **colleague: object) -> Answer:
    """A tap."""
    return turn(library, Go(who, who, target, "en"), **colleague)


@pytest.mark.parametrize(("board", "text"), [(PROPOSED, AT_FIRST), (RUNNING, ON_ITS_WAY)])
def test_the_message_to_the_letter(library: Library, board: Board, text: str) -> None:
    """Whom it reaches and why not, how it looks, how far it is, and who did what."""
    assert plain(board_text(library, "en", board, NOW.date())) == text


def test_one_line_for_a_pipe(library: Library) -> None:
    """All numbers in it."""
    line = progress_line(library, "en", RUNNING)
    assert line.startswith("It is on its way to everybody. ▓▓▓▓▓▓▓▓░░░░░░░░░░░░ 42 %; Sent: 19; Waiting: 30,")
    assert "\n" not in line
    assert ": 0" not in line


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("state", get_args(BroadcastState))
def test_every_state_can_be_told_and_drawn(library: Library, language: str, state: BroadcastState) -> None:
    """In both languages, with every reason, kind and time; no screen has two buttons to one place."""
    reasons = dict.fromkeys(get_args(Reason), 2)
    for kind, item in (("card", "side-effects/overview"), ("tip", "starting/no-such"), ("notice", WORDS), ("card", "gone/since")):
        broadcast = replace(NOTICE, kind=kind, item=item, state=state, at="morning", series="starting", language=None)  # type: ignore[arg-type]  # kinds
        board = replace(RUNNING, broadcast=broadcast, count=Count(1, 1, {}, reasons))
        screen = board_screen(library, language, board, NOW.date())
        targets = [button.target for button in screen.buttons()]
        assert len(targets) == len(set(targets))
        assert slack.problems(screen) == []
        shown = example(library, board, NOW.date())
        assert shown is None or slack.problems(shown) == []


def test_a_list_tells_them_apart(library: Library) -> None:
    """By a notice's first words, who proposed it and when, how it stands, and its id; its buttons say the words too."""
    other = replace(PROPOSED, broadcast=replace(NOTICE, id="b2", kind="card", item="side-effects/overview", state="halted"))
    screen = go(library, "broadcast", boards=(PROPOSED, other)).screens[0]
    for words in ("The clinic is shut on Friday.…", "25 November 2026, 09:05 UTC: proposed, by @U0NURSE", "Its id is b1.", "Its id is b2."):
        assert words in screen.text
    assert "The clinic is shut on F…" in [button.label for button in screen.buttons()]


def test_a_few_who_are_awake_have_it_at_once(library: Library) -> None:
    """There is no rest that waits, and a length says when it is over."""
    text = board_text(library, "en", replace(PROPOSED, count=Count(10, 0, {}, {})), NOW.date())
    assert "Sending takes less than a minute" in text
    assert "ahead of the rest" not in text


def test_languages_are_named_in_the_readers_own(library: Library) -> None:
    """Spanish to whoever reads English."""
    spanish = replace(PROPOSED, broadcast=replace(NOTICE, language="es", series="care-team"))
    text = board_text(library, "en", spanish, NOW.date())
    assert "who read Spanish." in text
    assert "the series “" in text


def test_nothing_to_count_is_said(library: Library) -> None:
    """Nobody, or a store that took too long."""
    nobody = replace(PROPOSED, count=Count(0, 0, {}, {}))
    assert "Nobody would get it" in board_text(library, "en", nobody, NOW.date())
    assert "could not count" in board_text(library, "en", replace(PROPOSED, count=None), NOW.date())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "less than a minute"), (29, "less than a minute"), (60, "about 2 minutes"), (300, "about 5 minutes"), (7_300, "about 2 hours")],
)
def test_lengths_are_said_as_people_say_them(library: Library, seconds: float, words: str) -> None:
    """Never "1 minutes"."""
    assert length(library, "en", seconds) == words


def test_a_word_is_ordered_or_refused(library: Library) -> None:
    """The second person's approval is carried out before it is told; the first one's is refused with a reason."""
    found = go(library, "broadcast/b1/approve")
    assert found.order == Decide("b1", "U0DOCTOR", "approve")
    assert found.screens[0].text.startswith("**Approved.**")
    assert found.otherwise
    own = go(library, "broadcast/b1/approve", NURSE)
    assert own.order is None
    assert own.screens[0].text.startswith("**You wrote this one.**")


def test_what_nobody_would_get_is_not_approved(library: Library) -> None:
    """It says so; where they could not be counted it may begin."""
    nobody = replace(PROPOSED, count=Count(0, 0, {}, {"language": 7}))
    found = go(library, "broadcast/b1/approve", boards=(nobody,))
    assert (found.order, found.screens[0].text.startswith("**Nobody would get it.**")) == (None, True)
    assert go(library, "broadcast/b1/approve", boards=(replace(PROPOSED, count=None),)).order


def test_a_form_is_taken_or_sent_back(library: Library) -> None:
    """Taken, it is an order and nothing to show; else every problem stands at its field, in the writer's language."""
    taken = turn(library, Go(NURSE, NURSE, "broadcast/new", "en", fields={"text": WORDS, "card": ""}))
    assert (taken.screens, taken.order) == ((), Propose(replace(NOTICE, id="b2")))
    back = turn(library, Go(NURSE, NURSE, "broadcast/new", "es", fields={"text": "Tome 5 mg.", "series": "x"}))
    assert back.order is None
    assert set(back.errors) == {"text", "series"}
    assert "Quite la dosis" in back.errors["text"]


def test_a_form_is_offered_by_a_word_and_by_a_button(library: Library) -> None:
    """With the list below it, for where no form can be opened; the list alone has none."""
    for found in (turn(library, Say(NURSE, NURSE, "broadcast")), go(library, "broadcast/new")):
        assert found.form == broadcast_form(library, "en")
        assert found.screens[0].text.startswith("**Broadcasts**")
    assert go(library, "broadcast").form is None
    assert "Nobody else may approve." in go(library, "broadcast", second=False).screens[0].text


@pytest.mark.parametrize("target", ["broadcast", "broadcast/new", "broadcast/b1", "broadcast/b1/approve", "broadcast/b1/letters"])
def test_who_may_not_gets_a_kind_no(library: Library, target: str) -> None:
    """By whatever button, and nothing is ordered."""
    found = go(library, target, may_broadcast=False)
    assert found.screens[0].text.startswith("**Only some people may send broadcasts.**")
    assert (found.order, found.form) == (None, None)


def test_dead_letters_are_for_those_who_may_count(library: Library) -> None:
    """By the platform's own reason, with one tap to try again."""
    boards = (RUNNING,)
    found = go(library, "broadcast/b1/letters", boards=boards).screens[0]
    assert "- 1 on Telegram: too strange" in found.text
    assert "broadcast/b1/retry" in [button.target for button in found.buttons()]
    assert "too strange" not in go(library, "broadcast/b1/letters", boards=boards, may_count=False).screens[0].text
    assert "Nothing was refused." in letters_text(library, "en", ())


@pytest.mark.parametrize("target", ["broadcast/b9", "broadcast/b1/dance", "broadcast/b1/approve/twice", "broadcast/"])
def test_old_and_strange_buttons_lead_somewhere(library: Library, target: str) -> None:
    """An id that is gone shows the others; a word that means nothing shows the broadcast."""
    found = go(library, target)
    assert found.order is None
    assert "urgent" in [button.target for button in found.screens[0].buttons()]


def test_what_is_held_is_not_said_to_be_sent(library: Library) -> None:
    """A second try says that somebody has to go on first, or that nothing was refused."""
    halted = replace(RUNNING, broadcast=replace(RUNNING.broadcast, state="halted"))
    assert "not before somebody goes on" in go(library, "broadcast/b1/retry", boards=(halted,)).screens[0].text
    assert "is sent once more." in go(library, "broadcast/b1/retry", boards=(RUNNING,)).screens[0].text
    whole = go(library, "broadcast/b1/retry", boards=(replace(RUNNING, tally=Tally(sent=52)),))
    assert (whole.order, whole.screens[0].text.startswith("Nothing was refused.")) == (None, True)


def test_counts_are_numbers(library: Library) -> None:
    """And are there for those who may see them only."""
    counts = Statistics(4, {"starting": 3, "old": 1}, {"sent": 12, "skipped": 1}, (Letter("slack", "", 2),), 5)
    text = turn(library, Say(NURSE, NURSE, "stats"), statistics=counts).screens[0].text
    for line in ("Have tips on: 4", "Starting treatment: 3", "old: 1", "- Sent: 12", "2 on Slack: ?", "without a good page: 5"):
        assert line in text
    assert "Only some people" in turn(library, Say(NURSE, NURSE, "stats"), statistics=counts, may_count=False).screens[0].text
    assert "We cannot look right now." in turn(library, Say(NURSE, NURSE, "stats")).screens[0].text


def test_a_page_to_hand_over_names_nobody(library: Library) -> None:
    """Title, what to do, a link into the patients' bot and one to print; nothing of what was typed."""
    screen = turn(library, Say(NURSE, NURSE, "share side-effects/overview"), telegram="im_mu_bot", pages="https://bot.example.org").screens[
        0
    ]
    card = library.cards["en"]["side-effects/overview"]
    for words in (card.title, card.action.strip(), "https://t.me/im_mu_bot?start=side-effects_overview"):
        assert words in screen.text
    assert "<https://t.me/im_mu_bot?start=side-effects_overview>" in str(slack.render(screen).blocks)
    assert [each.url for row in screen.rows for each in row if hasattr(each, "url")] == [
        "https://bot.example.org/card/side-effects/overview"
    ]
    assert "t.me" not in turn(library, Say(NURSE, NURSE, "share side-effects/overview")).screens[0].text
    private = turn(library, Say(NURSE, NURSE, "share Mary Poppins, born 12/03/1961")).screens[0]
    assert "Poppins" not in private.text
    assert private.text.startswith("**Please do not send personal details here.**")
    team = next(id for id, card in library.cards["en"].items() if card.audience == "care-team")
    assert turn(library, Say(NURSE, NURSE, f"share {team}")).screens[0].text.startswith("**That page is for care teams.**")


def test_who_to_call_can_be_handed_over(library: Library) -> None:
    """By its own word or another for it."""
    for words in ("share urgent", "share emergency"):
        text = turn(library, Say(NURSE, NURSE, words), telegram="im_mu_bot").screens[0].text
        assert "https://t.me/im_mu_bot?start=urgent" in text
    assert "type “urgent”" in turn(library, Say(NURSE, NURSE, "share urgent")).screens[0].text


def test_an_expired_proposal_says_so(library: Library) -> None:
    """Where it is told, and to whoever taps "Approve" under an old message; and nothing can be done with it."""
    expired = replace(PROPOSED, broadcast=replace(PROPOSED.broadcast, state="expired"))
    screen = board_screen(library, "en", expired, NOW.date())
    assert "Nobody approved it within seven days" in screen.text
    assert not [button.target for button in screen.buttons() if button.target.endswith(("/approve", "/stop"))]
    found = turn(library, Go(NURSE, NURSE, f"broadcast/{expired.broadcast.id}/approve", "en"), boards=(expired,))
    assert found.screens[0].text.startswith("**It waited too long.**")
    assert found.order is None


def test_what_is_withdrawn_is_not_handed_over(library: Library) -> None:
    """It says so and offers what is near: another page in its place would be one that nobody asked for."""
    card = library.cards["en"]["side-effects/serious/gut"]
    cards = {**library.cards, "en": {**library.cards["en"], card.id: replace(card, withdrawn="a figure is in doubt")}}
    screen = turn(replace(library, cards=cards), Say(NURSE, NURSE, f"share {card.id}")).screens[0]
    assert screen.text.startswith(f"**The page {card.id} is being checked.**")
    assert "https://" not in screen.text
    offered = [button.target for button in screen.buttons() if button.target.startswith("share/")]
    assert offered
    assert f"share/{card.id}" not in offered


def test_patients_have_none_of_it(library: Library) -> None:
    """Not in their list, not by a word, not by a button, not by a link."""
    assert {"broadcast", "stats", "share"}.isdisjoint(name for name, _ in described(library, "en", "patient"))
    assert {"broadcast", "stats", "share"} <= {name for name, _ in described(library, "en", "care-team")}
    anna = Address("telegram", "1", "42")
    for word in ("broadcast", "stats", "share"):
        assert named(library, f"/{word}", "patient") is None
        for event in (Go(anna, anna, word, "en"), Go(anna, anna, f"{word}/b1/approve", "en"), Say(anna, anna, f"/start {word}")):
            found = turn(library, event, "patient")
            assert found.screens[0].text.startswith("**That page is for care teams.**"), event
            assert (found.order, found.form) == (None, None)
    helped = turn(library, Say(anna, anna, "help"), "patient").screens[0].text
    assert "broadcast" not in helped


def test_every_button_of_a_form_fits_slack(library: Library) -> None:
    """No label is longer, no list longer, than it takes."""
    for language in library.languages:
        form = broadcast_form(library, language)
        assert max(map(len, (form.title, form.submit, form.close))) <= 24
        for field in form.fields:
            for group in getattr(field, "groups", ()):
                assert 1 <= len(group.options) <= 100
                assert all(1 <= len(option.label) <= 75 and 1 <= len(option.value) <= 150 for option in group.options)


def test_every_phrase_of_a_broadcast_is_whole(library: Library) -> None:
    """No brace is left open in any language; telegram draws what patients get."""
    for language in library.languages:
        for key, phrase in library.phrases[language].items():
            if key.startswith(("broadcast.", "stats.", "share.")):
                assert list(string.Formatter().parse(phrase)), key
    assert telegram.problems(board_screen(library, "en", PROPOSED, NOW.date())) == []
