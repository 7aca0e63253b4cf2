"""Tips come unasked into somebody's day: their rules are the narrowest."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from content.checks.ease import measure, words_of
from content.checks.finding import Finding
from content.checks.numbers import denominators, percentages
from content.checks.passages import met
from content.model import Library, Series, Tip

TIP_WORDS: Final = (15, 45)
CARE_TIP_WORDS: Final = (15, 60)
HARDEST_TIP: Final = 6.0
HARDEST_CARE_TIP: Final = 13.0
LEAST_HUERTA: Final = 70.0
NEUTRAL_CHARACTERS: Final = 40
TIPS_TO_A_CARD: Final = 3


def _tips(library: Library) -> Iterator[tuple[str, str, Series, Tip]]:
    for language in library.languages:
        for series in library.series[language].values():
            for id, tip in series.tips.items():
                if tip.language == language:
                    yield f"{language}/tips/{series.key}.yaml", f"  {id}", series, tip


def tips_keep_their_length(library: Library, _: date) -> Iterator[Finding]:
    """One idea, one action: read before the phone's light goes out."""
    for path, field, series, tip in _tips(library):
        least, most = TIP_WORDS if series.audience == "everyone" else CARE_TIP_WORDS
        if not least <= (count := words_of(tip.text)) <= most:
            yield Finding(path, field, f"say the tip in {least} to {most} words; these are {count}")


def tips_are_easy(library: Library, _: date) -> Iterator[Finding]:
    """A tip is no harder than grade six; in Spanish its ease is seventy or more."""
    for path, field, series, tip in _tips(library):
        ease = measure(tip.text, tip.language)
        hardest = HARDEST_TIP if series.audience == "everyone" else HARDEST_CARE_TIP
        if tip.language == "en" and ease.grade > hardest:
            yield Finding(path, field, f"use shorter words and sentences: grade {ease.grade:.1f}, at most {hardest}")
        if tip.language == "es" and ease.fernandez_huerta < LEAST_HUERTA:
            yield Finding(path, field, f"use shorter words and sentences: ease {ease.fernandez_huerta:.0f}, at least {LEAST_HUERTA:.0f}")


def tips_hold_no_figures(library: Library, _: date) -> Iterator[Finding]:
    """Odds are no news for a lock screen."""
    for path, field, series, tip in _tips(library):
        if series.audience == "everyone" and (denominators(tip.text) or percentages(tip.text)):
            yield Finding(path, field, "leave the figure to the card")


def tips_are_gentle(library: Library, _: date) -> Iterator[Finding]:
    """No words that press, count, mourn or sell, and no brand names."""
    brands = tuple(name for drug in library.drugs for name in (drug.brand, drug.generic))
    for path, field, series, tip in _tips(library):
        words = (*library.style[tip.language].tips, *brands)
        if series.audience == "everyone":
            for word in met(tip.text, words):
                yield Finding(path, field, f"say the tip without `{word}`")


def tips_spread_over_cards(library: Library, _: date) -> Iterator[Finding]:
    """A series leads to many cards, not again and again to one."""
    for series in library.series["en"].values():
        for id, count in Counter(tip.card for tip in series.tips.values()).items():
            if count > TIPS_TO_A_CARD:
                yield Finding(f"en/tips/{series.key}.yaml", "tips", f"point to {id} at most {TIPS_TO_A_CARD} times, not {count}")


def tips_open_neutrally(library: Library, _: date) -> Iterator[Finding]:
    """A lock screen shows forty characters: the first line of all that comes unasked fills them."""
    for language in library.languages:
        for key in ("tip.opening", "tip.card_opening", "tip.question", "broadcast.notice.opening"):
            if len(library.phrase(language, key).partition("\n")[0]) < NEUTRAL_CHARACTERS:
                advice = f"open `{key}` with at least {NEUTRAL_CHARACTERS} characters that name no illness"
                yield Finding(f"{language}/phrases.yaml", "tip", advice)
