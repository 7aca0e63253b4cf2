"""Broadcasts on both databases: two people, a few first, everybody once, nobody who stopped, and nothing that two replicas do twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import outbox
import pytest
from outbox import BOT, TEN, Time, address, rows, states, subscribe
from sqlalchemy import insert, select

from adapters.outcome import Outcome, Sent
from adapters.store import Store, StoreDown
from adapters.store.broadcasts import Broadcasts
from adapters.store.deliveries import Deliveries
from adapters.store.tables import readers, subscriptions
from content.broadcasting import NotAllowed
from content.people import Adjust, Audience, Choose, Erase, Pause, Silence, Stop
from content.team import Board, Broadcast, Decide, Tally, Word

NURSE, DOCTOR = "U0NURSE", "U0DOCTOR"
PEOPLE = (NURSE, DOCTOR, "U0THIRD")
NOTICE = Broadcast("b1", "notice", "The clinic is shut on Friday.", "now", NURSE, language="en")
SENT, GONE, REFUSED, LATER = (Sent(outcome) for outcome in (Outcome.SENT, Outcome.GONE, Outcome.REFUSED, Outcome.LATER))


@dataclass
class Ward:
    """A store with a broadcast's way through it, a time that moves when told, and a post that answers as it is told to."""

    store: Store
    time: Time
    broadcasts: Broadcasts

    async def decides(self, word: Word, who: str = DOCTOR, id: str = "b1") -> None:
        """A person's word."""
        await self.broadcasts.decide(Decide(id, who, word))

    async def begun(self, broadcast: Broadcast = NOTICE) -> None:
        """Proposed and approved, with its canary written."""
        await self.broadcasts.propose(broadcast, [NURSE])
        await self.decides("approve", id=broadcast.id)
        await self.moves(broadcast.id)

    async def moves(self, id: str = "b1") -> None:
        """Everything that can be done for it at this moment."""
        while await self.broadcasts.step(id):
            pass

    async def post(self, *answers: Sent, most: int = 1_000) -> int:
        """Send what may leave, a round a second; each answer once, then SENT. How many left."""
        worker, waiting, count = Deliveries(self.store, "post", self.time), list(answers), 0
        while count < most and (claimed := (await worker.claim(BOT, min(50, most - count))).deliveries):
            marked = await worker.mark(claimed)
            left = [each for each, may in zip(claimed, marked, strict=True) if may]
            await worker.settle([(each, waiting.pop(0) if waiting else SENT) for each in left])
            count += len(left)
            self.time.go_on(seconds=1)
        return count

    async def board(self, id: str = "b1") -> Board:
        """What is told of it."""
        board = await self.broadcasts.board(id)
        assert board
        return board

    async def state(self) -> str:
        """How it stands."""
        return (await self.board()).broadcast.state


def ward_of(store: Store, time: Time, team_only: bool = False) -> Ward:
    audiences, rates = {"telegram": "patient", "slack": "care-team"}, {"telegram": 30.0, "slack": 1.0}
    return Ward(store, time, Broadcasts(store, lambda _: team_only, audiences, rates, time, PEOPLE))  # type: ignore[arg-type]  # audiences


@pytest.fixture
def ward(store: Store) -> Ward:
    return ward_of(store, Time(TEN))


async def test_nothing_leaves_before_a_second_person_approves(ward: Ward) -> None:
    """Proposing twice is proposing once; the proposer's own yes is refused, and nothing is half-done."""
    await subscribe(ward.store, *range(3))
    for _ in range(2):
        await ward.broadcasts.propose(NOTICE, ["C0WARD"])
    with pytest.raises(NotAllowed, match="own"):
        await ward.decides("approve", NURSE)
    assert await ward.broadcasts.active() == []
    board = await ward.board()
    assert (board.broadcast, [(each.who, each.what) for each in board.record]) == (NOTICE, [(NURSE, "proposed")])
    assert board.count
    assert (board.count.now, board.count.later, board.count.left_out) == (3, 0, {})
    assert await rows(ward.store) == []


async def test_a_few_get_it_first_and_then_everybody_once(ward: Ward) -> None:
    """Ten of twenty-five, waited for; then the rest; then it is done, and all of it is written down."""
    await subscribe(ward.store, *range(25))
    await ward.begun()
    assert await states(ward.store) == ["waiting"] * 10
    await ward.moves()
    assert (await ward.state(), len(await rows(ward.store))) == ("canary", 10)
    assert await ward.post() == 10
    await ward.moves()
    assert await ward.post() == 15
    await ward.moves()
    board = await ward.board()
    assert (board.broadcast.state, board.tally) == ("done", Tally(sent=25, rate=board.tally.rate))
    assert {row.chat for row in await rows(ward.store)} == {str(number) for number in range(25)}
    assert [each.what for each in board.record] == ["proposed", "approved", "widened", "done"]
    assert await ward.broadcasts.active() == []


async def test_nobody_to_reach_is_done_at_once(ward: Ward) -> None:
    """A broadcast to an empty house ends."""
    await ward.begun()
    await ward.moves()
    assert await ward.state() == "done"


@pytest.mark.parametrize(("answers", "state"), [([GONE, REFUSED, GONE], "halted"), ([GONE, REFUSED], "running")])
async def test_it_stops_by_itself(ward: Ward, answers: Sequence[Sent], state: str) -> None:
    """Three of ten that could not be reached hold the rest back, until a person has looked; two do not."""
    await subscribe(ward.store, *range(25))
    await ward.begun()
    await ward.post(*answers)
    await ward.moves()
    assert (await ward.state(), len(await rows(ward.store))) == (state, 10 if state == "halted" else 23 + 2)
    if state == "halted":
        assert await ward.post() == 0
        await ward.decides("resume")
        await ward.moves()
        assert await ward.post() == 15


async def test_it_stops_before_the_whole_canary_has_left(ward: Ward) -> None:
    """As soon as three are bad; the others of the canary are held, and nothing more leaves."""
    await subscribe(ward.store, *range(25))
    await ward.begun()
    await ward.post(REFUSED, REFUSED, REFUSED, most=3)
    await ward.moves()
    assert Counter(await states(ward.store)) == {"refused": 3, "held": 7}
    assert await ward.post() == 0


async def test_a_canary_without_a_word_is_waited_for_ten_minutes(ward: Ward) -> None:
    """Then the rest goes on."""
    await subscribe(ward.store, *range(12))
    await ward.begun()
    ward.time.go_on(minutes=9)
    await ward.moves()
    assert await ward.state() == "canary"
    ward.time.go_on(minutes=1)
    await ward.moves()
    assert (await ward.state(), len(await rows(ward.store))) == ("running", 12)


async def test_a_reader_who_stops_on_the_way_gets_nothing_more(ward: Ward) -> None:
    """Whether their row was written already or not, in whatever words they say it."""
    await subscribe(ward.store, *range(25))
    await ward.begun()
    first = (await rows(ward.store))[0].chat
    others = [str(number) for number in range(25) if str(number) not in {row.chat for row in await rows(ward.store)}]
    away = [
        Stop(address(first)),
        Silence(address(others[0])),
        Erase(address(others[1])),
        Pause(address(others[2]), TEN.date() + timedelta(days=7)),
    ]
    await ward.store.keep(away, ward.time())
    await ward.post()
    await ward.moves()
    await ward.post()
    await ward.moves()
    assert await ward.state() == "done"
    assert (await ward.board()).tally == Tally(sent=21, left=1, rate=(await ward.board()).tally.rate)
    assert not {first, *others[:3]} & {row.chat for row in await rows(ward.store) if row.state == "sent"}


async def test_whom_it_is_for(ward: Ward) -> None:
    """One series, one language, no patient where it is for care teams; each left out is counted by reason."""
    await subscribe(ward.store, 1, 2, 3, 4, 5)
    await subscribe(ward.store, 6, 7, add="after")
    away = [
        Choose(address(2), language="es"),
        Stop(address(3)),
        Adjust(address(4), None, drop="starting"),
        Pause(address(5), TEN.date() + timedelta(days=2)),
    ]
    await ward.store.keep(away, ward.time())
    wanted = replace(NOTICE, series="starting")
    await ward.broadcasts.propose(wanted, [NURSE])
    count = (await ward.board()).count
    assert count
    assert (count.included, count.left_out) == (1, {"language": 1, "stopped": 1, "series": 3, "paused": 1})
    await ward.begun(wanted)
    assert [(row.chat, row.language, row.item, row.broadcast, row.occasion) for row in await rows(ward.store)] == [
        ("1", "en", "notice", "b1", "b1")
    ]
    team = ward_of(ward.store, ward.time, team_only=True)
    await team.begun(replace(NOTICE, id="b2", kind="card", item="care/x", language=None))
    assert len(await rows(ward.store)) == 1


async def test_those_asleep_get_it_at_nine(ward: Ward) -> None:
    """Those awake get it now and are waited for; nobody is woken, and what was too late for the day comes in the morning."""
    await subscribe(ward.store, 1)
    await subscribe(ward.store, 2, zone="America/Los_Angeles")
    await ward.begun()
    assert await ward.post() == 1
    tally = (await ward.board()).tally
    assert (tally.waiting, tally.later, tally.sent) == (1, 1, 1)
    ward.time.go_on(hours=7)
    assert await ward.post() == 1


async def test_what_is_tried_again_waits_for_no_morning(ward: Ward) -> None:
    """It waits, and not until its reader's nine o'clock."""
    await subscribe(ward.store, 1)
    await ward.begun()
    await ward.post(Sent(Outcome.LATER, reason="server"))
    tally = (await ward.board()).tally
    assert (tally.waiting, tally.later) == (1, 0)


async def test_a_night_and_two_holidays(ward: Ward) -> None:
    """What could not leave all day leaves in the morning; after three days it is out of date, and said to be."""
    await subscribe(ward.store, 1)
    await ward.begun()
    ward.time.at = TEN + timedelta(hours=12)
    assert await ward.post() == 0
    await Deliveries(ward.store, "x", ward.time).expire()
    await ward.moves()
    assert (await ward.board()).tally.later == 1
    ward.time.at = TEN + timedelta(days=1)
    await ward.moves()
    assert await states(ward.store) == ["waiting"]
    ward.time.at = TEN + timedelta(days=4)
    await ward.moves()
    assert await states(ward.store) == ["skipped"]
    assert await ward.state() == "done"


async def test_pause_holds_and_resume_goes_on(ward: Ward) -> None:
    """Not one more leaves between the two, also of what a worker had claimed; a night of pause costs nobody their message."""
    await subscribe(ward.store, *range(12))
    await ward.begun()
    worker = Deliveries(ward.store, "one", ward.time)
    claimed = (await worker.claim(BOT, 3)).deliveries
    await ward.decides("pause")
    assert await worker.mark(claimed) == [False] * len(claimed)
    assert set(await states(ward.store)) == {"held"}
    assert await ward.post() == 0
    ward.time.at = TEN + timedelta(hours=20)
    await ward.decides("resume")
    await ward.moves()
    assert (await ward.board()).tally.later == 10
    ward.time.at = TEN + timedelta(hours=23)
    assert await ward.post() == 10
    await ward.moves()
    assert await ward.post() == 2
    await ward.moves()
    assert await ward.state() == "done"


async def test_a_canary_that_was_paused_till_the_night_is_still_waited_for(ward: Ward) -> None:
    """Resumed when everybody sleeps, it goes on in the morning with the few, and with nobody else before they are heard of."""
    await subscribe(ward.store, *range(25))
    await ward.begun()
    await ward.decides("pause")
    ward.time.at = TEN + timedelta(hours=12)
    await ward.decides("resume")
    for hours in (12.1, 12.5, 20, 23):
        ward.time.at = TEN + timedelta(hours=hours)
        await ward.moves()
        assert (await ward.state(), len(await rows(ward.store))) == ("canary", 10)
    await ward.post(GONE, GONE, GONE)
    await ward.moves()
    assert await ward.state() == "halted"


async def test_who_pauses_on_the_way_gets_nothing(ward: Ward) -> None:
    """As whoever paused before: a pause holds back all that comes unasked."""
    await subscribe(ward.store, 1)
    await ward.begun()
    await ward.store.keep([Pause(address(1), TEN.date() + timedelta(days=7))], ward.time())
    assert await ward.post() == 0
    assert await states(ward.store) == ["cancelled"]


async def test_who_stops_while_it_is_paused_gets_nothing(ward: Ward) -> None:
    """A row that is held is taken back too."""
    await subscribe(ward.store, 1, 2)
    await ward.begun()
    await ward.decides("pause")
    await ward.store.keep([Stop(address(1))], ward.time())
    await ward.decides("resume")
    await ward.moves()
    assert await ward.post() == 1
    assert sorted(await states(ward.store)) == ["cancelled", "sent"]


async def test_stop_is_for_good(ward: Ward) -> None:
    """What waits is cancelled, what comes back from the wire is not tried again, and nobody can begin it anew."""
    await subscribe(ward.store, *range(12))
    await ward.begun()
    worker = Deliveries(ward.store, "one", ward.time)
    claimed = list((await worker.claim(BOT, 1)).deliveries)
    assert await worker.mark(claimed) == [True]
    await ward.decides("stop")
    await worker.settle([(claimed[0], LATER)])
    await ward.moves()
    assert Counter(await states(ward.store)) == {"cancelled": 10}
    for word in ("resume", "approve", "retry"):
        with pytest.raises(NotAllowed, match="over"):
            await ward.decides(word)  # type: ignore[arg-type]  # the words
    assert [each.what for each in (await ward.board()).record] == ["proposed", "approved", "stopped"]


async def test_a_dead_letter_is_sent_again_once_per_tap(ward: Ward) -> None:
    """Two taps at once send it once; what is refused again needs another tap."""
    await subscribe(ward.store, 1, 2)
    await ward.begun()
    await ward.post(Sent(Outcome.REFUSED, reason="too strange"))
    await ward.moves()
    board = await ward.board()
    assert (board.broadcast.state, [(each.platform, each.reason, each.count) for each in board.letters]) == (
        "done",
        [("telegram", "too strange", 1)],
    )
    await asyncio.gather(ward.decides("retry"), ward.decides("retry"))
    await ward.moves()
    assert await ward.post(REFUSED) == 1
    await ward.moves()
    assert (await ward.board()).tally.refused == 1
    await ward.decides("retry")
    await ward.moves()
    assert await ward.post() == 1
    await ward.moves()
    assert (await ward.board()).tally == Tally(sent=2, rate=(await ward.board()).tally.rate)


async def crowd(store: Store, size: int) -> None:
    """Readers as `subscribe` makes them, in one statement for all."""
    await subscribe(store, 0)
    one = (await store.read(lambda connection: connection.execute(select(subscriptions)).one()))._asdict()
    known = [{"platform": BOT.platform, "space": BOT.space, "chat": str(chat), "since": TEN.date()} for chat in range(1, size)]
    await store.write(lambda connection: connection.execute(insert(readers), known))
    await store.write(lambda connection: connection.execute(insert(subscriptions), [one | {"chat": each["chat"]} for each in known]))


async def test_two_replicas_do_nothing_twice(ward: Ward) -> None:
    """Both move it on at once: every reader has one row, and each step is written down once."""
    await crowd(ward.store, 1_200)
    await ward.broadcasts.propose(NOTICE, [NURSE])
    await asyncio.gather(*(ward.decides("approve") for _ in range(3)))
    for _ in range(6):
        await asyncio.gather(*(ward.broadcasts.step("b1") for _ in range(3)))
        await ward.post()
    board = await ward.board()
    assert (board.broadcast.state, board.tally.sent, board.broadcast.included) == ("done", 1_200, 1_200)
    assert [each.what for each in board.record] == ["proposed", "approved", "widened", "done"]


class Breaking(dict[str, Audience]):
    """Who reads where, until it breaks once, at the fifth question."""

    asked = 0

    def get(self, platform: str, default: object = None) -> Audience:  # type: ignore[override]  # as much of a dict as is asked
        self.asked += 1
        if self.asked == 5:
            raise OSError
        return "patient"


async def test_a_step_that_breaks_leaves_nothing_half_done(store: Store) -> None:
    """Where it stands moves in the transaction that writes the rows, so a broken step is done again whole."""
    await subscribe(store, 1, 2)
    await subscribe(store, 3, zone="America/Los_Angeles")
    ward = Ward(store, Time(TEN), Broadcasts(store, lambda _: False, Breaking(), {}, Time(TEN), PEOPLE))
    await ward.broadcasts.propose(NOTICE, [NURSE])
    await ward.decides("approve")
    with pytest.raises(StoreDown, match="OSError"):
        await ward.broadcasts.step("b1")
    assert (await rows(store), (await ward.board()).broadcast.included) == ([], None)
    await ward.moves()
    assert len(await rows(store)) == 3


async def test_tips_and_broadcasts_do_not_disturb_each_other(ward: Ward) -> None:
    """A reader with both gets both; a paused broadcast holds no tip back."""
    await subscribe(ward.store, 1)
    await outbox.write(ward.store, 1)
    await ward.begun()
    await ward.decides("pause")
    assert await ward.post() == 1
    assert Counter(await states(ward.store)) == {"sent": 1, "held": 1}


async def test_the_words_of_a_notice_come_with_its_deliveries(ward: Ward) -> None:
    """Whoever claims a row can draw it, whichever replica it is and whatever it has read before."""
    await subscribe(ward.store, 1, 2)
    await outbox.write(ward.store, 3)
    await ward.begun()
    claimed = (await Deliveries(ward.store, "new", ward.time).claim(BOT, 3)).deliveries
    assert {each.address.chat: each.notice for each in claimed} == {"1": NOTICE.item, "2": NOTICE.item, "3": ""}


async def test_where_it_is_told_is_kept(ward: Ward) -> None:
    """It is untold until a message stands, while it runs, and whenever its state has changed since."""
    await ward.broadcasts.propose(NOTICE, [NURSE, DOCTOR])
    assert await ward.broadcasts.untold() == (("b1", ((NURSE, None), (DOCTOR, None))),)
    await ward.broadcasts.tell("b1", [("D1", "1.1")], "proposed")
    assert await ward.broadcasts.untold() == ()
    await ward.decides("stop", NURSE)
    assert await ward.broadcasts.untold() == (("b1", (("D1", "1.1"),)),)
    await ward.broadcasts.tell("b1", [("D1", "1.1")], "stopped")
    assert await ward.broadcasts.untold() == ()
    assert [each.broadcast.id for each in await ward.broadcasts.listed(5)] == ["b1"]


async def test_what_is_not_over_is_listed_first(ward: Ward) -> None:
    """However many came after it; with who proposed it and when."""
    await ward.broadcasts.propose(NOTICE, [])
    for number in range(2, 9):
        await ward.broadcasts.propose(replace(NOTICE, id=f"b{number}"), [])
        await ward.decides("stop", id=f"b{number}")
    listed = await ward.broadcasts.listed(3)
    assert [each.broadcast.id for each in listed] == ["b1", "b8", "b7"]
    assert [(entry.who, entry.moment) for entry in listed[0].record] == [(NURSE, TEN)]


async def test_counts_and_nothing_else(ward: Ward) -> None:
    """Readers by series, what was sent of late, and dead letters by reason."""
    await subscribe(ward.store, 1, 2)
    await subscribe(ward.store, 3, add="after")
    await ward.store.keep([Stop(address(2))], ward.time())
    await ward.begun()
    await ward.post(REFUSED)
    counts = await ward.broadcasts.statistics(["starting", "after", "allergy"])
    assert (counts.readers, counts.series, counts.outcomes) == (2, {"starting": 1, "after": 1, "allergy": 0}, {"refused": 1, "sent": 1})
    assert (len(counts.letters), counts.gaps) == (1, 0)


async def test_a_proposal_expires(ward: Ward) -> None:
    """After seven days nobody can approve it any more, whether or not the loop has written that down; what was begun goes on."""
    for id in ("b1", "b2"):
        await ward.broadcasts.propose(replace(NOTICE, id=id), [NURSE])
    ward.time.go_on(days=7)
    await ward.decides("approve", id="b2")
    assert await ward.state() == "proposed"
    ward.time.go_on(seconds=1)
    with pytest.raises(NotAllowed, match="expired"):
        await ward.decides("approve")
    assert {board.broadcast.id: board.broadcast.state for board in await ward.broadcasts.listed(9)} == {"b1": "expired", "b2": "canary"}
    assert "b1" in await ward.broadcasts.active()
    assert not await ward.broadcasts.step("b1")
    assert "b1" not in await ward.broadcasts.active()
    assert [entry.what for entry in (await ward.board()).record] == ["proposed", "expired"]
    assert await ward.state() == "expired"
