"""The command: both bots against the sandboxes, then the page in a browser."""

import asyncio
import tempfile
import webbrowser
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import uuid4

from cyclopts import Parameter

from adapters.sandbox.slack import APP_TOKEN, BOT_TOKEN, SlackSandbox
from adapters.sandbox.slack_world import BOT_USER
from adapters.sandbox.telegram import TelegramSandbox
from adapters.store import open_store
from bots.broadcasts import Broadcasting, broadcasts_of
from bots.care_team import CareTeam
from bots.cli.output import library_or_refuse, refuse
from bots.cli.preview.ahead import Ahead
from bots.cli.preview.drawn import COLLEAGUE, YOU
from bots.cli.preview.page import Page
from bots.logs import set_up_logs
from bots.patients import Patients
from bots.settings import Settings
from bots.tips import Tips
from content.model import Library

_ROOM = "C0WARD"


def preview(*, port: int = 8765, browser: Annotated[bool, Parameter(name="--browser")] = True) -> None:
    """Talk to both bots on one web page. Nothing leaves this computer; what you choose is forgotten at the end.

    Parameters
    ----------
    port
        where the page is served, on this computer only.
    browser
        open the page in a browser.

    """
    library = library_or_refuse()
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(_evening(library, Path(folder), port, browser))
        except OSError:
            refuse([f"--port: {port} cannot be listened on; is another program using it?"])
        except KeyboardInterrupt:
            pass


async def _evening(library: Library, folder: Path, port: int, browser: bool) -> None:
    telegram, slack, store = TelegramSandbox(), SlackSandbox(), open_store(f"sqlite:///{folder}/preview.db")
    await telegram.start()
    await slack.start()
    slack.join(_ROOM, BOT_USER)
    slack.world.direct(COLLEAGUE)
    settings = _settings(telegram, slack)
    set_up_logs("WARNING", "text", settings.secrets())
    ahead = Ahead()
    clock = ahead.clock()
    patients, ordered, owner = Patients(settings, lambda: library, store, clock), asyncio.Event(), uuid4().hex
    team = CareTeam(settings, lambda: library, store, clock, telegram=patients.name, ordered=ordered.set)
    bots = (patients, team)
    tips = Tips(lambda: library, store, [bot.sender for bot in bots], clock, owner)
    told = broadcasts_of(settings, lambda: library, store, clock.now)
    broadcasting = Broadcasting(told, lambda: library, store, clock, owner, ordered, team.teller)
    parts = (*bots, tips, broadcasting)
    page = Page(library, telegram, slack, _ROOM, partial(_to_next_tip, tips, ahead))
    serving = [asyncio.create_task(each.serve()) for each in parts]
    try:
        await _served(page, port, browser)
    finally:
        await asyncio.gather(*(each.stop() for each in parts))
        await asyncio.gather(*(bot.close() for bot in bots))
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await asyncio.gather(page.stop(), telegram.stop(), slack.stop())
        store.close()


async def _to_next_tip(tips: Tips, ahead: Ahead, platform: str) -> bool:
    """Set the time ahead to the platform's next tip; False where nobody there chose any."""
    due = await tips.first_due(platform)
    if due is None:
        return False
    ahead.set_to(due)
    tips.wake()
    return True


def _settings(telegram: TelegramSandbox, slack: SlackSandbox) -> Settings:
    given = {
        "telegram_bot_token": telegram.token,
        "telegram_api_url": telegram.url,
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN,
        "slack_api_url": slack.api_url,
        "slack_broadcasters": f"{YOU},{COLLEAGUE}",
    }
    return Settings.model_validate(given)


async def _served(page: Page, port: int, browser: bool) -> None:
    address = await page.start(port)
    await page.welcome()
    print(f"Both bots are ready: {address}\nCtrl-C ends it.", flush=True)
    if browser:
        await asyncio.to_thread(webbrowser.open, address)
    await asyncio.Event().wait()
