"""`immunobot doctor`: what is set up, what is not, and how to mend it."""

import asyncio
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from adapters.clock import system_clock
from adapters.outcome import Unreachable, WrongToken
from adapters.store import StoreDown, open_store
from bots.cli.output import library_or_refuse
from bots.cli.run import settings_or_refuse
from bots.settings import Settings


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
    if any(part.ok is False for part in parts):
        raise SystemExit(1)


async def _looked_at(settings: Settings) -> list[Part]:
    return [await _database(settings), await _telegram(settings), await _slack(settings)]


async def _database(settings: Settings) -> Part:
    url = settings.database_url.get_secret_value()
    kind = url.partition(":")[0]
    try:
        store = open_store(url)
    except StoreDown as error:
        return Part("database", False, f"DATABASE_URL: {error}")
    answers = await store.answers()
    store.close()
    return Part("database", answers, f"{kind}, its tables are up to date" if answers else "DATABASE_URL: it does not answer")


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
