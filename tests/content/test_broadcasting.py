"""Broadcasts are pure rules: what may be proposed, who gets it and when, who may decide, and when it stops by itself."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.slack import render as slack
from adapters.telegram import render as telegram
from content.broadcasting import (
    Listener,
    NotAllowed,
    after_canary,
    canary_size,
    counted,
    decided,
    due,
    for_team,
    halts,
    left_out,
    proposed,
    seconds,
    too_late,
)
from content.checks.tone import doses
from content.model import Institution, Library
from content.notice import notice_problems, notice_screen
from content.team import Broadcast, BroadcastState, Count, Tally, Word

# A Wednesday, nine in the morning in UTC.
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
BLANK = Broadcast("b1", "card", "", "now", "U0NURSE", language="en")
GOOD = "The clinic is shut on Friday. Please call the ward if you need us. The ward is open all day and all night."
READER = Listener("patient", "telegram", "UTC", "en", "on", None, enrolled=True)


def problems(library: Library, **fields: str) -> set[tuple[str, str]]:
    """The field and the phrase of everything that is to be mended."""
    found = proposed(library, fields, BLANK, NOW.date())
    return set() if isinstance(found, Broadcast) else {(each.field, each.phrase) for each in found}


def phrases(library: Library, text: str, language: str = "en") -> set[str]:
    """What is wrong with a notice."""
    return {each.phrase for each in notice_problems(library, text, language)}


def test_a_good_notice_may_be_proposed(library: Library) -> None:
    """It keeps its words, and the language of whoever wrote it."""
    found = proposed(library, {"text": f" {GOOD}\n", "at": "morning"}, BLANK, NOW.date())
    assert found == Broadcast("b1", "notice", GOOD, "morning", "U0NURSE", language="en")


def test_a_page_or_a_tip_is_for_every_language(library: Library) -> None:
    """Only a notice is written in one."""
    card = proposed(library, {"card": "side-effects/overview", "series": "starting"}, BLANK, NOW.date())
    assert card == replace(BLANK, item="side-effects/overview", series="starting", language=None)
    tip = next(iter(library.series["en"]["starting"].tips.values()))
    assert isinstance(proposed(library, {"tip": tip.id}, BLANK, NOW.date()), Broadcast)


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("Call us.", "length"),
        (" ".join(["Call the ward today."] * 20), "length"),
        (f"{GOOD} Anna Smith has the number 555 01 34 99 at home.", "private"),
        (f"{GOOD} Her number is 555-0134.", "private"),
        (f"{GOOD} Tell mrs smith, born 12/03/1961.", "private"),
        (f"{GOOD} Write to anna@example.org.", "private"),
        (f"{GOOD} John's scan is clear.", "private"),
        (f"{GOOD} Mrs. Smith is unwell.", "private"),
        (f"{GOOD} Write to anna at example dot org.", "private"),
        (f"{GOOD} See https://example.org/?patient=anna.", "private"),
        (f"{GOOD} La prueba de Juan fue bien.", "private"),
        (f"{GOOD} Take 5 mg at night.", "dose"),
        (f"{GOOD} Take it twice a day.", "dose"),
        (f"{GOOD} This is a breakthrough.", "banned"),
        ("Notwithstanding organizational difficulties, multidisciplinary consultations continue uninterrupted throughout " * 2, "hard"),
        (f"{GOOD} \u202eevil", "unreadable"),
        (f"{GOOD}\0", "unreadable"),
        (" ".join(["w" * 60] * 20), "size"),
    ],
)
def test_each_rule_of_a_notice_says_what_to_mend(library: Library, words: str, phrase: str) -> None:
    """Length, personal data, dose, words that frighten or sell, ease, and what cannot be seen."""
    assert phrase in phrases(library, words)
    assert {field for field, _ in problems(library, text=words)} == {"text"}


ORDERS = {
    "en": """Take 5mg. 40mg/day. 1mg/kg. 10ml. 5 milligrams. 500 micrograms. five milligrams. five mg. 0,5 cc.
        Take two tablets of prednisone.
        one tablet daily. three times per day. every eight hours. twice each day. Raise your steroid to 40 a day.  Double your steroid.
        １０ ｍｇ. 5 мг. Stop your prednisone today. Skip your steroid today. Please stop your tablets. 5-mg. ½ tablet. 5 µg""",
    "es": """Tome dos tabletas. cinco miligramos. cada ocho horas. tres veces al dia. Duplique su corticoide.
        Deje su prednisona hoy. 5mg. 10 ml.
        una pastilla al día. Suspenda las pastillas. tome medio comprimido. 5 мг""",
}
HARMLESS = {
    "en": """Never stop your tablets on your own. Ask before you skip a dose. The clinic is open every day. Visit us twice.
        We moved to 5th Street.
        Call 2 days before. Bring your tablets. Do not stop the medicine. We are on floor 3. Stop here for tea. Six of us will be there""",
    "es": """No deje su medicina. Nunca salte una dosis por su cuenta.
        Traiga sus pastillas. Abrimos a las 8. Venga dos días antes. Una de nosotras va""",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_dose_is_seen_however_it_is_spelt(library: Library, language: str) -> None:
    """In digits and words, other alphabets, and as an order that names no amount; what only speaks of medicines may stay."""
    style = library.style[language]
    assert [words for words in re.split(r"\.\s+", ORDERS[language]) if not doses(words, style)] == []
    assert [words for words in re.split(r"\.\s+", HARMLESS[language]) if doses(words, style)] == []


def test_a_notice_is_in_the_language_that_it_is_for(library: Library) -> None:
    """Else it reaches those who cannot read it."""
    spanish = (
        "La clínica está cerrada el viernes. Por favor llame a la planta si nos necesita. La planta está abierta todo el día y la noche."
    )
    assert "foreign" in phrases(library, GOOD, "es")
    assert "foreign" in phrases(library, spanish, "en")
    assert phrases(library, spanish, "es") == phrases(library, GOOD, "en") == set()


def test_everything_is_told_at_once(library: Library) -> None:
    """A notice of 5,000 characters with a patient's number at its end and a dose in it is refused for all three."""
    text = ("Please take 20 mg of it. " * 200)[:4_950] + " Ring Anna on +34 600 123 456."
    assert len(text) > 4_900
    assert {"length", "size", "private", "dose"} <= phrases(library, text)


def test_days_and_hours_are_no_telephone(library: Library) -> None:
    """Nor are the team's own numbers, which a notice may give."""
    assert phrases(library, f"{GOOD} It opens again on 2026-11-30, or 30/11/2026, from 8:00-16:30.") == set()
    assert phrases(library, f"{GOOD} Today's visits, Friday's tests and Ward 5 stay as they are. See https://example.org/ward.") == set()
    ours = replace_institution(library, Institution("Ward 5", "+1 555 010 0100", clinic_line="555 010 0101"))
    assert phrases(ours, f"{GOOD} Ring +1 555 010 0100.") == set()
    assert "private" in phrases(ours, f"{GOOD} Ring +1 555 010 0199.")


def replace_institution(library: Library, institution: Institution) -> Library:
    """The library under a hospital's name."""
    return replace(library, institution=institution)


def test_a_notice_stands_under_the_teams_name_and_shows_the_way_out(library: Library) -> None:
    """The lock screen shows forty neutral letters; below the words are Stop and Urgent."""
    for language in library.languages:
        screen = notice_screen(library, GOOD, language)
        opening, _, rest = screen.text.partition("\n")
        assert len(opening) >= 40
        assert rest.strip().startswith(f"**{library.phrase(language, 'broadcast.notice.team')}**")
        assert [button.target for button in screen.buttons()] == ["stop", "urgent"]
    ward = replace_institution(library, Institution("Ward 5", "1"))
    assert "**Ward 5**" in notice_screen(ward, GOOD, "en").text


@given(
    some.text(max_size=6_000) | some.lists(some.text(min_size=1, max_size=90), max_size=70).map(" ".join), some.sampled_from(["en", "es"])
)
def test_whatever_is_written_is_refused_or_can_be_drawn(library: Library, text: str, language: str) -> None:
    """No words crash a rule; what passes them all fits both platforms."""
    if not notice_problems(library, text, language):
        screen = notice_screen(library, text, language)
        assert telegram.problems(screen) == slack.problems(screen) == []


@given(
    some.lists(some.sampled_from(["Call us.", "The ward is open.", "**Today**", "- Ask us", "<b>", "&", "\n", "*", "_x_", "`"]), min_size=8)
)
def test_plain_words_with_any_marks_fit_both_platforms(library: Library, parts: list[str]) -> None:
    """A notice may hold the small marks of our own texts, and letters that other markup is made of."""
    text = " ".join(parts)
    if not notice_problems(library, text, "en"):
        screen = notice_screen(library, text, "en")
        assert telegram.problems(screen) == slack.problems(screen) == []


def test_what_is_not_known_is_told_with_what_is_near(library: Library) -> None:
    """A page and a tip by the ids most like the one that was typed."""
    for field, typed, near in (("card", "side-effect/overview", "side-effects/overview"), ("tip", "startin/x", "starting/")):
        found = proposed(library, {field: typed}, BLANK, NOW.date())
        assert not isinstance(found, Broadcast)
        assert near in str(found[0].values["near"])


def test_what_tells_people_to_call_now_is_not_sent_to_all(library: Library) -> None:
    """It would frighten those who are well."""
    urgent = [id for id in library.cards["en"] if id.startswith("urgent/")]
    assert urgent
    assert all(problems(library, card=id) == {("card", "urgent_card")} for id in urgent)


def test_exactly_one_thing_is_sent(library: Library) -> None:
    """None, or two, is told at a field; what is wrong with the others is told too."""
    assert problems(library) == {("card", "nothing")}
    assert problems(library, card="side-effects/overview", text=GOOD) == {("text", "several")}
    assert problems(library, series="poems", language="fr", at="never") == {
        ("card", "nothing"),
        ("series", "unknown_series"),
        ("language", "unknown_language"),
        ("at", "unknown_at"),
    }


def test_what_no_longer_stands_is_not_sent(library: Library) -> None:
    """A page that is unknown, taken down, or due to be checked; and a tip whose page is."""
    id = "side-effects/overview"
    card = library.cards["en"][id]
    for changes in ({"withdrawn": "wrong"}, {"review_by": NOW.date() - timedelta(days=1)}):
        cards = {"en": {**library.cards["en"], id: replace(card, **changes)}}
        assert problems(replace(library, cards=cards), card=id) == {("card", "expired_card")}
    assert problems(library, card="no/such") == {("card", "unknown_card")}
    assert problems(library, tip="starting/no-such") == {("tip", "unknown_tip")}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"state": "stopped"}, "stopped"),
        ({"state": "silent"}, "silent"),
        ({"paused_until": date(2026, 11, 26)}, "paused"),
        ({"paused_until": date(2026, 11, 25)}, None),
        ({"language": "es"}, "language"),
        ({"enrolled": False}, "series"),
    ],
)
def test_each_reader_gets_it_or_is_left_out_for_a_reason(changes: dict[str, object], reason: str | None) -> None:
    """Whoever stopped, fell silent, paused, reads another language or chose another series."""
    assert left_out(BLANK, replace(READER, **changes), team_only=False, today=NOW.date()) == reason  # type: ignore[arg-type]  # fields


def test_patients_never_get_what_is_for_care_teams(library: Library) -> None:
    """Pages and series of a care team go to Slack alone."""
    page = next(id for id, card in library.cards["en"].items() if card.audience == "care-team")
    assert for_team(library, replace(BLANK, item=page))
    assert for_team(library, replace(BLANK, kind="tip", item="care-team/x"))
    assert not for_team(library, replace(BLANK, item="side-effects/overview"))
    assert not for_team(library, replace(BLANK, kind="notice", item=GOOD))
    nurse = replace(READER, audience="care-team", platform="slack")
    assert left_out(BLANK, READER, team_only=True, today=NOW.date()) == "care_team"
    assert left_out(BLANK, nurse, team_only=True, today=NOW.date()) is None


@pytest.mark.parametrize(
    ("at", "zone", "after", "expected"),
    [
        ("now", "UTC", 0, NOW),
        ("now", "America/Los_Angeles", 0, datetime(2026, 11, 25, 17, tzinfo=UTC)),
        ("now", "UTC", 10, NOW + timedelta(hours=10)),
        ("now", "UTC", 12, datetime(2026, 11, 26, 9, tzinfo=UTC)),
        ("morning", "Europe/Madrid", 0, datetime(2026, 11, 26, 8, tzinfo=UTC)),
        ("morning", "America/New_York", 0, datetime(2026, 11, 25, 14, tzinfo=UTC)),
        ("morning", "America/New_York", 6, NOW + timedelta(hours=6)),
        ("morning", "America/New_York", 17, datetime(2026, 11, 26, 14, tzinfo=UTC)),
    ],
)
def test_nobody_is_woken(at: str, zone: str, after: int, expected: datetime) -> None:
    """Now for those awake, nine in the morning for the others; what missed its time comes by day, never at night."""
    begun = replace(BLANK, at=at, began=NOW)  # type: ignore[arg-type]  # one of the two words
    assert due(begun, zone, NOW + timedelta(hours=after)) == expected
    assert expected < too_late(zone, expected)


def test_whom_it_reaches_is_counted_before_it_is_approved() -> None:
    """By platform, now and later; and who is left out, by reason."""
    asleep = replace(READER, zone="America/Los_Angeles")
    nurse = replace(READER, audience="care-team", platform="slack")
    listeners = [(READER, 60), (asleep, 5), (nurse, 2), (replace(READER, state="stopped"), 7), (replace(READER, language="es"), 3)]
    count = counted(BLANK, listeners, team_only=False, now=NOW)
    nine = datetime(2026, 11, 25, 17, tzinfo=UTC)
    assert count == Count(62, 5, {"telegram": 65, "slack": 2}, {"stopped": 7, "language": 3}, nine)
    assert count.last
    assert count.last.hour == 9
    assert count.included == 67
    assert seconds(count, {"telegram": 30, "slack": 1}) == pytest.approx(65 / 30)
    assert seconds(count, {}) == 0


@pytest.mark.parametrize(("included", "size"), [(0, 0), (4, 4), (10, 10), (999, 10), (1_001, 11), (100_000, 1_000)])
def test_a_few_get_it_first(included: int, size: int) -> None:
    """One of a hundred, at least ten, never more than there are."""
    assert canary_size(included) == size


@pytest.mark.parametrize(
    ("gone", "refused", "sent", "stops"), [(2, 0, 8, False), (1, 2, 7, True), (3, 0, 57, False), (3, 0, 56, True), (0, 0, 10, False)]
)
def test_it_stops_by_itself(gone: int, refused: int, sent: int, stops: bool) -> None:
    """At three or more, and over five of a hundred, that could not be reached."""
    assert halts(Tally(gone=gone, refused=refused, sent=sent)) is stops


def test_the_canary_is_waited_for_ten_minutes() -> None:
    """From when the last of them was to get it; less where all are settled, and not at all where it stops."""
    waiting, ten = Tally(waiting=1, sent=9), timedelta(minutes=10)
    assert after_canary(waiting, NOW, NOW + ten - timedelta(seconds=1)) == "wait"
    assert after_canary(waiting, NOW, NOW + ten) == "go on"
    assert after_canary(Tally(sent=10), NOW, NOW) == "go on"
    assert after_canary(Tally(waiting=4, sent=3, gone=3), NOW, NOW) == "halt"


def test_two_people_are_needed() -> None:
    """Whoever proposed it cannot approve it; the second person begins it, once."""
    with pytest.raises(NotAllowed, match="own"):
        decided(BLANK, "U0NURSE", "approve", may_approve=True)
    begun = decided(BLANK, "U0DOCTOR", "approve", may_approve=True)
    assert (begun.state, begun.approved_by) == ("canary", "U0DOCTOR")
    assert decided(begun, "U0DOCTOR", "approve", may_approve=True) == begun
    with pytest.raises(NotAllowed, match="begun"):
        decided(begun, "U0THIRD", "approve", may_approve=True)
    with pytest.raises(NotAllowed, match="stranger"):
        decided(BLANK, "operator", "approve", may_approve=False)


WAYS: list[tuple[BroadcastState, bool, Word, BroadcastState]] = [
    ("canary", False, "pause", "paused"),
    ("running", True, "pause", "paused"),
    ("paused", False, "resume", "canary"),
    ("paused", True, "resume", "running"),
    ("halted", False, "resume", "running"),
    ("running", True, "resume", "running"),
    ("proposed", False, "stop", "stopped"),
    ("halted", False, "stop", "stopped"),
    ("stopped", False, "stop", "stopped"),
    ("done", True, "retry", "running"),
    ("running", True, "retry", "running"),
]
NO_WAYS: list[tuple[BroadcastState, Word, str]] = [
    ("proposed", "pause", "early"),
    ("proposed", "resume", "early"),
    ("proposed", "retry", "over"),
    ("done", "stop", "over"),
    ("done", "pause", "over"),
    ("stopped", "resume", "over"),
    ("stopped", "retry", "over"),
    ("stopped", "approve", "over"),
    ("expired", "approve", "expired"),
    ("expired", "stop", "expired"),
]


@pytest.mark.parametrize(("state", "widened", "word", "becomes"), WAYS)
def test_every_word_leads_somewhere(state: BroadcastState, widened: bool, word: Word, becomes: BroadcastState) -> None:
    """The same word twice is the same as once."""
    after = decided(replace(BLANK, state=state, widened=widened), "U0DOCTOR", word, may_approve=True)
    assert after.state == becomes
    assert decided(after, "U0DOCTOR", word, may_approve=True) == after


@pytest.mark.parametrize(("state", "word", "reason"), NO_WAYS)
def test_what_is_over_does_not_begin_again(state: BroadcastState, word: Word, reason: str) -> None:
    """Nor does anything happen before it was approved."""
    with pytest.raises(NotAllowed, match=reason):
        decided(replace(BLANK, state=state), "U0DOCTOR", word, may_approve=True)
