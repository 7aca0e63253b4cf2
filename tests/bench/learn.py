"""Learns what long stories are about: `weights.yaml` of each language, by which a sign of danger is doubted, and `decisions.yaml`.

Every sign that a rule hears in a message of danger, and is not doubted, is one that was meant; every sign in any other message is not.
Only the messages of the half `tune` are learned from. Tables tell what the weights do to those of the half `test`, by the probability
from which something is doubted: choose `--least` so that hardly a danger is lost.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from math import log
from pathlib import Path
from typing import Final

import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from content.load import LIBRARY, load
from content.urgent import signs
from content.weighing import Around, Decisions, Weights, is_story, numbers_alike
from content.words import tokens
from tests.questions import HALVES, Asked, Told, dangers, others, posts, questions

# How loosely weights follow the messages, and how often a word has to stand there: chosen leaving one writer out.
_SIGNS: Final = (0.1, 6)
_STORIES: Final = (1.0, 4)
_SLIGHT: Final = 0.03
# Between these probabilities of asking for a decision a story is left to the rules.
_BETWEEN: Final = (0.3, 0.7)
_TRIED: Final = (0.05, 0.1, 0.15, 0.2, 0.3)
_LEARNED: Final = "# Learned from messages; `python -m tests.bench.learn` learns it anew. Not written by hand.\n"
_WEIGHTS: Final = """\
# What speaks for a sign of danger being meant (above 0) and what against it, as log-odds: its group, the contexts of doubts.yaml beside it
# in its sentence and anywhere, the words of the message. A sign less probable than `least` gets the red-flag line instead of an alarm.
"""
_DECISIONS: Final = """\
# What speaks for a long story asking for a decision (above 0) and what against it, as log-odds of its words in both languages. Under the
# probability `least` it asks for none, over `most` it does, whatever `intents.yaml` says; between them those rules say it.
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and for each language what stands around the signs that were heard: all of them, and those without a doubt."""

    told: Told
    signs: Mapping[str, tuple[tuple[Around, bool], ...]]


def messages() -> Iterator[Told]:
    """All that people asked, danger and anything else."""
    yield from dangers()
    for asked in (*questions("en"), *questions("es"), *others(), *posts()):
        yield Told("emergency" if asked.kind == "urgent" else "none", asked.words, asked.half)


def heard() -> list[Heard]:
    """Every message with its signs; the same words under the same group once."""
    library, told = load(), list(messages())
    return [Heard(each, _signs(library.urgent, each.words)) for each in track(told, "Hearing", console=Console(stderr=True))]


def _signs(rules: Mapping[str, object], words: str) -> Mapping[str, tuple[tuple[Around, bool], ...]]:
    found: dict[str, dict[tuple[object, ...], tuple[Around, bool]]] = {}
    for language, sign, around in signs(rules, words):
        found.setdefault(language, {}).setdefault((min(sign.match), max(sign.match), sign.rule.group), (around, sign.doubt == "none"))
    return {language: tuple(each.values()) for language, each in found.items()}


def learned(language: str, among: Iterable[Heard], least: float) -> Weights:
    """The weights of one language; a message counts by the root of its signs, so that a long one does not outweigh many."""
    named, meant, counts = [], [], []
    for each in among:
        around = [around for around, stands in each.signs.get(language, ()) if stands or not each.told.dangerous]
        named += [_names(one) for one in around]
        meant += [each.told.dangerous] * len(around)
        counts += [1 / len(around) ** 0.5 for _ in around]
    start, weighed = _fitted(named, meant, counts, *_SIGNS)
    parts: dict[str, dict[str, float]] = {"groups": {}, "beside": {}, "anywhere": {}, "words": {}}
    for name, weight in weighed.items():
        part, word = name.split(" ", 1)
        parts[part][word] = weight
    return Weights(start, least, **parts)


def learned_decisions(among: Iterable[Asked]) -> Decisions:
    """The weights of the words of a story, in both languages, by whether it asks for a decision."""
    stories = [each for each in among if is_story(tokens(each.words)) and each.kind != "urgent"]
    named = [sorted({numbers_alike(word) for word in tokens(each.words)}) for each in stories]
    start, words = _fitted(named, [each.kind == "advice" for each in stories], [1.0 for _ in stories], *_STORIES)
    return Decisions(start, *_BETWEEN, words)


def _fitted(named: list[list[str]], true: list[bool], counts: list[float], loose: float, often: int) -> tuple[float, dict[str, float]]:
    """The log-odds at the start and of every name that stands often enough and is not slight, by logistic regression."""
    found = Counter(name for names in named for name in names)
    vectors = DictVectorizer()
    seen = vectors.fit_transform([{name: 1 for name in names if found[name] >= often} for names in named])
    model = LogisticRegression(C=loose, class_weight="balanced", max_iter=3_000).fit(seen, true, sample_weight=counts)
    weighed = zip(vectors.get_feature_names_out(), model.coef_[0].tolist(), strict=True)
    return round(float(model.intercept_[0]), 2), {name: round(weight, 2) for name, weight in weighed if abs(weight) >= _SLIGHT}


def _names(around: Around) -> list[str]:
    parts = {"groups": [around.group], "beside": around.beside, "anywhere": around.anywhere, "words": around.words}
    return [f"{part} {name}" for part, names in parts.items() for name in names]


def effect(weights: Mapping[str, Weights], among: Iterable[Heard]) -> Table:
    """What the weights do to messages that they were not learned from."""
    likely = {dangerous: list[float]() for dangerous in (True, False)}
    for each in among:
        odds = [weights[code].log_odds(around) for code, found in each.signs.items() for around, stands in found if stands]
        likely[each.told.dangerous] += [max(odds)] if odds else []
    table = Table("doubted under", "of danger", "of false alarms", title="The half `test`")
    for least in _TRIED:
        doubted = {dangerous: sum(each < log(least / (1 - least)) for each in odds) for dangerous, odds in likely.items()}
        table.add_row(str(least), *(f"{doubted[which]} of {len(likely[which])}" for which in (True, False)))
    return table


def decided(decisions: Decisions, among: Iterable[Asked]) -> Table:
    """What the weights make of stories that they were not learned from."""
    stories = [(each.kind == "advice", tokens(each.words)) for each in among if each.kind != "urgent" and is_story(tokens(each.words))]
    made = Counter((advice, decisions.wanted(said)) for advice, said in stories)
    table = Table("a story that asks", "is a decision", "is none", "left to the rules", title="The half `test`")
    for advice, name in ((True, "for a decision"), (False, "anything else")):
        table.add_row(name, *(str(made[advice, wanted]) for wanted in (True, False, None)))
    return table


def write(weights: Weights | Decisions, head: str, path: Path) -> None:
    """As a file that a reader may look into."""
    values = {each.name: getattr(weights, each.name) for each in fields(weights)}
    path.write_text(head + yaml.safe_dump(values, sort_keys=False, allow_unicode=True), encoding="utf-8")


def main() -> None:
    """Learn, tell what it does, and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--least", type=float, default=0.1, help="the probability under which a sign is doubted")
    arguments.add_argument("--dry-run", action="store_true", help="tell what it does, and write nothing")
    wanted = arguments.parse_args()
    stories, among = [*questions("en"), *questions("es"), *others(), *posts()], heard()
    halves = {half: [each for each in among if each.told.half == half] for half in HALVES}
    weights = {language: learned(language, halves["tune"], wanted.least) for language in load().languages}
    decisions = learned_decisions(each for each in stories if each.half == "tune")
    Console().print(effect(weights, halves["test"]), decided(decisions, [each for each in stories if each.half == "test"]))
    if not wanted.dry_run:
        write(decisions, _DECISIONS + _LEARNED, LIBRARY / "decisions.yaml")
        for language, each in weights.items():
            write(each, _WEIGHTS + _LEARNED, LIBRARY / language / "weights.yaml")


if __name__ == "__main__":
    main()
