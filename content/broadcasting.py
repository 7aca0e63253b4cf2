"""Broadcasts: what may be proposed, who gets it and when, who may decide, and when it stops by itself. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from math import ceil
from typing import Final, Literal, get_args

from content.model import Card, Library
from content.notice import Problem, notice_problems
from content.people import Audience, TipState
from content.schedule import QUIET_FROM, at, is_awake, local, next_morning
from content.subscribing import is_current
from content.team import At, Board, Broadcast, BroadcastState, Count, Kind, Reason, Tally, Word

LEAST_CANARY: Final = 10
CANARY_SHARE: Final = 100
CANARY_PATIENCE: Final = timedelta(minutes=10)
LEAST_BAD, MOST_BAD_SHARE = 3, 0.05
# After a person's last word what could still not be sent is out of date.
GIVE_UP: Final = timedelta(days=3)
# What was proposed longer ago may not be true any more; it is to be written anew.
APPROVED_WITHIN: Final = timedelta(days=7)


class NotAllowed(Exception):
    """A person may not decide that, or not any more. `reason` is a phrase below `broadcast.refused`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Listener:
    """A reader with tips, as far as a broadcast asks. `enrolled`: in the series that it is for; True where it is for none."""

    audience: Audience
    platform: str
    zone: str
    language: str
    state: TipState
    paused_until: date | None
    enrolled: bool


def proposed(library: Library, fields: Mapping[str, str], broadcast: Broadcast, today: date) -> Broadcast | tuple[Problem, ...]:
    """The broadcast that was written into a form's fields, or everything that is to be mended.

    The fields are `card`, `tip`, `text`, `series`, `language` and `at`; `broadcast` has the id, the person, and their language.
    """
    written = {key: words for key, value in fields.items() if (words := value.strip())}
    kinds = [(kind, key) for kind, key in _KINDS if key in written]
    spoken = broadcast.language or "en"
    language = written.get("language") or (spoken if "text" in written else None)
    found = _about_readers(library, written)
    if len(kinds) != 1:
        missing = Problem("card", "nothing") if not kinds else Problem(kinds[-1][1], "several")
        return (missing, *found)
    kind, key = kinds[0]
    found += _about_item(library, kind, written[key], language or spoken, today)
    when: At = "morning" if written.get("at") == "morning" else "now"
    whole = replace(broadcast, kind=kind, item=written[key], series=written.get("series"), language=language, at=when)
    return tuple(found) or whole


# Pages that answer somebody who is in danger now; sent to all, they would frighten those who are well.
_NOW: Final = "urgent/"
_KINDS: Final[tuple[tuple[Kind, str], ...]] = (("card", "card"), ("tip", "tip"), ("notice", "text"))


def _about_readers(library: Library, written: Mapping[str, str]) -> list[Problem]:
    known = {"series": library.series["en"], "language": library.languages, "at": get_args(At)}
    return [
        Problem(field, f"unknown_{field}", {"named": written[field], "known": ", ".join(names)})
        for field, names in known.items()
        if field in written and written[field] not in names
    ]


def _about_item(library: Library, kind: Kind, item: str, language: str, today: date) -> list[Problem]:
    match kind:
        case "card":
            card = library.card(item, "en")
            if card is None:
                return [_unknown("card", item, library.cards["en"])]
            if card.id.startswith(_NOW):
                return [Problem("card", "urgent_card")]
            return [] if card.withdrawn is None and today <= card.review_by else [Problem("card", "expired_card")]
        case "tip":
            key, _, name = item.partition("/")
            tip = library.series["en"][key].tips.get(name) if key in library.series["en"] else None
            if tip is None:
                return [_unknown("tip", item, [tip.id for series in library.series["en"].values() for tip in series.tips.values()])]
            return [] if is_current(library, tip, today) else [Problem("tip", "expired_tip")]
        case "notice":
            return list(notice_problems(library, item, library.spoken(language)))


def _unknown(field: str, item: str, known: Iterable[str]) -> Problem:
    """What is not ours, with those of ours whose names are most like it."""
    near = get_close_matches(item[:60], known, n=3, cutoff=0.3)
    return Problem(field, f"unknown_{field}", {"named": item[:60], "near": ", ".join(near) or "-"})


def is_for_all(card: Card) -> bool:
    """Whether the page may be sent to everybody who reads it."""
    return card.withdrawn is None and not card.id.startswith(_NOW)


def for_team(library: Library, broadcast: Broadcast) -> bool:
    """Whether only care teams may read it."""
    match broadcast.kind:
        case "card":
            return not library.read_by(library.living(broadcast.item) or "", "patient")
        case "tip":
            series = library.series["en"].get(broadcast.item.partition("/")[0])
            return series is None or series.audience == "care-team"
        case "notice":
            return False


def left_out(broadcast: Broadcast, listener: Listener, team_only: bool, today: date) -> Reason | None:
    """Why this reader does not get it; None where they do. `today` is the day on which it would reach them, in their zone."""
    if listener.state != "on":
        return listener.state
    if listener.paused_until and today < listener.paused_until:
        return "paused"
    if team_only and listener.audience != "care-team":
        return "care_team"
    if broadcast.language and listener.language != broadcast.language:
        return "language"
    return None if listener.enrolled else "series"


def due(broadcast: Broadcast, zone: str, now: datetime) -> datetime:
    """When it reaches a reader there: now or at their next nine, as it was when it began; what missed that, as soon as they are up."""
    began = broadcast.began or now
    first = began if broadcast.at == "now" and is_awake(zone, began) else next_morning(zone, began)
    if first >= now:
        return first
    return now if is_awake(zone, now) else next_morning(zone, now)


def too_late(zone: str, due: datetime) -> datetime:
    """Until when it may reach them that day: before the night."""
    return at(zone, local(due, zone).date(), QUIET_FROM)


def counted(broadcast: Broadcast, listeners: Iterable[tuple[Listener, int]], team_only: bool, now: datetime) -> Count:
    """Whom it would reach if it began now, and whom not; each listener comes with how many there are like them."""
    soon, later, platforms, reasons, last = 0, 0, Counter[str](), Counter[Reason](), None
    for listener, number in listeners:
        moment = due(broadcast, listener.zone, now)
        reason = left_out(broadcast, listener, team_only, local(moment, listener.zone).date())
        if reason:
            reasons[reason] += number
            continue
        platforms[listener.platform] += number
        if moment <= now:
            soon += number
            continue
        later += number
        last = max(filter(None, (last, local(moment, listener.zone))))
    return Count(soon, later, dict(platforms), dict(reasons), last)


def seconds(count: Count, rates: Mapping[str, float]) -> float:
    """How long sending takes: each platform beside the others, at its own messages a second."""
    return max((number / rates[platform] for platform, number in count.platforms.items() if rates.get(platform)), default=0.0)


def canary_size(included: int) -> int:
    """How many get it first."""
    return min(included, max(LEAST_CANARY, ceil(included / CANARY_SHARE)))


def halts(tally: Tally) -> bool:
    """Whether so many could not be reached that it stops by itself."""
    bad = tally.gone + tally.refused
    return bad >= LEAST_BAD and bad > MOST_BAD_SHARE * tally.total


def after_canary(tally: Tally, last_due: datetime, now: datetime) -> Literal["wait", "halt", "go on"]:
    """What follows from the canary's tally; `last_due` is when the last of them was to get it."""
    if halts(tally):
        return "halt"
    return "wait" if tally.waiting and now < last_due + CANARY_PATIENCE else "go on"


def decided(broadcast: Broadcast, who: str, word: Word, *, may_approve: bool) -> Broadcast:
    """The broadcast after a person's word; the same word twice is the same as once. Raises NotAllowed."""
    if broadcast.state == "expired":
        raise NotAllowed("expired")
    match word:
        case "approve":
            return _approved(broadcast, who, may_approve)
        case "pause":
            return _moved(broadcast, "paused", ("canary", "running"))
        case "resume":
            on: BroadcastState = "running" if broadcast.state == "halted" or broadcast.widened else "canary"
            after = _moved(broadcast, on, ("paused", "halted"))
            return replace(after, widened=after.widened or broadcast.state == "halted")
        case "stop":
            return _moved(broadcast, "stopped", ("proposed", "canary", "running", "paused", "halted"))
        case "retry":
            if broadcast.state in ("proposed", "stopped"):
                raise NotAllowed("over")
            return replace(broadcast, state="running") if broadcast.state == "done" else broadcast


def _approved(broadcast: Broadcast, who: str, may_approve: bool) -> Broadcast:
    if not may_approve:
        raise NotAllowed("stranger")
    if broadcast.state != "proposed":
        if broadcast.state == "stopped":
            raise NotAllowed("over")
        if broadcast.approved_by != who:
            raise NotAllowed("begun")
        return broadcast
    if who == broadcast.proposed_by:
        raise NotAllowed("own")
    return replace(broadcast, state="canary", approved_by=who)


def reaches_nobody(board: Board, word: Word) -> bool:
    """Whether to approve it would be to send it to nobody."""
    return word == "approve" and board.broadcast.state == "proposed" and board.count is not None and not board.count.included


def _moved(broadcast: Broadcast, to: BroadcastState, out_of: tuple[BroadcastState, ...]) -> Broadcast:
    if broadcast.state == to:
        return broadcast
    if broadcast.state not in out_of:
        raise NotAllowed("early" if broadcast.state == "proposed" else "over")
    return replace(broadcast, state=to)
