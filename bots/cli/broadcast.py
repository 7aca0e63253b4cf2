"""`immunobot broadcast`: the care team's broadcasts from a terminal: propose, look, approve, watch, and change one."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Final, TypeVar

from cyclopts import App, Parameter

from adapters.clock import system_clock
from adapters.store import StoreDown, open_store
from adapters.store.broadcasts import Broadcasts
from bots.broadcasts import broadcasts_of
from bots.cli.output import library_or_refuse, refuse
from bots.cli.run import settings_or_refuse
from bots.cli.watching import board_of, told, watched
from bots.settings import Settings
from content.broadcasting import NotAllowed, proposed, reaches_nobody
from content.model import Library
from content.pages.board import decided, example, listed, on_telegram, plain, progress_line
from content.team import Board, Broadcast, Decide, Word

app = App(
    name="broadcast",
    help="A message to everybody who has tips: propose it, let a second person approve it, watch it.",
    help_epilogue="Example: `immunobot broadcast propose --text notice.txt --by U0123ABCD` prints an id, and then "
    "`immunobot broadcast approve ID --by U0456EFGH` by the second person.",
)

Result = TypeVar("Result")
By = Annotated[str, Parameter(name="--by")]
_OPERATOR: Final = "operator"
_LISTED: Final = 20
_OPTIONS: Final = {"language": "lang"}


@app.command(sort_key=1)
def propose(
    *,
    card: str | None = None,
    tip: str | None = None,
    text: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    series: str | None = None,
    lang: str | None = None,
    at: str = "now",
    by: By,
) -> None:
    """Propose a page, a tip or a notice. Nothing is sent before a second person approves it. The last line is its id.

    Parameters
    ----------
    card
        a page's id; `immunobot tree` lists them.
    tip
        a tip, as SERIES/ID.
    text
        a file with a notice in your own words; - reads standard input.
    series
        only for readers of this series.
    lang
        only for those who read this language; a notice is in it.
    at
        now, or morning: at nine in the morning where each reader is.
    by
        your Slack id, one of SLACK_BROADCASTERS.

    """
    settings, library = _set_up()
    _known(settings, by)
    fields = {"card": card, "tip": tip, "text": _read(text), "series": series, "language": lang, "at": at}
    found = _proposed(library, {key: value for key, value in fields.items() if value}, by)
    if not set(settings.slack_broadcasters) - {by}:
        print(f"SLACK_BROADCASTERS: add somebody besides {by}, who has to approve it", file=sys.stderr)

    async def work(broadcasts: Broadcasts) -> Board:
        await broadcasts.propose(found, settings.slack_broadcasters)
        return await board_of(broadcasts, found.id)

    print(told(library, _done(settings, library, work)), found.id, sep="\n\n")


def _proposed(library: Library, fields: dict[str, str], by: str) -> Broadcast:
    """The broadcast of these options, or what is wrong with each of them and the end."""
    language = fields.get("language", "en")
    blank = Broadcast(f"b{token_hex(4)}", "card", "", "now", by, language=language if language in library.languages else "en")
    found = proposed(library, fields, blank, system_clock().now().date())
    if not isinstance(found, Broadcast):
        refuse(
            f"--{_OPTIONS.get(each.field, each.field)}: {library.phrase('en', f'broadcast.problem.{each.phrase}', **each.values)}"
            for each in found
        )
    return found


@app.command(name="list", sort_key=2)
def list_() -> None:
    """List those that are not over, and the newest of the others."""
    settings, library = _set_up()
    boards = _done(settings, library, lambda broadcasts: broadcasts.listed(_LISTED))
    print("\n".join(plain(listed(library, "en", board)) for board in boards) or library.phrase("en", "broadcast.empty"))


@app.command(sort_key=3)
def preview(id: str, /) -> None:
    """Show it as it will look on Telegram and in Slack, whom it reaches, whom not and why, and how long it takes.

    Parameters
    ----------
    id
        what `propose` printed.

    """
    settings, library = _set_up()
    board = _done(settings, library, lambda broadcasts: board_of(broadcasts, id))
    shown = example(library, board, system_clock().now().date())
    print(told(library, board), *_reached(library, board), *((plain(shown.text),) if shown else ()), sep="\n\n")


def _reached(library: Library, board: Board) -> Iterator[str]:
    """What a proposal shows and one that has begun does not: whom it was for, and how it looks on Telegram."""
    if board.broadcast.state != "proposed":
        if board.broadcast.included is not None:
            yield plain(library.phrase("en", "broadcast.reached", count=board.broadcast.included))
        yield from map(plain, on_telegram(library, "en", board.broadcast, system_clock().now().date()))


@app.command(sort_key=4)
def approve(id: str, /, *, by: By) -> None:
    """Let it begin. Whoever proposed it cannot.

    Parameters
    ----------
    id
        what `propose` printed.
    by
        your Slack id, one of SLACK_BROADCASTERS.

    """
    _decide(id, by, "approve")


@app.command(sort_key=5)
def watch(id: str, /) -> None:
    """Follow it until it has ended: 0 where it is done, 1 where it was stopped or stopped by itself.

    Parameters
    ----------
    id
        what `propose` printed.

    """
    settings, library = _set_up()
    try:
        board = _done(settings, library, lambda broadcasts: watched(library, broadcasts, id))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    raise SystemExit(0 if board.broadcast.state == "done" else 1)


@app.command(sort_key=6)
def pause(id: str, /, *, by: By = _OPERATOR) -> None:
    """Let nothing more leave until somebody resumes it.

    Parameters
    ----------
    id
        what `propose` printed.
    by
        who wants it, for the record.

    """
    _decide(id, by, "pause")


@app.command(sort_key=7)
def resume(id: str, /, *, by: By = _OPERATOR) -> None:
    """Go on with one that is paused, or that stopped by itself.

    Parameters
    ----------
    id
        what `propose` printed.
    by
        who wants it, for the record.

    """
    _decide(id, by, "resume")


@app.command(sort_key=8)
def stop(id: str, /, *, by: By = _OPERATOR) -> None:
    """Stop it for good, or cancel a proposal.

    Parameters
    ----------
    id
        what `propose` printed.
    by
        who wants it, for the record.

    """
    _decide(id, by, "stop")


@app.command(sort_key=9)
def retry(id: str, /, *, by: By = _OPERATOR) -> None:
    """Send what a platform refused once more.

    Parameters
    ----------
    id
        what `propose` printed.
    by
        who wants it, for the record.

    """
    _decide(id, by, "retry")


def _set_up() -> tuple[Settings, Library]:
    settings = settings_or_refuse()
    if not settings.slack_broadcasters:
        refuse(["SLACK_BROADCASTERS: name the Slack ids of at least two people, with a comma between"])
    return settings, library_or_refuse(settings.institution)


def _known(settings: Settings, by: str, *also: str) -> None:
    """The setting's ids are not told: whoever types another's name must know it already."""
    if by not in (*settings.slack_broadcasters, *also):
        refuse([f"--by: {by} is not in SLACK_BROADCASTERS; write your own Slack id, which has to be one of them"])


def _read(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse([f"--text: {file} is not written in UTF-8; save it as plain text, UTF-8"])
    except OSError as error:
        refuse([f"--text: {file}: {(error.strerror or 'it cannot be read').lower()}"])
    if "\0" in text:
        refuse([f"--text: {file} is no text; save it as plain text, UTF-8"])
    if not text.strip():
        refuse(["--text: the file is empty"])
    return text


def _done(settings: Settings, library: Library, work: Callable[[Broadcasts], Awaitable[Result]]) -> Result:
    async def on_store() -> Result:
        store = open_store(settings.database_url.get_secret_value())
        try:
            return await work(broadcasts_of(settings, lambda: library, store, system_clock().now))
        finally:
            store.close()

    try:
        return asyncio.run(on_store())
    except StoreDown as error:
        refuse([f"DATABASE_URL: {error}"])
    except NotAllowed as no:
        refuse(plain(library.phrase("en", f"broadcast.refused.{no.reason}")).splitlines())


def _decide(id: str, by: str, word: Word) -> None:
    settings, library = _set_up()
    # Nobody is made to wait for a name where sending has to be held; to begin is for two named people alone.
    _known(settings, by, *(() if word == "approve" else (_OPERATOR,)))

    async def work(broadcasts: Broadcasts) -> Board:
        before = await board_of(broadcasts, id)
        if reaches_nobody(before, word):
            raise NotAllowed("nobody")
        await broadcasts.decide(Decide(id, by, word))
        if word == "retry":
            retried = "broadcast.no_letters" if not before.tally.refused else decided(before, word)
            print(plain(library.phrase("en", retried)))
        return await board_of(broadcasts, id)

    board = _done(settings, library, work)
    print(progress_line(library, "en", board))
    if word == "approve":
        print(f"`immunobot run` sends it. To follow it: immunobot broadcast watch {id}", file=sys.stderr)
