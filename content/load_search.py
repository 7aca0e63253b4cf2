"""What is known of messages beside the cards, `<lang>/search.yaml` and `<lang>/intents.yaml`, as values."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from content import shapes
from content.intents import DECIDING, Greeting, Intents, read_intents
from content.model import Drug, SearchWords
from content.problems import Desk
from content.second_reading import SecondReading
from content.weighing import Leaning, Weights


class Learned(NamedTuple):
    """Whether the words of a message tell of danger, ask for a decision, are mere talk, or have nothing to do with us."""

    danger: SecondReading
    decision: Leaning
    talk: Leaning
    elsewhere: Leaning


def search_words(desk: Desk, languages: Iterable[str]) -> Mapping[str, SearchWords]:
    """The words of every language; without its file a language has none."""
    read = {language: desk.read(f"{language}/search.yaml", shapes.SearchShape) for language in languages}
    return {language: _words(shape) if shape else SearchWords({}, {}, frozenset()) for language, shape in read.items()}


def _words(shape: shapes.SearchShape) -> SearchWords:
    return SearchWords(_listed(shape.subjects), _listed(shape.same), frozenset(shape.ordinary.split()))


def _listed(lists: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {meaning: tuple(filter(None, map(str.strip, listed.split(",")))) for meaning, listed in lists.items()}


def weights(desk: Desk) -> Learned:
    """What the words of a message speak for; without the file nothing is weighed."""
    read = desk.read("weights.yaml", shapes.WeightsShape)
    if read is None:
        none = Weights(0, {})
        nothing = Leaning(1, 0.5, 0.5, 0.5, none)
        return Learned(SecondReading(1, 0.5, 0.5, 0.5, 0.5, none, none, none), nothing, nothing, nothing)
    return Learned(_second_reading(read.danger), _leaning(read.decision), _leaning(read.talk), _leaning(read.elsewhere))


def _second_reading(shape: shapes.SecondReadingShape) -> SecondReading:
    evidence = Weights(shape.evidence.start, shape.evidence.each)
    message, sentence = _weights(shape.message), _weights(shape.sentence)
    return SecondReading(shape.shortest, shape.least, shape.story, shape.line, shape.most, message, sentence, evidence)


def _leaning(shape: shapes.LeaningShape) -> Leaning:
    return Leaning(shape.shortest, shape.least, shape.most, shape.surely, _weights(shape))


def _weights(shape: shapes.WordWeightsShape) -> Weights:
    return Weights(shape.start, {word.strip(): weight for weight, words in shape.words.items() for word in words.split(",")})


def intents(desk: Desk, words: Mapping[str, SearchWords], drugs: Iterable[Drug]) -> Mapping[str, Intents]:
    """The rules of every language; `drugs` and the `subjects` of the search are sets of theirs too."""
    names = ", ".join(name for drug in drugs for name in (drug.brand, drug.generic))
    return {
        language: _intents(
            desk, f"{language}/intents.yaml", {"drugs": names, "subjects": ", ".join(chain(*each.subjects.values(), [names]))}
        )
        for language, each in words.items()
    }


def _intents(desk: Desk, path: str, given: Mapping[str, str]) -> Intents:
    nobody = Greeting(frozenset(), frozenset(), frozenset())
    shape = desk.read(path, shapes.IntentsShape)
    if shape is None:
        return Intents({}, {}, {}, nobody)
    greeting = _greeting(shape.greeting)
    rules = {"advice": shape.advice, "off_topic": shape.off_topic, "asking": shape.asking, DECIDING: shape.deciding}
    try:
        return read_intents({**shape.sets, **given}, rules, greeting)
    except ValueError as error:
        desk.tell(path, (), f"mend the rules: {error}")
        return Intents({}, {}, {}, greeting)


def _greeting(shape: shapes.GreetingShape) -> Greeting:
    words, small, signs, places = (frozenset(listed.split()) for listed in (shape.words, shape.small, shape.signs, shape.places))
    return Greeting(words, small, signs, _listed({"": shape.phrases})[""], places)
