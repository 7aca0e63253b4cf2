"""How the program speaks to its operator."""

import gc
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
    """The library with an institution's overlay, or every problem in it and the end.

    It stays as long as the program, so its half a million values are never looked through for what nobody needs any more.
    """
    gc.disable()
    try:
        return load(institution=institution)
    except Problems as error:
        refuse(error.problems)
    finally:
        gc.freeze()
        gc.enable()
