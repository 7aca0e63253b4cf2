"""What did not go as it should, counted for the program to show."""

from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb


@dataclass(slots=True)
class Counters:
    """Since the program began.

    `failed`: not answered. `carried`: confirmed before they were done. `unknown`: sent, and no word came back.
    """

    failed: int = 0
    carried: int = 0
    unknown: int = 0


def whereabouts(error: BaseException) -> str:
    """The kind of an error and the line that raised it. Its text may quote a reader, so that is left out."""
    frames = extract_tb(error.__traceback__)
    line = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{line}"
