"""What many tests share: a real PostgreSQL, stores on both databases, the real library."""

from collections.abc import Callable, Iterator
from pathlib import Path

import databases
import pytest
import slack_specification
import telegram_specification

from adapters.sandbox.calls import Call
from adapters.store import Store, open_store
from content.model import Library


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL that lives as long as the tests. Where it cannot start, the tests that need it fail."""
    with databases.postgresql(durable=False) as address:
        yield address


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """A database of its own for one test."""
    return databases.new_database(postgresql_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty store on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store/immunobot.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A new, empty store on each database."""
    # A busy machine is no reason to fail: what patience comes to is tested where it is the point.
    opened = open_store(store_url, patience=30)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def library() -> Library:
    """The library that ships."""
    from content.load import load

    return load()


@pytest.fixture(scope="session")
def specified() -> Callable[[Call], list[str]]:
    """What the platform's own specification finds wrong with a call that one of the sandboxes kept."""

    def problems(call: Call) -> list[str]:
        of_slack = "." in call.method or call.method in ("response_url", "upload")
        return (slack_specification if of_slack else telegram_specification).problems(call)

    return problems
