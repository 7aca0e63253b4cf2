"""What a reader chooses, and what is kept of it: language, region, mydata, forget."""

from content.pages.standing import details, standing, until
from content.pages.times import day
from content.people import Choose, Erase, Kept, Subscription
from content.schedule import local
from content.screen import Button, Screen
from content.turn import Answer, Turn, pairs
from content.urgent_answer import numbers_text


def language(turn: Turn) -> Answer:
    """Ask for the language, or keep the one chosen and speak it at once."""
    library, chosen = turn.library, turn.rest
    if chosen not in library.languages:
        buttons = [Button(library.phrase(code, "language.name"), f"language/{code}") for code in library.languages]
        return Answer((turn.screen(turn.say("language.question"), *pairs(buttons)),))
    return Answer(
        (_in(turn, chosen, "language.chosen"),),
        (Choose(turn.reader.address, language=chosen),),
        _in(turn, chosen, "language.lost"),
    )


def _in(turn: Turn, chosen: str, key: str) -> Screen:
    spoken = Turn(turn.library, turn.reader, chosen, turn.now)
    return spoken.screen(spoken.say(key), back="language")


def region(turn: Turn) -> Answer:
    """Ask whose numbers to show, or keep the region chosen and show them."""
    place = turn.library.helplines.get(turn.rest)
    if not turn.rest or place is None:
        known = sorted((each.names.get(turn.language, each.names["en"]), code) for code, each in turn.library.helplines.items() if code)
        buttons = [Button(name, f"region/{code}") for name, code in known]
        return Answer((turn.screen(turn.say("region.question"), *pairs(buttons)),))
    name = place.names.get(turn.language, place.names["en"])
    numbers = numbers_text(turn.library, turn.rest, turn.language)
    shown, lost = (turn.screen(f"{turn.say(key, name=name)}\n\n{numbers}", back="region") for key in ("region.chosen", "region.lost"))
    return Answer((shown,), (Choose(turn.reader.address, region=turn.rest),), lost)


def mydata(turn: Turn) -> Answer:
    """Everything that is kept about the reader."""
    kept = turn.reader.kept
    if turn.overheard:
        return _not_here(turn, "mydata")
    if not turn.reader.known:
        return Answer((turn.screen(turn.say("mydata.down")),))
    if kept is None:
        return Answer((turn.screen(turn.say("mydata.nothing")),))
    return Answer((turn.screen(turn.say("mydata.kept", **_kept(turn, kept)), (turn.button("erase", "forget"),)),))


def forget(turn: Turn) -> Answer:
    """Ask first; then erase everything and say what was erased."""
    kept = turn.reader.kept
    if turn.overheard:
        return _not_here(turn, "forget")
    if not turn.reader.known:
        return Answer((turn.screen(turn.say("forget.down")),))
    if kept is None:
        return Answer((turn.screen(turn.say("forget.nothing")),))
    if turn.rest != "yes":
        return Answer((turn.screen(turn.say("forget.question"), (turn.button("erase_yes", "forget/yes"),)),))
    erased = _kept(turn, kept)
    if kept.subscription:
        erased["tips"] += f"\n{turn.say('forget.no_more')}"
    receipt = turn.screen(turn.say("forget.receipt", **erased))
    return Answer((receipt,), (Erase(turn.reader.address),), turn.screen(turn.say("forget.down")))


def _not_here(turn: Turn, name: str) -> Answer:
    """What is kept of one person is neither shown nor erased where others read."""
    return Answer((turn.screen(turn.say(f"{name}.room")),))


def _kept(turn: Turn, kept: Kept) -> dict[str, str]:
    place = turn.library.helplines.get(kept.region or "-")
    return {
        "language": turn.library.phrase(kept.language, "language.name")
        if kept.language in turn.library.languages
        else turn.say("mydata.none"),
        "region": place.names.get(turn.language, place.names["en"]) if place else turn.say("mydata.none"),
        "since": day(turn, kept.since),
        "tips": _tips(turn, kept.subscription, kept.delivered) if kept.subscription else turn.say("mydata.tips_never"),
    }


def _tips(turn: Turn, subscription: Subscription, delivered: int) -> str:
    """Everything that a subscription holds, a line each."""
    told = turn.say(
        "mydata.tips_chosen",
        state=turn.say(f"mydata.tips_{standing(turn, subscription)}", until=until(turn, subscription)),
        chosen=day(turn, subscription.chosen),
        sent=_last_sent(turn, subscription),
        lately=delivered or turn.say("mydata.delivered_none"),
    )
    return f"{told}\n{details(turn, subscription)}"


def _last_sent(turn: Turn, subscription: Subscription) -> str:
    if subscription.sent is None:
        return turn.say("mydata.tips_none_sent")
    return turn.say("mydata.tips_sent", date=day(turn, local(subscription.sent, subscription.zone).date()))
