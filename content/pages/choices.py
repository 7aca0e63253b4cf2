"""What a reader chooses, and what is kept of it: language, region, mydata, forget."""

from content.pages.standing import details, standing, until
from content.pages.times import day
from content.people import Choose, Erase, Kept, Subscription
from content.schedule import local
from content.screen import Button, Screen
from content.turn import Answer, Turn, pairs
from content.urgent_answer import numbers_text
from content.whereabouts import regions


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
    if place is None and (named := regions(turn.library, turn.rest)):
        return Answer((_offered(turn, named),))
    if not turn.rest or place is None:
        known = sorted((_name(turn, code), code) for code in turn.library.helplines if code)
        buttons = [Button(name, f"region/{code}") for name, code in known]
        return Answer((turn.screen(turn.say("region.question"), *pairs(buttons)),))
    name = _name(turn, turn.rest)
    numbers = numbers_text(turn.library, turn.rest, turn.language)
    shown, lost = (turn.screen(f"{turn.say(key, name=name)}\n\n{numbers}", back="region") for key in ("region.chosen", "region.lost"))
    return Answer((shown,), (Choose(turn.reader.address, region=turn.rest),), lost)


def _offered(turn: Turn, named: tuple[str, ...]) -> Screen:
    """The regions of a place that somebody told of: told in passing it is no choice yet."""
    buttons = [Button(_name(turn, code), f"region/{code}") for code in named]
    return turn.screen(turn.say("region.offer"), *pairs([*buttons, turn.button("elsewhere", "region")]))


def _name(turn: Turn, code: str) -> str:
    names = turn.library.helplines[code].names
    return names.get(turn.language, names["en"])


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
    return {
        "language": turn.library.phrase(kept.language, "language.name")
        if kept.language in turn.library.languages
        else turn.say("mydata.none"),
        "region": _name(turn, kept.region) if kept.region and kept.region in turn.library.helplines else turn.say("mydata.none"),
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
