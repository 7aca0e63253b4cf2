"""Sending with patience: what each lane tries again, and for how long."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from adapters.clock import Clock
from adapters.lanes import Lane, Spent
from adapters.outcome import Outcome, Sent

REPLY_SECONDS: Final = 4.0
URGENT_SECONDS: Final = 600.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
SHORTEST_ATTEMPT: Final = 0.5
# Seconds until trying ends, and that one try may take: a tip waits long for its word, for it is never repeated without one.
_PATIENCE: Final = {Lane.URGENT: URGENT_SECONDS, Lane.REPLY: REPLY_SECONDS, Lane.BULK: 20.0}
_LONGEST_ATTEMPT: Final = {Lane.URGENT: 5.0, Lane.REPLY: REPLY_SECONDS, Lane.BULK: 20.0}

Attempt = Callable[[float], Awaitable[Sent]]


async def delivered(
    attempt: Attempt, lane: Lane, clock: Clock, by: datetime | None, *, repeatable: bool = False, spent: Spent | None = None
) -> Sent:
    """What the attempts of one lane came to; `by` is when trying ends, otherwise the lane's own patience counts.

    `repeatable`: doing it twice looks like doing it once, as an edit does. `spent` counts the attempts that the platform's limit counts.
    """
    by = by or clock.now() + timedelta(seconds=_PATIENCE[lane])
    pause = FIRST_PAUSE
    while True:
        left = (by - clock.now()).total_seconds()
        if spent is not None:
            spent.add(lane, clock.now())
        sent = await attempt(max(SHORTEST_ATTEMPT, min(left, _LONGEST_ATTEMPT[lane])))
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
