"""
When: zones, due times, durations, windows and quiet hours (SPEC section 4, D1 to Q1).

Pure: each function's answer depends on its arguments (and the time zone database) alone.
"""

from unless.engine.timing.delays import due_at, moves_with_user, settled
from unless.engine.timing.intervals import (
    hold,
    in_duration,
    is_open,
    is_quiet,
    next_opening,
    quiet_end,
)
from unless.engine.timing.zones import Zones, absolute, local_day, local_instant, utc_day

__all__ = [
    "Zones",
    "absolute",
    "due_at",
    "hold",
    "in_duration",
    "is_open",
    "is_quiet",
    "local_day",
    "local_instant",
    "moves_with_user",
    "next_opening",
    "quiet_end",
    "settled",
    "utc_day",
]
