"""Loading: everything wrong is told at once, as `path:line: what to do`."""

from pathlib import Path

import pytest
import small_library

from content.load import load, read_institution
from content.problems import Problems

CARD = small_library.CARD


def told(folder: Path, changes: dict[str, str | bytes | None]) -> list[str]:
    """What loading says of the small library with these changes."""
    with pytest.raises(Problems) as caught:
        load(small_library.write(folder, changes))
    return [str(problem) for problem in caught.value.problems]


def test_the_small_library_is_right(tmp_path: Path) -> None:
    """The library that the other tests break loads as it stands."""
    library = load(small_library.write(tmp_path))
    assert library.topics["en"]["basics"].children == ("basics/guard", "basics/limits")
    assert library.cards["es"]["basics/guard"].title == "¿Qué le protege?"
    assert library.cards["es"]["basics/guard"].language == "en"


GENTLE = """\
sets:
  kin: marido
asked: que
unsaid: si
past: hace mucho
kinds:
  bereavement: {line: Lo siento., card: basics/guard, says: mi + @kin + murió}
"""
ONE_PROBLEM: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "unknown source": (
        {"en/basics/guard.yaml": CARD.format(title="Guard").replace("[nci]", "[who]")},
        "en/basics/guard.yaml:8: add `who` to sources.yaml, or name a source that stands there",
    ),
    "unknown claim": (
        {"en/basics/guard.yaml": CARD.format(title="Guard").replace("[S1]", "[S2]")},
        "en/basics/guard.yaml:9: add `S2` to claims.yaml, or remove it here",
    ),
    "missing child": (
        {"en/basics/index.yaml": "title: The basics\nintro: What.\nchildren: [guard, limits, more]\n"},
        "en/basics/index.yaml:3: write `basics/more`, or name it under `planned` too",
    ),
    "planned child that exists": (
        {"en/basics/index.yaml": "title: The basics\nintro: What.\nchildren: [guard, limits]\nplanned: [limits]\n"},
        "en/basics/index.yaml:4: remove `basics/limits` from `planned`; it is written",
    ),
    "planned child without a place": (
        {"en/basics/index.yaml": "title: The basics\nintro: What.\nchildren: [guard, limits]\nplanned: [more]\n"},
        "en/basics/index.yaml:4: name `basics/more` under `children` too, in its place",
    ),
    "card that no menu shows": (
        {"en/basics/index.yaml": "title: The basics\nintro: What.\nchildren: [guard]\n"},
        "en/basics/limits.yaml:1: name it under `children` of en/basics/index.yaml",
    ),
    "duplicate key": (
        {"en/basics/guard.yaml": CARD.format(title="Guard") + "title: Again\n"},
        "en/basics/guard.yaml:15: remove one of the two `title`",
    ),
    "two children of one title": (
        {"en/basics/limits.yaml": CARD.format(title="What guards you?"), "es/basics/guard.yaml": None},
        "en/basics/index.yaml:1: give each child its own name; `What guards you?` stands 2 times",
    ),
    "more than eight children": (
        {"en/basics/index.yaml": "title: The basics\nintro: What.\nchildren: [guard, limits, a, b, c, d, e, f, g]\n"},
        "en/basics/index.yaml:3: mend `children`: tuple should have at most 8 items after validation, not 9",
    ),
    "text over its limit": (
        {"en/basics/guard.yaml": CARD.format(title="Guard").replace("guards you.", "guards you. " * 80)},
        "en/basics/guard.yaml:2: shorten the card by",
    ),
    "title too long for a button": (
        {"en/basics/guard.yaml": CARD.format(title="What is it that guards you all day")},
        "en/basics/guard.yaml:1: add a `label` of at most 24 characters; the title is too long for a button",
    ),
    "old id that is alive": (
        {"en/basics/guard.yaml": CARD.format(title="Guard") + "was: [basics/limits]\n"},
        "en/basics/guard.yaml:15: remove `basics/limits`; that id is alive",
    ),
    "folder named like a command": (
        {
            "en/index.yaml": "title: Home\nintro: Short.\nchildren: [basics, stop]\n",
            "en/stop/index.yaml": "title: Stop\nintro: S.\nchildren: [a]\n",
        },
        "en/stop/index.yaml:1: rename the folder; `stop` is a command",
    ),
    "unknown field": (
        {"en/basics/guard.yaml": CARD.format(title="Guard") + "colour: red\n"},
        "en/basics/guard.yaml:15: remove `colour`; no such field is known",
    ),
    "wrong date": (
        {"en/basics/guard.yaml": CARD.format(title="Guard").replace("2026-11-23", "last week")},
        "en/basics/guard.yaml:10: mend `written`:",
    ),
    "not YAML": ({"en/basics/guard.yaml": "title: [\n"}, "en/basics/guard.yaml:2: mend the YAML:"),
    "not UTF-8": ({"en/basics/guard.yaml": b"title: \xff\n"}, "en/basics/guard.yaml:1: save the file as UTF-8"),
    "YAML bomb": (
        {"en/basics/guard.yaml": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"},
        "en/basics/guard.yaml:2: write the text out; aliases (*name) are not read",
    ),
    "nested 30,000 deep": ({"en/basics/guard.yaml": "- " * 30_000}, "en/basics/guard.yaml:1: nest less: at most 12 levels"),
    "bracketed 30,000 deep": ({"en/basics/guard.yaml": "[" * 30_000}, "en/basics/guard.yaml:1: "),
    "empty file": ({"en/basics/guard.yaml": ""}, "en/basics/guard.yaml:1: mend `the file`:"),
    "missing file": ({"sources.yaml": None}, "sources.yaml:1: add this file; it is missing or cannot be opened"),
    "translation of nothing": (
        {"es/basics/other.yaml": "title: Otra\n"},
        "es/basics/other.yaml:1: write the English card first, or move this file to where it stands",
    ),
    "drug without a card": (
        {"drugs.yaml": "dated: 2026-11-23\ndrugs:\n  - {brand: Nix, generic: nixumab, class: antibody, cards: [no/card]}\n"},
        "drugs.yaml:3: point Nix to a card that exists; `no/card` does not",
    ),
    "city in no zone": (
        {"zones.yaml": "cities:\n  - {en: Atlantis, zone: Atlantic/Atlantis}\nregions: {}\n"},
        "zones.yaml:2: name a zone of tzdata; `Atlantic/Atlantis` is none",
    ),
    "city in no region": (
        {"zones.yaml": "cities:\n  - {en: Madrid, zone: Europe/Madrid, regions: [xx]}\nregions: {}\n"},
        "zones.yaml:2: name a region of helplines.yaml; `xx` is none",
    ),
    "region in no zone": (
        {"zones.yaml": "cities:\n  - {en: Madrid, zone: Europe/Madrid}\nregions:\n  es: Europe/Nowhere\n"},
        "zones.yaml:4: give a region of helplines.yaml a zone of tzdata",
    ),
    "bad news in unknown words": (
        {"es/gentle.yaml": GENTLE.replace("murió", "@nada")},
        "es/gentle.yaml:1: mend `@nada`: add it to `sets`, and let no set hold itself",
    ),
    "bad news of one language": (
        {"es/gentle.yaml": GENTLE},
        "es/gentle.yaml:6: have the same kinds in every language; `cure` is not in each",
    ),
    "series with a long name": (
        {"en/tips/a-series-with-a-long-name.yaml": small_library.TIPS.replace("title: Starting", "title: Another")},
        "en/tips/a-series-with-a-long-name.yaml:1: shorten the file's name by 7; a button carries it beside a time zone",
    ),
    "gone to nowhere": ({"gone.yaml": "old/one: nowhere\n"}, "gone.yaml:1: point to a living id; `nowhere` is none"),
}


@pytest.mark.parametrize("name", ONE_PROBLEM)
def test_a_problem_is_told_with_its_place_and_its_mending(tmp_path: Path, name: str) -> None:
    """Each kind of fault gives its own line."""
    changes, expected = ONE_PROBLEM[name]
    assert any(line.startswith(expected) for line in told(tmp_path, changes)), told(tmp_path, changes)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Three faults in three files give three lines, in the order of the files."""
    lines = told(
        tmp_path,
        {
            "en/basics/guard.yaml": CARD.format(title="Guard").replace("[nci]", "[who]"),
            "en/basics/limits.yaml": b"\xff",
            "claims.yaml": "S1: {claim: It helps., verdict: maybe, statement: It helps.}\n",
        },
    )
    assert [line.split(":")[0] for line in lines if "guard" in line or "limits.yaml" in line or "claims" in line] == sorted(
        line.split(":")[0] for line in lines if "guard" in line or "limits.yaml" in line or "claims" in line
    )
    assert {line.split(":")[0] for line in lines} >= {"claims.yaml", "en/basics/guard.yaml", "en/basics/limits.yaml"}


def test_an_institution_is_checked_like_a_card(tmp_path: Path) -> None:
    """A hospital's overlay with a missing line and an unknown one tells both."""
    overlay = tmp_path / "hospital.yaml"
    overlay.write_text("team: Ward 5\ncolour: red\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_institution(overlay)
    assert [str(problem) for problem in caught.value.problems] == [
        "hospital.yaml:1: add `urgent_line`",
        "hospital.yaml:2: remove `colour`; no such field is known",
    ]


def test_a_planned_child_is_neither_offered_nor_missing(tmp_path: Path) -> None:
    """A page still to be written keeps its place in the order and shows nowhere."""
    index = "title: The basics\nintro: What.\nchildren: [guard, later, limits]\nplanned: [later]\n"
    library = load(small_library.write(tmp_path, {"en/basics/index.yaml": index}))
    assert library.topics["en"]["basics"].children == ("basics/guard", "basics/limits")
