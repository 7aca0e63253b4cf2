"""How somebody's tips stand, said plainly: on, paused, silent, stopped, or nothing to come."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from content import zones
from content.model import City, Series
from content.pages.times import clock, day, listed, place_in, time_in, weekdays
from content.pages.tip import reads
from content.people import Enrolment, Subscription
from content.schedule import local
from content.subscribing import REST
from content.turn import Turn

Standing = Literal["on", "paused", "silent", "stopped", "empty"]


def today(turn: Turn, subscription: Subscription) -> date:
    """The day it is for the reader."""
    return local(turn.now, subscription.zone).date()


def standing(turn: Turn, subscription: Subscription) -> Standing:
    """What the reader is told first."""
    if subscription.state != "on":
        return subscription.state
    if subscription.paused_until and subscription.paused_until > today(turn, subscription):
        return "paused"
    return "on" if any(goes_on(each) for each in subscription.series.values()) else "empty"


def goes_on(enrolment: Enrolment | None) -> bool:
    """Whether the series is chosen and has tips to come."""
    return enrolment is not None and not enrolment.off and enrolment.ended is None


def resting_until(subscription: Subscription, key: str, day: date) -> date | None:
    """From when a series that ended may come again; None where it may now."""
    enrolment = subscription.series.get(key)
    again = enrolment.ended + REST if enrolment and enrolment.ended else None
    return again if again and again > day else None


def readable(turn: Turn) -> Iterator[Series]:
    """The series that this reader may choose."""
    return (series for series in turn.library.series[turn.language].values() if reads(series, turn.reader.audience))


def headline(turn: Turn, subscription: Subscription) -> str:
    """How the tips stand, in one or two sentences."""
    return turn.say(f"tips.standing_{standing(turn, subscription)}", until=until(turn, subscription))


def until(turn: Turn, subscription: Subscription) -> str:
    """The day on which a pause ends; empty without one."""
    return day(turn, subscription.paused_until) if subscription.paused_until else ""


def details(turn: Turn, subscription: Subscription, place: City | None = None) -> str:
    """Which series, on which days, at what hour, where, a line each; `place` stands for the zone where it was just named."""
    chosen = [series.label for series in readable(turn) if goes_on(subscription.series.get(series.key))]
    return turn.say(
        "tips.details",
        series=listed(turn, chosen) if chosen else turn.say("tips.none_chosen"),
        days=weekdays(turn, subscription.days),
        hour=clock(turn, subscription.hour),
        place=zones.full_name(place, turn.language) if place else place_in(turn, subscription.zone),
        now=time_in(turn, subscription.zone),
    )
