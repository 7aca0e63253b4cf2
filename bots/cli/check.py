"""`immunobot check`: the editorial rules, and whether every screen can be drawn on every platform."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from adapters.slack import render as slack
from adapters.telegram import render as telegram
from bots.cli.output import library_or_refuse
from bots.cli.report import show_facts, show_report
from bots.cli.screens import screens
from content import checks
from content.checks.finding import Finding
from content.links import MAXIMUM_LABEL
from content.load import LIBRARY
from content.model import Library
from content.screen import Screen

Switch = Annotated[bool, Parameter(negative="")]


def check(
    *,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    strict: Switch = False,
    facts: Switch = False,
    report: Switch = False,
) -> None:
    """Check every text of the library and draw every screen on every platform.

    Parameters
    ----------
    as_json
        one JSON object a finding.
    strict
        what only the calendar made wrong is an error too.
    facts
        list the wording that a clinician must look at, most dangerous first.
    report
        tables of all that can be measured, and what a reviewing clinician should look at first.

    """
    library = library_or_refuse()
    if facts:
        show_facts(library)
    elif report:
        show_report(library)
    else:
        _show_findings(library, as_json, strict)


def _show_findings(library: Library, as_json: bool, strict: bool) -> None:
    """Every finding, a line each; the end where one of them is an error."""
    now = datetime.now(UTC)
    result = checks.run(library, now.date())
    errors = [*result.errors, *dict.fromkeys(_undrawable(library, now)), *(result.due if strict else ())]
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
        told = {"path": finding.path, "line": line, "level": level, "rule": finding.rule, "advice": finding.advice}
        return json.dumps(told, ensure_ascii=False)
    return f"{finding.path}:{line}: {'warning: ' if warning else ''}{finding.advice} [{finding.rule}]"


def _line(finding: Finding) -> int:
    path = LIBRARY / finding.path
    if not finding.field or not path.is_file():
        return 1
    begins = re.compile(rf"{re.escape(finding.field)}(:|$)")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), 1)


def _undrawable(library: Library, now: datetime) -> Iterator[Finding]:
    for path, screen in screens(library, now):
        for problem in (*telegram.problems(screen), *slack.problems(screen), *_long_labels(screen)):
            yield Finding(path, "text", problem, rule="screens-can-be-drawn")


def _long_labels(screen: Screen) -> Iterator[str]:
    for button in screen.buttons():
        if len(button.label) > MAXIMUM_LABEL:
            yield f"shorten the button `{button.label}` to {MAXIMUM_LABEL} characters"
