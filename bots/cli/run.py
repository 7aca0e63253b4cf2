"""`immunobot run`: serve every platform whose token is set, until it is told to stop."""

import asyncio
import errno
import gc
import logging
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Literal, NoReturn, Protocol
from uuid import uuid4

from aiohttp.web import Application, AppRunner

from adapters.clock import Clock, system_clock
from adapters.outcome import WrongToken
from adapters.store import Store, StoreDown, open_store
from adapters.tasks import Tasks
from bots import metrics
from bots.broadcasts import Broadcasting, Teller, broadcasts_of
from bots.cli.output import library_with, refuse
from bots.courier import Sender
from bots.logs import set_up_logs
from bots.server import Handler, application, listen
from bots.settings import Settings, WrongSettings, read_settings
from bots.shelf import Shelf
from bots.tips import Tips
from content.index import count_words
from content.model import Library
from content.problems import Problems

Platform = Literal["telegram", "slack"]
log = logging.getLogger(__name__)


class Part(Protocol):
    """A running part of the program."""

    async def serve(self) -> None: ...
    async def stop(self) -> None: ...


class Served(Part, Protocol):
    """A platform as one. `close` comes when nothing is sent there any more."""

    @property
    def accepted(self) -> bool: ...
    @property
    def counts(self) -> Mapping[str, int]: ...
    @property
    def sender(self) -> Sender: ...
    async def close(self) -> None: ...


def run(*platforms: Platform) -> None:
    """Serve every platform whose token is set. Ctrl-C or SIGTERM ends it when what was begun is done; SIGHUP reads the library again.

    Parameters
    ----------
    platforms
        telegram, slack or both; without a name every platform whose token is set.

    """
    settings = settings_or_refuse()
    chosen = _chosen(platforms, settings)
    set_up_logs(settings.log_level, settings.log_format, settings.secrets())
    shelf = _shelf(settings.institution)
    try:
        store = open_store(settings.database_url.get_secret_value(), late=True)
    except StoreDown as error:
        _end([f"DATABASE_URL: {error}"])
    asyncio.run(until_told(settings, chosen, shelf, store, system_clock()))


def _end(problems: Iterable[object]) -> NoReturn:
    """Tell what is wrong in the log, in whatever form that has, and end with 1."""
    for problem in problems:
        log.critical("%s", problem)
    raise SystemExit(1)


def settings_or_refuse() -> Settings:
    """The settings, or what is wrong with them and the end."""
    try:
        return read_settings(os.environ, Path.cwd())
    except WrongSettings as error:
        refuse(error.problems)


def _chosen(platforms: tuple[Platform, ...], settings: Settings) -> tuple[Platform, ...]:
    tokens: Mapping[Platform, str] = {
        "telegram": settings.telegram_bot_token.get_secret_value(),
        "slack": settings.slack_bot_token.get_secret_value(),
    }
    missing = [name for name in platforms if not tokens[name]]
    if missing:
        refuse(f"{name.upper()}_BOT_TOKEN: set it, or leave {name} out" for name in missing)
    chosen = tuple(dict.fromkeys(platforms)) or tuple(name for name, token in tokens.items() if token)
    return chosen or refuse(["TELEGRAM_BOT_TOKEN, SLACK_BOT_TOKEN: set one of them, or try: immunobot preview"])


def _shelf(institution: Path | None) -> Shelf:
    """The library, its words counted before anybody asks. It stays as long as the program: the collector need not look through it."""
    gc.disable()
    try:
        library = library_with(institution)
    except Problems as error:
        _end(error.problems)
    count_words(library)
    gc.freeze()
    gc.enable()
    return Shelf(library, partial(_read_again, institution))


def _read_again(institution: Path | None) -> Library:
    library = library_with(institution)
    count_words(library)
    return library


async def until_told(settings: Settings, chosen: tuple[Platform, ...], library: Shelf, store: Store, clock: Clock) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun."""
    owner, ordered = uuid4().hex, asyncio.Event()
    served, webhooks, teller = _platforms(settings, chosen, library, store, clock, ordered)
    tips = Tips(library, store, [each.sender for each in served.values()], clock, owner)
    broadcasting = Broadcasting(broadcasts_of(settings, library, store, clock.now), library, store, clock, owner, ordered, teller)
    parts: list[Part] = [*served.values(), tips, broadcasting]
    shown = metrics.application(partial(_counts, served, tips), lambda: {"tips_waiting_seconds": tips.waiting})
    runners = await _listening(settings, application(library, partial(_ready, served, store, clock), webhooks), shown)
    working = [asyncio.create_task(each.serve()) for each in parts]
    told = asyncio.create_task(_told_to_stop())
    tasks = Tasks()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, lambda: tasks.begin(library.renew()))
    if not await store.answers():
        log.error("DATABASE_URL: the database does not answer yet; serving without it until it does")
    try:
        await _watch(told, working)
    finally:
        log.info("stopping: finishing what was begun")
        await asyncio.gather(*(each.stop() for each in parts))
        # Before anything is closed: whoever is still signing in would open it again.
        await _ended([told, *working])
        await asyncio.gather(*(each.close() for each in served.values()))
        await asyncio.gather(*(runner.cleanup() for runner in runners))
        store.close()


def _platforms(
    settings: Settings,
    chosen: tuple[Platform, ...],
    library: Callable[[], Library],
    store: Store,
    clock: Clock,
    ordered: asyncio.Event,
) -> tuple[dict[str, Served], dict[str, Handler], Teller | None]:
    """The platforms, their webhooks, and where broadcasts are told. Each is imported only where it is served."""
    served: dict[str, Served] = {}
    webhooks: dict[str, Handler] = {}
    teller: Teller | None = None
    name: Callable[[], str] = str
    if "telegram" in chosen:
        from bots import patients

        served["telegram"] = telegram = patients.Patients(settings, library, store, clock)
        webhooks |= {patients.PATH: telegram.updates.webhook} if settings.public_url else {}
        name = telegram.name
    if "slack" in chosen:
        from bots import care_team

        served["slack"] = slack = care_team.CareTeam(settings, library, store, clock, telegram=name, ordered=ordered.set)
        teller = slack.teller
        webhooks |= {care_team.PATH: slack.app.http} if settings.slack_signing_secret.get_secret_value() else {}
    return served, webhooks, teller


def _counts(served: Mapping[str, Served], tips: Tips) -> metrics.Counts:
    return {name: {**each.counts, **tips.counts.get(name, {})} for name, each in served.items()}


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _listening(settings: Settings, served: Application, shown: Application) -> list[AppRunner]:
    """What is served listens, and so does what counts it, each at its own port."""
    runners = [await _listening_at(served, settings.listen_on, settings.port, "")]
    if settings.metrics_port:
        runners.append(await _listening_at(shown, settings.metrics_host, settings.metrics_port, "METRICS_"))
    return runners


async def _listening_at(served: Application, host: str, port: int, settings: str) -> AppRunner:
    """`settings` is how the names of the two settings begin."""
    try:
        return await listen(served, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            _end([f"{settings}PORT: another program listens there; end it, or choose another port"])
        if error.errno == errno.EACCES:
            _end([f"{settings}PORT: the system does not allow it; choose one above 1023"])
        _end([f"{settings}HOST: this computer has no such address; leave it empty, or write 127.0.0.1"])


async def _ready(served: Mapping[str, Served], store: Store, clock: Clock) -> Mapping[str, bool]:
    return {name: each.accepted for name, each in served.items()} | {"store": await store.keeps(clock.now())}


async def _told_to_stop() -> None:
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    await told.wait()


async def _watch(told: asyncio.Task[None], working: list[asyncio.Task[None]]) -> None:
    """Wait for the word to stop. A wrong token ends the program; any other end of a platform leaves the others serving."""
    waiting: set[asyncio.Task[None]] = {told, *working}
    while not told.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {told}:
            if isinstance(error := task.exception(), WrongToken):
                _end([error])
            elif error:
                log.error("a platform ended: %s", type(error).__name__, exc_info=error)
