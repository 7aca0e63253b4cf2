"""A care team's broadcasts: the list, the form, one of them, and what becomes of a word about it."""

from typing import get_args

from content.broadcasting import NotAllowed, decided, proposed, reaches_nobody
from content.pages import board as drawn
from content.pages.broadcast_form import broadcast_form
from content.screen import Button, Row, Screen
from content.team import Board, Broadcast, Colleague, Decide, Propose, Word
from content.turn import Answer, Turn, pairs

_LABEL = 24


def broadcast(turn: Turn) -> Answer:
    """`new` is the form, or takes what was filled in; an id is one broadcast, and a word behind it is done; else the list."""
    colleague = turn.reader.colleague
    if colleague is None or not colleague.may_broadcast:
        return Answer((turn.screen(turn.say("broadcast.no"), here="broadcast"),))
    if colleague.down:
        return Answer((turn.screen(turn.say("broadcast.down"), here="broadcast"),))
    head, _, word = turn.rest.partition("/")
    if head == "new" and turn.fields is not None:
        return _sent(turn, colleague)
    if head in ("", "new"):
        screen = _list(turn, colleague, "broadcast.list")
        return Answer((screen,), form=broadcast_form(turn.library, turn.language) if head else None)
    board = next((board for board in colleague.boards if board.broadcast.id == head), None)
    return Answer((_list(turn, colleague, "broadcast.gone"),)) if board is None else _one(turn, colleague, board, word)


def _list(turn: Turn, colleague: Colleague, phrase: str) -> Screen:
    named = [(drawn.opening(turn.library, turn.language, each.broadcast), each.broadcast) for each in colleague.boards]
    lines = [f"- {drawn.listed(turn.library, turn.language, each)}" for each in colleague.boards]
    parts = [turn.say(phrase), "\n".join(lines) or turn.say("broadcast.empty"), "" if colleague.second else turn.say("broadcast.alone")]
    opened = [Button(what if len(what) <= _LABEL else f"{what[: _LABEL - 1]}…", f"broadcast/{each.id}") for what, each in named]
    write: Row = (Button(turn.say("broadcast.buttons.new"), "broadcast/new"),)
    return turn.screen("\n\n".join(part for part in parts if part), write, *pairs(opened), here="broadcast")


def _one(turn: Turn, colleague: Colleague, board: Board, word: str) -> Answer:
    library, language, place = turn.library, turn.language, f"broadcast/{board.broadcast.id}"
    if word == "letters" and colleague.may_count:
        text = drawn.letters_text(library, language, board.letters)
        return Answer((turn.screen(text, drawn.retry(library, language, board), back=place),))
    for known in get_args(Word):
        if word == known:
            return _decided(turn, colleague, board, known)
    text = drawn.board_text(library, language, board, turn.now.date())
    return Answer((turn.screen(text, *drawn.buttons(library, language, board), back="broadcast", here=place),))


def _decided(turn: Turn, colleague: Colleague, board: Board, word: Word) -> Answer:
    who = turn.reader.address.chat
    try:
        decided(board.broadcast, who, word, may_approve=colleague.may_broadcast)
        if reaches_nobody(board, word):
            raise NotAllowed("nobody")
    except NotAllowed as no:
        return Answer((_told(turn, board, f"broadcast.refused.{no.reason}"),))
    if word == "retry" and not board.tally.refused:
        return Answer((_told(turn, board, "broadcast.no_letters"),))
    order = Decide(board.broadcast.id, who, word)
    return Answer((_told(turn, board, drawn.decided(board, word)),), order=order, otherwise=_down(turn))


def _told(turn: Turn, board: Board, phrase: str) -> Screen:
    opened = Button(turn.say("broadcast.buttons.open"), f"broadcast/{board.broadcast.id}")
    return turn.screen(turn.say(phrase), (opened,), back="broadcast")


def _down(turn: Turn) -> Screen:
    return turn.screen(turn.say("broadcast.down"), back="broadcast")


def _sent(turn: Turn, colleague: Colleague) -> Answer:
    """What was filled in is kept, to be shown to the team; or what is to be mended is told, each at its field."""
    blank = Broadcast(colleague.fresh, "card", "", "now", turn.reader.address.chat, language=turn.language)
    found = proposed(turn.library, turn.fields or {}, blank, turn.now.date())
    if isinstance(found, Broadcast):
        return Answer((), order=Propose(found), otherwise=_down(turn))
    errors: dict[str, str] = {}
    for problem in found:
        said = turn.say(f"broadcast.problem.{problem.phrase}", **problem.values)
        errors[problem.field] = f"{errors[problem.field]} {said}" if problem.field in errors else said
    return Answer((), errors=errors)
