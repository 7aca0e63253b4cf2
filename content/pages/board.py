"""One broadcast as its care team sees it: what it says, whom it reaches, how far it is, and who did what."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from content.broadcasting import canary_size
from content.model import Library
from content.notice import notice_screen
from content.pages.tip import delivered
from content.people import Audience
from content.screen import Button, Link, Row, Screen, bold_runs
from content.team import OURSELVES, Board, Broadcast, Count, Entry, Letter, Word
from content.turn import written_date

BAR: Final = 20
MOST_LETTERS: Final = 10
OPENING: Final = 6
_QUOTE: Final = "│ "


def what(library: Library, language: str, broadcast: Broadcast) -> str:
    """What is sent, in a few words."""
    title = ""
    if broadcast.kind == "card":
        card = library.card(library.living(broadcast.item) or "", language)
        title = card.title if card else broadcast.item
    elif broadcast.kind == "tip":
        title = broadcast.item
    return library.phrase(language, f"broadcast.what.{broadcast.kind}", title=title)


def opening(library: Library, language: str, broadcast: Broadcast) -> str:
    """What tells it from the others in a list: a notice by its first words."""
    if broadcast.kind != "notice":
        return what(library, language, broadcast)
    words = broadcast.item.replace("**", "").split()
    return " ".join(words[:OPENING]) + ("…" if len(words) > OPENING else "")


def listed(library: Library, language: str, board: Board) -> str:
    """One broadcast in a list: how it begins and stands, who proposed it and when, and its id."""
    broadcast = board.broadcast
    proposed = "; ".join(_entry(library, language, entry) for entry in board.record[:1])
    named = opening(library, language, broadcast)
    return library.phrase(
        language, "broadcast.line", what=named, state=state(library, language, broadcast), proposed=proposed, id=broadcast.id
    )


def state(library: Library, language: str, broadcast: Broadcast) -> str:
    """How it stands, in one sentence."""
    return library.phrase(language, f"broadcast.state.{broadcast.state}")


def shown(library: Library, broadcast: Broadcast, language: str, audience: Audience, today: date) -> Screen | None:
    """What its readers get; None where its page no longer stands, or is not for them."""
    if broadcast.kind == "notice":
        return notice_screen(library, broadcast.item, library.spoken(broadcast.language))
    return delivered(library, broadcast.item, language, audience, today)


def example(library: Library, board: Board, today: date) -> Screen | None:
    """The message as it will look in Slack. Its buttons are named and not alive: a tap on "stop" here would stop somebody's tips."""
    broadcast = board.broadcast
    screen = shown(library, broadcast, broadcast.language or "en", "care-team", today)
    if screen is None:
        return None
    heading = library.phrase("en", "broadcast.looks", platform="Slack")
    return Screen("\n\n".join((heading, screen.text, _named_buttons(screen))), (), screen.language)


def board_screen(library: Library, language: str, board: Board, today: date) -> Screen:
    """The message that is kept up to date while it runs."""
    last: Row = (
        Button(library.phrase(language, "broadcast.buttons.all"), "broadcast"),
        Button(library.phrase(language, "buttons.urgent"), "urgent"),
    )
    return Screen(board_text(library, language, board, today), (*buttons(library, language, board), last), language)


def board_text(library: Library, language: str, board: Board, today: date) -> str:
    """Everything that is told of one broadcast."""
    broadcast = board.broadcast
    head = library.phrase(language, "broadcast.title", what=what(library, language, broadcast))
    facts = [state(library, language, broadcast), *_readers(library, language, broadcast)]
    waits = broadcast.state == "proposed"
    numbers = _reach(library, language, board) if waits else _progress(library, language, board)
    parts = ["\n".join((head, *facts)), "\n".join(numbers)]
    if waits:
        parts += [*on_telegram(library, language, broadcast, today), library.phrase(language, "broadcast.ask")]
    parts.append("\n".join((library.phrase(language, "broadcast.record"), *_record(library, language, board))))
    return "\n\n".join(part for part in parts if part)


def progress_line(library: Library, language: str, board: Board) -> str:
    """How it stands in one line, without what did not happen."""
    lines = [] if board.broadcast.state == "proposed" else "\n".join(_progress(library, language, board)).splitlines()
    counted = (line.removeprefix("- ") for line in lines if not line.endswith(": 0"))
    return " ".join((state(library, language, board.broadcast), "; ".join(counted))).strip()


def buttons(library: Library, language: str, board: Board) -> tuple[Row, ...]:
    """What may be done with it as it stands."""
    words: tuple[tuple[str, str], ...]
    match board.broadcast.state:
        case "proposed":
            words = (("approve", "approve"), ("cancel", "stop"))
        case "canary" | "running":
            words = (("pause", "pause"), ("stop", "stop"))
        case "paused" | "halted":
            words = (("resume", "resume"), ("stop", "stop"))
        case _:
            words = ()
    row: Row = tuple(_button(library, language, board, label, word) for label, word in words)
    refused: Row = (_button(library, language, board, "letters", "letters"), *retry(library, language, board))
    return tuple(each for each in (row, refused if board.tally.refused else ()) if each)


def retry(library: Library, language: str, board: Board) -> Row:
    """The tap that sends what was refused once more, where there is anything."""
    over = board.broadcast.state in ("proposed", "stopped", "expired")
    return (_button(library, language, board, "retry", "retry"),) if board.tally.refused and not over else ()


def decided(board: Board, word: Word) -> str:
    """The phrase for a person's word that was carried out; where all is held, what is tried again waits too."""
    held = word == "retry" and board.broadcast.state in ("paused", "halted")
    return "broadcast.decided.retry_held" if held else f"broadcast.decided.{word}"


def letters_text(library: Library, language: str, letters: tuple[Letter, ...]) -> str:
    """The dead letters, by the platform's own reason."""
    lines = [
        library.phrase(language, "broadcast.letter", count=each.count, platform=each.platform.capitalize(), reason=each.reason or "?")
        for each in letters[:MOST_LETTERS]
    ]
    body = "\n".join(lines) or library.phrase(language, "broadcast.no_letters")
    return f"{library.phrase(language, 'broadcast.letters')}\n\n{body}"


def length(library: Library, language: str, seconds: float) -> str:
    """A stretch of time as somebody says it who waits."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return library.phrase(language, "broadcast.length.short")
    if minutes < 90:
        return library.phrase(language, "broadcast.length.minutes", count=max(minutes, 2))
    return library.phrase(language, "broadcast.length.hours", count=max(round(minutes / 60), 2))


def _button(library: Library, language: str, board: Board, label: str, word: str) -> Button:
    return Button(library.phrase(language, f"broadcast.buttons.{label}"), f"broadcast/{board.broadcast.id}/{word}")


def _readers(library: Library, language: str, broadcast: Broadcast) -> Iterator[str]:
    series = library.series[language].get(broadcast.series or "")
    if broadcast.series:
        yield library.phrase(language, "broadcast.to.series", series=series.label if series else broadcast.series)
    else:
        yield library.phrase(language, "broadcast.to.all")
    if broadcast.language:
        name = library.phrase(language, f"broadcast.reads.{library.spoken(broadcast.language)}")
        yield library.phrase(language, "broadcast.to.language", language=name)
    yield library.phrase(language, f"broadcast.at.{broadcast.at}")


def _reach(library: Library, language: str, board: Board) -> Iterator[str]:
    count = board.count
    if count is None:
        yield library.phrase(language, "broadcast.uncounted")
        return
    if count.included:
        yield library.phrase(language, "broadcast.count", included=count.included, now=count.now, later=count.later)
        if (first := canary_size(count.included)) < count.included:
            yield library.phrase(language, "broadcast.first", count=first)
        yield _end(library, language, count, board.seconds)
    else:
        yield library.phrase(language, "broadcast.nobody")
    for reason, number in sorted(count.left_out.items()):
        yield library.phrase(language, f"broadcast.without.{reason}", count=number)


def _end(library: Library, language: str, count: Count, seconds: float) -> str:
    """When the last of them has it: in a while, or on the morning for which some wait."""
    if count.last is None:
        return library.phrase(language, "broadcast.takes", length=length(library, language, seconds))
    day = written_date(library, language, count.last.date(), "dates.day")
    return library.phrase(language, "broadcast.ends", time=f"{count.last:%H:%M}", day=day)


def _progress(library: Library, language: str, board: Board) -> Iterator[str]:
    tally = board.tally
    whole = max(tally.total, (board.broadcast.included or 0) if board.broadcast.state != "done" else 0)
    done = tally.over / whole if whole else float(board.broadcast.state == "done")
    bar = "▓" * int(done * BAR) + "░" * (BAR - int(done * BAR))
    yield library.phrase(language, "broadcast.bar", bar=bar, percent=int(done * 100))
    numbers = {name: getattr(tally, name) for name in ("sent", "waiting", "later", "gone", "refused", "unknown", "left")}
    yield library.phrase(language, "broadcast.tally", **numbers)
    if tally.rate and board.broadcast.state in ("canary", "running"):
        to_go = length(library, language, max(0, whole - tally.over - tally.later) / tally.rate)
        yield library.phrase(language, "broadcast.pace", rate=f"{tally.rate:.1f}", length=to_go)


def on_telegram(library: Library, language: str, broadcast: Broadcast, today: date) -> Iterator[str]:
    """The message as patients see it, quoted line by line with its buttons named; nothing where it is not for them."""
    screen = shown(library, broadcast, broadcast.language or language, "patient", today)
    if screen is None:
        return
    lines = [*plain(screen.text).splitlines(), _named_buttons(screen)]
    yield "\n".join((library.phrase(language, "broadcast.looks", platform="Telegram"), *(f"{_QUOTE}{line}".rstrip() for line in lines)))


def plain(text: str) -> str:
    """A text without its marks, with its bullets, as a reader has it before their eyes."""
    lines = (f"• {line[2:]}" if line.startswith("- ") else line for line in text.split("\n"))
    return "\n".join("".join(words for _, words in bold_runs(line)) for line in lines)


def _named_buttons(screen: Screen) -> str:
    return "   ".join(f"[{each.label}]" for row in screen.rows for each in row if isinstance(each, Button | Link))


def _record(library: Library, language: str, board: Board) -> Iterator[str]:
    for entry in board.record:
        yield f"- {_entry(library, language, entry)}"


def _entry(library: Library, language: str, entry: Entry) -> str:
    when = f"{written_date(library, language, entry.moment.date(), 'dates.day')}, {entry.moment:%H:%M} UTC"
    did = library.phrase(language, f"broadcast.did.{entry.what}")
    # A platform that knows its people shows a name for an id with this mark.
    who = entry.who if entry.who == OURSELVES else f"@{entry.who}"
    return library.phrase(language, "broadcast.entry", when=when, what=did, who=who)
