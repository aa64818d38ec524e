"""
One user at a time in order, many users at the same time, and the tries of a lost race.
"""

import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from unless.app.messages import Failure, Report

USERS_AT_A_TIME = 10
"""Users worked on in parallel: the largest batch of a queue without a window has ten messages."""

SECONDS_LEFT_MIN = 2.0
"""
No user is begun with less left: the slowest step, a write with all its tries, would be cut off.
"""

TRIES_MAX = 4
"""How often a user is read and decided again when somebody else was faster, the first included."""

PAUSE_SECONDS = 0.05
"""The first pause after a lost race at most; it doubles from try to try."""

NO_TIME_LEFT = Failure("no time left in this run", may_pass=True)

type Remaining = Callable[[], float]
"""How many seconds are left to work in."""

type Pause = Callable[[int], None]
"""Waits before the given try, counted from 1; a test may not wait at all."""


def wait_with_jitter(try_: int) -> None:
    """Wait a random time, so that those who met once do not meet again."""
    time.sleep(random.uniform(0, PAUSE_SECONDS * 2**try_))  # noqa: S311 - only jitter


def each_user[Work](
    groups: Mapping[str, Work],
    work: Callable[[str, Work], Report],
    too_late: Callable[[Work], Report],
    remaining: Remaining,
    at_a_time: int = USERS_AT_A_TIME,
) -> Report:
    """
    Return what became of all groups: each user's in one piece, several users at the same time.
    """

    def one(item: tuple[str, Work]) -> Report:
        user, group = item
        return work(user, group) if remaining() >= SECONDS_LEFT_MIN else too_late(group)

    total = Report()
    if len(groups) == 1 or at_a_time == 1:
        reports = map(one, groups.items())
        for report in reports:
            total.add(report)
        return total
    with ThreadPoolExecutor(max_workers=at_a_time) as pool:
        for report in pool.map(one, groups.items()):
            total.add(report)
    return total
