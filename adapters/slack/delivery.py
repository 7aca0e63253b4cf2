"""Sending with patience: what each lane tries again, and for how long."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from adapters.clock import Clock
from adapters.lanes import Lane
from adapters.outcome import Outcome, Sent

REPLY_SECONDS: Final = 4.0
URGENT_SECONDS: Final = 600.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
SHORTEST_ATTEMPT: Final = 1.0
LONGEST_ATTEMPT: Final = 5.0
_PATIENCE: Final = {Lane.URGENT: URGENT_SECONDS, Lane.REPLY: REPLY_SECONDS, Lane.BULK: REPLY_SECONDS}

Attempt = Callable[[float], Awaitable[Sent]]


async def delivered(attempt: Attempt, lane: Lane, clock: Clock, *, repeatable: bool, by: datetime | None = None) -> Sent:
    """What the attempts came to. `repeatable`: doing it twice looks like doing it once, as an edit does."""
    by = by or clock.now() + timedelta(seconds=_PATIENCE[lane])
    pause = FIRST_PAUSE
    while True:
        left = (by - clock.now()).total_seconds()
        sent = await attempt(max(SHORTEST_ATTEMPT, min(left, LONGEST_ATTEMPT)))
        wait = pause if sent.retry_after is None else sent.retry_after
        if not _again(sent, lane, repeatable) or clock.now() + timedelta(seconds=wait) >= by:
            return sent
        await clock.sleep(wait)
        pause = min(pause * 2, LONGEST_PAUSE)


def _again(sent: Sent, lane: Lane, repeatable: bool) -> bool:
    """A tip's next try is its sender's matter; an urgent answer is repeated even where the first may have arrived."""
    if sent.outcome is Outcome.LATER:
        return lane is not Lane.BULK
    return sent.outcome is Outcome.UNKNOWN and (lane is Lane.URGENT or repeatable)
