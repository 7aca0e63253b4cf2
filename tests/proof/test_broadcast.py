"""A broadcast through the whole program as it really runs: from a terminal and Slack to every phone, once."""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from running import ROOT, Running

from adapters.store import Store, open_store
from content.people import Address, Adjust

NURSE, DOCTOR = "U0NURSE", "U0DOCTOR"
NOTICE = "The clinic is shut on Friday. Please call the ward if you need us. The ward is open all day and all night."


def where_it_is_noon() -> str:
    """A zone in which people are awake, whenever the tests run."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


async def subscribed(store: Store, space: str, *chats: int) -> None:
    """These people have tips, where it is noon."""
    zone = where_it_is_noon()
    await store.keep([Adjust(Address("telegram", space, str(chat)), None, zone=zone, add="starting") for chat in chats], datetime.now(UTC))


async def typed(evening: Running, *words: str) -> tuple[int, str]:
    """One command line beside the running program: what it ended with, and what it said."""
    environment = {**evening.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bots", "broadcast", *words]
    process = await asyncio.create_subprocess_exec(*command, cwd=evening.folder, env=environment, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    return process.returncode or 0, told.decode()


async def test_from_a_terminal_to_every_phone(tmp_path: Path) -> None:
    """Proposed in a terminal, told in Slack, approved there by the second person: thirty people have it, each once, and it is done."""
    evening = Running(tmp_path, webhooks=False, changes={"SLACK_BROADCASTERS": f"{NURSE},{DOCTOR}"})
    await evening.open()
    try:
        people = range(5_000, 5_030)
        for person in people:
            evening.telegram.person(person)
        for member in (NURSE, DOCTOR):
            evening.slack.world.person(member)
        store = open_store(f"sqlite:///{tmp_path}/immunobot.db")
        await subscribed(store, evening.telegram.token.partition(":")[0], *people)
        store.close()
        await evening.start()
        for person in people:
            await evening.telegram.type(person, "menu")
        await evening.telegram.until(lambda: not evening.telegram.pending, timeout=20)
        (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
        code, told = await typed(evening, "propose", "--text", "notice.txt", "--by", NURSE)
        assert code == 0
        await evening.slack.until(lambda: evening.slack.messages(DOCTOR), timeout=20)
        await evening.slack.until(lambda: len(evening.slack.messages(DOCTOR)) == 2, timeout=20)
        board = evening.slack.messages(DOCTOR)[-1]
        approve = next(button.action_id for button in board.buttons if button.label == "Approve")
        await evening.slack.tap(DOCTOR, DOCTOR, board.ts, approve)
        code, watched = await typed(evening, "watch", told.splitlines()[-1])
        assert (code, "Sent: 30" in watched) == (0, True), watched
        got = Counter(person for person in people for each in evening.telegram.messages(person) if NOTICE in each.text)
        assert got == dict.fromkeys(people, 1)
        await evening.slack.until(lambda: "It is done." in evening.slack.messages(NURSE)[1].plain, timeout=20)
    finally:
        await evening.end()
        await evening.close()
    assert "Traceback" not in evening.log()
