"""What a care team has besides broadcasts: counts, and a page to hand to a patient."""

from content.find import find
from content.model import Card
from content.pages.board import letters_text
from content.screen import MAXIMUM_TARGET_BYTES, Button, Link, Screen
from content.team import Statistics
from content.turn import Answer, Turn, pairs


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
    library, id = turn.library, turn.library.living(turn.rest.strip().lower()) or ""
    if not turn.rest:
        return Answer((turn.screen(turn.say("share.ask")),))
    card = library.card(id, turn.language)
    if card and card.audience == "care-team":
        return Answer((turn.screen(turn.say("share.team")),))
    return Answer((_handed(turn, card),)) if card and card.withdrawn is None else _sought(turn)


def _sought(turn: Turn) -> Answer:
    findings = find(turn.library, turn.rest, "patient", turn.language)
    cards = [card for hit in findings.cards if (card := turn.library.card(hit.id, turn.language))]
    if findings.kind != "cards" or not cards:
        return Answer((turn.screen(turn.say("share.nothing")),))
    if findings.sure and cards[0].id == findings.cards[0].id:
        return Answer((_handed(turn, cards[0]),))
    rows = pairs([Button(card.label, f"share/{card.id}") for card in cards if len(f"share/{card.id}") <= MAXIMUM_TARGET_BYTES])
    return Answer((turn.screen(turn.say("share.unsure"), *rows),))


def _handed(turn: Turn, card: Card) -> Screen:
    colleague = turn.reader.colleague
    name, pages = (colleague.telegram, colleague.pages) if colleague else ("", "")
    url = f"https://t.me/{name}?start={card.id.replace('/', '_')}"
    link = turn.say("share.link", url=url) if name else turn.say("share.no_link", title=card.title)
    wallet = turn.say("share.wallet", title=card.title, action=card.action.strip())
    text = "\n\n".join((turn.say("share.text"), f"{wallet}\n{link}"))
    query = "" if turn.language == "en" else f"?language={turn.language}"
    printed = (Link(turn.say("share.print"), f"{pages}/card/{card.id}{query}"),) if pages else ()
    return turn.screen(text, printed, back=card.id)
