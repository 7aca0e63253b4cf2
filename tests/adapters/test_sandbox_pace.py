"""How fast the sandboxes let a bot write, once they are told to hold their limits."""

from sandbox_telegram import ADA, HandClock, opened_desk

from adapters.lanes import Lane
from adapters.outcome import Outcome
from adapters.sandbox.pace import Limit, Pace
from adapters.sandbox.slack import BOT_TOKEN, SlackSandbox
from adapters.sandbox.slack_world import BOT_USER, TEAM
from adapters.slack.client import SlackClient
from content.people import Address
from content.screen import Screen

WARD = -77


def test_a_burst_passes_and_then_one_at_a_time() -> None:
    """So many at once, then as many a second as were allowed; whoever is refused is told whole seconds."""
    time = HandClock()
    pace = Pace(lambda: time.at)
    pace.hold(Limit(2, burst=3), lambda chat: None)
    assert [pace.refused("a") for _ in range(4)] == [None, None, None, 1]
    time.forward(0.5)
    assert [pace.refused("b"), pace.refused("b")] == [None, 1]
    time.forward(60)
    assert [pace.refused("a") for _ in range(4)] == [None, None, None, 1]


def test_a_slow_chat_costs_the_others_nothing() -> None:
    """What one chat is refused is not taken from the total."""
    time = HandClock()
    pace = Pace(lambda: time.at)
    pace.hold(Limit(1, burst=2), lambda chat: Limit(0.1))
    assert [pace.refused(chat) for chat in "aaab"] == [None, 10, 10, None]


async def test_telegram_holds_a_chat_to_one_a_second() -> None:
    """429 with retry_after for the fourth message at once; an edit is no new message."""
    async with opened_desk() as desk:
        desk.sandbox.hold()
        answers = [await desk.call("sendMessage", chat_id=ADA, text=str(number)) for number in range(4)]
        assert [each.status for each in answers] == [200, 200, 200, 429]
        assert answers[-1].body["parameters"] == {"retry_after": 1}
        edited = await desk.call("editMessageText", chat_id=ADA, message_id=answers[0].result["message_id"], text="new")
        assert edited.status == 200
        desk.time.forward(1)
        assert (await desk.send("again"))["text"] == "again"


async def test_telegram_holds_a_group_to_twenty_a_minute() -> None:
    """Its 21st message waits three seconds."""
    async with opened_desk() as desk:
        desk.sandbox.group(WARD)
        await desk.sandbox.type(WARD, "hello", sender=ADA)
        desk.sandbox.hold()
        answers = [await desk.call("sendMessage", chat_id=WARD, text=str(number)) for number in range(21)]
        assert [each.status for each in answers] == [200] * 20 + [429]
        assert answers[-1].body["parameters"] == {"retry_after": 3}


async def test_telegram_holds_the_whole_bot() -> None:
    """Past the burst every chat is refused, until a place is free."""
    async with opened_desk() as desk:
        for person in (1, 2, 3):
            await desk.sandbox.follow_link(person)
        desk.sandbox.hold(rate=0.5, burst=2)
        assert [(await desk.call("sendMessage", chat_id=person, text="hi")).status for person in (1, 2, 3)] == [200, 200, 429]
        desk.time.forward(2)
        assert (await desk.call("sendMessage", chat_id=3, text="hi")).status == 200


async def test_slack_holds_a_channel_to_one_a_second() -> None:
    """The fourth message at once is for later, as Retry-After says; another channel is not held up."""
    time = HandClock()
    sandbox = SlackSandbox(time.clock())
    for channel in ("C1", "C2"):
        sandbox.join(channel, BOT_USER)
    sandbox.hold()
    await sandbox.start()
    client = SlackClient(BOT_TOKEN, time.clock(), sandbox.api_url)
    await client.connect()

    async def sent(channel: str) -> tuple[Outcome, float | None]:
        told = await client.send(Address("slack", TEAM, channel), Screen("Drink enough."), Lane.BULK)
        return told.outcome, told.retry_after

    assert [await sent("C1") for _ in range(4)] == [(Outcome.SENT, None)] * 3 + [(Outcome.LATER, 1)]
    assert await sent("C2") == (Outcome.SENT, None)
    time.forward(1)
    assert await sent("C1") == (Outcome.SENT, None)
    assert len([each for each in sandbox.messages("C1") if each.user == BOT_USER]) == 4
    await client.close()
    await sandbox.stop()
