"""`immunobot check`: the editorial rules, and whether every screen can be drawn on every platform."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Final

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from adapters.slack import render as slack
from adapters.telegram import render as telegram
from bots.cli.output import library_or_refuse
from content import checks
from content.checks.finding import Finding
from content.load import LIBRARY
from content.model import Card, Library
from content.pages.reading import place

Switch = Annotated[bool, Parameter(negative="")]
_MOST_DANGEROUS_FIRST: Final = ("urgent/", "side-effects/", "kinds/", "treatment/", "conditions/", "care/")


def check(
    *, as_json: Annotated[bool, Parameter(name="--json", negative="")] = False, strict: Switch = False, facts: Switch = False
) -> None:
    """Check every text of the library and draw every screen on every platform.

    Parameters
    ----------
    as_json: one JSON object a finding.
    strict: what only the calendar made wrong is an error too.
    facts: list the wording that a clinician must look at, most dangerous first.

    """
    library = library_or_refuse()
    if facts:
        Console(highlight=False).print(_facts(library))
        return
    result = checks.run(library, datetime.now(UTC).date())
    errors = [*result.errors, *_undrawable(library), *(result.due if strict else ())]
    for finding in (*errors, *(() if strict else result.due)):
        print(_told(finding, as_json, warning=finding.calendar and not strict))
    if errors:
        raise SystemExit(1)
    if not as_json:
        print(f"{len(library.cards['en'])} cards, {len(library.topics['en'])} topics: every rule kept, every screen drawn.")


def _told(finding: Finding, as_json: bool, *, warning: bool) -> str:
    line = _line(finding)
    if as_json:
        level = "warning" if warning else "error"
        return json.dumps({"path": finding.path, "line": line, "level": level, "advice": finding.advice}, ensure_ascii=False)
    return f"{finding.path}:{line}: {'warning: ' if warning else ''}{finding.advice}"


def _line(finding: Finding) -> int:
    path = LIBRARY / finding.path
    if not finding.field or not path.is_file():
        return 1
    begins = re.compile(rf"{re.escape(finding.field)}(:|$)")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), 1)


def _undrawable(library: Library) -> Iterator[Finding]:
    for language in library.languages:
        for id in (*library.cards["en"], *library.topics["en"]):
            screen = place(library, id or "menu", language, "care-team")
            for problem in (*telegram.problems(screen), *slack.problems(screen)):
                yield Finding(f"en/{id}.yaml", "text", problem)


def _facts(library: Library) -> Table:
    table = Table("card", "what a clinician must look at", title="No clinician has reviewed this library yet", show_lines=True)
    for card in _dangerous_first(card for card in library.cards["en"].values() if card.check):
        table.add_row(card.id, card.check)
    return table


def _dangerous_first(cards: Iterable[Card]) -> list[Card]:
    def danger(card: Card) -> int:
        return next((place for place, start in enumerate(_MOST_DANGEROUS_FIRST) if card.id.startswith(start)), len(_MOST_DANGEROUS_FIRST))

    return sorted(cards, key=lambda card: (danger(card), card.id))
