"""The program as it really runs brings what is due, on both platforms, and leaves nothing behind when it is told to stop."""

from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import outbox
import people
import running
from sqlalchemy import update

from adapters.sandbox.slack_world import TEAM, Person
from adapters.store import open_store
from adapters.store.tables import subscriptions
from content.people import Address


async def test_tips_are_brought_on_both_platforms(tmp_path: Path) -> None:
    """Due when the program starts, they are there at once, with buttons that answer below them; /metrics counts them."""
    port = running.free_port()
    life = running.Running(tmp_path, webhooks=False, changes={"METRICS_PORT": str(port)})
    store, now = open_store(f"sqlite:///{tmp_path}/immunobot.db"), datetime.now(UTC)
    readers = [Address("telegram", life.telegram.token.partition(":")[0], str(people.CHAT)), Address("slack", TEAM, people.USER)]
    await store.keep([outbox.replace(outbox.choice(""), address=each) for each in readers], now)
    due = update(subscriptions).values(due=outbox.milliseconds(now))
    await store.write(lambda connection: connection.execute(due))
    await life.open()
    try:
        await life.telegram.type(people.CHAT, "/menu")
        life.slack.welcome(Person(people.USER))
        await life.start()
        await life.telegram.until(lambda: any("b:en:stop" in buttons for buttons in keys(life)), timeout=20)
        await life.slack.until(lambda: len(life.slack.messages(people.USER)) == 1, timeout=20)
        assert sum("b:en:urgent" in buttons for buttons in keys(life)) == 1
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
            told = await response.text()
        assert 'immunobot_tips_sent_total{platform="slack"}' in told
        assert 'immunobot_tips_waiting_seconds{platform="telegram"}' in told
        assert await life.end() == 0
        assert await outbox.states(store) == ["sent", "sent"]
    finally:
        await life.end()
        await life.close()
        store.close()
    assert people.USER not in life.log()


def keys(life: running.Running) -> list[list[str | None]]:
    """What the buttons of each message on Telegram carry."""
    return [[key.data for key in message.keys] for message in life.telegram.messages(people.CHAT)]
