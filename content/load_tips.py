"""The series of tips, `<lang>/tips/<series>.yaml`, as values."""

import dataclasses
from collections.abc import Mapping

from content import shapes
from content.model import Series, Tip
from content.problems import Desk


def english_series(desk: Desk) -> Mapping[str, Series]:
    """Every series by its file's name, in the order in which readers are offered them."""
    read = ((_key(path), desk.read(path, shapes.SeriesShape)) for path in _files(desk, "en"))
    whole = sorted(((key, shape) for key, shape in read if shape), key=lambda each: (each[1].place, each[0]))
    return {key: _series(key, shape) for key, shape in whole}


def translated_series(desk: Desk, language: str, english: Mapping[str, Series]) -> Mapping[str, Series]:
    """The English series with that language's words laid over them."""
    translated = dict(english)
    for path in _files(desk, language):
        shape = desk.read(path, shapes.TranslatedSeriesShape)
        original = english.get(_key(path))
        if shape and original is None:
            desk.tell(path, (), "write the English series first, or move this file to where it stands")
        elif shape and original:
            translated[original.key] = _translated(desk, path, original, shape, language)
    return translated


def _files(desk: Desk, language: str) -> list[str]:
    return [path for path in desk.files(language) if path.startswith(f"{language}/tips/")]


def _key(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml")


def _series(key: str, shape: shapes.SeriesShape) -> Series:
    tips = {id: Tip(f"{key}/{id}", each.text, each.card, "en") for id, each in shape.tips.items()}
    return Series(key, shape.title, shape.label or shape.title, shape.intro, tips, shape.audience, shape.general)


def _translated(desk: Desk, path: str, series: Series, shape: shapes.TranslatedSeriesShape, language: str) -> Series:
    for id in shape.tips.keys() - series.tips.keys():
        desk.tell(path, ("tips", id), f"write the English tip `{id}` first, or mend its name")
    tips = {
        id: dataclasses.replace(tip, text=shape.tips[id], language=language) if id in shape.tips else tip for id, tip in series.tips.items()
    }
    return dataclasses.replace(series, title=shape.title, label=shape.label or shape.title, intro=shape.intro, tips=tips)
