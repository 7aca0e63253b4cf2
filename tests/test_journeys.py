"""Evenings with the bot, each lived on Telegram, in Slack and at a terminal: the same words and choices on all three."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import evening
import people
import pytest

from adapters.clock import Clock
from adapters.sandbox.calls import Call
from adapters.store import Store, open_store
from bots.respond import responder
from content.model import Library
from content.people import Address, Audience, Change, Kept, Reader

# One time for all three platforms: what a clock shows stands on some screens.
NINE_IN_THE_EVENING = Clock(lambda: datetime(2026, 11, 24, 21, 5, tzinfo=UTC), asyncio.sleep)


class InOrder:
    """A store in which what is kept beside an answer is kept before the next question, as it is where people need time to type."""

    def __init__(self, store: Store) -> None:
        self._store, self._turn = store, asyncio.Lock()

    async def reader(self, address: Address, audience: Audience) -> Reader:
        """The reader, once what was begun has its turn."""
        await asyncio.sleep(0)
        async with self._turn:
            return await self._store.reader(address, audience)

    async def kept(self, address: Address) -> Kept | None:
        """Everything kept."""
        return await self._store.kept(address)

    async def keep(self, changes: Sequence[Change], now: datetime) -> None:
        """Keep the changes before anything is read."""
        async with self._turn:
            await self._store.keep(changes, now)


JOURNEYS = {journey.name: journey for journey in evening.journeys()}


async def lived(journey: evening.Journey, platform: str, library: Library, folder: Path) -> tuple[list[evening.Seen], Sequence[Call]]:
    """What was seen in one evening on one platform, and the calls that the bot made there."""
    audience = next(each for each in get_args(Audience) if each == journey.audience)
    store = open_store(f"sqlite:///{folder}/{platform}.db")
    respond = responder(lambda: library, InOrder(store), audience, NINE_IN_THE_EVENING)
    async with people.PLATFORMS[platform](respond, library) as person:
        transcript = await evening.play(journey, person)
    store.close()
    return transcript, person.calls


@pytest.mark.parametrize("name", JOURNEYS)
async def test_an_evening_is_the_same_everywhere(
    name: str, library: Library, tmp_path: Path, specified: Callable[[Call], list[str]]
) -> None:
    """The same audience sees the same words and choices on every platform, and every call keeps to its specification."""
    transcripts = {}
    for platform in people.PLATFORMS:
        transcripts[platform], calls = await lived(JOURNEYS[name], platform, library, tmp_path)
        assert [(call.method, wrong) for call in calls if (wrong := specified(call))] == []
        assert [call for call in calls if call.status != 200 or (isinstance(call.answer, dict) and not call.answer.get("ok", True))] == []
    assert transcripts["telegram"] == transcripts["console"]
    assert transcripts["slack"] == transcripts["console"]


async def test_in_slack_tips_begin_in_the_persons_own_zone(library: Library, tmp_path: Path) -> None:
    """Slack knows it: asked in the background at the first words, it is there when tips are chosen."""
    store = open_store(f"sqlite:///{tmp_path}/slack.db")
    respond = responder(lambda: library, InOrder(store), "care-team", NINE_IN_THE_EVENING)
    async with people.slack(respond, library, "America/Bogota") as person:
        await person.say("menu", "es-CO")
        seen = await person.say("tips", None)
        assert "en Bogotá, donde ahora son las 16:05" in seen.words
        seen = await person.tap("Starting treatment")
        assert "Zona horaria: Bogotá" in seen.words
    store.close()
