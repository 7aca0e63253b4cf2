"""How the program speaks to its operator."""

import sys
from collections.abc import Iterable
from typing import NoReturn

from content.load import load
from content.model import Library
from content.problems import Problems


def refuse(problems: Iterable[object]) -> NoReturn:
    """Print what is wrong, a line each, and end with 1."""
    for problem in problems:
        print(problem, file=sys.stderr)
    raise SystemExit(1)


def library_or_refuse() -> Library:
    """The library, or every problem in it and the end."""
    try:
        return load()
    except Problems as error:
        refuse(error.problems)
