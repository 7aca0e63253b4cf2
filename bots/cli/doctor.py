"""`immunobot doctor`: what is set up, what is not, and how to mend it; and what readers asked that has no good card."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rich.console import Console
from rich.table import Table

from adapters.clock import system_clock
from adapters.outcome import Unreachable, WrongToken
from adapters.store import StoreDown, open_store
from adapters.store.database import CURRENT, schema
from adapters.store.gaps import Missed
from adapters.store.outlook import Outlook, outlook
from bots.cli.output import library_or_refuse
from bots.cli.run import settings_or_refuse
from bots.settings import Settings

# A message that waits longer is held up by more than the rate.
_LONG: Final = timedelta(hours=1)
_DAYS_BACK, _MOST_GAPS = 30, 10


@dataclass(frozen=True, slots=True)
class Part:
    """One thing looked at. `ok` is None where it is not set up, which is no error."""

    name: str
    ok: bool | None
    told: str


def doctor() -> None:
    """Look at the settings, the library, the database and each platform's token."""
    settings = settings_or_refuse()
    library = library_or_refuse(settings.institution)
    parts = [Part("library", True, f"{len(library.cards['en'])} cards"), *asyncio.run(_looked_at(settings))]
    table = Table("part", "state", "what it means")
    for part in parts:
        state = {True: "[green]ok[/]", False: "[red]mend[/]", None: "[dim]not set[/]"}[part.ok]
        table.add_row(part.name, state, part.told)
    Console(highlight=False).print(table)
    _tell_gaps(asyncio.run(_missed(settings)))
    if any(part.ok is False for part in parts):
        raise SystemExit(1)


def _tell_gaps(missed: list[Missed]) -> None:
    """Words of ours in what was asked, never the question."""
    if not missed:
        return
    table = Table("times", "asked by", "words of ours", "nearest card", title=f"Asked in {_DAYS_BACK} days, without a good card")
    for each in missed:
        table.add_row(str(each.count), f"{each.gap.audience}, {each.gap.language}", " ".join(each.gap.words), each.gap.nearest)
    Console(highlight=False).print(table)


async def _missed(settings: Settings) -> list[Missed]:
    try:
        store = open_store(settings.database_url.get_secret_value())
    except StoreDown:
        return []
    try:
        return await store.gaps((system_clock().now() - timedelta(days=_DAYS_BACK)).date(), _MOST_GAPS)
    except StoreDown:
        return []
    finally:
        store.close()


async def _looked_at(settings: Settings) -> list[Part]:
    return [*await _store(settings), await _telegram(settings), await _slack(settings)]


async def _store(settings: Settings) -> list[Part]:
    url = settings.database_url.get_secret_value()
    found = schema(url)
    try:
        store = open_store(url)
    except StoreDown as error:
        return [Part("database", False, f"DATABASE_URL: {error}")]
    try:
        stands = await outlook(store, system_clock().now())
    except StoreDown:
        return [Part("database", False, "DATABASE_URL: it does not answer")]
    finally:
        store.close()
    return [Part("database", True, f"{url.partition(':')[0]}, {_tables(found)}"), _tips(stands)]


def _tables(found: str | None) -> str:
    """What the tables were when we came, and what they are now."""
    if found is None:
        return f"its tables were made, at version {CURRENT}"
    if found.isdecimal() and int(found) > int(CURRENT):
        return f"its tables are at version {found}, of a newer program than this one ({CURRENT})"
    return f"its tables are at version {CURRENT}" + ("" if found == CURRENT else f", brought there from {found}")


def _tips(stands: Outlook) -> Part:
    behind = system_clock().now() - stands.since if stands.since else timedelta()
    told = [f"{stands.going_on} readers have tips"]
    if stands.waiting:
        told.append(f"{stands.waiting} messages wait, the first for {behind.total_seconds() / 60:.0f} min")
    if stands.refused:
        told.append("dead letters of the last week: " + ", ".join(f"{count} {reason}" for reason, count in sorted(stands.refused.items())))
    if behind > _LONG:
        told.append("is immunobot run running, and does the platform answer?")
    return Part("tips", behind <= _LONG, "; ".join(told))


async def _telegram(settings: Settings) -> Part:
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        return Part("telegram", None, "set TELEGRAM_BOT_TOKEN to serve patients; BotFather gives one")
    from adapters.telegram.client import TelegramClient

    client = TelegramClient(token, system_clock(), settings.telegram_api_url)
    try:
        return Part("telegram", True, f"signed in as @{await client.sign_in()}")
    except (WrongToken, Unreachable) as error:
        return Part("telegram", False, str(error))
    finally:
        await client.close()


async def _slack(settings: Settings) -> Part:
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return Part("slack", None, "set SLACK_BOT_TOKEN to serve a care team; immunobot manifest makes the app")
    from adapters.slack.client import SlackClient

    client = SlackClient(token, system_clock(), settings.slack_api_url)
    try:
        return Part("slack", True, f"signed in to {await client.sign_in()}")
    except (WrongToken, Unreachable) as error:
        return Part("slack", False, str(error))
    finally:
        await client.close()
