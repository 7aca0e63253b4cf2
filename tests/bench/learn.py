"""Learns what the words of a message speak for, and writes `content/library/weights.yaml`.

Logistic regression learns from the messages of `tests/content` whether somebody tells of a danger that is there, asks for a decision
about their own care, only talks, or wants something that has nothing to do with us. Only the half `tune` is learned from. A table tells
what the weights do to the half `test`, by the probabilities under which (first columns), and from which (last columns), they overrule the
rules; also to dangers that are hidden in long stories. Choose `--least` so that hardly a danger is lost, `--most` so that hardly an alarm
is added. Takes two minutes.

How words, sentences and signs weigh together (`evidence`) stays as it is: rules that were mended by these messages hear them all, and
would be trusted too much. Learn it anew with `--evidence` when messages have come that the rules have not seen, before they are mended.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from content.greeting import beside_courtesies
from content.load import LIBRARY, load
from content.model import Library
from content.second_reading import SecondReading, is_weighed, seen
from content.urgent import judge, listen
from content.weighing import Leaning, Said, Weights, log_odds, weighed
from content.words import tokens
from tests.bench.learning import Example, hidden, of_evidence, of_words, part_of, weights
from tests.questions import Asked, Told, dangers, decisions, others, posts, questions, small_talk

FILE: Final = LIBRARY / "weights.yaml"
# What counts more or less than other messages: everyday ones more than those that were written in hard pairs, our own words least.
_MIXED, _STORIES, _CHAT, _OWN, _HIDDEN = "mixed", "stories", "chat", "our own", "hidden"
_COUNTS: Final = {_MIXED: 2.0, _OWN: 0.5, _HIDDEN: 0.0}
# In fewer words the rules alone say what is danger.
_TOLD: Final = 4
Leanings = Mapping[str, Leaning]
# By kind of message, as `weights.yaml` names it, and its shortest, least, most, surely.
_NAMES: Final = {"advice": "decision", "greeting": "talk", "off_topic": "elsewhere"}
_THRESHOLDS: Final = {"advice": (3, 0.03, 0.4, 0.8), "greeting": (1, 0.3, 0.8, 0.9), "off_topic": (1, 0.25, 0.7, 0.8)}
# Our own words all ask for a card, and are so many that they would drown what people ask.
_OWN_ASKED: Final = 0.1
# In a story of so many words a line of danger can be hidden.
_STORY: Final = 40
# A line that is hidden in a story has so many words.
_LINE: Final = range(4, 26)
_TRIED: Final = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_HEAD: Final = """\
# How much words, and words side by side, speak for something (above 0) or against it, as log-odds, in both languages; # is any number,
# ~word a longer word that begins so, @name a context of doubts.yaml. `danger`: somebody tells of a danger that is there, as all words of
# the `message` say and the words of a single `sentence`; both are weighed as `evidence` beside how the rules heard a sign. Under the
# probability `least`, in a `story` under that, what a rule heard is no alarm, but keeps the red-flag line; what no rule heard has that
# line from `line` on, and is an alarm from `most` on. `decision`: somebody asks for a decision about their own care; between `least` and
# `most` `intents.yaml` alone says so, and where a card clearly answers and no rule hears a decision, it takes `surely`. `talk`: somebody
# chats, greets or thanks; `elsewhere`: it has nothing to do with us; `surely` counts where something of ours is named, and unless both
# are under `least` a card is one of the closest topics, not the answer. In fewer words than `shortest` rules alone say it. Learned from
# messages: `python -m tests.bench.learn` writes this file, nobody else does.
"""


def messages(half: str) -> list[Told]:
    """All that people asked, danger and anything else, and in the half `tune` what leads to our own cards."""
    asked = [
        Told("emergency" if each.kind == "urgent" else "none", each.words, each.half, _asked_in(each), each.language)
        for each in all_asked()
    ]
    return [each for each in (*dangers(), *asked, *(Told("none", words, "tune", _OWN) for words in _our_own())) if each.half == half]


def _asked_in(each: Asked) -> str:
    return _STORIES if len(tokens(each.words)) >= _STORY else "asked"


def all_asked() -> list[Asked]:
    """Questions, decisions, posts and all the rest."""
    return [*questions("en"), *questions("es"), *others(), *small_talk(), *decisions(), *posts()]


def _our_own() -> list[str]:
    library = load()
    cards = [card for cards in library.cards.values() for card in cards.values() if not card.id.startswith("urgent/")]
    asked = {words for card in cards for words in (card.title, *card.aliases, *card.asks)}
    return sorted(asked | {term.term for terms in library.terms.values() for term in terms.values()})


def in_parts(among: Iterable[Told]) -> Iterator[tuple[int, Told]]:
    """Each with the part in which it is judged; one writer's messages stay together."""
    by_source = defaultdict[str, list[Told]](list)
    for told in among:
        by_source[told.source].append(told)
    for all_ in by_source.values():
        yield from ((part_of(place, len(all_)), told) for place, told in enumerate(all_))


def in_stories(parted: Collection[tuple[int, Told]]) -> Iterator[tuple[int, Told]]:
    """Lines of everyday messages, dangerous or not, each hidden in a long story of the same part."""
    chance = Random(0)  # noqa: S311 -- the same lines in the same stories every time, which is no secret
    for part in sorted({part for part, _ in parted}):
        here = [told for each, told in parted if each == part]
        for tier, language in product(("emergency", "none"), ("en", "es")):
            lines = [told.words for told in here if told.source == _MIXED and (told.tier, told.language) == (tier, language)]
            around = [told.words for told in here if told.source == _STORIES and not told.dangerous and told.language == language]
            short = [words for words in lines if around and len(tokens(words)) in _LINE]
            yield from ((part, Told(tier, words, here[0].half, _HIDDEN)) for words in hidden(around, short, chance))


def of_danger(parted: Collection[tuple[int, Told]]) -> Iterator[Example]:
    """Messages by whether they tell of a danger that is there."""
    rules = load().urgent
    for part, told in track(parted, "Hearing", console=Console(stderr=True)):
        judged = told.source in (_MIXED, _HIDDEN)
        hearing = listen(rules, told.words)
        yield Example(seen(hearing, judge(hearing)), told.dangerous, _COUNTS.get(told.source, 1), part, judged)


def alarms(danger: SecondReading, among: Iterable[Told]) -> Table:
    """Danger and false alarms under each probability, by what the rules made of them."""
    rules, odds = load().urgent, defaultdict[tuple[bool, bool, bool], list[float]](list)
    for told in among:
        found = judge(hearing := listen(rules, told.words))
        if is_weighed(hearing, found, danger.shortest):
            heard = found is not None and found.present
            odds[told.dangerous, heard, told.source == _HIDDEN].append(danger.log_odds(seen(hearing, found)))
    columns = "danger doubted", "the same in a story", "false alarms doubted", "danger found", "false alarms added"
    table = Table("probability", *columns, title="The half `test`")
    keys = (True, True, False), (True, True, True), (False, True, False), (True, False, False), (False, False, False)
    for tried in _TRIED:
        under = [sum(each < log_odds(tried) for each in odds[key]) for key in keys]
        counts = [len(odds[key]) - below if place > 2 else below for place, (key, below) in enumerate(zip(keys, under, strict=True))]
        table.add_row(str(tried), *(f"{count} of {len(odds[key])}" for count, key in zip(counts, keys, strict=True)))
    return table


def told_apart(leanings: Leanings, among: Collection[Asked]) -> Table:
    """What the weights make of messages of a kind, and of all others."""
    table = Table("kind", "messages", "so", "not so", "left to the rules", title="The half `test`")
    for kind, leaning in leanings.items():
        made = Counter((each.kind == kind, leaning.says(Said.of(tokens(each.words)))) for each in among)
        for so, name in ((True, kind), (False, "all others")):
            counts = [made[so, said] for said in (True, False, None)]
            table.add_row(name, str(sum(counts)), *map(str, counts))
    return table


def write(danger: SecondReading, leanings: Leanings, path: Path) -> None:
    """As a file that a reader may look into: words of one weight in one list, what speaks most for it first."""
    evidence = {"start": danger.evidence.start, "each": dict(sorted(danger.evidence.of.items(), key=lambda pair: -pair[1]))}
    words = {"message": _words(danger.message), "sentence": _words(danger.sentence)}
    values = {"danger": _thresholds(danger) | {"evidence": evidence} | words}
    values |= {_NAMES[kind]: _thresholds(each) | _words(each.weights) for kind, each in leanings.items()}
    path.write_text(_HEAD + yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=139), encoding="utf-8")


def _thresholds(of: SecondReading | Leaning) -> dict[str, object]:
    further = {"surely": of.surely} if isinstance(of, Leaning) else {"story": of.story, "line": of.line}
    return {"shortest": of.shortest, "least": of.least, "most": of.most} | further


def _words(of: Weights) -> dict[str, object]:
    lists = defaultdict[float, list[str]](list)
    for each, weight in sorted(of.of.items(), key=lambda pair: (-pair[1], pair[0])):
        lists[weight].append(each)
    return {"start": of.start, "words": {weight: ", ".join(words) for weight, words in lists.items()}}


def _weighed(words: str) -> frozenset[str]:
    return weighed(tokens(words))


def _weighed_beside_courtesies(library: Library, words: str) -> frozenset[str]:
    return weighed([word for stretch in beside_courtesies(library, words) for word in stretch])


class _Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """The text above as it stands, and what each option is where it is not given."""


def learned(wanted: argparse.Namespace) -> tuple[SecondReading, Leanings]:
    """From the half `tune`; the evidence as it is, or anew."""
    parted = list(in_parts(messages("tune")))
    examples = list(of_danger([*parted, *(in_stories(parted) if wanted.evidence else ())]))
    evidence = of_evidence(examples) if wanted.evidence else load().danger.evidence
    danger = SecondReading(_TOLD, wanted.least, wanted.story, wanted.line, wanted.most, *of_words(examples), evidence)
    return danger, {kind: Leaning(*thresholds, weights(list(_of_kind(kind, parted)))) for kind, thresholds in _THRESHOLDS.items()}


def _of_kind(kind: str, parted: Iterable[tuple[int, Told]]) -> Iterator[tuple[frozenset[str], bool, float]]:
    """What has a weight in messages that hold anything, whether they are of that kind, how much each counts."""
    return (each for each in _read_for(kind, parted) if each[0])


def _read_for(kind: str, parted: Iterable[tuple[int, Told]]) -> Iterator[tuple[frozenset[str], bool, float]]:
    """The same of all; who tells of danger may ask for a decision as well."""
    is_advice = kind == "advice"
    seen_of = _weighed if is_advice else partial(_weighed_beside_courtesies, load())
    calm = [each for each in all_asked() if each.half == "tune" and not (is_advice and each.kind == "urgent")]
    yield from ((seen_of(each.words), each.kind == kind, 1.0) for each in calm)
    near = (told for _, told in parted if told.tier == "hypothetical" or told.source == _CHAT or (not is_advice and told.source == _MIXED))
    yield from ((seen_of(told.words), False, 1.0) for told in near if is_advice or told.source != _CHAT)
    yield from ((seen_of(words), False, _OWN_ASKED if is_advice else _COUNTS[_OWN]) for words in _our_own())


def main() -> None:
    """Learn, tell what it does, and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=_Help)
    arguments.add_argument("--least", type=float, default=0.15, help="the probability under which an alarm is doubted")
    arguments.add_argument("--story", type=float, default=0.25, help="the same in a long story, in which more can be hidden")
    arguments.add_argument("--line", type=float, default=0.4, help="the probability from which there is the red-flag line without a rule")
    arguments.add_argument("--most", type=float, default=0.75, help="the probability from which there is an alarm without a rule")
    arguments.add_argument("--evidence", action="store_true", help="learn the evidence anew, too")
    arguments.add_argument("--dry-run", action="store_true", help="tell what it does, and write nothing")
    wanted = arguments.parse_args()
    danger, leanings = learned(wanted)
    test = list(in_parts(messages("test")))
    Console().print(alarms(danger, (told for _, told in (*test, *in_stories(test)))))
    Console().print(told_apart(leanings, [each for each in all_asked() if each.half == "test" and each.kind != "urgent"]))
    if not wanted.dry_run:
        write(danger, leanings, FILE)


if __name__ == "__main__":
    main()
