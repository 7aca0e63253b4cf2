"""`immunobot backup`: a copy of the store."""

import asyncio
from pathlib import Path

from adapters.store import StoreDown, open_store
from bots.cli.output import refuse
from bots.cli.run import settings_or_refuse


def backup(file: Path) -> None:
    """Copy the store, while it is in use, to a new file.

    Parameters
    ----------
    file
        where to write the copy; it must not exist yet.

    """
    if file.exists():
        refuse([f"{file}: choose a name that is not taken"])
    try:
        store = open_store(settings_or_refuse().database_url.get_secret_value())
        asyncio.run(store.backup(file))
        store.close()
    except StoreDown as error:
        refuse([f"DATABASE_URL: {error}"])
    print(f"copied to {file}")
