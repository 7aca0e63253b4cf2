"""`stop` and `pause`: fewer tips, or none. Each is done at once; nobody is asked whether they are sure."""

from datetime import timedelta
from typing import Final

from content.pages.standing import headline, standing, today
from content.pages.tips import not_kept, refused
from content.people import Pause, Silence, Stop
from content.screen import Screen
from content.subscribing import changed
from content.turn import Answer, Turn, pairs

_DAYS: Final = {"week": 7, "month": 30}


def stop(turn: Turn) -> Answer:
    """All tips off. The change is made also where nothing seems to be on: another tap may be on its way."""
    if turn.in_room and turn.reader.audience == "patient":
        return Answer((turn.screen(turn.say("stop.group")),))
    subscription, known = turn.reader.subscription, turn.reader.known
    nothing = known and (subscription is None or subscription.state == "stopped")
    on_again = (turn.button("resume", "tips/go-on"),) if subscription else ()
    screen = turn.screen(turn.say("stop.nothing" if nothing else "stop.text"), on_again)
    return Answer((screen,), (Stop(turn.reader.address),), turn.screen(turn.say("stop.lost")))


def pause(turn: Turn) -> Answer:
    """A week, a month, or silence until tips are turned on again."""
    if other := refused(turn):
        return other
    subscription = turn.reader.subscription
    if subscription is None:
        return Answer((turn.screen(turn.say("pause.nothing")),))
    if standing(turn, subscription) in ("silent", "stopped"):
        return Answer((_resting(turn, headline(turn, subscription)),))
    name = turn.rest
    if name not in ("silent", *_DAYS):
        return Answer((_ask(turn),))
    address, until = turn.reader.address, today(turn, subscription) + timedelta(days=_DAYS.get(name, 0))
    change = Silence(address) if name == "silent" else Pause(address, until)
    after = changed(subscription, change, turn.now) or subscription
    text = turn.say("pause.silent") if name == "silent" else f"{headline(turn, after)}\n{turn.say('pause.still_here')}"
    return Answer((_resting(turn, text),), (change,), not_kept(turn))


def _ask(turn: Turn) -> Screen:
    subscription = turn.reader.subscription
    paused = subscription is not None and standing(turn, subscription) == "paused"
    buttons = [turn.button(f"pause_{name}", f"pause/{name}") for name in (*_DAYS, "silent")]
    resume = [turn.button("resume", "tips/go-on")] if paused else []
    head = f"{headline(turn, subscription)}\n\n" if paused and subscription else ""
    return turn.screen(f"{head}{turn.say('pause.ask')}", *pairs([*buttons, *resume]), back="tips")


def _resting(turn: Turn, text: str) -> Screen:
    return turn.screen(text, (turn.button("resume", "tips/go-on"), turn.button("tips_now", "tips")))
