"""Everything under `urgent`: the answer to danger, the numbers, and the cards that carry them."""

from datetime import timedelta
from typing import Final

from content.find import Findings
from content.pages import reading
from content.people import Pause, Silence, Unpause
from content.schedule import local
from content.screen import Button
from content.turn import Answer, Turn, pairs
from content.urgent import Danger
from content.urgent_answer import SELF_HARM, numbers_text, read_day, urgent_screens

_QUIET: Final = timedelta(days=7)


def heard(turn: Turn, findings: Findings) -> Answer:
    """The two messages for a danger that was typed; the page of numbers for the bare word `urgent`."""
    if findings.danger is None:
        page = urgent(turn)
        return Answer(page.screens, urgent=True)
    pause = _pause(turn, findings.danger)
    until = pause.until if isinstance(pause, Pause) else None
    helper = turn.reader.audience == "care-team" or findings.danger.of_another
    screens = urgent_screens(turn.library, findings.danger, turn.region(), turn.language, helper=helper, until=until)
    return Answer(screens, urgent=True, later=(pause,) if pause else ())


def _pause(turn: Turn, danger: Danger) -> Silence | Pause | None:
    """No tips to somebody in danger. Where nothing is known of the reader the store itself looks whether tips are on."""
    reader, subscription = turn.reader, turn.reader.subscription
    if reader.known and (subscription is None or subscription.state != "on"):
        return None
    if danger.group == SELF_HARM:
        return Silence(reader.address)
    today = local(turn.now, subscription.zone).date() if subscription else turn.now.date()
    return Pause(reader.address, today + _QUIET, longer=True)


def urgent(turn: Turn) -> Answer:
    """Who to call here and now; a card of this topic with the numbers below; or the ordinary card for "not now"."""
    if not turn.rest:
        return _numbers(turn)
    head, _, group = turn.rest.partition("/")
    if head == "not-now":
        return _not_now(turn, *group.partition("/")[::2])
    card_id = turn.library.living(f"urgent/{turn.rest}") or ""
    written = turn.library.card(card_id, turn.language)
    if written is None or card_id.split("/")[0] != "urgent":
        return Answer((reading.place(turn.library, f"urgent/{turn.rest}", turn.language, turn.reader.audience),))
    return Answer((reading.card_page(turn.library, written, turn.language, below=_call(turn)),))


def _not_now(turn: Turn, group: str, day: str) -> Answer:
    """The ordinary card of the group; the pause that its message began is lifted, and no other: the button carries its last day."""
    groups = turn.library.urgent[turn.language].groups
    card = groups[group].card if group in groups else "gone"
    until = read_day(day)
    later = (Unpause(turn.reader.address, until),) if until else ()
    return Answer((reading.place(turn.library, card, turn.language, turn.reader.audience),), later=later)


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
