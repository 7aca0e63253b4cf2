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
from adapters.outcome import Respond
from adapters.sandbox.calls import Call
from adapters.store import Store, open_store
from adapters.tasks import Tasks
from bots.respond import Seconds, responder
from content.events import Event
from content.model import Library
from content.people import Audience
from content.turn import Answer

# One time for all three platforms: what a clock shows stands on some screens.
NINE_IN_THE_EVENING = Clock(lambda: datetime(2026, 11, 24, 21, 5, tzinfo=UTC), asyncio.sleep)


# How long the store may take to answer, in seconds: a disc that stalls is no part of an evening.
_SLOW_DISC = 30.0


def unhurried(library: Library, store: Store, audience: Audience) -> Respond:
    """The conversation with people who need time to type: what is kept after an answer is kept before the next question."""
    after = Tasks()
    respond = responder(lambda: library, store, audience, NINE_IN_THE_EVENING, after, seconds=Seconds(_SLOW_DISC, _SLOW_DISC))

    async def answered(event: Event) -> Answer:
        await after.drain(5)
        return await respond(event)

    return answered


JOURNEYS = {journey.name: journey for journey in evening.journeys()}


async def lived(journey: evening.Journey, platform: str, library: Library, folder: Path) -> tuple[list[evening.Seen], Sequence[Call]]:
    """What was seen in one evening on one platform, and the calls that the bot made there."""
    audience = next(each for each in get_args(Audience) if each == journey.audience)
    store = open_store(f"sqlite:///{folder}/{platform}.db", _SLOW_DISC)
    respond = unhurried(library, store, audience)
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
    respond = unhurried(library, store, "care-team")
    async with people.slack(respond, library, "America/Bogota") as person:
        await person.say("menu", "es-CO")
        seen = await person.say("tips", None)
        assert "en Bogotá, donde ahora son las 16:05" in seen.words
        seen = await person.tap("Starting treatment")
        assert "Zona horaria: Bogotá" in seen.words
    store.close()
