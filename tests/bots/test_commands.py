"""The command lines, run as a person runs them."""

import asyncio
import json
import re
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import outbox
import pytest
import yaml
from running import free_port
from sqlalchemy import insert

from adapters.store import open_store
from adapters.store.tables import broadcasts

ROOT = Path(__file__).parent.parent.parent


def run(*words: str, given: bytes = b"", folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """One command line and what came of it."""
    command = [sys.executable, "-m", "bots", *words]
    return subprocess.run(
        command,
        input=given,
        capture_output=True,
        check=False,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "120", **environment},
        timeout=60,
    )


def test_every_input_line_gives_exactly_one_output_line() -> None:
    """Empty, not UTF-8, 100 kB or with odd line ends: one JSON object each."""
    lines = [b"what is car t", b"", b"\xff\xfe", b"x" * 100_000, "مرحبا".encode(), b"a\rb", b"i cannot breathe", b"stop", b"emergency"]
    answered = run("ask", "--json", given=b"\n".join(lines) + b"\n").stdout.splitlines()
    assert len(answered) == len(lines)
    read = [json.loads(line) for line in answered]
    assert {frozenset(each) for each in read} == {frozenset({"query", "kind", "sure", "tier", "group", "cards", "text"})}
    assert [each["kind"] for each in read[-3:]] == ["urgent", "command", "urgent"]
    assert (read[-3]["tier"], read[-3]["group"]) == ("emergency", "lungs")
    assert (read[-1]["tier"], read[-1]["group"]) == (None, None)
    assert read[0]["cards"][0].keys() == {"id", "title", "text", "score"}


def test_it_ends_quietly_where_nobody_reads_on() -> None:
    """`ask | head` takes what it wants and goes; there is nothing to complain of."""
    command = [sys.executable, "-m", "bots", "ask", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as asking:
        assert asking.stdin
        assert asking.stdout
        assert asking.stderr
        asking.stdin.write(b"what is car t\n")
        asking.stdin.flush()
        assert asking.stdout.readline()
        asking.stdout.close()
        asking.stdin.write(b"what is car t\n" * 3)
        asking.stdin.close()
        assert asking.stderr.read() == b""


def test_one_question_in_words() -> None:
    """Without --json the reader's own screen is printed."""
    assert b"CAR T" in run("ask", "what", "is", "car", "t").stdout


def test_the_terminal_talks_from_a_pipe() -> None:
    """Words and numbers, a line each, until the pipe ends."""
    told = run("chat", given=b"menu\n1\nurgent\n").stdout.decode()
    assert "Hello. This is immunobot." in told
    assert "What it is" in told
    assert "Urgent help" in told


def test_the_terminal_keeps_what_danger_changes() -> None:
    """Tips rest after a message of danger, as they do for everybody."""
    told = run("chat", given=b"tips Madrid\n1\ni cant breathe\ntips\n").stdout.decode()
    assert "Your tips are paused." in told


def test_the_terminal_speaks_spanish() -> None:
    """--lang es begins in Spanish."""
    assert "Hola. Esto es immunobot." in run("chat", "--lang", "es", given=b"").stdout.decode()


def test_the_library_that_ships_passes_its_own_rules() -> None:
    """`check` ends with 0, and says in JSON what it says in words."""
    assert run("check").returncode == 0
    assert run("check", "--json").stdout == b""


def test_the_claims_have_their_cards() -> None:
    """`tree --claims` leaves none without one."""
    told = run("tree", "--claims").stdout.decode()
    assert "S39" in told
    assert "none" not in told
    assert "Side effects" in run("tree").stdout.decode()


def test_the_manifest_is_yaml() -> None:
    """Ready to paste; with an address it uses HTTP."""
    socket, http = (yaml.safe_load(run("manifest", *words).stdout) for words in ((), ("--http", "https://bot.example.org")))
    assert socket["settings"]["socket_mode_enabled"] is True
    assert http["settings"]["event_subscriptions"]["request_url"] == "https://bot.example.org/slack/events"
    assert "agent_view" in socket["features"]


def test_the_doctor_tells_how_tips_stand(tmp_path: Path) -> None:
    """The version of the tables, who has tips, what waits for too long, and dead letters with their reasons."""
    asyncio.run(_fill(tmp_path))
    found = run("doctor", folder=tmp_path, COLUMNS="300")
    told = found.stdout.decode()
    assert found.returncode == 1
    assert "its tables are at version" in told
    assert "1 readers have tips" in told
    assert "2 messages wait, the first for 120 min" in told
    assert "dead letters of the last week: 1 bad request" in told


async def _fill(folder: Path) -> None:
    """One reader, two messages that wait for two hours, and a dead letter."""
    store, now = open_store(f"sqlite:///{folder}/data/immunobot.db"), datetime.now(UTC)
    await outbox.subscribe(store, "42")
    since = outbox.milliseconds(now - timedelta(hours=2))
    await outbox.write(store, "42", "43", not_before=since, too_late=since * 2)
    await outbox.write(store, "44", state="refused", reason="bad request", settled=since)
    store.close()


def test_the_doctor_makes_nothing(tmp_path: Path) -> None:
    """In a folder without a database it says so, names no error of Python's, and leaves the folder as it was."""
    found = run("doctor", folder=tmp_path, COLUMNS="300")
    assert found.returncode == 0
    assert b"immunobot run makes it" in found.stdout
    for setting in (b"INSTITUTION", b"SLACK_BROADCASTERS", b"PUBLIC_URL", b"ports"):
        assert setting in found.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_is_not_content_with_a_database_that_keeps_nothing(tmp_path: Path) -> None:
    """It can be read, and whoever stops would not be heard."""
    open_store(f"sqlite:///{tmp_path}/data/immunobot.db").close()
    with sqlite3.connect(tmp_path / "data" / "immunobot.db") as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON leases BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    connection.close()
    found = run("doctor", folder=tmp_path, COLUMNS="300")
    assert found.returncode == 1
    assert b"nothing can be kept in it" in found.stdout


@pytest.mark.parametrize(
    "url", ["postgresql://u:hunter2@127.0.0.1:1/d", "postgresql://u:hunter2@h:port/d", "sqlite:///.env/x.db", "sqlite:///folder"]
)
def test_the_doctor_speaks_no_python(tmp_path: Path, url: str) -> None:
    """Neither of the database nor of a platform that cannot be reached."""
    (tmp_path / ".env").touch()
    (tmp_path / "folder").mkdir()
    nobody = {"TELEGRAM_API_URL": "http://127.0.0.1:1", "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    tokens = {"TELEGRAM_BOT_TOKEN": "1:a", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    told = run("doctor", folder=tmp_path, COLUMNS="300", DATABASE_URL=url, **nobody, **tokens).stdout
    assert told.count(b"cannot be reached; is this computer connected") == 2
    assert b"DATABASE_URL" in told
    assert not re.search(rb"[A-Z][a-z]+(Error|Timeout|Sent)\b|hunter2", told)


def test_the_doctor_tells_of_a_broadcast_that_stands_still(tmp_path: Path) -> None:
    """With what to type."""
    store = open_store(f"sqlite:///{tmp_path}/data/immunobot.db")
    halted = {"id": "b1", "kind": "notice", "item": "Hello.", "at": "now", "state": "halted", "proposed_by": "U1"}
    asyncio.run(store.write(lambda connection: connection.execute(insert(broadcasts), [halted])))
    store.close()
    found = run("doctor", folder=tmp_path, COLUMNS="300")
    assert found.returncode == 1
    assert b"immunobot broadcast resume b1" in found.stdout


def test_the_doctor_says_what_is_not_set(tmp_path: Path) -> None:
    """No token is no error; a database that cannot be opened is."""
    assert b"not set" in run("doctor", folder=tmp_path).stdout
    broken = run("doctor", folder=tmp_path, DATABASE_URL="postgresql://u:hunter2@127.0.0.1:1/d")
    assert broken.returncode == 1
    assert b"hunter2" not in broken.stdout + broken.stderr


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("run", (b"TELEGRAM_BOT_TOKEN", b".env", b"SIGHUP", b"immunobot run telegram")),
        ("doctor", (b"Ends with 1", b"sends nothing")),
        ("backup", (b"pg_dump", b"immunobot backup backups/monday.db")),
    ],
)
def test_help_helps(command: str, told: tuple[bytes, ...]) -> None:
    """What it needs, what it does besides, and an example."""
    shown = run(command, "--help").stdout
    assert [each for each in told if each not in shown] == []
    assert b"--file" not in shown


def test_running_without_a_token_says_how_to_begin(tmp_path: Path) -> None:
    """It names the settings, and the preview that needs none."""
    told = run("run", folder=tmp_path)
    assert told.returncode == 1
    assert b"TELEGRAM_BOT_TOKEN" in told.stderr
    assert b"preview" in told.stderr
    assert b"SLACK_BOT_TOKEN" in run("run", "slack", folder=tmp_path).stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    """All at once, without their values."""
    told = run("run", folder=tmp_path, PORT="hunter2", LOG_LEVEL="hunter2").stderr
    assert b"PORT" in told
    assert b"LOG_LEVEL" in told
    assert b"hunter2" not in told


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_an_overlay_that_is_not_there_is_named_by_its_setting(tmp_path: Path, command: str) -> None:
    """And its path is not shown."""
    told = run(command, folder=tmp_path, INSTITUTION="/hunter2.yaml", TELEGRAM_BOT_TOKEN="1:a")
    assert told.returncode == 1
    assert b"INSTITUTION" in told.stdout + told.stderr
    assert b"hunter2" not in told.stdout + told.stderr


def test_an_address_of_another_computer_is_no_fault_of_the_port(tmp_path: Path) -> None:
    """HOST is named; a port that is taken is named as such."""
    elsewhere = run("run", folder=tmp_path, HOST="203.0.113.1", TELEGRAM_BOT_TOKEN="1:a", PORT=str(free_port()))
    assert b"HOST: this computer" in elsewhere.stderr
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        again = run("run", folder=tmp_path, TELEGRAM_BOT_TOKEN="1:a", PORT=str(taken.getsockname()[1]))
    assert b" PORT: another program" in again.stderr


def test_a_backup_does_not_overwrite(tmp_path: Path) -> None:
    """A new name works, the same name again does not."""
    open_store(f"sqlite:///{tmp_path}/data/immunobot.db").close()
    assert run("backup", "copy.db", folder=tmp_path).returncode == 0
    assert (tmp_path / "copy.db").stat().st_size > 0
    assert run("backup", "copy.db", folder=tmp_path).returncode == 1


def test_a_backup_blames_what_is_to_blame(tmp_path: Path) -> None:
    """A folder that is not there, or no database to copy; and it makes neither."""
    nothing = run("backup", "copy.db", folder=tmp_path)
    assert nothing.stderr.startswith(b"DATABASE_URL: there is no database yet")
    assert list(tmp_path.iterdir()) == []
    open_store(f"sqlite:///{tmp_path}/data/immunobot.db").close()
    nowhere = run("backup", "nodir/copy.db", folder=tmp_path)
    assert nowhere.returncode == 1
    assert nowhere.stderr.startswith(b"nodir/copy.db: make the folder nodir first")
    assert run("backup", "/proc/copy.db", folder=tmp_path).stderr.startswith(b"/proc/copy.db: this user may not write there")


def test_serving_imports_nothing_that_only_other_commands_need() -> None:
    """`run` starts without alembic, the sandbox or the page."""
    asked = "import sys, bots.cli.run, bots.patients, bots.care_team\n"
    asked += "print([m for m in ('alembic', 'adapters.sandbox', 'bots.cli.preview') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == b"[]"
