"""How the program speaks to its operator."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from content.load import load
from content.model import Library
from content.problems import Problems


def refuse(problems: Iterable[object]) -> NoReturn:
    """Print what is wrong, a line each, and end with 1."""
    for problem in problems:
        print(problem, file=sys.stderr)
    raise SystemExit(1)


def library_or_refuse(institution: Path | None = None) -> Library:
    """The library with an institution's overlay, or every problem in it and the end."""
    try:
        return load(institution=institution)
    except Problems as error:
        refuse(error.problems)
