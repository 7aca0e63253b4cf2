"""Pages of the library: the same for every reader of one language and audience."""

from functools import lru_cache
from typing import Final

from content.commands import COMMANDS, open_to
from content.model import Card, Library, Topic
from content.people import Audience
from content.screen import Button, Link, Row, Screen
from content.turn import fixed_row, pairs, written_date

# What stands in the menu below the topics, by its label.
_BESIDE_TOPICS: Final = {"questions": "questions", "tips_menu": "tips", "language": "language", "help": "help"}


@lru_cache(maxsize=4_096)
def place(library: Library, target: str, language: str, audience: Audience) -> Screen:
    """The screen of a target: a topic, a card, its sources or its picture; a kind answer where there is none."""
    whole, _, part = target.rpartition("/")
    if part in ("sources", "picture") and (card := _readable_card(library, whole, language, audience)):
        return _part(library, card, part, language)
    command = COMMANDS.get(target.partition("/")[0])
    if command and not open_to(command, audience):
        return home(library, language, audience, "places.care_team")
    id = library.living(target)
    if id is None:
        return home(library, language, audience, "places.gone")
    if not library.read_by(id, audience):
        return home(library, language, audience, "places.care_team")
    if topic := library.topic(id, language):
        return topic_page(library, topic, language, audience)
    return card_page(library, library.cards[language][id], language)


def _part(library: Library, card: Card, part: str, language: str) -> Screen:
    if card.withdrawn:
        return card_page(library, card, language)
    return sources(library, card, language) if part == "sources" else picture(library, card, language)


def _readable_card(library: Library, id: str, language: str, audience: Audience) -> Card | None:
    living = library.living(id) or ""
    return library.card(living, language) if living and library.read_by(living, audience) else None


def home(library: Library, language: str, audience: Audience, phrase: str = "menu.text") -> Screen:
    """The menu, under its own title or under another sentence; it needs no button to itself."""
    top = library.topics[language][""]
    aside = [id for id in top.aside if id != "urgent" and library.read_by(id, audience)]
    rows = pairs(_children(library, (*top.children, *aside), language, audience))
    asked = [Button(library.phrase(language, f"buttons.{label}"), name) for label, name in _BESIDE_TOPICS.items()]
    title = top.title if not library.institution else f"{top.title} · {library.institution.team}"
    text = library.phrase(language, phrase, title=title, intro=top.intro)
    return Screen(text, (*rows, *pairs(asked), fixed_row(library, language, "menu", "menu")), language)


def topic_page(library: Library, topic: Topic, language: str, audience: Audience) -> Screen:
    """A topic: its intro and a button for each child."""
    text = library.phrase(language, "topic.text", title=topic.title, intro=topic.intro)
    rows = pairs(_children(library, topic.children, language, audience))
    return Screen(text, (*rows, fixed_row(library, language, _target(library.parents.get(topic.id, "")), topic.id)), language)


def _children(library: Library, ids: tuple[str, ...], language: str, audience: Audience) -> list[Button]:
    nodes = [library.card(id, language) or library.topic(id, language) for id in ids if library.read_by(id, audience)]
    return [Button(node.label, node.id) for node in nodes if node]


def _target(id: str) -> str:
    return id or "menu"


def card_page(library: Library, card: Card, language: str, others: tuple[Row, ...] = (), below: str = "") -> Screen:
    """A card: title, text, action, source line; `below` is a line that only this reader gets, such as numbers."""
    see = tuple(_see(library, card, language)) if not others else ()
    rows = (*others, see, _about(library, card, language), fixed_row(library, language, _target(library.parents[card.id]), card.id))
    return Screen(card_text(library, card, language, below), tuple(row for row in rows if row), language)


def card_text(library: Library, card: Card, language: str, below: str = "") -> str:
    """The card as a reader sees it, without its buttons."""
    if card.withdrawn:
        return library.phrase(language, "card.withdrawn", title=card.title)
    parts = [
        "" if card.language == language else library.phrase(language, "card.english_only"),
        library.phrase(language, "card.title", title=card.title) + "\n" + card.text,
        library.phrase(language, "card.action", action=card.action),
        below,
        source_line(library, card, language),
    ]
    return "\n\n".join(part.strip() for part in parts if part)


def _see(library: Library, card: Card, language: str) -> list[Button]:
    parent = library.parents[card.id]
    ids = [id for id in dict.fromkeys(library.living(each) for each in card.see) if id and id not in (card.id, parent, "urgent")]
    return _children(library, tuple(ids)[:2], language, "care-team" if card.audience == "care-team" else "patient")


def _about(library: Library, card: Card, language: str) -> Row:
    if card.withdrawn:
        return ()
    buttons = [Button(library.phrase(language, "buttons.sources"), f"{card.id}/sources")]
    if card.picture:
        buttons.append(Button(library.phrase(language, "buttons.picture"), f"{card.id}/picture"))
    return tuple(buttons)


def source_line(library: Library, card: Card, language: str) -> str:
    """Organisations, the date the text was checked, and whether a clinician has signed it."""
    organisations = dict.fromkeys(library.sources[key].organisation for key in card.sources)
    date = written_date(library, language, card.written)
    return library.phrase(language, "card.from", sources="; ".join(organisations), date=date, review=review(library, card, language))


def review(library: Library, card: Card, language: str) -> str:
    """Who signed the card, or that nobody has yet."""
    if card.reviewed is None:
        return library.phrase(language, "card.unreviewed")
    return library.phrase(language, "card.reviewed", by=card.reviewed.by, date=written_date(library, language, card.reviewed.date))


def sources(library: Library, card: Card, language: str) -> Screen:
    """Where a card's facts come from, with a link to each page."""
    cited = [library.sources[key] for key in card.sources]
    lines = [
        library.phrase(
            language,
            "sources.line",
            organisation=source.organisation,
            title=source.title,
            read=library.phrase(language, "sources.read", date=written_date(library, language, source.read))
            if source.read
            else library.phrase(language, "sources.unread"),
        )
        for source in cited
    ]
    head = library.phrase(language, "sources.text", title=card.title)
    note = library.phrase(language, "sources.note", review=review(library, card, language))
    links = tuple(
        Link(library.phrase(language, "buttons.source", number=number), source.url) for number, source in enumerate(cited, 1) if source.url
    )
    rows = (*(links[start : start + 2] for start in range(0, len(links), 2)), fixed_row(library, language, card.id, ""))
    return Screen("\n".join((head, *lines)) + f"\n\n{note}", rows, language)


def picture(library: Library, card: Card, language: str) -> Screen:
    """A card's picture, sent below the card with its description."""
    if card.picture is None:
        return card_page(library, card, language)
    return Screen(card.picture.alt, (), language, card.picture)
