"""What every sandbox keeps: the calls it was given, and the faults it was told to have."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

EVERY_METHOD: Final = "*"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came and what it was answered. `status` is 0 where no answer was given; a form's values are strings, as sent."""

    method: str
    parameters: Mapping[str, object]
    status: int
    answer: object = None

    def value(self, name: str) -> object:
        """One parameter, with the JSON inside a form's string read; None where it was not sent or cannot be read."""
        raw = self.parameters.get(name)
        if not isinstance(raw, str):
            return raw
        try:
            return json.loads(raw) if raw[:1] in "[{" else raw
        except ValueError:
            return None


class Journal:
    """Every call in the order it was answered; wakes whoever waits for something to happen."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._woken = asyncio.Event()

    def keep(self, call: Call) -> None:
        """Remember the call and wake the waiters."""
        self.calls.append(call)
        self.wake()

    def wake(self) -> None:
        """Something changed: every condition is looked at again."""
        self._woken.set()
        self._woken = asyncio.Event()

    def of(self, *methods: str) -> list[Call]:
        """The calls of these methods, oldest first."""
        return [each for each in self.calls if each.method in methods]

    async def change(self) -> None:
        """Return when the next thing happens."""
        await self._woken.wait()

    async def until(self, condition: Callable[[], object], timeout: float = 5) -> None:  # noqa: ASYNC109 - the seam that tests agreed on
        """Return once the condition holds; TimeoutError, naming the last calls, after `timeout` seconds of the machine's own time."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    await self._woken.wait()
        except TimeoutError:
            last = ", ".join(f"{each.method} {each.status}" for each in self.calls[-8:])
            raise TimeoutError(f"it did not happen within {timeout} s; the last calls: {last or 'none'}") from None


class Way(Enum):
    """How a call goes wrong: ANSWER in the platform's own form, PAGE of a gateway, RESET connection, SILENCE for ever."""

    ANSWER = auto()
    PAGE = auto()
    RESET = auto()
    SILENCE = auto()


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong: `error` is the platform's text or code, `retry_after` seconds.

    `done`: the call is carried out, and only its answer is lost.
    """

    status: int = 500
    error: str = ""
    retry_after: int | None = None
    way: Way = Way.ANSWER
    done: bool = False


When = Callable[[Mapping[str, object]], bool]


@dataclass(slots=True)
class _Planned:
    fault: Fault
    left: int
    when: When | None


class Faults:
    """The faults still to come, first told first had."""

    def __init__(self) -> None:
        self._planned: dict[str, deque[_Planned]] = {}

    def add(self, method: str, fault: Fault, times: int = 1, when: When | None = None) -> None:
        """The next `times` calls of `method` (EVERY_METHOD: of any) have this fault; `when` picks them by their parameters."""
        self._planned.setdefault(method, deque()).append(_Planned(fault, times, when))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()

    def take(self, method: str, parameters: Mapping[str, object]) -> Fault | None:
        """The fault of this call, used up, or None."""
        for name in (method, EVERY_METHOD):
            for each in self._planned.get(name, ()):
                if each.left > 0 and (each.when is None or each.when(parameters)):
                    each.left -= 1
                    return each.fault
        return None
