"""`tips`: begin them, and change one thing with each tap. The place and the language travel in the button, so every tap works for ever."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from content import zones
from content.model import City
from content.pages import tip_times
from content.pages.standing import details, goes_on, headline, readable, resting_until, standing, today
from content.pages.times import clock, day, listed, time_in, weekdays
from content.people import Adjust, Choose, Subscription
from content.sayings import tips_meant
from content.screen import Button, Screen
from content.spoken import is_courtesy, is_time
from content.subscribing import USUAL_DAYS, USUAL_HOUR, changed
from content.turn import Answer, Turn, pairs
from content.whereabouts import bare

_WEEKLY: Final = frozenset({0})
_LONGEST: Final = {"patient": 1_000, "care-team": 1_600}
_RESUME: Final = "tips/go-on"


def tips(turn: Turn) -> Answer:
    """How the tips stand, or the page that the target names."""
    verb, _, rest = turn.rest.partition("/")
    return refused(turn) or _PAGES.get(verb, _shown)(replace(turn, rest=rest))


def typed(turn: Turn) -> Answer:
    """What was typed after the command, or instead of it: a part of these pages, a place, or something that is none."""
    if other := refused(turn):
        return other
    if is_time(turn.library, turn.rest):
        return _not_a_time(turn)
    if (part := tips_meant(turn.library, turn.rest)) is not None:
        return _PAGES[part](replace(turn, rest=""))
    return _shown(turn) if is_courtesy(turn.library, turn.rest) else _there(turn, bare(turn.library, turn.rest))


def _not_a_time(turn: Turn) -> Answer:
    text, now = turn.say("tips.not_a_time", first=clock(turn, tip_times.FIRST), last=clock(turn, tip_times.LAST)), _now(turn)
    return Answer((replace(now, text=f"{text}\n\n{now.text}"),))


def _there(turn: Turn, place: str) -> Answer:
    found = zones.named(turn.library, place)
    if len(found) == 1:
        return _placed(turn, found[0])
    if found:
        return Answer((tip_times.which(turn, found),))
    if region := next(iter(zones.countries(turn.library, place)), ""):
        zone = turn.library.zones.get(region)
        return _placed(turn, zones.city_of(turn.library, zone)) if zone else Answer((tip_times.ask(turn, region),))
    return Answer((tip_times.unknown(turn, zones.near(turn.library, place)),))


def refused(turn: Turn) -> Answer | None:
    """The answer where there are no tips, in a group of patients, or where nothing is known of the reader just now."""
    if turn.in_room and turn.reader.audience == "patient":
        return Answer((turn.screen(turn.say("tips.group")),))
    return None if turn.reader.known else Answer((turn.screen(turn.say("tips.down")),))


def _shown(turn: Turn) -> Answer:
    return Answer((_now(turn),))


def _now(turn: Turn) -> Screen:
    """The settings of a subscriber; else what there is to choose, or first the question what time it is."""
    if subscription := turn.reader.subscription:
        return settings(turn, subscription)
    zone = tip_times.known_zone(turn)
    return begin(turn, zones.city_of(turn.library, zone)) if zone else tip_times.ask(turn)


def begin(turn: Turn, place: City) -> Screen:
    """What there is to choose; the place travels in the buttons, since nobody is subscribed without a zone."""
    slug = zones.place_slug(turn.library, place)
    buttons = [Button(series.label, f"tips/add/{series.key}/{slug}") for series in readable(turn)]
    days, hour = weekdays(turn, USUAL_DAYS), clock(turn, USUAL_HOUR)
    head = turn.say("tips.begin", days=days, hour=hour, place=zones.full_name(place, turn.language), now=time_in(turn, place.zone))
    weekly = [series.label for series in readable(turn) if series.audience == "care-team"]
    if weekly:
        head = f"{head} {turn.say('tips.begin_weekly', series=listed(turn, weekly), days=weekdays(turn, _WEEKLY))}"
    text = f"{head}\n\n{turn.say('tips.adults')}{tip_times.channel(turn)}"
    return turn.screen(text, *pairs([*buttons, turn.button("other_zone", "tips/zone")]), here="tips")


def settings(turn: Turn, subscription: Subscription, place: City | None = None) -> Screen:
    """How the tips stand, and a button for each thing that can be changed; `place` was just named for the zone."""
    stands = standing(turn, subscription)
    change = [turn.button(name, f"tips/{name}") for name in ("series", "days", "hour", "zone")]
    pause = [turn.button("pause", "pause")] if stands == "on" else []
    resume = [turn.button("resume", _RESUME)] if stands in ("paused", "silent", "stopped") else []
    stop = [turn.button("stop", "stop")] if stands != "stopped" else []
    text = f"{headline(turn, subscription)}\n{details(turn, subscription, place)}{tip_times.channel(turn)}"
    return turn.screen(text, *pairs(change), *pairs([*resume, *pause, *stop]), here="tips")


def not_kept(turn: Turn) -> Screen:
    """What is shown where a change could not be kept: nothing is called saved that was not."""
    return turn.screen(turn.say("tips.not_kept"), (turn.button("tips_now", "tips"),))


def _adjusted(turn: Turn, change: Adjust, shows: Callable[[Turn, Subscription], Screen] = settings) -> Answer:
    after = changed(turn.reader.subscription, change, turn.now)
    if after is None:
        return _shown(turn)
    speaks = () if turn.reader.language else (Choose(turn.reader.address, language=turn.language),)
    return Answer((shows(turn, after),), (change, *speaks), not_kept(turn))


def _change(turn: Turn) -> Adjust:
    """A change of nothing yet; a stop that came since the row was read wins over it."""
    subscription = turn.reader.subscription
    return Adjust(turn.reader.address, subscription.stopped if subscription else None)


def resumed(turn: Turn) -> Answer:
    """Turn the tips on again as they were chosen."""
    return _adjusted(turn, replace(_change(turn), resume=True))


def _moved(turn: Turn) -> Answer:
    place = zones.place_of(turn.library, turn.rest)
    return _placed(turn, place) if place else Answer((tip_times.ask(turn),))


def _placed(turn: Turn, place: City) -> Answer:
    """A subscriber's zone from now on; for anybody else the zone in which tips would begin."""
    if turn.reader.subscription is None:
        return Answer((begin(turn, place),))
    return _adjusted(turn, replace(_change(turn), zone=place.zone), partial(settings, place=place))


def _added(turn: Turn) -> Answer:
    key, _, slug = turn.rest.partition("/")
    series = next((each for each in readable(turn) if each.key == key), None)
    if series is None:
        return _shown(turn)
    subscription = turn.reader.subscription
    if subscription is None:
        place, days = zones.place_of(turn.library, slug), _WEEKLY if series.audience == "care-team" else None
        zone = place.zone if place else tip_times.known_zone(turn)
        return _adjusted(turn, replace(_change(turn), add=key, days=days, zone=zone), partial(settings, place=place))
    if resting_until(subscription, key, today(turn, subscription)):
        return Answer((choice(turn, subscription),))
    return _adjusted(turn, replace(_change(turn), add=key), choice)


def _dropped(turn: Turn) -> Answer:
    return _adjusted(turn, replace(_change(turn), drop=turn.rest), choice)


def _series(turn: Turn) -> Answer:
    subscription = turn.reader.subscription
    return Answer((choice(turn, subscription),)) if subscription else _shown(turn)


def choice(turn: Turn, subscription: Subscription) -> Screen:
    """Every series: what it is about, whether it is on, and from when one that ended may come again."""
    buttons = [each for series in readable(turn) if (each := _toggle(turn, subscription, series.key, series.label))]
    off = f"\n{turn.say('tips.choice_off')}" if subscription.state != "on" else ""
    return turn.screen(_fitting(turn, f"{turn.say('tips.choice')}{off}", "", subscription), *pairs(buttons), back="tips")


def _toggle(turn: Turn, subscription: Subscription, key: str, label: str) -> Button | None:
    if resting_until(subscription, key, today(turn, subscription)):
        return None
    return Button(label, f"tips/{'drop' if _is_on(subscription, key) else 'add'}/{key}")


def _is_on(subscription: Subscription, key: str) -> bool:
    """Whether its tips come; while all tips are off none does, and choosing one turns them on again."""
    return subscription.state == "on" and goes_on(subscription.series.get(key))


def _fitting(turn: Turn, head: str, tail: str, subscription: Subscription | None = None) -> str:
    """The series under the head, each with as much of its intro as fits on a screen: all, the first sentence, or none."""
    cuts: tuple[Callable[[str], str], ...] = (str, _first_sentence, lambda intro: "")
    texts = ["\n".join((head, *_lines(turn, subscription, cut), "", tail)).strip() for cut in cuts]
    return next((text for text in texts if len(text) <= _LONGEST[turn.reader.audience]), texts[-1])


def _first_sentence(intro: str) -> str:
    return f"{intro.rstrip('.').partition('. ')[0]}."


def _lines(turn: Turn, subscription: Subscription | None, cut: Callable[[str], str]) -> list[str]:
    return [_line(turn, subscription, series.key, series.label, cut(series.intro)) for series in readable(turn)]


def _line(turn: Turn, subscription: Subscription | None, key: str, label: str, intro: str) -> str:
    again = resting_until(subscription, key, today(turn, subscription)) if subscription else None
    if again:
        return turn.say("tips.line_ended", series=label, date=day(turn, again))
    on = subscription is not None and _is_on(subscription, key)
    return turn.say("tips.line_on" if on else "tips.line", series=label, intro=intro).strip(" :")


def _days(turn: Turn) -> Answer:
    days = tip_times.DAYS.get(turn.rest)
    if turn.reader.subscription is None:
        return _shown(turn)
    return _adjusted(turn, replace(_change(turn), days=days)) if days else Answer((tip_times.ask_days(turn),))


def _hour(turn: Turn) -> Answer:
    hour = tip_times.hour_named(turn.rest)
    if turn.reader.subscription is None:
        return _shown(turn)
    return _adjusted(turn, replace(_change(turn), hour=hour)) if hour else Answer((tip_times.ask_hour(turn),))


def _zone(turn: Turn) -> Answer:
    return Answer((tip_times.ask(turn),))


def _time(turn: Turn) -> Answer:
    return Answer((tip_times.ask_time(turn),))


def _minor(turn: Turn) -> Answer:
    """Tips are for adults; whoever has them on finds the way out."""
    subscription = turn.reader.subscription
    stop = (turn.button("stop", "stop"),) if subscription and standing(turn, subscription) != "stopped" else ()
    return Answer((turn.screen(turn.say("tips.minor"), stop),))


_PAGES: Final[Mapping[str, Callable[[Turn], Answer]]] = {
    "": _shown,
    "in": _moved,
    "add": _added,
    "drop": _dropped,
    "series": _series,
    "days": _days,
    "hour": _hour,
    "zone": _zone,
    "time": _time,
    "go-on": resumed,
    "minor": _minor,
}
