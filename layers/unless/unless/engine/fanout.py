"""
How much may be started: by one event (SPEC K2), for one user on one day, and before it is due.

Only what would be started is refused. Attributes, exceptions, exits and history of the same event
count as ever, so that a flood loses nothing but its messages.
"""

from dataclasses import replace
from datetime import UTC, datetime

from unless.engine.eligibility import Refusal
from unless.engine.model import Starts, UserState
from unless.engine.records import Reason

FANOUT_MAX = 40
"""Most sends and entries that one event, with all that it derives, may start (SPEC K2)."""

STARTS_PER_DAY_MAX = 1_000
"""
Most sends and entries that are started for one user in one UTC day, by the clock and not by the
events' own times, which a mistaken app could spread. Nobody wants forty messages an hour; a loop
in an app asks for thousands, and each of them costs a schedule, a request and a provider's fee.
"""

PENDING_MAX = 2_000
"""
Most sends and runs that may wait for one user: with long delays the days of a flood add up. All of
them are read with each event (0.3 KB each), and one exception may end them all in one commit, whose
state then holds 23 bytes of each, of the 400 KB that an item may have.
"""


def no_room(state: UserState, now: datetime, by_event: int, not_counted: int) -> Refusal | None:
    """
    Return why nothing more may be started, if so.

    `by_event` is what the event has started by now; of that, `not_counted` is not yet in the state.
    """
    if by_event >= FANOUT_MAX:
        return Refusal(Reason.FANOUT_CAPPED, {"max": FANOUT_MAX})
    if _today(state, now) + not_counted >= STARTS_PER_DAY_MAX:
        return Refusal(Reason.FANOUT_CAPPED, {"per": "day", "max": STARTS_PER_DAY_MAX})
    if len(state.pending) >= PENDING_MAX:
        return Refusal(Reason.FANOUT_CAPPED, {"per": "user", "max": PENDING_MAX})
    return None


def count_starts(state: UserState, now: datetime, number: int) -> UserState:
    """Return the user for whom so much more was started today; the same one if it is nothing."""
    if not number:
        return state
    return replace(state, starts=Starts(now.astimezone(UTC).date(), _today(state, now) + number))


def _today(state: UserState, now: datetime) -> int:
    known = state.starts
    return known.count if known is not None and known.day == now.astimezone(UTC).date() else 0
