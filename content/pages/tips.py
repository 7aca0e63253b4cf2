"""Tips: one to read now."""

from content.model import Series, Tip
from content.pages import reading
from content.screen import Button, Screen
from content.turn import Answer, Turn


def tip(turn: Turn) -> Answer:
    """The tip that the target names, else one for today: another each day, the same for everybody."""
    key, _, id = turn.rest.partition("/")
    series = turn.library.series[turn.language].get(key)
    if series and id in series.tips and _reads(turn, series):
        return Answer((tip_page(turn, series.tips[id]),))
    fit = [tip for series in turn.library.series[turn.language].values() if _reads(turn, series) for tip in series.tips.values()]
    fit = [tip for tip in fit if not turn.library.cards["en"][tip.card].withdrawn] or fit
    return Answer((tip_page(turn, fit[turn.now.toordinal() % len(fit)]),))


def _reads(turn: Turn, series: Series) -> bool:
    return series.audience == "everyone" or turn.reader.audience == "care-team"


def tip_page(turn: Turn, tip: Tip) -> Screen:
    """A tip under a neutral first line, since lock screens show it, with the card it comes from."""
    card = turn.library.cards[turn.language][tip.card]
    if card.withdrawn:
        return reading.card_page(turn.library, card, turn.language)
    parts = (
        turn.say("tip.opening"),
        "" if tip.language == turn.language else turn.say("card.english_only"),
        tip.text,
        reading.source_line(turn.library, card, turn.language),
    )
    more = Button(turn.say("buttons.read"), tip.card)
    return turn.screen("\n\n".join(part.strip() for part in parts if part), (more, turn.button("tips", "tips")))
