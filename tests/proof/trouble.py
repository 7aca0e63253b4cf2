"""A store that is away: PostgreSQL's processes are stopped, or another one holds SQLite's lock."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg


@contextmanager
def store_away(url: str) -> Iterator[None]:
    """While inside, the database takes nothing from anybody else."""
    with _sqlite_held(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else _postgresql_stopped(url):
        yield


@contextmanager
def _sqlite_held(path: str) -> Iterator[None]:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def _postgresql_stopped(url: str) -> Iterator[None]:
    server = _server(url)
    # The server first: what is stopped starts nothing new.
    os.kill(server, signal.SIGSTOP)
    stopped = [server, *(number for path in Path("/proc").iterdir() if path.name.isdigit() and _parent(number := int(path.name)) == server)]
    for number in stopped[1:]:
        os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        for number in stopped:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGCONT)


def _server(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    return int((Path(row[0]) / "postmaster.pid").read_text().split()[0])


def _parent(number: int) -> int | None:
    try:
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
