"""What a change makes of a subscription, and which tip comes next. Pure: the store locks a row and asks here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from content.model import Library, Series, Tip
from content.people import Adjust, Audience, Confirm, Enrolment, Pause, Silence, Stop, Subscription, TipChange, Unpause
from content.schedule import FIRST_HOUR, local

# Tuesday and Friday, in the morning.
USUAL_DAYS: Final = frozenset({1, 4})
USUAL_HOUR: Final = FIRST_HOUR + 1
# A series that came to its end does not come again before.
REST: Final = timedelta(days=90)
# Without a choice in `tips` or a tap under a tip for so long, the reader is asked once whether they shall go on.
ASK_AFTER: Final = timedelta(days=60)


class Overtaken(Exception):
    """A stop came between the reading of the row and this change; the stop stands."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a due subscription gets: a tip, or the question whether tips shall go on, or (both None) nothing more; and what it is then."""

    after: Subscription
    tip: Tip | None = None
    question: bool = False


def changed(subscription: Subscription | None, change: TipChange, now: datetime) -> Subscription | None:
    """The subscription after the change; None where there is none. Raises Overtaken. Twice is the same as once."""
    match change:
        case Adjust():
            return _adjusted(subscription, change, now)
        case Stop():
            return subscription and replace(subscription, state="stopped", paused_until=None, stopped=now)
        case Silence() | Pause() | Unpause():
            return _quieter(subscription, change) if subscription and subscription.state == "on" else subscription
        case Confirm():
            return subscription and replace(subscription, chosen=_today(subscription, now))


def _today(subscription: Subscription, now: datetime) -> date:
    return local(now, subscription.zone).date()


def _adjusted(before: Subscription | None, change: Adjust, now: datetime) -> Subscription | None:
    if (before.stopped if before else None) != change.seen:
        raise Overtaken
    if before is None:
        if change.zone is None:
            return None
        before = Subscription(change.zone, USUAL_HOUR, USUAL_DAYS, local(now, change.zone).date())
    zone = change.zone or before.zone
    today = local(now, zone).date()
    after = replace(
        before,
        zone=zone,
        hour=before.hour if change.hour is None else change.hour,
        days=change.days or before.days,
        series=_series_after(before.series, change, today),
        chosen=today,
    )
    return replace(after, state="on", paused_until=None) if change.add or change.resume else after


def _series_after(before: Mapping[str, Enrolment], change: Adjust, today: date) -> Mapping[str, Enrolment]:
    after = dict(before)
    if change.drop in after:
        after[change.drop] = replace(after[change.drop], off=True)
    if change.add:
        after[change.add] = _enrolled(after.get(change.add), today)
    return after


def _enrolled(before: Enrolment | None, today: date) -> Enrolment:
    if before is None or (before.ended and today - before.ended >= REST):
        return Enrolment()
    return replace(before, off=False)


def _quieter(subscription: Subscription, change: Silence | Pause | Unpause) -> Subscription:
    before = subscription.paused_until
    match change:
        case Silence():
            return replace(subscription, state="silent", paused_until=None)
        case Pause():
            return replace(subscription, paused_until=max(change.until, before) if change.longer and before else change.until)
        case Unpause():
            return replace(subscription, paused_until=None) if before == change.until else subscription


def planned(library: Library, subscription: Subscription, audience: Audience, due: datetime) -> Planned:
    """What is sent at the moment `due`."""
    today = local(due, subscription.zone).date()
    for key in _turns(library, subscription, audience):
        tip = _next_tip(library, library.series["en"][key], subscription.series[key].last, today)
        if tip and today - subscription.chosen >= ASK_AFTER:
            # Once: from then on silence, until the reader answers. Where no tip is left there is nothing that could go on.
            return Planned(replace(subscription, state="silent"), question=True)
        if tip:
            series = {**subscription.series, key: Enrolment(_name(tip))}
            return Planned(replace(subscription, series=series, turn=key, sent=due), tip)
        ended = replace(subscription.series[key], ended=today)
        subscription = replace(subscription, series={**subscription.series, key: ended})
    return Planned(subscription)


def _turns(library: Library, subscription: Subscription, audience: Audience) -> list[str]:
    """The series that go on, the one after the last one's first."""
    keys = list(library.series["en"])
    first = keys.index(subscription.turn) + 1 if subscription.turn in keys else 0
    return [key for key in (*keys[first:], *keys[:first]) if _goes_on(subscription, library.series["en"][key], audience)]


def _goes_on(subscription: Subscription, series: Series, audience: Audience) -> bool:
    enrolment = subscription.series.get(series.key)
    reads = series.audience == "everyone" or audience == "care-team"
    return reads and enrolment is not None and not enrolment.off and enrolment.ended is None


def _next_tip(library: Library, series: Series, last: str | None, today: date) -> Tip | None:
    names = list(series.tips)
    if last is not None and last not in names:
        # Where the last one stood is not known any more; to begin again would be to say everything twice.
        return None
    coming = names[names.index(last) + 1 :] if last is not None else names
    return next((series.tips[name] for name in coming if is_current(library, series.tips[name], today)), None)


def is_current(library: Library, tip: Tip, today: date) -> bool:
    """Whether its card is neither withdrawn nor due to be checked: a tip leaves with its card."""
    card = library.cards["en"][tip.card]
    return card.withdrawn is None and today <= card.review_by


def _name(tip: Tip) -> str:
    return tip.id.partition("/")[2]
