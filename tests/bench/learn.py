"""Learns what the words of a message speak for as a whole, and writes `content/library/weights.yaml`.

Two things are learned by logistic regression from the messages of `tests/content`: whether somebody tells of a danger that is there, and
whether a long story asks for a decision. Only the half `tune` is learned from. A table tells what the weights do to the half `test`, by
the probabilities under which (first columns), and from which (last columns), they overrule the rules: choose `--least` so that hardly a
danger is lost, `--most` so that hardly an alarm is added. What tells of danger in its own sentence is not doubted even so. Takes a minute.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from content.urgent import is_always, judge, listen
from content.weighing import Leaning, weighed
from content.words import tokens
from tests.questions import Asked, Told, dangers, others, posts, questions

FILE: Final = LIBRARY / "weights.yaml"
# How loosely weights follow the messages, in how many messages a word has to stand, and how small a weight is none:
# chosen on messages of writers who were left out.
_LOOSE, _OFTEN, _SLIGHT = 0.5, 4, 0.05
# What counts more or less than other messages: everyday ones more than those that were written in hard pairs, our own words least.
_MIXED, _OWN = "mixed", "our own"
_COUNTS: Final = {_MIXED: 2.0, _OWN: 0.5}
# In fewer words than these the rules alone say what is danger, and what is a decision.
_TOLD, _STORY = 12, 40
_DECISION: Final = (0.3, 0.7)
_TRIED: Final = (0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 0.9, 0.95, 0.97)
_HEAD: Final = """\
# How much words, and words side by side, speak for something (above 0) or against it, as log-odds, in both languages; # is any number,
# @name a context of doubts.yaml. `danger`: somebody tells of a danger that is there. Under the probability `least` what a rule heard is
# no alarm, but keeps the red-flag line; from `most` on there is an alarm where no rule heard anything. `decision`: a long story asks for a
# decision about one's own care; between the two `intents.yaml` alone says so. In fewer words than `shortest` rules alone say it.
# Learned from messages: `python -m tests.bench.learn` writes this file, nobody else does.
"""


def messages() -> Iterator[Told]:
    """All that people asked, danger and anything else, and what leads to our own cards."""
    yield from dangers()
    yield from (Told("none", words, "tune", _OWN) for words in _our_own())
    for asked in (*questions("en"), *questions("es"), *others(), *posts()):
        yield Told("emergency" if asked.kind == "urgent" else "none", asked.words, asked.half)


def _our_own() -> list[str]:
    library = load()
    cards = [card for cards in library.cards.values() for card in cards.values() if not card.id.startswith("urgent/")]
    asked = {words for card in cards for words in (card.title, *card.aliases, *card.asks)}
    return sorted(asked | {term.term for terms in library.terms.values() for term in terms.values()})


def stories() -> Iterator[Asked]:
    """Long messages without danger."""
    for asked in (*questions("en"), *questions("es"), *others(), *posts()):
        if asked.kind != "urgent" and len(tokens(asked.words)) >= _STORY:
            yield asked


@dataclass(frozen=True, slots=True)
class Example:
    """What has a weight in a message, whether it is so, and how much the message counts."""

    weighed: frozenset[str]
    so: bool
    counts: float = 1


def of_danger(among: Iterable[Told]) -> Iterator[Example]:
    """Messages by whether they tell of a danger that is there."""
    rules = load().urgent
    for told in track(list(among), "Hearing", console=Console(stderr=True)):
        contexts = listen(rules, told.words).contexts
        yield Example(frozenset(weighed(tokens(told.words), contexts)), told.dangerous, _COUNTS.get(told.source, 1))


def learned(examples: Sequence[Example], shortest: int, least: float, most: float) -> Leaning:
    """The weights by which what is so differs from what is not."""
    often = Counter(each for one in examples for each in one.weighed)
    vectors = DictVectorizer()
    seen = vectors.fit_transform([{each: 1 for each in one.weighed if often[each] >= _OFTEN} for one in examples])
    model = LogisticRegression(C=_LOOSE, class_weight="balanced", max_iter=3_000)
    model.fit(seen, [one.so for one in examples], sample_weight=[one.counts for one in examples])
    weights = zip(vectors.get_feature_names_out(), model.coef_[0].tolist(), strict=True)
    kept = {each: round(by, 2) for each, by in weights if abs(by) >= _SLIGHT}
    return Leaning(shortest, round(float(model.intercept_[0]), 2), least, most, kept)


def alarms(danger: Leaning, among: Iterable[Told]) -> Table:
    """Danger and false alarms under each probability, by what the rules made of them."""
    rules, odds = load().urgent, defaultdict[tuple[bool, bool], list[float]](list)
    for told in among:
        found = judge(hearing := listen(rules, told.words))
        if len(tokens(told.words)) >= danger.shortest and (found is None or (found.present and not is_always(found))):
            odds[told.dangerous, found is not None].append(danger.log_odds(tokens(told.words), hearing.contexts))
    table = Table("probability", "danger doubted", "false alarms doubted", "danger found", "false alarms added", title="The half `test`")
    for tried in _TRIED:
        counts = {key: (sum(each < log(tried / (1 - tried)) for each in some), len(some)) for key, some in odds.items()}
        doubted = [f"{under} of {all_}" for under, all_ in (counts[True, True], counts[False, True])]
        found_ = [f"{all_ - under} of {all_}" for under, all_ in (counts[True, False], counts[False, False])]
        table.add_row(str(tried), *doubted, *found_)
    return table


def decided(decision: Leaning, among: Iterable[Asked]) -> Table:
    """What the weights make of stories."""
    made = Counter((each.kind == "advice", decision.says(tokens(each.words))) for each in among)
    table = Table("a story that asks", "is a decision", "is none", "left to the rules", title="The half `test`")
    for advice, name in ((True, "for a decision"), (False, "anything else")):
        table.add_row(name, *(str(made[advice, wanted]) for wanted in (True, False, None)))
    return table


def write(leanings: dict[str, Leaning], path: Path) -> None:
    """As a file that a reader may look into: words of one weight in one list, what speaks most for it first."""
    numbers = {name: {key: getattr(each, key) for key in ("shortest", "start", "least", "most")} for name, each in leanings.items()}
    values = {name: each | {"words": _lists(leanings[name])} for name, each in numbers.items()}
    path.write_text(_HEAD + yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=139), encoding="utf-8")


def _lists(leaning: Leaning) -> dict[float, str]:
    lists = defaultdict[float, list[str]](list)
    for each, weight in sorted(leaning.weights.items(), key=lambda pair: (-pair[1], pair[0])):
        lists[weight].append(each)
    return {weight: ", ".join(words) for weight, words in lists.items()}


class _Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """The text above as it stands, and what each option is where it is not given."""


def main() -> None:
    """Learn, tell what it does, and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=_Help)
    arguments.add_argument("--least", type=float, default=0.15, help="the probability under which an alarm is doubted")
    arguments.add_argument("--most", type=float, default=0.97, help="the probability from which there is an alarm without a rule")
    arguments.add_argument("--dry-run", action="store_true", help="tell what it does, and write nothing")
    wanted = arguments.parse_args()
    danger = learned(list(of_danger(each for each in messages() if each.half == "tune")), _TOLD, wanted.least, wanted.most)
    tuned = [Example(frozenset(weighed(tokens(each.words))), each.kind == "advice") for each in stories() if each.half == "tune"]
    decision = learned(tuned, _STORY, *_DECISION)
    Console().print(alarms(danger, (each for each in messages() if each.half == "test")))
    Console().print(decided(decision, (each for each in stories() if each.half == "test")))
    if not wanted.dry_run:
        write({"danger": danger, "decision": decision}, FILE)


if __name__ == "__main__":
    main()
