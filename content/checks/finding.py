"""What a rule says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken in a file; `field` is the key to look at. `calendar`: only time made it wrong; `rule`: its name."""

    path: str
    field: str
    advice: str
    calendar: bool = False
    rule: str = ""
