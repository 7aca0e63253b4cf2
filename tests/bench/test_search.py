"""How well the search and the kinds do on the development set, beside what they did when that was last recorded."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import questions
import yaml
from questions import HALVES, Asked

from content.find import Findings, find
from content.model import Library

RECORDED = Path(__file__).parent / "recorded.yaml"
# A figure may fall this far below the recorded one: less is noise on sets of this size.
ALLOWED = 0.02
# What is shown as the answer has to be one, this often.
DIRECT_PRECISION = 0.9

Figures = dict[str, float]


def share(of: Iterable[bool]) -> float:
    """How many out of all, from 0 to 1; 0 where there are none."""
    each = list(of)
    return round(sum(each) / max(1, len(each)), 3)


def found(library: Library, asked: Asked) -> Findings:
    """What a reader whose setting is English gets."""
    return find(library, asked.words, asked.audience, "en")


def first(findings: Findings, count: int) -> set[str]:
    """The ids of the first cards."""
    return {hit.id for hit in findings.cards[:count]}


def recall(library: Library, name: str, asked: list[Asked]) -> Figures:
    """How often a right card is first, and among three; how often one is shown as the answer, and is it."""
    pairs = [(each, found(library, each)) for each in asked]
    shown = [(each, findings) for each, findings in pairs if findings.kind == "cards" and findings.sure]
    return {
        f"{name} recall@1": share(bool(first(findings, 1) & each.answers) for each, findings in pairs),
        f"{name} recall@3": share(bool(first(findings, 3) & each.answers) for each, findings in pairs),
        f"{name} shown at once": share(findings.kind == "cards" and findings.sure for _, findings in pairs),
        f"{name} right when shown at once": share(bool(first(findings, 1) & each.answers) for each, findings in shown),
    }


def kinds(library: Library, name: str, asked: list[Asked]) -> Figures:
    """How often each kind is recognised; off topic also counts where no card is shown as the answer."""
    pairs = [(each, found(library, each)) for each in asked]
    figures = {
        f"{name} {kind}": share(findings.kind == kind for each, findings in pairs if each.kind == kind)
        for kind in sorted({each.kind for each in asked} - {"cards"})
    }
    outside = [findings for each, findings in pairs if each.kind == "off_topic"]
    unanswered = share(findings.kind == "off_topic" or (findings.kind == "cards" and not findings.sure) for findings in outside)
    return figures | ({f"{name} off_topic without an answer": unanswered} if outside else {})


def danger(library: Library) -> Figures:
    """How often danger is heard, by tier, and how often what is near it does not alarm; of messages that nothing was learned from."""
    heard: dict[str, list[bool]] = {}
    for told in (each for each in questions.dangers() if each.half == "test"):
        name = told.tier if told.dangerous else f"near danger, {told.source}"
        heard.setdefault(name, []).append((find(library, told.words, "patient", "en").kind == "urgent") is told.dangerous)
    return {f"test danger, {name}": share(each) for name, each in sorted(heard.items())}


def measured(library: Library) -> Figures:
    """Every figure; of decisions, posts and small talk only those that no weights were learned from."""
    figures: Figures = {}
    for half in HALVES:
        for language in library.languages:
            asked = [each for each in questions.questions(language) if each.half == half]
            figures |= recall(library, f"{half} {language}", asked)
            if language == "en":
                for register in ("patient", "nurse"):
                    figures |= recall(library, f"{half} en {register}", [each for each in asked if each.register == register])
        figures |= kinds(library, half, [each for each in questions.others() if each.half == half])
    for name, asked in (("decisions", questions.decisions()), ("posts", questions.posts()), ("small talk", questions.small_talk())):
        test = [each for each in asked if each.half == "test"]
        figures |= kinds(library, f"test {name}", test) | (
            recall(library, f"test {name}", answered) if (answered := [each for each in test if each.answers]) else {}
        )
    return figures | danger(library)


def test_no_figure_falls(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is told; one that fell more than two points below the recorded one is named."""
    recorded = yaml.safe_load(RECORDED.read_text(encoding="utf-8"))
    figures = measured(library)
    with capsys.disabled():
        print()
        for name, value in figures.items():
            print(f"{name:45} {value:.3f}  (recorded {recorded.get(name, 0):.3f})")
    fallen = {name: (value, figures.get(name)) for name, value in recorded.items() if figures.get(name, 0) < value - ALLOWED}
    assert not fallen, f"mend the search, or record the figure in {RECORDED.name} and say why: {fallen}"


def test_what_is_shown_at_once_is_right(library: Library) -> None:
    """A clear answer is wrong at most one time in ten."""
    asked = [each for language in library.languages for each in questions.questions(language)]
    shown = [(each, findings) for each in asked if (findings := found(library, each)).kind == "cards" and findings.sure]
    assert share(bool(first(findings, 1) & each.answers) for each, findings in shown) >= DIRECT_PRECISION


def test_the_development_set_is_large_enough(library: Library) -> None:
    """At least 300 questions over the whole tree and 100 other messages, each card that is named a living one."""
    asked = questions.questions("en") + questions.questions("es")
    assert len(asked) >= 300
    assert len(questions.others()) >= 100
    assert {card for each in asked for card in each.answers} <= library.cards["en"].keys()
    assert {each.half for each in asked} == set(HALVES)
