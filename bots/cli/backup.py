"""`immunobot backup`: a copy of the store."""

import asyncio
from pathlib import Path

from adapters.store import StoreDown
from adapters.store.database import open_as_it_is
from bots.cli.output import refuse
from bots.cli.run import settings_or_refuse


def backup(file: Path, /) -> None:
    """Copy the store, while it is in use, to a new file.

    Parameters
    ----------
    file
        where to write the copy; it must not exist yet.

    """
    url = settings_or_refuse().database_url.get_secret_value()
    if file.exists():
        refuse([f"{file}: choose a name that is not taken"])
    if not file.parent.is_dir():
        refuse([f"{file}: make the folder {file.parent} first, or choose another one"])
    try:
        store = open_as_it_is(url) or refuse(
            ["DATABASE_URL: there is no database yet to copy; start this in the same folder as immunobot run"]
        )
        asyncio.run(store.backup(file))
        store.close()
    except StoreDown as error:
        refuse([f"DATABASE_URL: {error}"])
    except OSError:
        refuse([f"{file}: this user may not write there; choose another folder"])
    print(f"copied to {file}")
