"""Tips and broadcasts by their rules alone, in plain words and without a database: what the store is held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from adapters.outcome import Outcome
from adapters.store.claiming import Delivery
from content.people import Adjust, Enrolment, Pause, Silence, Stop, Subscription, TipChange, Unpause
from content.schedule import at, is_awake, local, next_morning, too_late
from content.subscribing import Overtaken

# The tips of each series in their order, and the last day of one whose card expires.
TIPS: Final = {"starting": ("one", "two", "three"), "feelings": ("first", "second")}
EXPIRES: Final = {"starting/two": date(2026, 12, 10)}
BETWEEN: Final = timedelta(hours=20)
REST: Final = timedelta(days=90)
QUESTION: Final = "question"
OPEN: Final = ("claimed", "on_wire", "unknown")


@dataclass
class Reader:
    """Somebody who may have tips, and when their next is due."""

    tips: Subscription | None = None
    due: datetime | None = None

    def wishes(self, change: TipChange, now: datetime) -> Subscription | None:
        """The tips that the reader wants from now on. Raises Overtaken."""
        return self._choice(change, now) if isinstance(change, Adjust) else self._quieter(change, now)

    def becomes(self, after: Subscription | None, now: datetime) -> None:
        """It is so from now on; what was due and is not planned yet stays due."""
        if after and after != self.tips:
            self.due = _next_due(after, now if self.due is None else min(now, self.due - timedelta(milliseconds=1)))
        self.tips = after

    def _choice(self, change: Adjust, now: datetime) -> Subscription | None:
        before = self.tips
        if change.seen != (before.stopped if before else None):
            raise Overtaken
        zone = change.zone or (before.zone if before else None)
        if zone is None:
            return None
        today = local(now, zone).date()
        before = before or Subscription(zone, 10, frozenset({1, 4}), today)
        series = dict(before.series)
        if change.drop in series:
            series[change.drop] = replace(series[change.drop], off=True)
        if change.add:
            old = series.get(change.add, Enrolment())
            series[change.add] = Enrolment() if old.ended and today - old.ended >= REST else replace(old, off=False)
        hour = before.hour if change.hour is None else change.hour
        after = replace(before, zone=zone, hour=hour, days=change.days or before.days, series=series, chosen=today)
        return replace(after, state="on", paused_until=None) if change.add or change.resume else after

    def _quieter(self, change: TipChange, now: datetime) -> Subscription | None:
        tips = self.tips
        if tips is None:
            return None
        if isinstance(change, Stop):
            return replace(tips, state="stopped", paused_until=None, stopped=now)
        if not isinstance(change, Silence | Pause | Unpause):
            return replace(tips, chosen=local(now, tips.zone).date())
        if tips.state != "on":
            return tips
        if isinstance(change, Silence):
            return replace(tips, state="silent", paused_until=None)
        if isinstance(change, Unpause):
            return replace(tips, paused_until=None) if tips.paused_until == change.until else tips
        stays = change.longer and tips.paused_until and tips.paused_until > change.until
        return tips if stays else replace(tips, paused_until=change.until)

    def plan(self, now: datetime, had: Iterable[str]) -> tuple[str, str, datetime, datetime] | None:
        """What is due now: its day, its item, and from when until when it may leave."""
        if self.tips is None or self.due is None or self.due > now:
            return None
        before, due, day, end = self.tips, self.due, local(self.due, self.tips.zone).date(), too_late(self.tips.zone, self.due)
        item = None if now >= end else self._next(day, max(due, now))
        if item and day.isoformat() in had:
            self.tips, item = before, None
        self.due = _next_due(self.tips, now)
        return (day.isoformat(), item, due, end) if item else None

    def _next(self, day: date, sent: datetime) -> str | None:
        """The next tip, the series by turns; after sixty days without a word the question instead."""
        assert self.tips
        keys = list(TIPS)
        first = keys.index(self.tips.turn) + 1 if self.tips.turn else 0
        for key in keys[first:] + keys[:first]:
            mine = self.tips.series.get(key)
            if mine is None or mine.off or mine.ended:
                continue
            coming = TIPS[key][TIPS[key].index(mine.last) + 1 :] if mine.last else TIPS[key]
            name = next((each for each in coming if day <= EXPIRES.get(f"{key}/{each}", date.max)), None)
            if name and day - self.tips.chosen >= timedelta(days=60):
                self.tips = replace(self.tips, state="silent")
                return QUESTION
            series = {**self.tips.series, key: Enrolment(name) if name else replace(mine, ended=day)}
            self.tips = replace(self.tips, series=series)
            if name:
                self.tips = replace(self.tips, turn=key, sent=sent)
                return f"{key}/{name}"
        return None


def _next_due(tips: Subscription, after: datetime) -> datetime | None:
    if tips.state != "on" or all(each.off or each.ended for each in tips.series.values()):
        return None
    first = max(local(after, tips.zone).date() - timedelta(days=1), tips.paused_until or date.min)
    wanted = (day for number in range(400) if (day := first + timedelta(days=number)).weekday() in tips.days)
    coming = (moment for day in wanted if (moment := at(tips.zone, day, tips.hour)) > after)
    return next((moment for moment in coming if tips.sent is None or moment - tips.sent >= BETWEEN), None)


@dataclass
class Row:
    """One message to one reader. `who` is None when its address is forgotten, `id` 0 until the store gave it one."""

    who: str | None
    occasion: str
    item: str
    not_before: datetime
    too_late: datetime
    broadcast: str | None = None
    state: str = "waiting"
    attempts: int = 0
    owner: str | None = None
    lease: datetime | None = None
    settled: datetime | None = None
    id: int = 0

    def ends(self, state: str, now: datetime) -> None:
        """It is settled."""
        self.state, self.settled, self.lease = state, now, None

    def waits(self) -> None:
        """It waits again, and is nobody's."""
        self.state, self.settled, self.lease, self.owner = "waiting", None, None, None


@dataclass
class Model:
    """Readers and their messages; `sending` are the broadcasts that go on."""

    readers: dict[str, Reader] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    sending: set[str] = field(default_factory=set)

    def row(self, id: int) -> Row:
        """The row that the store knows by this id; one that is gone is nobody's any more."""
        return next((row for row in self.rows if row.id == id), Row(None, "", "", datetime.max, datetime.max))

    def change(self, who: str, change: TipChange, now: datetime) -> None:
        """A reader's wish, and what it takes back. Raises Overtaken."""
        reader = self.readers[who]
        after = reader.wishes(change, now)
        if after and reader.tips and after.zone != reader.tips.zone:
            after = replace(after, sent=self._move(who, after.zone, now) or after.sent)
        reader.becomes(after, now)
        if isinstance(change, Stop | Silence | Pause):
            self.withdraw(who, now)
        if isinstance(change, Adjust) and change.drop:
            self.withdraw(who, now, f"{change.drop}/")

    def _move(self, who: str, zone: str, now: datetime) -> datetime | None:
        """What is still to come comes by day in the new zone too, and no claim on it counts; when a tip comes that was put off."""
        sent = None
        for row in self.rows:
            if row.who != who or row.too_late <= now or row.state not in ("waiting", *OPEN):
                continue
            soonest = max(row.not_before, now)
            by_day = is_awake(zone, soonest)
            begin = row.not_before if by_day else next_morning(zone, soonest)
            end = min(row.too_late, too_late(zone, soonest)) if by_day else too_late(zone, begin)
            if row.state in ("on_wire", "unknown"):
                row.too_late = end if begin == row.not_before else now
                continue
            sent = begin if begin > row.not_before and row.broadcast is None else sent
            row.waits()
            row.not_before, row.too_late = begin, end
        return sent

    def withdraw(self, who: str, now: datetime, series: str = "") -> None:
        """What has not left does not leave; what may have left is not tried again."""
        for row in self.rows:
            if row.who != who or (series and (row.broadcast or not row.item.startswith(series))):
                continue
            if row.state in ("waiting", "claimed", "held"):
                row.ends("cancelled", now)
                row.owner = None
            elif row.state in ("on_wire", "unknown"):
                row.too_late = min(row.too_late, now)

    def leave(self, who: str, now: datetime) -> None:
        """Whom a platform does not reach any more has no tips."""
        self.readers[who] = Reader()
        self.withdraw(who, now)

    def forget(self, who: str, now: datetime) -> None:
        """Nothing of the reader stays."""
        self.leave(who, now)
        for row in self.rows:
            row.who = None if row.who == who else row.who

    def plan(self, now: datetime) -> None:
        """Everything that is due."""
        for who, reader in self.readers.items():
            had = {row.occasion for row in self.rows if row.who == who}
            if made := reader.plan(now, had):
                self.rows.append(Row(who, *made))

    def claim(self, now: datetime, most: int) -> list[int]:
        """Which rows one claim may have: one a chat, none to a chat that has one on its way or had one a second ago."""
        second = timedelta(seconds=1)
        busy = {row.who for row in self.rows if row.state in ("claimed", "on_wire")}
        busy |= {row.who for row in self.rows if row.attempts and row.settled and now - row.settled < second}
        ready = [row for row in self.rows if row.state == "waiting" and self._may_leave(row, now) and row.not_before <= now]
        free = sorted((row.not_before, row.id, row) for row in ready if row.who not in busy)[:most]
        first: dict[str | None, Row] = {}
        for _, _, row in free:
            first.setdefault(row.who, row)
        for row in first.values():
            row.state, row.lease = "claimed", now + timedelta(seconds=15)
        return [row.id for row in first.values()]

    def mark(self, claim: Delivery, now: datetime) -> bool:
        """Whether it may leave; then it is on the wire."""
        row = self.row(claim.id)
        mine = row.state == "claimed" and row.owner == claim.owner and row.lease is not None and row.lease > now
        if not mine or not self._may_leave(row, now):
            return False
        row.state, row.lease, row.attempts = "on_wire", now + timedelta(seconds=30), row.attempts + 1
        return True

    def _may_leave(self, row: Row, now: datetime) -> bool:
        return row.too_late > now and (row.broadcast is None or row.broadcast in self.sending)

    def settle(self, words: Sequence[tuple[Delivery, Outcome]], now: datetime) -> None:
        """The platform's words. Each counts for its own claim alone, and once; who cannot be reached goes first."""
        heard = [(self.row(claim.id), claim, outcome) for claim, outcome in words]
        heard = [each for each in heard if each[0].owner == each[1].owner and each[0].state in OPEN]
        for _, claim, outcome in heard:
            if outcome is Outcome.GONE:
                self.leave(claim.address.chat, now)
        for row, claim, outcome in heard:
            self._became(row, claim, outcome, now)

    def _became(self, row: Row, claim: Delivery, outcome: Outcome, now: datetime) -> None:
        then = now + min(timedelta(minutes=15), timedelta(seconds=15) * 2**claim.attempts)
        if outcome is not Outcome.LATER:
            row.ends(outcome.name.lower(), (row.settled if row.state == "unknown" and outcome is Outcome.UNKNOWN else None) or now)
        elif row.too_late < claim.too_late:
            row.ends("cancelled", now)
        elif then >= row.too_late:
            row.ends("refused", now)
        else:
            row.waits()
            row.not_before = then

    def give_back(self, given: Sequence[Delivery]) -> None:
        """They were claimed and have not left."""
        for claim in given:
            row = self.row(claim.id)
            if row.state == "claimed" and row.owner == claim.owner:
                row.waits()

    def tidy(self, now: datetime) -> None:
        """Leases end, tips are too late, settled rows lose their address after a week and go after three months."""
        for row in self.rows:
            if row.lease and row.lease < now and row.state == "claimed":
                row.waits()
            elif row.lease and row.lease < now:
                row.ends("unknown", now)
            if row.state == "waiting" and row.too_late <= now and row.broadcast is None:
                row.ends("skipped", now)
            if row.settled and row.settled < now - timedelta(days=7):
                row.who = None
        self.rows = [row for row in self.rows if not (row.settled and row.settled < now - timedelta(days=90))]
