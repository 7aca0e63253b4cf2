"""`immunobot check --report` and `--facts`: the library in tables, for those who review it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import mean
from typing import Final

from rich.console import Console
from rich.table import Table

from content.checks import numbers, reading, sizes
from content.checks.ease import Ease, measure, words_of
from content.checks.passages import body, own_cards
from content.model import Card, Library

_MOST_DANGEROUS_FIRST: Final = ("urgent/", "side-effects/", "kinds/", "treatment/", "conditions/", "care/")
_LOOK_FIRST: Final = 12


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the report: what was found, what is asked, and whether it is kept."""

    name: str
    found: str
    target: str
    kept: bool


def show_facts(library: Library) -> None:
    """Print the wording that a clinician must look at, most dangerous first."""
    table = Table("card", "what a clinician must look at", title=_reviewed(library), show_lines=True)
    for card in _to_check(library):
        table.add_row(card.id, card.check)
    Console(highlight=False).print(table)


def show_report(library: Library) -> None:
    """Print all that can be computed about the library."""
    console = Console(highlight=False)
    for table in (_targets(library), _topics(library), _unread(library), _excused(library), _look_first(library)):
        console.print(table)
    console.print(f"[bold]{_reviewed(library)}[/] `immunobot check --facts` lists every wording to look at.")


def _reviewed(library: Library) -> str:
    cards = library.cards["en"].values()
    signed = sum(card.reviewed is not None for card in cards)
    return f"{signed} of {len(cards)} cards signed by a clinician." if signed else "No clinician has reviewed this library yet."


def _to_check(library: Library) -> list[Card]:
    def danger(card: Card) -> int:
        return next((place for place, start in enumerate(_MOST_DANGEROUS_FIRST) if card.id.startswith(start)), len(_MOST_DANGEROUS_FIRST))

    return sorted((card for card in library.cards["en"].values() if card.check), key=lambda card: (danger(card), card.id))


def _targets(library: Library) -> Table:
    table = Table("measure", "found", "target", "", title="What can be measured")
    for each in (*_ease(library), *_sizes(library), *_evidence(library)):
        table.add_row(each.name, each.found, each.target, "[green]kept[/]" if each.kept else "[red]missed[/]")
    return table


def _ease(library: Library) -> Iterator[Measure]:
    eases = list(reading.patient_eases(library).values())
    care = [measure(body(card), "en") for _, card in own_cards(library, "en") if card.audience == "care-team"]
    spanish = [measure(body(card), "es") for _, card in own_cards(library, "es")]
    easy = sum(ease.grade <= reading.USUAL_CARD for ease in eases)
    yield _most("Flesch-Kincaid, hardest patient card", eases, _grade, reading.HARDEST_CARD)
    yield Measure(
        f"patient cards at grade {reading.USUAL_CARD} or below",
        f"{easy} of {len(eases)}",
        "9 of 10",
        easy >= reading.USUAL_SHARE * len(eases),
    )
    yield _mean("Flesch-Kincaid, mean", eases, _grade, reading.LIBRARY_MEAN)
    yield _most("mean of five formulas, hardest patient card", eases, _five, reading.HARDEST_MEAN_OF_FIVE)
    yield _mean("mean of five formulas, mean", eases, _five, reading.LIBRARY_MEAN_OF_FIVE)
    yield _most("Flesch-Kincaid, hardest care-team card", care, _grade, reading.HARDEST_CARE_CARD)
    if spanish:
        least = min(ease.fernandez_huerta for ease in spanish)
        name = "Fernández Huerta, hardest Spanish card"
        yield Measure(name, f"{least:.0f}", f">= {reading.LEAST_HUERTA:.0f}", least >= reading.LEAST_HUERTA)


def _grade(ease: Ease) -> float:
    return ease.grade


def _five(ease: Ease) -> float:
    return ease.mean_grade


def _most(name: str, eases: list[Ease], figure: Callable[[Ease], float], target: float) -> Measure:
    worst = max(map(figure, eases), default=0.0)
    return Measure(name, f"{worst:.1f}", f"<= {target}", worst <= target)


def _mean(name: str, eases: list[Ease], figure: Callable[[Ease], float], target: float) -> Measure:
    middle = mean(map(figure, eases)) if eases else 0.0
    return Measure(name, f"{middle:.1f}", f"<= {target}", middle <= target)


def _sizes(library: Library) -> Iterator[Measure]:
    patient = [card for card in library.cards["en"].values() if card.audience == "everyone"]
    counts = [words_of(card.text) for card in patient]
    least, most = sizes.CARD_WORDS["en"]
    longest = max((measure(body(card), "en").longest_sentence for card in patient), default=0)
    limit = sizes.LONGEST_SENTENCE["en"]
    yield _range("words on a patient card", counts, least, most)
    yield Measure("words in the longest sentence for patients", str(longest), f"<= {limit}", longest <= limit)
    least, most = sizes.TERM_WORDS["en"]
    yield _range("words in a glossary entry", [words_of(term.text) for term in library.terms["en"].values()], least, most)


def _range(name: str, counts: list[int], least: int, most: int) -> Measure:
    low, high = min(counts, default=least), max(counts, default=least)
    return Measure(name, f"{low} to {high}", f"{least} to {most}", least <= low and high <= most)


def _evidence(library: Library) -> Iterator[Measure]:
    cards = library.cards["en"].values()
    figured = [card for card in cards if numbers.denominators(body(card))]
    sound = sum(len(card.sources) > 1 and any(library.sources[key].sure == "read" for key in card.sources) for card in figured)
    answered = {key for card in cards for key in card.claims}
    read = sum(any(library.sources[key].sure == "read" for key in card.sources) for card in cards)
    yield Measure("figures with two sources, one of them read", f"{sound} of {len(figured)} cards", "all", sound == len(figured))
    yield Measure("cards with a source whose text was read", f"{read} of {len(cards)}", "told", True)
    yield Measure(
        "claims of the article that a card answers", f"{len(answered)} of {len(library.claims)}", "all", answered >= library.claims.keys()
    )
    for audience, least in (("everyone", 100), ("care-team", 26)):
        count = sum(len(series.tips) for series in library.series["en"].values() if series.audience == audience)
        yield Measure(f"tips for {'patients' if audience == 'everyone' else 'care teams'}", str(count), f">= {least}", count >= least)


def _topics(library: Library) -> Table:
    table = Table("topic", "cards", "words a card", "mean grade", "hardest card", "its grade", title="Topic by topic")
    for topic in library.topics["en"][""].children + library.topics["en"][""].aside:
        cards = [card for card in library.cards["en"].values() if card.id.startswith(f"{topic}/")]
        grades = {card.id: measure(body(card), "en").grade for card in cards}
        hardest = max(grades, key=grades.__getitem__)
        words = f"{mean(words_of(card.text) for card in cards):.0f}"
        table.add_row(topic, str(len(cards)), words, f"{mean(grades.values()):.1f}", hardest, f"{grades[hardest]:.1f}")
    return table


def _unread(library: Library) -> Table:
    table = Table("source", "how sure", "cards", title="Sources whose text nobody has read yet")
    for source in library.sources.values():
        users = [card.id for card in library.cards["en"].values() if source.key in card.sources]
        if source.sure != "read" and users:
            table.add_row(source.key, f"{source.organisation}: {source.sure}", _some(users))
    return table


def _some(ids: Iterable[str]) -> str:
    first, *others = ids
    return f"{first} and {len(others)} more" if others else first


def _excused(library: Library) -> Table:
    table = Table("file", "rule", "why it does not fit", title="Exceptions")
    for path, rules in library.exceptions.items():
        for rule, reason in rules.items():
            table.add_row(path, rule, reason)
    return table


def _look_first(library: Library) -> Table:
    table = Table("card", "why", title="What a reviewing clinician should look at first", show_lines=True)
    for card in _to_check(library)[:_LOOK_FIRST]:
        table.add_row(card.id, card.check)
    return table
