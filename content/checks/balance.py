"""Every benefit names its limit, every risk what can be done, every card one thing to do."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.finding import Finding
from content.checks.passages import body, met, own_cards
from content.model import Library

_RISKS: Final = ("side-effects/", "urgent/")
_FIRST_WORD: Final = re.compile(r"\w+")


def actions_begin_with_a_verb(library: Library, _: date) -> Iterator[Finding]:
    """The action tells the reader to do something, in its first word."""
    for language in library.languages:
        for path, card in own_cards(library, language):
            first = _FIRST_WORD.search(card.action)
            if first is None or first.group().lower() not in library.style[language].verbs:
                yield Finding(path, "action", "begin the action with what to do, such as `Ask`, `Call` or `Tell`")


def benefits_name_a_limit(library: Library, _: date) -> Iterator[Finding]:
    """Who reads what treatment may do also reads where that ends."""
    for language in library.languages:
        style = library.style[language]
        for path, card in own_cards(library, language):
            good = met(body(card), style.benefit)
            if good and card.audience == "everyone" and not met(body(card), style.limit):
                yield Finding(path, "text", f"name a limit beside `{good[0]}`: for whom it does not work, or what it may cost")


def risks_say_what_helps(library: Library, _: date) -> Iterator[Finding]:
    """A card on a risk never ends in fear: someone can be called, something can be done."""
    for language in library.languages:
        for path, card in own_cards(library, language):
            if card.id.startswith(_RISKS) and not met(body(card), library.style[language].remedy):
                yield Finding(path, "text", "say who to call or what can be done about this risk")
