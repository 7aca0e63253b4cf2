"""Pages for what was typed: found cards, a glossary entry, questions for the next visit."""

from collections.abc import Iterable
from typing import Final

from content.find import Findings, Hit, term_named
from content.model import Term
from content.pages import reading
from content.screen import Button, Screen
from content.turn import Answer, Turn, pairs
from content.urgent_answer import emergency_number

# How near another page must come to stand under the best one; else that page's own choices stand there.
_NEAR: Final = 0.75
_FEELINGS: Final = "daily-life/feelings"


def found(turn: Turn, findings: Findings) -> Answer:
    """The best card at once where it is clear, else the closest topics; never a guess dressed as an answer."""
    match findings.kind:
        case "greeting" if findings.matter:
            screen = _beside(turn, findings.matter)
        case "private" | "greeting":
            screen = _menu(turn, f"found.{findings.kind}")
        case "off_topic" if findings.matter == "foreign":
            number = emergency_number(turn.library, turn.region(), turn.language)
            screen = turn.screen(turn.say("found.foreign", number=number), (turn.button("language", "language"),))
        case "off_topic":
            screen = _menu(turn, "found.unkind" if findings.matter == "abuse" else "found.nothing")
        case "advice":
            screen = _topics(turn, findings, turn.say("found.advice", ask=turn.say(f"found.ask.{findings.matter}"), line=_team_line(turn)))
        case _ if findings.sure:
            screen = _best(turn, findings)
        case _:
            screen = _topics(turn, findings, turn.say("found.unsure"))
    return Answer((_flagged(turn, findings, screen),), later=(findings.gap,) if findings.gap else ())


def _beside(turn: Turn, matter: str) -> Screen:
    """To somebody who asks whether anybody is here, and to tears."""
    if matter == "program":
        return turn.screen(turn.say("found.program"), (turn.button("about", "about"), turn.button("privacy", "privacy")))
    card = turn.library.card(_FEELINGS, turn.language)
    return turn.screen(turn.say("found.sad"), (Button(card.label, card.id),) if card and not card.withdrawn else ())


def _flagged(turn: Turn, findings: Findings, screen: Screen) -> Screen:
    """The red-flag line first, where danger was heard that is only supposed, or in doubt."""
    if findings.danger is None:
        return screen
    return Screen(f"{turn.say('found.maybe_urgent')}\n\n{screen.text}", screen.rows, screen.language)


def _topics(turn: Turn, findings: Findings, text: str) -> Screen:
    """A sentence with the closest topics as buttons."""
    return turn.screen(text, *pairs(_choices(turn, findings.cards)))


def _team_line(turn: Turn) -> str:
    institution = turn.library.institution
    return (institution.clinic_line or institution.urgent_line) if institution else turn.library.urgent[turn.language].answer["wallet"]


def _best(turn: Turn, findings: Findings) -> Screen:
    first, *others = findings.cards
    rows = pairs(_choices(turn, [hit for hit in others if hit.score >= first.score * _NEAR]))
    if term := _term(turn, first.id):
        return turn.screen(turn.say("define.term", term=term.term, text=term.text), *rows)
    return reading.card_page(turn.library, turn.library.cards[turn.language][first.id], turn.language, rows)


def _menu(turn: Turn, phrase: str) -> Screen:
    return reading.home(turn.library, turn.language, turn.reader.audience, phrase)


def _term(turn: Turn, id: str) -> Term | None:
    folder, _, key = id.partition("/")
    return turn.library.term(key, turn.language) if folder == "glossary" else None


def _choices(turn: Turn, hits: Iterable[Hit]) -> list[Button]:
    """A button for each; a term that is named like a page says that it is a word."""
    terms = {hit.id: _term(turn, hit.id) for hit in hits}
    labels = {id: turn.library.cards[turn.language][id].label for id, term in terms.items() if term is None}
    return [Button(_named(turn, term, labels.values()) if term else labels[id], id) for id, term in terms.items()]


def _named(turn: Turn, term: Term, taken: Iterable[str]) -> str:
    return turn.say("buttons.word", term=term.term) if term.term in taken else term.term


def define(turn: Turn) -> Answer:
    """A glossary entry by its word; without a word, how to look one up."""
    if not turn.rest:
        return Answer((turn.screen(turn.say("define.ask")),))
    term = term_named(turn.library, turn.rest, turn.language)
    if term is None:
        return Answer((turn.screen(turn.say("define.nothing")),))
    return glossary(Turn(turn.library, turn.reader, turn.language, turn.now, term.key))


def glossary(turn: Turn) -> Answer:
    """The entry under its own key."""
    term = turn.library.term(turn.rest, turn.language)
    if term is None:
        return Answer((_menu(turn, "places.gone"),))
    see = [Button(turn.library.cards[turn.language][id].label, id) for id in term.see if id in turn.library.cards["en"]]
    return Answer((turn.screen(turn.say("define.term", term=term.term, text=term.text), *pairs(see)),))


def questions(turn: Turn) -> Answer:
    """Prepared questions to tick; the ticked letters travel in the buttons, so nothing is kept."""
    prepared = turn.library.questions[turn.language]
    listing, _, letters = turn.rest.rpartition("/")
    ticked = "".join(letter for letter in prepared if letter in letters)
    if listing == "list":
        lines = [f"- {prepared[letter].text}" for letter in ticked]
        return Answer((turn.screen("\n".join((turn.say("questions.list"), "", *lines)), back=f"questions/{ticked}"),))
    lines = [
        turn.say("questions.ticked" if letter in ticked else "questions.line", letter=letter.upper(), text=question.text)
        for letter, question in prepared.items()
    ]
    text = "\n".join((turn.say("questions.text"), "", *lines))
    return Answer((turn.screen(text, *_ticks(turn, tuple(prepared), ticked), here="questions"),))


def _ticks(turn: Turn, letters: tuple[str, ...], ticked: str) -> tuple[tuple[Button, ...], ...]:
    buttons = [_tick(turn, letters, ticked, letter) for letter in letters]
    rows = tuple(tuple(buttons[start : start + 5]) for start in range(0, len(buttons), 5))
    return (*rows, (turn.button("list", f"questions/list/{ticked}"),)) if ticked else rows


def _tick(turn: Turn, letters: tuple[str, ...], ticked: str, letter: str) -> Button:
    after = "".join(each for each in letters if (each in ticked) != (each == letter))
    label = turn.say("questions.untick" if letter in ticked else "questions.tick", letter=letter.upper())
    return Button(label, f"questions/{after}" if after else "questions")
