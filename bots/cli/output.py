"""How the program speaks to its operator."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from content.load import load, read_institution
from content.model import Library
from content.problems import Problems


def refuse(problems: Iterable[object]) -> NoReturn:
    """Print what is wrong, a line each, and end with 1."""
    for problem in problems:
        print(problem, file=sys.stderr)
    raise SystemExit(1)


@contextmanager
def printed() -> Iterator[None]:
    """End quietly where nobody reads on, as in `| head`."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered goes nowhere, so that the interpreter has nothing to complain of when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


def library_or_refuse(institution: Path | None = None) -> Library:
    """The library with an institution's overlay, or every problem in it and the end."""
    try:
        return library_with(institution)
    except Problems as error:
        refuse(error.problems)


def library_with(institution: Path | None) -> Library:
    """The library with an institution's overlay. Raises Problems; those of the overlay name its setting and not its path."""
    try:
        if institution:
            read_institution(institution)
    except Problems as error:
        raise Problems([replace(problem, path="INSTITUTION") for problem in error.problems]) from None
    return load(institution=institution)
