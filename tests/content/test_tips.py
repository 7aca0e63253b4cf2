"""Tips are begun in a few taps and changed one thing at a time; nobody is subscribed without a zone."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import readers
from hypothesis import given, settings
from hypothesis import strategies as some
from readers import NOW, STOPPED, SUBSCRIBED, TODAY, Person, problems

from content import zones
from content.conversation import answer, reads, whose
from content.events import Go, Say
from content.model import Library
from content.people import Adjust, Choose, Enrolment, Reader, Stop, Subscription
from content.screen import MAXIMUM_TARGET_BYTES
from content.subscribing import USUAL_DAYS


def on(person: Person) -> Subscription:
    """The subscription of somebody who has one."""
    assert person.subscription
    return person.subscription


def test_a_person_without_a_zone_is_asked_the_time_first(library: Library) -> None:
    """The first screen asks the time, says who tips are for, and carries the zone in its buttons; two taps later there is a choice."""
    person = Person(library).says("tips")
    assert "What time is it for you?" in person.text
    assert "18 and over" in person.text
    person.taps("9:00 pm to 11:59 pm").taps("10:05 pm Madrid")
    assert "18 and over" in person.text
    assert person.subscription is None
    person.taps("Starting treatment")
    assert on(person) == SUBSCRIBED
    assert "10:00 am" in person.text
    assert "Tuesday and Friday" in person.text
    assert "10:05 pm" in person.text


@pytest.mark.parametrize(
    ("known", "place"), [({"zone": "America/Bogota"}, "Bogotá"), ({"region": "gb"}, "London"), ({"region": "ar"}, "Buenos Aires")]
)
def test_a_known_zone_is_not_asked_for(library: Library, known: dict[str, str], place: str) -> None:
    """From the platform, else from a region that has one time; it is named, and another can be chosen."""
    person = Person(library, **known).says("tips")  # type: ignore[arg-type]  # the keywords of a Person
    assert place in person.text
    assert "18 and over" in person.text
    assert "tips/zone" in person.targets()
    assert on(person.taps("Starting treatment")).zone in ("America/Bogota", "Europe/London", "America/Argentina/Buenos_Aires")


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc", "europe/madrid"])
def test_a_zone_that_is_none_is_not_believed(library: Library, zone: str) -> None:
    """Whatever a platform says."""
    assert "What time is it for you?" in Person(library, zone=zone).says("tips").text


def test_a_region_with_a_few_times_offers_those(library: Library) -> None:
    """One tap in the United States; the rest of the world is a tap further."""
    person = Person(library, region="us").says("tips")
    assert "4:05 pm New York" in [button.label for button in person.screen.buttons()]
    assert on(person.taps("2:05 pm Denver").taps("Starting treatment")).zone == "America/Denver"
    assert "9:00 pm to 11:59 pm" in [
        button.label for button in Person(library, region="us").says("tips").taps("Somewhere else").screen.buttons()
    ]


@pytest.mark.parametrize(
    "target", ["tips/add/starting", "tips/add/starting/nowhere", "tips/go-on", "tips/days/7", "tips/hour/9", "tips/drop/starting"]
)
def test_nobody_is_subscribed_without_a_zone(library: Library, target: str) -> None:
    """An old or forged button asks the time."""
    person = Person(library).goes(target)
    assert person.subscription is None
    assert "What time is it for you?" in person.text


def test_a_city_that_was_typed_is_the_zone(library: Library) -> None:
    """With and without the slash, in both languages; before there are tips it only carries on, after that it is kept."""
    for words in ("tips Madrid", "/tips Madrid", "consejos Madrid", "TIPS madrid"):
        person = Person(library).says(words)
        assert person.answer.changes == ()
        assert on(person.taps("Starting treatment")).zone == "Europe/Madrid"
    assert on(person.says("tips Bogotá")).zone == "America/Bogota"
    assert "Bogotá" in person.text


def test_a_city_that_fits_several_is_chosen(library: Library) -> None:
    """Each with its time."""
    person = Person(library).says("tips Portland")
    assert person.answer.changes == ()
    assert "There is more than one Portland." in person.text
    assert "1:05 pm" in person.text
    assert "Los" not in person.taps("Portland, Maine").text
    assert on(person.taps("Starting treatment")).zone == "America/New_York"


def test_an_unknown_city_gets_a_kind_answer(library: Library) -> None:
    """The nearest names, or the question what time it is; nothing typed comes back."""
    near = Person(library).says("tips Madird")
    assert "Madrid" in [button.label for button in near.screen.buttons()]
    far = Person(library).says("tips Xanadu")
    assert "I do not know that place." in far.text
    assert "What time is it for you?" in far.text
    assert "Xanadu" not in far.text


@pytest.mark.parametrize(
    "words", ["tips every day at 25:00", "/tips every day at 25:00", "tips 25:00", "consejos cada día a las 25:00", "tips monday"]
)
def test_hours_are_not_typed(library: Library, words: str) -> None:
    """A clear answer, and where days and hours are chosen."""
    person = Person(library, SUBSCRIBED).says(words)
    assert person.answer.changes == ()
    assert "9:00" in person.text
    assert {"tips/days", "tips/hour"} <= set(person.targets())


@pytest.mark.parametrize("words", ["tips for better sleep", "tips on food", "tips about the sun", "consejos para dormir"])
def test_a_question_that_begins_with_the_word_is_a_question(library: Library, words: str) -> None:
    """Only a place, an hour or a courtesy belongs to the command."""
    assert "I do not know that place" not in Person(library).says(words).text
    assert "time" not in Person(library).says(words).text.split("\n")[0]


@pytest.mark.parametrize(
    "words",
    [
        "i want tips",
        "send me tips",
        "sign me up for tips",
        "how do i get tips for my mom please",
        "tips 🙂",
        "quiero consejos",
        "consejos para mi madre",
        "mándame consejos por favor",
        "quiero más consejos",
    ],
)
def test_tips_are_asked_for_in_any_words(library: Library, words: str) -> None:
    """A whole message that wants tips opens them, and begins nothing by itself."""
    person = Person(library, SUBSCRIBED).says(words)
    assert person.answer.changes == ()
    assert "Your tips are on." in person.text


@pytest.mark.parametrize(
    "words",
    [
        "can i resume my treatment",
        "i want tips for sleeping",
        "i dont want tips on food",
        "every 2 hours",
        "i am 15 weeks along",
        "change the days of my infusion",
        "quiero consejos para dormir",
        "tengo 15 llagas",
    ],
)
def test_a_question_is_never_taken_for_a_wish_for_tips(library: Library, words: str) -> None:
    """One word more, and it is about something else."""
    person = Person(library, STOPPED).says(words)
    assert person.answer.changes == ()
    assert not {"tips/days", "tips/hour", "tips/hour/9", "tips/days/7"} & set(person.targets())
    assert "18 and over" not in person.text


@pytest.mark.parametrize(
    "words",
    ["turn tips on", "Tips on", "resume", "resume my tips", "i want tips again", "reanudar", "Encender consejos", "activa los consejos"],
)
def test_tips_are_turned_on_again_in_any_words(library: Library, words: str) -> None:
    """The button's own label among them; whoever never had tips is asked first."""
    assert on(Person(library, STOPPED).says(words)).state == "on"
    assert Person(library).says(words).subscription is None


def test_a_place_of_many_names_keeps_the_one_that_was_chosen(library: Library) -> None:
    """Each place has its own button, and is named as it was tapped, also in the first answer after that."""
    person = Person(library).says("tips Springfield")
    assert len({target for target in person.targets() if target.startswith("tips/in/")}) == 4
    assert "in Springfield, Ohio" in person.taps("Springfield, Ohio").text
    assert "Springfield, Ohio" in person.taps("Starting treatment").text
    assert on(person).zone == "America/New_York"


def test_every_place_is_carried_by_a_button_and_comes_back(library: Library) -> None:
    """With the longest series it still fits a target, and it names the place or the best known one with its time."""
    longest = max((series.key for series in library.series["en"].values()), key=len)
    for city in library.cities:
        slug = zones.place_slug(library, city)
        assert slug
        assert len(f"tips/add/{longest}/{slug}") <= MAXIMUM_TARGET_BYTES
        back = zones.place_of(library, slug)
        assert back
        assert back.zone == city.zone


def test_the_first_screen_is_short(library: Library) -> None:
    """The buttons say what there is to read about."""
    assert len(Person(library, zone="Europe/Madrid").says("tips").text.split()) <= 70


def test_later_taps_change_one_thing(library: Library) -> None:
    """Days, hour, zone, series: the rest stays as it was, and the screen shows what is true after."""
    person = Person(library, SUBSCRIBED)
    assert on(person.goes("tips/days/3")) == replace(SUBSCRIBED, days=frozenset({0, 2, 4}))
    assert "Monday, Wednesday and Friday" in person.text
    assert on(person.goes("tips/hour/19")) == replace(SUBSCRIBED, days=frozenset({0, 2, 4}), hour=19)
    assert "7:00 pm" in person.text
    assert on(person.goes("tips/in/tokyo")).zone == "Asia/Tokyo"
    assert on(person.goes("tips/days/7")).days == frozenset(range(7))
    assert "every day" in person.text
    assert on(person.goes("tips/drop/starting")).series == {"starting": Enrolment(off=True)}
    assert on(person.goes("tips/add/starting")).series == {"starting": Enrolment()}


@pytest.mark.parametrize("rest", ["8", "20", "0", "24", "99", "-1", "09", "later", "x"])
def test_no_tip_comes_at_night(library: Library, rest: str) -> None:
    """Only hours from nine to nineteen can be chosen."""
    assert on(Person(library, SUBSCRIBED).goes(f"tips/hour/{rest}")).hour in range(9, 20)


def test_the_zone_of_an_old_button_moves_nobody(library: Library) -> None:
    """Whoever has tips already keeps their zone, whatever the button carried."""
    other = next(key for key, series in library.series["en"].items() if series.audience == "everyone")
    assert on(Person(library, SUBSCRIBED).goes(f"tips/add/{other}/tokyo")).zone == "Europe/Madrid"


def test_the_language_of_the_button_is_kept_with_the_first_choice(library: Library) -> None:
    """So that tips come in it; a language that was chosen stays."""
    begun = Person(library, zone="Europe/Madrid", language="es").goes("tips/add/starting/madrid")
    assert Choose(readers.ANNA, language="es") in begun.answer.changes
    assert Choose(readers.ANNA, language="es") not in begun.goes("tips/days/7").answer.changes


def test_what_could_not_be_kept_is_not_called_kept(library: Library) -> None:
    """Every change has another screen for that."""
    for target in (
        "tips/add/starting/madrid",
        "tips/days/7",
        "tips/hour/9",
        "tips/in/tokyo",
        "tips/go-on",
        "pause/week",
        "pause/silent",
        "stop",
    ):
        person = Person(library, None if target.endswith("madrid") else SUBSCRIBED).goes(target)
        assert person.answer.changes
        assert person.answer.otherwise
        assert "did not work" in person.answer.otherwise.text


def test_a_stop_that_came_since_wins(library: Library) -> None:
    """Every change tells which stop it had seen."""
    (change, *_) = Person(library, STOPPED).goes("tips/go-on").answer.changes
    assert isinstance(change, Adjust)
    assert change.seen == NOW


@pytest.mark.parametrize(
    ("subscription", "words"),
    [
        (SUBSCRIBED, "Your tips are on."),
        (replace(SUBSCRIBED, paused_until=date(2026, 12, 1)), "None comes before 1 December 2026."),
        (replace(SUBSCRIBED, paused_until=TODAY), "Your tips are on."),
        (replace(SUBSCRIBED, state="silent"), "until you turn them on again"),
        (STOPPED, "You said stop."),
        (replace(SUBSCRIBED, series={"starting": Enrolment(off=True)}), "No tips are coming."),
    ],
)
def test_how_tips_stand_is_said_plainly(library: Library, subscription: Subscription, words: str) -> None:
    """On, paused, silent, stopped, nothing chosen; off can be turned on, on can be stopped."""
    person = Person(library, subscription).says("tips")
    assert words in person.text
    assert ("stop" in person.targets()) == (subscription.state != "stopped")
    assert ("tips/go-on" in person.targets()) == (subscription.state != "on" or "before" in words)


def test_a_series_that_ended_says_when_it_may_come_again(library: Library) -> None:
    """Ninety days later, and not before: till then it has no button."""
    ended = replace(SUBSCRIBED, series={"starting": Enrolment("one-list-of-pills", date(2026, 11, 1))})
    person = Person(library, ended).goes("tips/series")
    assert "30 January 2027" in person.text
    assert not [target for target in person.targets() if target.endswith("/starting")]
    assert on(person.goes("tips/add/starting")) == ended
    person.now = datetime(2027, 1, 30, 12, tzinfo=UTC)
    assert on(person.goes("tips/add/starting")).series == STARTING_AGAIN


STARTING_AGAIN = {"starting": Enrolment()}


def test_choosing_a_series_turns_tips_on_again(library: Library) -> None:
    """While all are off none is called on, and the choice says what a tap does."""
    person = Person(library, STOPPED).goes("tips/series")
    assert "(on)" not in person.text
    assert "turns them on again" in person.text
    assert on(person.taps("Starting treatment")).state == "on"
    assert "(on)" in person.text


def test_patients_see_no_series_of_the_care_team(library: Library) -> None:
    """Nor can a button from elsewhere begin it."""
    here = with_care_team(library)
    assert "Care lines" not in Person(here, SUBSCRIBED).goes("tips/series").text
    assert "care-lines" not in on(Person(here, SUBSCRIBED).goes("tips/add/care-lines")).series
    assert Person(here).goes("tips/add/care-lines/madrid").subscription is None


def test_a_care_team_begins_weekly(library: Library) -> None:
    """On Mondays; the series for everybody begins as for patients."""
    here = with_care_team(library)
    nurse = Person(here, address=readers.NURSE, audience="care-team", zone="Europe/Madrid").says("tips")
    assert "Care lines: once a week, on Monday." in nurse.text
    assert on(nurse.taps("Care lines")).days == frozenset({0})
    assert on(nurse.goes("tips/add/starting")).days == frozenset({0})
    other = Person(here, address=readers.NURSE, audience="care-team", zone="Europe/Madrid").goes("tips/add/starting/madrid")
    assert on(other).days == USUAL_DAYS


def with_care_team(library: Library) -> Library:
    """The library with a series that only care teams read."""
    series = replace(library.series["en"]["starting"], key="care-lines", title="Care lines", label="Care lines", audience="care-team")
    return replace(library, series={language: {**each, "care-lines": series} for language, each in library.series.items()})


def test_in_a_channel_tips_are_the_channels(library: Library) -> None:
    """The change is the room's, and the screen says what is needed there: to be invited."""
    nurse = Person(library, address=readers.NURSE, audience="care-team", zone="Europe/Madrid", room=readers.WARD).says("/tips")
    assert "/invite" in nurse.text
    nurse.goes("tips/add/starting/madrid")
    assert {change.address for change in nurse.answer.changes} == {readers.WARD}
    assert "/invite" in nurse.text


@pytest.mark.parametrize("words", ["/tips", "/tips Madrid", "/pause", "/start tips"])
def test_a_group_of_patients_gets_no_tips(library: Library, words: str) -> None:
    """It says so kindly, shows nothing of anybody's own, and changes nothing."""
    person = Person(library, SUBSCRIBED, room=readers.GROUP).says(words)
    assert "not to a group" in person.text
    assert "Tuesday" not in person.text
    assert person.answer.changes == ()


def test_while_the_store_does_not_answer_nothing_is_guessed(library: Library) -> None:
    """`tips` and `pause` say so, and `stop` is tried all the same."""
    unknown = Reader(readers.ANNA, "patient", known=False)
    for target in ("tips", "tips/days/3", "tips/add/starting/madrid", "pause", "pause/week"):
        found = answer(library, Go(readers.ANNA, readers.ANNA, target, "en"), unknown, NOW)
        assert "cannot look right now" in found.screens[0].text
        assert found.changes == ()
    assert answer(library, Say(readers.ANNA, readers.ANNA, "stop"), unknown, NOW).changes == (Stop(readers.ANNA),)


def test_the_rows_that_tips_need(library: Library) -> None:
    """One row, the room's; a link to tips reads it too, so that it shows what is true."""
    for words in ("tips", "tips Madrid", "pause, bad news", "stop tips", "/start tips"):
        event = Say(readers.NURSE, readers.WARD, words)
        assert whose(library, event) == readers.WARD, words
        assert reads(library, event) == "row", words
    assert reads(library, Say(readers.ANNA, readers.ANNA, "/start mydata")) == "all"


def test_what_is_half_typed_changes_nothing(library: Library) -> None:
    """An inline query may be shared into any chat: nothing of one's own stands in it, and half a word stops nothing."""
    for words in (
        "stop",
        "tips",
        "pause, bad news",
        "mydata",
        "english",
        "delete my data",
        "/start tips",
        "/start mydata",
        "my husband died yesterday",
        "i cannot breathe",
    ):
        event = Say(readers.ANNA, readers.ANNA, words, passing=True)
        found = answer(library, event, Reader(readers.ANNA, "patient", subscription=SUBSCRIBED), NOW)
        assert (found.changes, found.later) == ((), ()), words
        assert "Tuesday" not in found.screens[-1].text, words


STANDINGS = (None, SUBSCRIBED, STOPPED, replace(SUBSCRIBED, state="silent"), replace(SUBSCRIBED, paused_until=date(2026, 12, 24)))
PARTS = some.lists(
    some.sampled_from(
        [
            "tips",
            "pause",
            "stop",
            "add",
            "drop",
            "in",
            "days",
            "hour",
            "zone",
            "time",
            "series",
            "go-on",
            "later",
            "week",
            "silent",
            "starting",
        ]
    )
    | some.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(
    parts=PARTS,
    head=some.sampled_from(["tips", "pause", "stop"]),
    standing=some.sampled_from(STANDINGS),
    language=some.sampled_from(["en", "es"]),
)
def test_any_target_of_tips_gives_a_whole_screen(
    library: Library, parts: list[str], head: str, standing: Subscription | None, language: str
) -> None:
    """Whatever a button holds: an answer, short enough, with buttons that can be read back, none to itself."""
    target = "/".join((head, *parts))[:48].rstrip("/")
    person = Person(library, standing, language=language).goes(target)
    assert problems(person.screen, target) == []
    assert person.answer.otherwise is None or problems(person.answer.otherwise) == []


@settings(max_examples=300, deadline=None)
@given(words=some.text(max_size=120), standing=some.sampled_from(STANDINGS))
def test_any_words_after_tips_give_a_whole_screen(library: Library, words: str, standing: Subscription | None) -> None:
    """Whatever is typed after the command."""
    assert Person(library, standing).says(f"/tips {words}").text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("standing", STANDINGS, ids=["none", "on", "stopped", "silent", "paused"])
@pytest.mark.parametrize("region", [None, "us", "ca", "es"])
def test_every_screen_of_tips_is_whole(library: Library, language: str, standing: Subscription | None, region: str | None) -> None:
    """Walked from `tips`: short enough, eight buttons at most besides the fixed row, every tap a whole valid state."""
    seen, waiting = set[str](), ["tips", "pause", "tips/zone"]
    while waiting:
        target = waiting.pop()
        if target in seen or target.split("/")[0] not in ("tips", "pause", "stop") or len([each for each in seen if "/add/" in each]) > 30:
            continue
        seen.add(target)
        person = Person(library, standing, language=language, region=region).goes(target)
        assert problems(person.screen, target) == [], target
        waiting += person.targets()
    assert len(seen) > 10


def test_every_hour_of_the_day_can_be_answered(library: Library) -> None:
    """At every hour, in every month, in both languages and every region: eight cities at most, their labels short enough."""
    for month, hour in ((month, hour) for month in range(1, 13, 2) for hour in range(24)):
        for language, region in (("en", None), ("es", "ca"), ("en", "au"), ("es", "mx")):
            person = Person(library, language=language, region=region)
            person.now = NOW.replace(month=month, hour=hour, minute=59)
            for band in range(0, 24, 3):
                assert problems(person.goes(f"tips/time/{band}").screen) == [], (month, hour, band)
