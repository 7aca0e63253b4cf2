"""What a care team has besides broadcasts: counts, and a page to hand to a patient."""

import re
from typing import Final

from rapidfuzz import fuzz, process

from content.find import find
from content.model import Card
from content.pages.board import letters_text
from content.screen import MAXIMUM_TARGET_BYTES, Button, Link, Row, Screen
from content.team import Statistics
from content.turn import Answer, Turn, pairs

_ID: Final = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)+", re.ASCII)
_NEAREST: Final = 4


def stats(turn: Turn) -> Answer:
    """Counts, and nothing else, for those who may see them."""
    colleague = turn.reader.colleague
    if colleague is None or not colleague.may_count:
        return Answer((turn.screen(turn.say("stats.no"), here="stats"),))
    if colleague.statistics is None:
        return Answer((turn.screen(turn.say("broadcast.down"), here="stats"),))
    return Answer((turn.screen(_counts(turn, colleague.statistics), here="stats"),))


def _counts(turn: Turn, counts: Statistics) -> str:
    readers = [turn.say("stats.readers", count=counts.readers)]
    for key, number in sorted(counts.series.items()):
        series = turn.library.series[turn.language].get(key)
        readers.append(turn.say("stats.series", series=series.label if series else key, count=number))
    sent = [turn.say(f"stats.outcome.{outcome}", count=number) for outcome, number in sorted(counts.outcomes.items())]
    week = "\n".join((turn.say("stats.week"), *(sent or [turn.say("stats.none")])))
    letters = letters_text(turn.library, turn.language, counts.letters)
    gaps = turn.say("stats.gaps", count=counts.gaps) if counts.gaps else ""
    return "\n\n".join(part for part in (turn.say("stats.text"), "\n".join(readers), week, letters, gaps) if part)


def share(turn: Turn) -> Answer:
    """A page to hand to a patient: by its id, or by words about it, of which nothing is shown again."""
    named = turn.rest.strip().lower()
    if not named:
        return Answer((turn.screen(turn.say("share.ask")),))
    card = turn.library.card(turn.library.living(named) or "", turn.language)
    if card is None:
        is_id = len(named) <= MAXIMUM_TARGET_BYTES and _ID.fullmatch(named)
        return Answer((_nearest(turn, named, "share.unknown"),)) if is_id else _sought(turn)
    if card.audience == "care-team":
        return Answer((turn.screen(turn.say("share.team")),))
    return Answer((_nearest(turn, card.id, "share.withdrawn") if card.withdrawn else _handed(turn, card),))


def _nearest(turn: Turn, id: str, key: str) -> Screen:
    """What is wrong with the id, and the pages whose ids are most like it."""
    shared = [card.id for card in turn.library.cards["en"].values() if card.audience == "everyone" and card.withdrawn is None]
    near = (each for each, _, _ in process.extract(id, shared, scorer=fuzz.ratio, limit=_NEAREST))
    return turn.screen(turn.say(key, id=id), *_choices(turn, [card for each in near if (card := turn.library.card(each, turn.language))]))


def _choices(turn: Turn, cards: list[Card]) -> tuple[Row, ...]:
    return pairs([Button(card.label, f"share/{card.id}") for card in cards if len(f"share/{card.id}") <= MAXIMUM_TARGET_BYTES])


def _sought(turn: Turn) -> Answer:
    findings = find(turn.library, turn.rest, "patient", turn.language)
    if findings.kind == "urgent":
        return Answer((_rescue(turn),))
    cards = [card for hit in findings.cards if (card := turn.library.card(hit.id, turn.language))]
    if findings.kind != "cards" or not cards:
        return Answer((turn.screen(turn.say("share.nothing")),))
    if findings.sure and cards[0].id == findings.cards[0].id:
        return Answer((_handed(turn, cards[0]),))
    return Answer((turn.screen(turn.say("share.unsure"), *_choices(turn, cards)),))


def _rescue(turn: Turn) -> Screen:
    """Who to call, which depends on where the patient is: so the page itself, and none of its numbers."""
    return turn.screen("\n\n".join((turn.say("share.urgent"), _link(turn, "urgent", "urgent"))))


def _link(turn: Turn, target: str, title: str) -> str:
    """Where the patients' bot opens at that page."""
    name = turn.reader.colleague.telegram if turn.reader.colleague else ""
    url = f"https://t.me/{name}?start={target.replace('/', '_')}"
    return turn.say("share.link", url=url) if name else turn.say("share.no_link", title=title)


def _handed(turn: Turn, card: Card) -> Screen:
    pages = turn.reader.colleague.pages if turn.reader.colleague else ""
    link = _link(turn, card.id, card.title)
    wallet = turn.say("share.wallet", title=card.title, action=card.action.strip())
    text = "\n\n".join((turn.say("share.text"), f"{wallet}\n{link}"))
    query = "" if turn.language == "en" else f"?language={turn.language}"
    printed = (Link(turn.say("share.print"), f"{pages}/card/{card.id}{query}"),) if pages else ()
    return turn.screen(text, printed, back=card.id)
