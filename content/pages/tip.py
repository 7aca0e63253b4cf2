"""One tip: read on demand, or brought on its day; and the other screens that come unasked."""

from datetime import date
from typing import Final

from content.model import Library, Series, Tip
from content.pages import reading
from content.people import Audience
from content.screen import Button, Row, Screen
from content.subscribing import is_current
from content.turn import Answer, Turn

# What is delivered instead of a tip: whether the tips shall go on.
QUESTION: Final = "question"


def tip(turn: Turn) -> Answer:
    """The tip that the target names, else one for today: another each day, the same for all who chose the same series."""
    library, audience, today = turn.library, turn.reader.audience, turn.now.date()
    named = _named(library, turn.rest, turn.language, audience)
    all_tips = [each for series in _suited(turn) for each in series.tips.values()]
    fit = [each for each in all_tips if is_current(library, each, today)] or all_tips
    shown = named or fit[turn.now.toordinal() % len(fit)]
    card = library.cards[turn.language][shown.card]
    if card.withdrawn:
        return Answer((reading.card_page(library, card, turn.language),))
    more = Button(turn.say("buttons.read"), shown.card)
    return Answer((turn.screen(_text(library, shown, turn.language), (more, turn.button("tips", "tips"))),))


def _suited(turn: Turn) -> list[Series]:
    """The series that the reader chose, where nobody else reads along; else the general ones."""
    readable = [series for series in turn.library.series[turn.language].values() if reads(series, turn.reader.audience)]
    enrolled = turn.reader.subscription.series if turn.reader.subscription and not turn.overheard else {}
    chosen = [series for series in readable if series.key in enrolled and not enrolled[series.key].off]
    return chosen or [series for series in readable if series.general] or readable


def delivered(library: Library, item: str, language: str, audience: Audience, today: date) -> Screen | None:
    """What is sent unasked: `item` is `series/name` of a tip, `question`, or a card's id. None where its card no longer stands."""
    language = library.spoken(language)
    if item == QUESTION:
        go_on = _button(library, language, "go_on", "tips/go-on")
        return _unasked(library, language, library.phrase(language, "tip.question"), go_on)
    if found := _named(library, item, language, audience):
        current = is_current(library, found, today)
        return _unasked(library, language, _text(library, found, language), _read_more(library, language, found.card)) if current else None
    return _card(library, library.living(item) or "", language, audience, today)


def reads(series: Series, audience: Audience) -> bool:
    """Whether the series is meant for that audience."""
    return series.audience == "everyone" or audience == "care-team"


def _named(library: Library, item: str, language: str, audience: Audience) -> Tip | None:
    key, _, name = item.partition("/")
    series = library.series[language].get(key)
    return series.tips.get(name) if series and reads(series, audience) else None


def _text(library: Library, tip: Tip, language: str) -> str:
    """The tip under a neutral first line, since lock screens show it, with where it comes from."""
    card = library.cards[language][tip.card]
    parts = (
        library.phrase(language, "tip.opening"),
        "" if tip.language == language else library.phrase(language, "card.english_only"),
        tip.text,
        reading.source_line(library, card, language),
    )
    return "\n\n".join(part.strip() for part in parts if part)


def _card(library: Library, id: str, language: str, audience: Audience, today: date) -> Screen | None:
    card = library.card(id, language)
    if card is None or not library.read_by(id, audience) or card.withdrawn or today > card.review_by:
        return None
    text = f"{library.phrase(language, 'tip.card_opening')}\n\n{reading.card_text(library, card, language)}"
    return _unasked(library, language, text, _read_more(library, language, id))


def _unasked(library: Library, language: str, text: str, first: Button) -> Screen:
    """A message that nobody asked for: how to stop, and who to call, are always on it."""
    change = _button(library, language, "change_tips", "tips")
    last: Row = (_button(library, language, "stop", "stop"), _button(library, language, "urgent", "urgent"))
    return Screen(text.strip(), ((first, change), last), language)


def _read_more(library: Library, language: str, id: str) -> Button:
    return _button(library, language, "read", id)


def _button(library: Library, language: str, name: str, target: str) -> Button:
    return Button(library.phrase(language, f"buttons.{name}"), target)
