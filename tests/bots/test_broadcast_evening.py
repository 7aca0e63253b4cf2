"""An evening in Slack: one nurse proposes, a second approves, ten get it first, then everybody; the message tells how it goes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from outbox import BOT, Time, address, subscribe
from slack_specification import problems

from adapters.clock import Clock
from adapters.outcome import Outcome, Sent
from adapters.sandbox.calls import Fault
from adapters.sandbox.slack import APP_TOKEN, BOT_TOKEN, SlackSandbox
from adapters.sandbox.slack_world import BOT_USER, Message
from adapters.slack.render import render
from adapters.store import Store, open_store
from adapters.store.deliveries import Deliveries
from adapters.telegram import render as telegram
from bots.broadcasts import Broadcasting, broadcasts_of
from bots.care_team import CareTeam
from bots.settings import Settings
from content.broadcasting import is_for_all
from content.model import Institution, Library
from content.notice import notice_screen
from content.people import Stop

NURSE, DOCTOR, GUEST, WARD = "U0NURSE", "U0DOCTOR", "U0GUEST", "C0WARD"
NOTICE = "The clinic is shut on Friday. Please call the ward if you need us. The ward is open all day and all night."
SENT, GONE, REFUSED = Sent(Outcome.SENT), Sent(Outcome.GONE), Sent(Outcome.REFUSED, reason="too strange")


@dataclass
class Evening:
    """The care team's bot and its broadcasts between a Slack and a store, and a post for Telegram that answers as it is told to."""

    sandbox: SlackSandbox
    store: Store
    time: Time
    team: CareTeam
    broadcasting: Broadcasting
    other: Broadcasting
    answers: list[Sent] = field(default_factory=list)

    async def quiet(self) -> None:
        """Everything that people did was confirmed and answered."""
        await self.sandbox.until(lambda: self.sandbox.quiet)
        await self.team.app._tasks.drain(5)

    async def goes_on(self, **later: float) -> None:
        """Some time passes; whatever the program can do now is done, and told in Slack."""
        self.time.go_on(**(later or {"seconds": 4}))
        while await self.broadcasting._move() == 0:
            pass
        await self.broadcasting._tell()

    async def post(self) -> None:
        """Telegram takes what waits, or answers as it was told to."""
        worker = Deliveries(self.store, "post", self.time)
        while claimed := (await worker.claim(BOT, 50)).deliveries:
            await worker.mark(claimed)
            await worker.settle([(each, self.answers.pop(0) if self.answers else SENT) for each in claimed])
            self.time.go_on(seconds=1)

    def read(self, place: str) -> list[Message]:
        """What the bot said there."""
        return [each for each in self.sandbox.messages(place) if each.user == BOT_USER]

    def last(self, place: str) -> str:
        """The words of its last message there."""
        return self.read(place)[-1].plain

    def board(self, place: str = NURSE) -> Message:
        """The message that is kept up to date there."""
        return next(each for each in self.read(place) if "Who did what" in each.plain)

    async def says(self, who: str, words: str, channel: str | None = None) -> None:
        """Somebody sends `/immunobot words`."""
        await self.sandbox.command(who, channel, words)
        await self.quiet()

    async def taps(self, who: str, label: str, place: str | None = None, message: Message | None = None) -> None:
        """Somebody taps the button of that name, on the broadcast's own message or on another."""
        place = place or who
        on = message or self.board(place)
        action = next(button.action_id for button in on.buttons if button.label == label)
        await self.sandbox.tap(who, place, on.ts, action)
        await self.quiet()

    async def fills_in(self, who: str, **fields: str) -> None:
        """Somebody fills in the form before them and sends it."""
        await self.sandbox.submit(who, **fields)
        await self.quiet()

    async def proposed(self, channel: str | None = None) -> None:
        """The nurse proposes the notice, and it is told."""
        await self.says(NURSE, "broadcast", channel)
        await self.fills_in(NURSE, text=NOTICE)
        assert self.sandbox.modal(NURSE) is None
        await self.goes_on()


@pytest.fixture
async def evening(library: Library, tmp_path: Path) -> AsyncIterator[Evening]:
    sandbox, store, time = SlackSandbox(), open_store(f"sqlite:///{tmp_path}/evening.db"), Time()
    await sandbox.start()
    given = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_api_url": sandbox.api_url}
    settings = Settings.model_validate(given | {"slack_broadcasters": f"{NURSE},{DOCTOR}", "public_url": "http://127.0.0.1:8080"})
    ward = replace(library, institution=Institution("Ward 5", "+1 555 010 0100"))
    clock = Clock(time, lambda seconds: asyncio.sleep(0))
    ordered = asyncio.Event()
    team = CareTeam(settings, lambda: ward, store, clock, telegram=lambda: "immunobot", ordered=ordered.set)
    broadcasts = broadcasts_of(settings, lambda: ward, store, time)
    await team.serve()
    for person in (NURSE, DOCTOR, GUEST):
        sandbox.world.direct(person)
    one, two = (Broadcasting(broadcasts, lambda: ward, store, clock, name, ordered, team.teller) for name in ("one", "two"))
    yield Evening(sandbox, store, time, team, one, two)
    await team.stop()
    await team.close()
    await sandbox.stop()
    store.close()
    assert [(call.method, wrong) for call in sandbox.calls if (wrong := problems(call))] == []


async def test_two_people_send_a_notice(evening: Evening) -> None:
    """Written in a form, shown to both, approved by the second, ten first, then all; the message shows it to its end."""
    await subscribe(evening.store, *range(30))
    await evening.store.keep([Stop(address(29))], evening.time())
    await evening.proposed()
    for person in (NURSE, DOCTOR):
        example, board = evening.read(person)
        assert example.plain.startswith("How it looks: Slack")
        assert NOTICE in example.plain
        assert example.buttons == ()
        assert "29 get it: 29 now, 0 at nine in the morning" in board.plain
        assert "1 do not: they stopped their tips" in board.plain
        assert [button.label for button in board.buttons] == ["Approve", "Cancel it", "All broadcasts", "Urgent help"]
    await evening.taps(DOCTOR, "Approve")
    assert evening.last(DOCTOR).startswith("Approved.")
    await evening.goes_on()
    assert "The first few get it now." in evening.board().plain
    await evening.post()
    await evening.goes_on()
    await evening.post()
    await evening.goes_on()
    final = evening.board().plain
    assert "It is done." in final
    assert "100 %" in final
    assert "Sent: 29" in final
    assert f"approved, by <@{DOCTOR}>" in final
    assert evening.board(NURSE).plain == evening.board(DOCTOR).plain


async def test_the_preview_is_what_is_sent(evening: Evening, library: Library) -> None:
    """To the letter on Telegram, as its real blocks in Slack; with its buttons named, and none of them alive."""
    await subscribe(evening.store, 1)
    await evening.proposed()
    screen = notice_screen(replace(library, institution=Institution("Ward 5", "1")), NOTICE, "en")
    example, board = evening.read(NURSE)
    assert "".join(map(_section, render(screen).blocks)) in "".join(map(_section, example.blocks))
    for line in telegram.render(screen).plain.splitlines():
        assert f"│ {line}".rstrip() in board.plain
    assert "[Stop all tips]   [Urgent help]" in board.plain
    assert "**Ward 5**" in screen.text


def _section(block: Mapping[str, Any]) -> str:
    return str(block["text"]["text"]) if block["type"] == "section" else ""


async def test_a_workspace_that_removed_the_app_is_told_once(evening: Evening, caplog: pytest.LogCaptureFixture) -> None:
    """However long it lasts one line names the setting, the program is not called ready, and the return of the token is seen."""
    await subscribe(evening.store, 1)
    evening.sandbox.fail("conversations.open", fault=Fault(200, "token_revoked"), times=20)
    await evening.says(NURSE, "broadcast")
    await evening.fills_in(NURSE, text=NOTICE)
    for _ in range(5):
        await evening.goes_on()
    assert [each for each in caplog.messages if "token_revoked" in each] == [
        "SLACK_BOT_TOKEN: Slack no longer takes it (token_revoked); install the app again, set its new token, and start again"
    ]
    assert not evening.team.accepted
    evening.sandbox.faults.clear()
    await evening.sandbox.type(DOCTOR, "menu")
    await evening.quiet()
    assert evening.team.accepted


async def test_what_slack_did_not_take_is_posted_later(evening: Evening) -> None:
    """A proposal made while Slack refuses is shown when it takes messages again."""
    await subscribe(evening.store, 1)
    evening.sandbox.fail("conversations.open", fault=Fault(200, "fatal_error"), times=2)
    await evening.proposed()
    assert evening.read(NURSE) == []
    await evening.goes_on()
    assert "It waits for a second person." in evening.board(NURSE).plain
    assert "It waits for a second person." in evening.board(DOCTOR).plain


async def test_a_proposer_cannot_approve(evening: Evening) -> None:
    """A kind no below the message, and nothing begins."""
    await evening.proposed()
    await evening.taps(NURSE, "Approve")
    assert evening.last(NURSE).startswith("You wrote this one.")
    await evening.goes_on()
    assert "It waits for a second person." in evening.board().plain


async def test_others_are_told_no_kindly(evening: Evening) -> None:
    """Who is not named can neither write one nor approve one nor see the counts, by any way in."""
    for words, answer in (("broadcast", "Only some people may send broadcasts."), ("stats", "Only some people see the counts.")):
        await evening.says(GUEST, words)
        assert evening.last(GUEST).startswith(answer)
    assert evening.sandbox.modal(GUEST) is None
    evening.sandbox.join(WARD, BOT_USER, NURSE, GUEST)
    await evening.proposed(WARD)
    await evening.taps(GUEST, "Approve", WARD)
    private = evening.read(WARD)[-1]
    assert private.ephemeral_for == GUEST
    assert private.plain.startswith("Only some people")


async def test_what_is_wrong_stands_at_its_field(evening: Evening) -> None:
    """The form stays open with every word in it; mended, it is taken."""
    await evening.says(NURSE, "broadcast")
    await evening.fills_in(NURSE, text="Take 5 mg at night. Mrs Smith has 555 01 34 99.", series="starting")
    form = evening.sandbox.modal(NURSE)
    assert form
    assert set(form.errors) == {"text"}
    for words in ("15 to 60 words", "Leave out the dose (5 mg)", "one person"):
        assert words in form.errors["text"]
    await evening.fills_in(NURSE, text=NOTICE, card="side-effects/overview")
    form = evening.sandbox.modal(NURSE)
    assert form
    assert form.errors["text"].startswith("Send one thing at a time.")


async def test_the_form_offers_every_page_tip_and_series(evening: Evening, library: Library) -> None:
    """Whatever may be sent can be chosen, in the language of whoever writes."""
    await evening.says(NURSE, "broadcast")
    form = evening.sandbox.modal(NURSE)
    assert form
    assert set(form.options("card")) == {id for id, card in library.cards["en"].items() if is_for_all(card)}
    assert set(form.options("tip")) == {tip.id for series in library.series["en"].values() for tip in series.tips.values()}
    assert set(form.options("series")) == set(library.series["en"])
    assert form.options("at") == ("now", "morning")


async def test_a_form_can_be_opened_by_a_word_and_a_tap(evening: Evening) -> None:
    """A typed word opens no form in Slack, so its answer carries the button that does; a button that came too late shows the list."""
    await evening.sandbox.type(NURSE, "broadcast")
    await evening.quiet()
    listed = evening.read(NURSE)[-1]
    assert listed.plain.startswith("Broadcasts")
    await evening.taps(NURSE, "Write a broadcast", message=listed)
    assert evening.sandbox.modal(NURSE)
    evening.sandbox.world.modals.clear()
    evening.time.go_on(seconds=1)
    evening.sandbox.fail("views.open", fault=Fault(200, "expired_trigger_id"))
    await evening.taps(NURSE, "Write a broadcast", message=listed)
    assert evening.last(NURSE).startswith("Broadcasts")


async def test_it_stops_by_itself_and_a_person_goes_on(evening: Evening) -> None:
    """Three of ten that could not be reached hold it; its message says so, and offers to go on, to stop, and to look."""
    await subscribe(evening.store, *range(30))
    evening.answers = [GONE, REFUSED, REFUSED]
    await evening.proposed()
    await evening.taps(DOCTOR, "Approve")
    await evening.goes_on()
    await evening.post()
    await evening.goes_on()
    board = evening.board(DOCTOR)
    assert "It stopped by itself" in board.plain
    assert [button.label for button in board.buttons][:4] == ["Go on", "Stop it for good", "What was refused", "Try again"]
    await evening.taps(DOCTOR, "What was refused")
    assert "2 on Telegram: too strange" in evening.last(DOCTOR)
    await evening.taps(DOCTOR, "Go on")
    await evening.goes_on()
    await evening.post()
    await evening.goes_on()
    assert "It is done." in evening.board().plain
    await evening.taps(NURSE, "Try again")
    await evening.goes_on()
    await evening.post()
    await evening.goes_on()
    assert "Refused: 0" in evening.board().plain


async def test_a_channel_sees_it_and_each_tap_is_answered_to_its_tapper(evening: Evening) -> None:
    """Opened in a channel, it is told there; paused and stopped there; nothing more leaves."""
    evening.sandbox.join(WARD, BOT_USER, NURSE, DOCTOR)
    await subscribe(evening.store, *range(30))
    await evening.proposed(WARD)
    await evening.taps(DOCTOR, "Approve", WARD)
    assert evening.read(WARD)[-1].ephemeral_for == DOCTOR
    await evening.goes_on()
    await evening.taps(NURSE, "Pause", WARD)
    await evening.goes_on()
    assert "It is paused." in evening.board(WARD).plain
    await evening.post()
    await evening.taps(NURSE, "Stop it for good", WARD)
    await evening.goes_on()
    assert "It was stopped for good." in evening.board(WARD).plain
    assert "Sent: 0" in evening.board(WARD).plain


async def test_what_was_on_its_way_is_told_after_a_stop(evening: Evening) -> None:
    """A board that froze with the stop would say for ever that they wait."""
    await subscribe(evening.store, *range(4))
    await evening.proposed()
    await evening.taps(DOCTOR, "Approve")
    await evening.goes_on()
    worker = Deliveries(evening.store, "post", evening.time)
    claimed = (await worker.claim(BOT, 50)).deliveries
    await worker.mark(claimed)
    await evening.taps(DOCTOR, "Stop it for good")
    await evening.goes_on()
    assert "Waiting: 4" in evening.board().plain
    await evening.goes_on()
    await worker.settle([(each, Sent(Outcome.UNKNOWN)) for each in claimed])
    await evening.goes_on()
    assert "Unknown, since no word came back: 4" in evening.board().plain
    edits = len(evening.sandbox.journal.of("chat.update"))
    await evening.goes_on()
    assert len(evening.sandbox.journal.of("chat.update")) == edits


async def test_a_channel_without_the_bot_is_told_by_person(evening: Evening) -> None:
    """A slash command works anywhere; its message goes where it can stand."""
    evening.sandbox.join(WARD, NURSE)
    await evening.proposed(WARD)
    assert "Who did what" in evening.board(NURSE).plain
    assert "Who did what" in evening.board(DOCTOR).plain


async def test_a_message_is_not_edited_too_often(evening: Evening) -> None:
    """At most every three seconds, and never into itself."""
    await subscribe(evening.store, *range(30))
    await evening.proposed()
    await evening.taps(DOCTOR, "Approve")
    await evening.goes_on()
    edits = len(evening.sandbox.journal.of("chat.update"))
    for _ in range(5):
        await evening.goes_on(milliseconds=500)
    await evening.goes_on(seconds=10)
    assert len(evening.sandbox.journal.of("chat.update")) == edits
    await evening.post()
    await evening.goes_on(seconds=10)
    await evening.goes_on(seconds=1)
    assert len(evening.sandbox.journal.of("chat.update")) == edits + 2


async def test_one_replica_tells(evening: Evening) -> None:
    """Both may move it on; one writes to Slack, and the other takes over when the first has ended."""
    await subscribe(evening.store, 1)
    await evening.proposed()
    written = len(evening.sandbox.calls)
    await evening.taps(DOCTOR, "Approve")
    evening.time.go_on(seconds=4)
    await evening.other._move()
    await evening.other._tell()
    assert "It waits for a second person." in evening.board().plain
    await evening.broadcasting.stop()
    await evening.other._tell()
    assert "It waits for a second person." not in evening.board().plain
    assert len(evening.sandbox.calls) > written


async def test_a_store_that_is_away_loses_no_word(evening: Evening) -> None:
    """The form stays open and says so; a page says so too."""
    await evening.says(NURSE, "broadcast")
    evening.store._threads.shutdown()
    await evening.fills_in(NURSE, text=NOTICE)
    form = evening.sandbox.modal(NURSE)
    assert form
    assert form.errors
    assert form.values["text"] == NOTICE


async def test_counts_are_for_those_named(evening: Evening) -> None:
    """Numbers, and nobody's name."""
    await subscribe(evening.store, 1, 2)
    await evening.says(NURSE, "stats")
    assert "Have tips on: 2" in evening.last(NURSE)
    assert "Starting treatment: 2" in evening.last(NURSE)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("share side-effects/overview", "https://t.me/immunobot?start=side-effects_overview"),
        ("share", "Type share and the name of a page"),
        ("share John Smith, MRN 12345678", "Please do not send personal details here."),
        ("share qqqq", "I did not find that page."),
    ],
)
async def test_a_page_is_handed_to_a_patient(evening: Evening, words: str, answer: str) -> None:
    """With a link into the patients' bot and a page to print; what tells of a person is refused, and said again nowhere."""
    await evening.says(GUEST, words)
    assert answer in evening.last(GUEST)
    assert "Smith" not in evening.last(GUEST)


async def test_help_lists_what_a_care_team_has(evening: Evening) -> None:
    """Broadcast, stats and share, in Slack."""
    await evening.says(GUEST, "help")
    for name in ("broadcast", "stats", "share"):
        assert f"{name}: " in evening.last(GUEST)
