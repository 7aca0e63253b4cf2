"""The whole conversation as one function: `answer(library, event, reader, now) -> Answer`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from content.commands import COMMANDS, named, open_to, place_tried
from content.events import Event, Go, Say
from content.find import Findings, find
from content.gentle import told
from content.model import Library
from content.pages import asked, broadcast, choices, news, pausing, plain, reading, rescue, team, tip, tips
from content.people import Address, Audience, Confirm, Reader
from content.turn import Answer, Turn

Page = Callable[[Turn], Answer]

PAGES: Final[Mapping[str, Page]] = {
    "start": plain.start,
    "menu": plain.menu,
    "home": plain.menu,
    "urgent": rescue.urgent,
    "tip": tip.tip,
    "tips": tips.tips,
    "stop": pausing.stop,
    "pause": pausing.pause,
    "define": asked.define,
    "glossary": asked.glossary,
    "questions": asked.questions,
    "language": choices.language,
    "region": choices.region,
    "about": plain.about,
    "privacy": plain.privacy,
    "mydata": choices.mydata,
    "forget": choices.forget,
    "help": plain.helped,
    "broadcast": broadcast.broadcast,
    "stats": team.stats,
    "share": team.share,
}
_ROOMS_OWN: Final = frozenset({"tips", "stop", "pause"})
_TELL_WHAT_IS_KEPT: Final = frozenset({"mydata", "forget"})
# It shows an ordinary card, and the pause that it lifts is looked for by the store.
_NOT_NOW: Final = "urgent/not-now/"
# Half a word in another chat does none of these.
_OWN: Final = _ROOMS_OWN | _TELL_WHAT_IS_KEPT | {"language", "region"}
_PERSONAL: Final = _ROOMS_OWN | _TELL_WHAT_IS_KEPT | {"urgent", "language", "region", "tip"}


def answer(library: Library, event: Event, reader: Reader, now: datetime) -> Answer:
    """What to show and what to keep. Pure: it reads nothing but its arguments."""
    in_room = event.room != event.sender
    turn = Turn(library, reader, "en", now, zone=event.zone, in_room=in_room, overheard=in_room and not event.alone)
    if isinstance(event, Go):
        turn = replace(turn, language=library.spoken(event.language), fields=event.fields)
        found = _go(turn, event.target)
        return replace(found, later=(*found.later, Confirm(event.room))) if event.below and not _of_team(event) else found
    language = library.spoken(reader.language or event.hint)
    if event.passing:
        return _passing(Turn(library, replace(reader, subscription=None, known=True), language, now), event.words)
    return _say(replace(turn, language=language), event.words)


def _of_team(event: Go) -> bool:
    """Whether the button stood under a message that a care team sees of its own broadcast: a tap there is no word about tips."""
    return event.target.partition("/")[0] == "broadcast"


def whose(library: Library, event: Event) -> Address:
    """The address whose one row the event needs: the room's for tips, stop and pause, else the sender's."""
    return event.room if _page_name(library, event) in _ROOMS_OWN else event.sender


def reads(library: Library, event: Event) -> Literal["nothing", "row", "all"]:
    """What of the store the event needs. A tap on a card reads no table."""
    name = _page_name(library, event)
    if isinstance(event, Go) and event.target.startswith(_NOT_NOW):
        return "nothing"
    if name in _TELL_WHAT_IS_KEPT:
        return "all"
    return "row" if isinstance(event, Say) or name in _PERSONAL else "nothing"


def _page_name(library: Library, event: Event) -> str:
    return event.target.split("/", 1)[0] if isinstance(event, Go) else _page_of(library, event.words)


def _page_of(library: Library, words: str) -> str:
    command = named(library, words)
    linked = _linked(library, words).split("/", 1)[0]
    return linked if linked in PAGES else command[0].name if command else ""


def _go(turn: Turn, target: str) -> Answer:
    name, _, rest = target.partition("/")
    page = PAGES.get(name)
    if page is None or (name in COMMANDS and not open_to(COMMANDS[name], turn.reader.audience)):
        return Answer((reading.place(turn.library, target, turn.language, turn.reader.audience),))
    return page(_with(turn, rest))


def _with(turn: Turn, rest: str, language: str | None = None) -> Turn:
    return replace(turn, rest=rest, language=language or turn.language)


def _say(turn: Turn, words: str) -> Answer:
    if not words.strip(" /"):
        return plain.menu(turn)
    if target := _linked(turn.library, words):
        return _deep_link(turn, target)
    findings = find(turn.library, _asked(turn.library, words, turn.reader.audience), turn.reader.audience, turn.language)
    if findings.kind == "urgent":
        return rescue.heard(_with(turn, "", findings.language), findings)
    heard = told(turn.library.gentle, words)
    if findings.kind == "command" and not (heard and _page_of(turn.library, words) in _ROOMS_OWN):
        return _command(turn, words)
    if findings.kind == "off_topic" and not (heard or findings.matter) and (place := place_tried(turn.library, words)):
        return tips.typed(_with(turn, place))
    found = _with(turn, "", findings.language)
    return news.answered(found, findings, heard) if heard else asked.found(found, findings)


def _passing(turn: Turn, words: str) -> Answer:
    """What may be shown in another chat: nothing of the reader's own, and nothing is changed by half a word."""
    own = _page_of(turn.library, words) in _OWN
    return plain.menu(turn) if own else replace(_say(turn, words), changes=(), later=())


def _asked(library: Library, words: str, audience: Audience) -> str:
    """The question inside `/ask question`; an unknown `/word` is a question too."""
    command = named(library, words, audience)
    if command and command[0].name == "ask" and command[1]:
        return command[1]
    return words if command else words.strip().removeprefix("/")


def _command(turn: Turn, words: str) -> Answer:
    command = named(turn.library, words)
    if command is None:
        return plain.menu(turn)
    name, rest = command[0].name, command[1]
    match name:
        case "broadcast":
            return broadcast.broadcast(_with(turn, "new"))
        case "ask":
            return Answer((reading.home(turn.library, turn.language, turn.reader.audience, "found.greeting"),))
        case "tips" if rest:
            return tips.typed(_with(turn, rest))
        case _:
            return PAGES[name](_with(turn, rest if command[0].takes else ""))


def _linked(library: Library, words: str) -> str:
    """The place that `/start place` names; empty where it is nothing that was ever ours, and so perhaps somebody's words."""
    command = named(library, words)
    if command is None or command[0].name != "start":
        return ""
    whole = command[1]
    known = whole.split("/", 1)[0] in PAGES or library.living(whole) or library.living(whole.rpartition("/")[0])
    return whole if known else ""


def _deep_link(turn: Turn, target: str) -> Answer:
    """A link only shows: one that would change something opens the page where a tap decides."""
    name = target.split("/", 1)[0]
    if target and name in PAGES and name != "start":
        shows = name in ("urgent", "glossary", "questions")
        return replace(_go(turn, target if shows else name), changes=(), later=())
    return plain.start(_with(turn, target))


def urgent_words(library: Library, words: str) -> bool:
    """Whether these words tell of present danger; read before any queue."""
    return find(library, words, "patient", "en").kind == "urgent"


def findings_of(library: Library, words: str, reader: Reader) -> Findings:
    """What a typed line was judged to be, for the command line's JSON."""
    return find(library, _asked(library, words, reader.audience), reader.audience, library.spoken(reader.language))
