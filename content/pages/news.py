"""Bad news, or a cure, told in passing: no more tips, one kind line, and then the ordinary answer."""

from dataclasses import replace

from content.find import Findings, find
from content.gentle import BadNews, News
from content.pages import asked
from content.people import Silence
from content.screen import Button, Row, Screen
from content.turn import Answer, Turn


def answered(turn: Turn, findings: Findings, told: News) -> Answer:
    """The kind line above what else was asked. Tips are silenced at once, without asking; where that failed it says so."""
    news, reader = turn.library.gentle[turn.language].kinds[told.kind], turn.reader
    ordinary = _private(turn) if findings.kind == "private" else _rest(turn, told.rest, news)
    silence = Silence(reader.address)
    if reader.subscription is None or reader.subscription.state != "on":
        return Answer((_under(news.line, ordinary),), later=() if reader.known else (silence,))
    done, lost = (_under(f"{news.line} {turn.say(key)}", ordinary) for key in ("gentle.off", "gentle.lost"))
    return Answer((done,), (silence,), lost)


def _private(turn: Turn) -> Screen:
    return turn.screen(turn.say("found.private"))


def _rest(turn: Turn, rest: str, news: BadNews) -> Screen:
    """The answer to what else was asked, where there is a good one: what only sounds alike is no comfort."""
    findings = find(turn.library, rest, turn.reader.audience, turn.language)
    if findings.kind not in ("cards", "advice") or not findings.sure:
        return turn.screen(turn.say("gentle.here"), _helps(turn, news))
    screen = asked.found(turn, replace(findings, cards=findings.cards[:1])).screens[0]
    helps = (
        ()
        if news.card in [*(hit.id for hit in findings.cards[:1]), *(button.target for button in screen.buttons())]
        else _helps(turn, news)
    )
    return replace(screen, rows=(helps, *screen.rows))


def _helps(turn: Turn, news: BadNews) -> Row:
    card = turn.library.card(news.card, turn.language)
    return (Button(card.label, card.id),) if card and not card.withdrawn else ()


def _under(line: str, screen: Screen) -> Screen:
    return replace(screen, text=f"{line}\n\n{screen.text}", rows=tuple(row for row in screen.rows if row))
