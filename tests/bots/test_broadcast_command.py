"""`immunobot broadcast`, run as a person runs it: ids alone on a last line, kind refusals, exit codes, plain lines in a pipe."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import outbox
import pytest
from outbox import Time, subscribe

from adapters.store import Store, open_store
from adapters.store.broadcasts import Broadcasts
from adapters.store.deliveries import Deliveries
from bots.cli.watching import Stillness
from content.team import Board, Broadcast, Tally

ROOT = Path(__file__).parent.parent.parent
NOTICE = "The clinic is shut on Friday. Please call the ward if you need us. The ward is open all day and all night."


class Terminal:
    """A terminal with two broadcasters in its settings."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.url = folder, f"sqlite:///{folder}/immunobot.db"
        (folder / "notice.txt").write_text(NOTICE, encoding="utf-8")
        for name, raw in (("empty", b" \n"), ("latin", "mañana".encode("latin-1")), ("picture", b"PNG\0")):
            (folder / f"{name}.txt").write_bytes(raw)

    def run(self, *words: str, given: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
        """One command line and what came of it."""
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "120", "DATABASE_URL": self.url}
        return subprocess.run(
            [sys.executable, "-m", "bots", "broadcast", *words],
            input=given,
            capture_output=True,
            check=False,
            cwd=self._folder,
            env=environment | {"SLACK_BROADCASTERS": "U0NURSE, U0DOCTOR"} | settings,
            timeout=60,
        )

    def proposed(self, *words: str) -> str:
        """The id of a new broadcast."""
        told = self.run("propose", *(words or ("--text", "notice.txt")), "--by", "U0NURSE")
        assert told.returncode == 0, told.stderr
        return told.stdout.decode().splitlines()[-1]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


async def send(store: Store) -> None:
    """What a running program does, by noon of the day after: everybody gets it."""
    time = Time(datetime.now(UTC).replace(hour=12) + timedelta(days=1))
    broadcasts = Broadcasts(store, lambda _: False, {"telegram": "patient"}, {}, time, ())
    worker = Deliveries(store, "one", time)
    for id in await broadcasts.active():
        for _ in range(6):
            await broadcasts.step(id)
            claimed = (await worker.claim(outbox.BOT, 50)).deliveries
            await worker.mark(claimed)
            await worker.settle([(each, outbox.SENT) for each in claimed])
            time.go_on(seconds=2)


async def test_the_whole_way_of_a_broadcast(terminal: Terminal) -> None:
    """Proposed with its id alone on the last line, looked at, approved by the second person, sent, watched to its end."""
    store = open_store(terminal.url)
    await subscribe(store, 1, 2, 3)
    id = terminal.proposed()
    assert id.isalnum()
    looked = terminal.run("preview", id).stdout.decode()
    for words in ("How it looks: Telegram", "How it looks: Slack", "3 get it", "[Stop all tips]   [Urgent help]", NOTICE):
        assert words in looked
    own = terminal.run("approve", id, "--by", "U0NURSE")
    assert (own.returncode, own.stderr.decode().splitlines()[0]) == (1, "You wrote this one.")
    assert terminal.run("approve", id, "--by", "U0DOCTOR").returncode == 0
    await send(store)
    watched = terminal.run("watch", id)
    assert (watched.returncode, watched.stdout.decode().count("\n")) == (0, 1)
    assert "It is done." in watched.stdout.decode()
    assert "Sent: 3" in watched.stdout.decode()
    looked = terminal.run("preview", id).stdout.decode()
    for words in ("It was for 3 when it began", "How it looks: Telegram", "How it looks: Slack", NOTICE):
        assert words in looked
    store.close()


async def test_it_is_paused_resumed_and_stopped(terminal: Terminal) -> None:
    """Each says how it stands then; what is stopped is over, and `watch` ends with 1."""
    store = open_store(terminal.url)
    await subscribe(store, 1)
    store.close()
    id = terminal.proposed("--card", "side-effects/overview", "--series", "starting", "--lang", "en", "--at", "morning")
    assert terminal.run("pause", id).returncode == 1
    terminal.run("approve", id, "--by", "U0DOCTOR")
    for word, state in (("pause", "It is paused."), ("resume", "The first few get it now."), ("stop", "It was stopped for good.")):
        told = terminal.run(word, id, "--by", "U0DOCTOR")
        assert (told.returncode, told.stdout.decode().startswith(state)) == (0, True)
    assert terminal.run("watch", id).returncode == 1
    listed = terminal.run("list").stdout.decode()
    assert f"Its id is {id}." in listed
    assert "It was stopped for good." in listed


def test_a_tip_can_be_sent(terminal: Terminal) -> None:
    """By its series and its name."""
    from content.load import load

    tip = next(iter(load().series["en"]["starting"].tips.values()))
    assert tip.text.split(".")[0] in terminal.run("preview", terminal.proposed("--tip", tip.id)).stdout.decode().replace("│ ", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--by", "U0NURSE"), "--card: Choose a page or a tip"),
        (("--card", "no/such", "--by", "U0NURSE"), "--card: We have no page with the id no/such."),
        (("--text", "no.txt", "--by", "U0NURSE"), "--text: no.txt: no such file or directory"),
        (("--tip", "no", "--at", "25:00", "--by", "U0NURSE"), "--at: We cannot send at 25:00."),
        (("--card", "side-effects/overview", "--lang", "fr", "--by", "U0NURSE"), "--lang: We do not write in fr."),
        (("--text", ".", "--by", "U0NURSE"), "--text: .: is a directory"),
        (("--text", "empty.txt", "--by", "U0NURSE"), "--text: the file is empty"),
        (("--text", "latin.txt", "--by", "U0NURSE"), "--text: latin.txt is not written in UTF-8"),
        (("--text", "picture.txt", "--by", "U0NURSE"), "--text: picture.txt is no text"),
        (("--card", "urgent/now", "--by", "U0NURSE"), "--card: That page tells people who are unwell to call now."),
        (("--text", "notice.txt", "--by", "U0EVE"), "--by: U0EVE is not in SLACK_BROADCASTERS"),
    ],
)
def test_what_is_wrong_is_said_with_its_option(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    """On standard error, with 1, and nothing is kept."""
    found = terminal.run("propose", *words)
    assert (found.returncode, found.stdout) == (1, b"")
    assert told in found.stderr.decode()


def test_a_notice_of_a_patient_is_refused_in_full(terminal: Terminal) -> None:
    """5,000 characters with a dose and a telephone number: everything at once, and not a word of it is said again."""
    text = ("Tell Anna Smith to take 20 mg. Her number is 555 01 34 99. " * 100)[:5_000]
    found = terminal.run("propose", "--text", "-", "--by", "U0NURSE", given=text.encode())
    assert found.returncode == 1
    assert found.stderr.decode().count("--text: ") == 4
    assert b"Smith" not in found.stderr
    assert b"555" not in found.stderr


def test_strange_files_and_ids_are_refused(terminal: Terminal) -> None:
    """Bytes that are no text, and ids that were never given."""
    assert terminal.run("propose", "--text", "-", "--by", "U0NURSE", given=b"\xff\xfe\x00").returncode == 1
    for word in ("watch", "stop"):
        found = terminal.run(word, "b0")
        assert (found.returncode, found.stderr.startswith(b"b0: there is no broadcast")) == (1, True)


def test_without_people_there_is_no_broadcast(terminal: Terminal) -> None:
    """The setting is named; one person alone may propose and is told what is missing."""
    assert b"SLACK_BROADCASTERS" in terminal.run("propose", "--by", "U0NURSE", SLACK_BROADCASTERS="").stderr
    alone = terminal.run("propose", "--text", "notice.txt", "--by", "U0NURSE", SLACK_BROADCASTERS="U0NURSE")
    assert alone.returncode == 0
    assert b"SLACK_BROADCASTERS: add somebody" in alone.stderr


def test_whoever_runs_it_sends_nothing(terminal: Terminal) -> None:
    """The operator may hold a broadcast and let it go on; to write one and to begin it takes two people with names."""
    assert terminal.run("propose", "--text", "notice.txt", "--by", "operator").returncode == 1
    id = terminal.proposed()
    found = terminal.run("approve", id, "--by", "operator")
    assert (found.returncode, b"--by: operator is not in SLACK_BROADCASTERS" in found.stderr) == (1, True)
    assert b"U0DOCTOR" not in found.stderr
    assert terminal.run("stop", id).returncode == 0


def test_each_command_explains_itself() -> None:
    """-h is enough: every word of the command line, and every option of a proposal."""
    words, options = (
        subprocess.run([sys.executable, "-m", "bots", "broadcast", *more, "-h"], capture_output=True, check=True, cwd=ROOT).stdout
        for more in ((), ("propose",))
    )
    assert b"immunobot broadcast approve ID --by" in b" ".join(words.split())
    table = words.split(b"Commands", 1)[1]
    places = [
        table.index(word)
        for word in (b"propose ", b"list ", b"preview ", b"approve ", b"watch ", b"pause ", b"resume ", b"stop ", b"retry ")
    ]
    assert places == sorted(places)
    for option in (b"a page's id", b"a tip, as SERIES/ID", b"a file with a notice", b"SLACK_BROADCASTERS"):
        assert option in options


def test_where_nobody_sends_it_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Looking on for ever at what does not move helps nobody; one that only waits for the morning is in order."""
    for tally, told in ((Tally(waiting=3), 1), (Tally(waiting=3, later=3), 0)):
        board, stillness = Board(Broadcast("b1", "notice", NOTICE, "now", "U0NURSE", state="running", included=3), tally), Stillness()
        for _ in range(40):
            stillness.look(board)
        assert capsys.readouterr().err.count("start `immunobot run`") == told
