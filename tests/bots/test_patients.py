"""Of several replicas that poll, one does; another takes over when it is gone."""

import asyncio
from datetime import timedelta
from pathlib import Path

import people

from adapters.clock import system_clock
from adapters.sandbox.telegram import TelegramSandbox
from adapters.store import Store, open_store
from bots.patients import Patients
from bots.settings import Settings
from content.model import Library


def patients(sandbox: TelegramSandbox, library: Library, store: Store) -> Patients:
    """One replica."""
    given = {"telegram_bot_token": sandbox.token, "telegram_api_url": sandbox.url}
    return Patients(Settings.model_validate(given), lambda: library, store, system_clock())


async def test_one_replica_polls_and_the_other_takes_over(library: Library, postgresql_url: str) -> None:
    """Two replicas never ask at once; when the first stops, the second answers."""
    sandbox, store = TelegramSandbox(), open_store(postgresql_url)
    await sandbox.start()
    first, second = patients(sandbox, library, store), patients(sandbox, library, store)
    serving = [asyncio.create_task(first.serve())]
    await sandbox.until(lambda: any(call.method == "deleteWebhook" for call in sandbox.calls))
    await sandbox.type(people.CHAT, "/menu")
    await sandbox.until(lambda: not sandbox.pending and sandbox.messages(people.CHAT)[-1].from_bot)
    serving.append(asyncio.create_task(second.serve()))
    await sandbox.until(lambda: sum(call.method == "deleteWebhook" for call in sandbox.calls) == 2)
    await first.stop()
    await first.close()
    await sandbox.type(people.CHAT, "/help")
    await sandbox.until(lambda: not sandbox.pending and "help" in sandbox.messages(people.CHAT)[-1].text, timeout=15)
    assert [call for call in sandbox.calls if call.status == 409] == []
    await second.stop()
    await second.close()
    for task in serving:
        task.cancel()
    await asyncio.gather(*serving, return_exceptions=True)
    await sandbox.stop()
    store.close()


async def test_a_store_file_needs_no_lease(library: Library, tmp_path: Path) -> None:
    """After a crash one program on SQLite polls again at once, whatever lease a dead one held."""
    sandbox, store = TelegramSandbox(), open_store(f"sqlite:///{tmp_path}/store.db")
    await sandbox.start()
    await store.lease(f"telegram-polling-{sandbox.token.split(':')[0]}", "the dead one", timedelta(hours=1), system_clock().now())
    alive = patients(sandbox, library, store)
    serving = asyncio.create_task(alive.serve())
    await sandbox.type(people.CHAT, "/menu")
    await sandbox.until(lambda: not sandbox.pending and sandbox.messages(people.CHAT)[-1].from_bot)
    await alive.stop()
    await alive.close()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await sandbox.stop()
    store.close()
