"""Each editorial rule has a library that keeps it and one that breaks it."""

from datetime import date
from pathlib import Path

import pytest
import small_library

from content import checks
from content.load import load, text_hash
from content.model import Library

TODAY = date(2026, 11, 24)
CARD = small_library.CARD

BROKEN: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "claim without a card": (
        {"claims.yaml": small_library.FILES["claims.yaml"] + "S2: {claim: It is new., verdict: 'true', statement: It is.}\n"},
        "claims.yaml: name S2 under `claims:` of 1 more card(s) that answer it",
    ),
    "misleading claim with one card": (
        {
            "claims.yaml": "S25: {claim: Only bad cells., verdict: misleading, statement: Not only.}\n",
            "en/basics/guard.yaml": CARD.format(title="Guard").replace("[S1]", "[S25]"),
            "en/basics/limits.yaml": CARD.format(title="Limits").replace("claims: [S1]\n", ""),
        },
        "claims.yaml: name S25 under `claims:` of 1 more card(s) that answer it",
    ),
    "id that is not listed": ({"ids.txt": "basics\nbasics/guard\nglossary/antibody\n"}, "ids.txt: add the line basics/limits"),
    "id that vanished": (
        {"ids.txt": small_library.FILES["ids.txt"] + "basics/old\n"},
        "ids.txt: give `basics/old` to a card's or topic's `was`, or name its nearest living id in gone.yaml",
    ),
    "stale translation": (
        {"es/basics/guard.yaml": "title: Guardia\ntext: Sus defensas.\naction: Pregunte.\nof: old\n"},
        "es/basics/guard.yaml: bring the text up to the English one, then write `of: "
        + text_hash("Your immune system guards you.", "Ask your team.")
        + "`",
    ),
    "review that is due": (
        {"en/basics/guard.yaml": CARD.format(title="Guard").replace("2027-11-23", "2026-11-23")},
        "en/basics/guard.yaml: check the card against its sources again; it was due on 2026-11-23",
    ),
}


def told(library: Library, today: date = TODAY) -> list[str]:
    """Everything the rules say."""
    result = checks.run(library, today)
    return [f"{finding.path}: {finding.advice}" for finding in (*result.errors, *result.due)]


def test_the_small_library_keeps_every_rule(tmp_path: Path) -> None:
    """What the other tests break is right as it stands."""
    assert told(load(small_library.write(tmp_path))) == []


def test_the_library_that_ships_keeps_every_rule(library: Library) -> None:
    """Only the calendar may ever make it wrong."""
    assert checks.run(library, TODAY).errors == ()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_told(tmp_path: Path, name: str) -> None:
    """Each rule names the file and what to do."""
    changes, expected = BROKEN[name]
    assert expected in told(load(small_library.write(tmp_path, changes)))


def test_old_numbers_are_a_matter_of_the_calendar(library: Library) -> None:
    """After six months without a check the numbers still stand, and a warning says so."""
    result = checks.run(library, date(2027, 7, 1))
    assert any("check every number again" in finding.advice for finding in result.due)
    assert not any("number" in finding.advice for finding in result.errors)
