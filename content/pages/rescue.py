"""Everything under `urgent`: the answer to danger, the numbers, and the cards that carry them."""

from content.find import Findings
from content.pages import reading
from content.screen import Button
from content.turn import Answer, Turn, pairs
from content.urgent_answer import numbers_text, urgent_screens


def heard(turn: Turn, findings: Findings) -> Answer:
    """The two messages for a danger that was typed; the page of numbers for the bare word `urgent`."""
    if findings.danger is None:
        page = urgent(turn)
        return Answer(page.screens, urgent=True)
    screens = urgent_screens(turn.library, findings.danger, turn.region(), turn.language, helper=turn.reader.audience == "care-team")
    return Answer(screens, urgent=True)


def urgent(turn: Turn) -> Answer:
    """Who to call here and now; a card of this topic with the numbers below; or the ordinary card for "not now"."""
    if not turn.rest:
        return _numbers(turn)
    head, _, group = turn.rest.partition("/")
    if head == "not-now":
        groups = turn.library.urgent[turn.language].groups
        card = groups[group].card if group in groups else "gone"
        return Answer((reading.place(turn.library, card, turn.language, turn.reader.audience),))
    card_id = turn.library.living(f"urgent/{turn.rest}") or ""
    written = turn.library.card(card_id, turn.language)
    if written is None or card_id.split("/")[0] != "urgent":
        return Answer((reading.place(turn.library, f"urgent/{turn.rest}", turn.language, turn.reader.audience),))
    return Answer((reading.card_page(turn.library, written, turn.language, below=_call(turn)),))


def _call(turn: Turn) -> str:
    numbers, institution = numbers_text(turn.library, turn.region(), turn.language), turn.library.institution
    if institution is None or not institution.clinic_line:
        return numbers
    return f"{numbers}\n{turn.say('urgent.clinic', line=institution.clinic_line)}"


def _numbers(turn: Turn) -> Answer:
    topic = turn.library.topics["en"].get("urgent")
    ids = topic.children if topic else ()
    cards = [Button(card.label, card.id) for id in ids if (card := turn.library.card(id, turn.language))]
    text = "\n\n".join((turn.say("urgent.title") + "\n" + turn.say("urgent.intro"), _call(turn)))
    return Answer((turn.screen(text, *pairs(cards), (turn.button("region", "region"),), here="urgent"),))
