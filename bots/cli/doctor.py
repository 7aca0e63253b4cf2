"""`immunobot doctor`: what is set up, what is not, and how to mend it; and what readers asked that has no good card."""

import asyncio
import socket

from rich.console import Console
from rich.table import Table

from adapters.clock import system_clock
from adapters.outcome import Unreachable, WrongToken
from adapters.store.gaps import Missed
from bots.cli.findings import DAYS_BACK, Finding, look_at_store
from bots.cli.output import library_or_refuse
from bots.cli.run import settings_or_refuse
from bots.settings import Settings

_STATES = {True: "[green]ok[/]", False: "[red]mend[/]", None: "[dim]not set[/]"}


def doctor() -> None:
    """Look at the settings, the library, the database and each platform's token. Nothing is made or changed by it."""
    settings = settings_or_refuse()
    library = library_or_refuse(settings.institution)
    findings, missed = asyncio.run(_looked_at(settings))
    findings = [Finding("library", True, f"{len(library.cards['en'])} cards"), *_set(settings), *findings]
    table = Table("part", "state", "what it means")
    for each in findings:
        table.add_row(each.part, _STATES[each.ok], each.told)
    Console(highlight=False).print(table)
    _tell_gaps(missed)
    if any(each.ok is False for each in findings):
        raise SystemExit(1)


def _tell_gaps(missed: list[Missed]) -> None:
    """Words of ours in what was asked, never the question."""
    if not missed:
        return
    table = Table("times", "asked by", "words of ours", "nearest card", title=f"Asked in {DAYS_BACK} days, without a good card")
    for each in missed:
        table.add_row(str(each.count), f"{each.gap.audience}, {each.gap.language}", " ".join(each.gap.words), each.gap.nearest)
    Console(highlight=False).print(table)


async def _looked_at(settings: Settings) -> tuple[list[Finding], list[Missed]]:
    stored, missed = await look_at_store(settings.database_url.get_secret_value(), system_clock().now())
    return [*stored, await _telegram(settings), await _slack(settings)], missed


def _set(settings: Settings) -> list[Finding]:
    """What stands in the settings alone."""
    return [_institution(settings), _broadcasters(settings), _way_in(settings), _ports(settings)]


def _institution(settings: Settings) -> Finding:
    if settings.institution:
        return Finding("your hospital", True, "urgent answers name its urgent line")
    return Finding("your hospital", None, "set INSTITUTION, so that urgent answers name your team and its urgent line")


def _broadcasters(settings: Settings) -> Finding:
    people = len(settings.slack_broadcasters)
    told = {0: "set SLACK_BROADCASTERS to the Slack ids of two people or more", 1: "SLACK_BROADCASTERS: add a second person, who approves"}
    return Finding("broadcasters", {0: None, 1: False}.get(people, True), told.get(people, f"{people} people may propose and approve"))


def _way_in(settings: Settings) -> Finding:
    if settings.public_url:
        return Finding("way in", True, "Telegram calls the address in PUBLIC_URL")
    return Finding("way in", None, "Telegram is polled; set PUBLIC_URL, and no update is lost when the program is killed")


def _ports(settings: Settings) -> Finding:
    wanted = [("PORT", settings.listen_on, settings.port)]
    wanted += [("METRICS_PORT", settings.metrics_host, settings.metrics_port)] if settings.metrics_port else []
    taken = [name for name, host, port in wanted if not _is_free(host, port)]
    return Finding("ports", True, f"{', '.join(taken)}: in use, by immunobot run or by another program" if taken else "free")


def _is_free(host: str, port: int) -> bool:
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        return False
    return True


async def _telegram(settings: Settings) -> Finding:
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        return Finding("telegram", None, "set TELEGRAM_BOT_TOKEN to serve patients; BotFather gives one")
    from adapters.telegram.client import TelegramClient

    client = TelegramClient(token, system_clock(), settings.telegram_api_url)
    try:
        return Finding("telegram", True, f"signed in as @{await client.sign_in()}")
    except (WrongToken, Unreachable) as error:
        return Finding("telegram", False, str(error))
    finally:
        await client.close()


async def _slack(settings: Settings) -> Finding:
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return Finding("slack", None, "set SLACK_BOT_TOKEN to serve a care team; immunobot manifest makes the app")
    from adapters.slack.client import SlackClient

    client = SlackClient(token, system_clock(), settings.slack_api_url)
    try:
        return Finding("slack", True, f"signed in to {await client.sign_in()}")
    except (WrongToken, Unreachable) as error:
        return Finding("slack", False, str(error))
    finally:
        await client.close()
