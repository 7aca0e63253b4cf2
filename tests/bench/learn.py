"""Learns what the words of a message speak for as a whole, and writes `content/library/weights.yaml`.

Two things are learned by logistic regression from the messages of `tests/content`: whether somebody tells of a danger that is there, and
whether a long story asks for a decision. Only the half `tune` is learned from. A table tells what the weights do to the half `test`, by
the probabilities under which, and from which, they overrule the rules: choose `--least` so that hardly a danger is lost.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log
from pathlib import Path
from typing import Final

import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from content.find import STORY
from content.load import LIBRARY, load
from content.urgent import judge
from content.weighing import Leaning, weighed
from content.words import tokens
from tests.questions import Asked, Told, dangers, others, posts, questions

FILE: Final = LIBRARY / "weights.yaml"
# How loosely weights follow the messages, in how many messages a word has to stand, and how small a weight is none:
# chosen on messages of writers who were left out.
_LOOSE, _OFTEN, _SLIGHT = 0.5, 4, 0.05
_DECISION: Final = (0.3, 0.7)
_TRIED: Final = (0.05, 0.1, 0.15, 0.2, 0.3, 0.6, 0.7, 0.75, 0.8, 0.9)
_HEAD: Final = """\
# How much words, and words side by side, speak for something (above 0) or against it, as log-odds, in both languages at once; # is any number.
# `danger`: somebody tells of a danger that is there. Under the probability `least` what a rule heard is no alarm and keeps the red-flag line;
# from `most` on there is an alarm where no rule heard anything. `decision`: a long story asks for a decision about one's own care; between
# the two `intents.yaml` alone says so. Learned from messages: `python -m tests.bench.learn` writes this file, nobody else does.
"""


def messages() -> Iterator[Told]:
    """All that people asked, danger and anything else."""
    yield from dangers()
    for asked in (*questions("en"), *questions("es"), *others(), *posts()):
        yield Told("emergency" if asked.kind == "urgent" else "none", asked.words, asked.half)


def stories() -> Iterator[Asked]:
    """Long messages without danger."""
    for asked in (*questions("en"), *questions("es"), *others(), *posts()):
        if asked.kind != "urgent" and len(tokens(asked.words)) >= STORY:
            yield asked


def learned(among: Iterable[tuple[str, bool]], least: float, most: float) -> Leaning:
    """The weights by which messages that are so differ from those that are not."""
    said, so = zip(*((set(weighed(tokens(words))), so) for words, so in among), strict=True)
    often = Counter(each for one in said for each in one)
    vectors = DictVectorizer()
    seen = vectors.fit_transform([{each: 1 for each in one if often[each] >= _OFTEN} for one in said])
    model = LogisticRegression(C=_LOOSE, class_weight="balanced", max_iter=3_000).fit(seen, so)
    weights = zip(vectors.get_feature_names_out(), model.coef_[0].tolist(), strict=True)
    return Leaning(round(float(model.intercept_[0]), 2), least, most, {each: round(by, 1) for each, by in weights if abs(by) >= _SLIGHT})


def alarms(danger: Leaning, among: Iterable[Told]) -> Table:
    """Danger and false alarms under each probability, by what the rules made of them."""
    rules, odds = load().urgent, defaultdict[tuple[bool, bool], list[float]](list)
    for told in track(list(among), "Hearing", console=Console(stderr=True)):
        found = judge(rules, told.words)
        if found is None or found.present:
            odds[told.dangerous, found is not None].append(danger.log_odds(told.words))
    table = Table("probability", "danger doubted", "false alarms doubted", "danger found", "false alarms added", title="The half `test`")
    for tried in _TRIED:
        counts = {key: (sum(each < log(tried / (1 - tried)) for each in some), len(some)) for key, some in odds.items()}
        doubted = [f"{under} of {all_}" for under, all_ in (counts[True, True], counts[False, True])]
        found_ = [f"{all_ - under} of {all_}" for under, all_ in (counts[True, False], counts[False, False])]
        table.add_row(str(tried), *doubted, *found_)
    return table


def decided(decision: Leaning, among: Iterable[Asked]) -> Table:
    """What the weights make of stories."""
    made = Counter((each.kind == "advice", decision.says(each.words)) for each in among)
    table = Table("a story that asks", "is a decision", "is none", "left to the rules", title="The half `test`")
    for advice, name in ((True, "for a decision"), (False, "anything else")):
        table.add_row(name, *(str(made[advice, wanted]) for wanted in (True, False, None)))
    return table


def write(leanings: dict[str, Leaning], path: Path) -> None:
    """As a file that a reader may look into: words of one weight in one list, what speaks most for it first."""
    values = {name: {"start": each.start, "least": each.least, "most": each.most, "words": _lists(each)} for name, each in leanings.items()}
    path.write_text(_HEAD + yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=139), encoding="utf-8")


def _lists(leaning: Leaning) -> dict[float, str]:
    lists = defaultdict[float, list[str]](list)
    for each, weight in sorted(leaning.weights.items(), key=lambda pair: (-pair[1], pair[0])):
        lists[weight].append(each)
    return {weight: ", ".join(words) for weight, words in lists.items() if weight}


def main() -> None:
    """Learn, tell what it does, and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--least", type=float, default=0.1, help="the probability under which an alarm is doubted")
    arguments.add_argument("--most", type=float, default=0.7, help="the probability from which there is an alarm without a rule")
    arguments.add_argument("--dry-run", action="store_true", help="tell what it does, and write nothing")
    wanted = arguments.parse_args()
    danger = learned([(each.words, each.dangerous) for each in messages() if each.half == "tune"], wanted.least, wanted.most)
    decision = learned([(each.words, each.kind == "advice") for each in stories() if each.half == "tune"], *_DECISION)
    Console().print(alarms(danger, (each for each in messages() if each.half == "test")))
    Console().print(decided(decision, (each for each in stories() if each.half == "test")))
    if not wanted.dry_run:
        write({"danger": danger, "decision": decision}, FILE)


if __name__ == "__main__":
    main()
