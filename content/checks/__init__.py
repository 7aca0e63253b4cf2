"""The editorial rules, one small function each, and the list of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from content.checks import (
    balance,
    claims,
    dates,
    hard_words,
    lengths,
    numbers,
    phrases,
    reading,
    shipped,
    sizes,
    tips,
    tone,
    translations,
    tree,
)
from content.checks.finding import Finding
from content.model import Library

Rule = Callable[[Library, date], Iterator[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    claims.every_claim_is_answered,
    dates.review_is_due,
    dates.helplines_are_fresh,
    reading.patient_cards_are_easy,
    reading.the_library_is_easy,
    reading.care_cards_are_readable,
    reading.spanish_cards_are_easy,
    sizes.cards_keep_their_length,
    sizes.terms_keep_their_length,
    sizes.sentences_are_short,
    sizes.titles_are_short,
    lengths.screens_fit,
    hard_words.hard_words_are_explained,
    hard_words.hard_words_are_few,
    tone.banned_words_are_absent,
    tone.no_dose_is_named,
    balance.actions_begin_with_a_verb,
    balance.benefits_name_a_limit,
    balance.risks_say_what_helps,
    numbers.figures_have_two_sources,
    numbers.figures_were_read,
    numbers.figures_have_a_year,
    numbers.figures_share_a_denominator,
    numbers.figures_are_counts,
    tree.aliases_lead_to_one_card,
    tree.the_menu_is_shallow,
    tree.care_cards_name_their_guideline,
    tips.tips_keep_their_length,
    tips.tips_are_easy,
    tips.tips_hold_no_figures,
    tips.tips_are_gentle,
    tips.tips_spread_over_cards,
    tips.tips_open_neutrally,
    phrases.languages_agree,
    shipped.ids_are_listed,
    shipped.no_id_vanished,
    translations.translations_are_fresh,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules found; `due` is what only the calendar made wrong."""

    errors: tuple[Finding, ...]
    due: tuple[Finding, ...]


def run(library: Library, today: date) -> Result:
    """Every rule over the whole library, less the exceptions that exceptions.yaml gives a reason for."""
    found = [replace(finding, rule=name(rule)) for rule in RULES for finding in rule(library, today)]
    kept = [finding for finding in found if finding.rule not in library.exceptions.get(finding.path, {})]
    kept += _unneeded(library, {(finding.path, finding.rule) for finding in found})
    return Result(tuple(each for each in kept if not each.calendar), tuple(each for each in kept if each.calendar))


def name(rule: Rule) -> str:
    """A rule's name as exceptions.yaml writes it: `cards-keep-their-length`."""
    return rule.__name__.replace("_", "-")


def _unneeded(library: Library, needed: set[tuple[str, str]]) -> Iterator[Finding]:
    for path, rules in library.exceptions.items():
        for rule in rules:
            if (path, rule) not in needed:
                advice = f"take out the exception `{rule}` of {path}; nothing needs it"
                yield Finding("exceptions.yaml", path, advice, rule="exceptions-are-needed")
