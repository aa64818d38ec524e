"""
Alarm clocks in memory: up to 15 minutes a delayed message, beyond that a schedule of its own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from unless.aws.due_queue import DELAY_SECONDS_MAX
from unless.aws.timers import may_have_schedule, schedule_name
from unless.engine.decision import DueNotice
from unless.engine.model import DueItem
from unless.sim.faults.scheduler import Scheduler

type Ring = Callable[[DueNotice, str], None]
"""Puts a notice on the queue; the text says where it comes from."""

type Rings = Callable[[str, datetime], list[datetime]]
"""When a timer of that name, set for that instant, really rings: perhaps never, perhaps twice."""


def punctual(_name: str, due: datetime) -> list[datetime]:
    """Every timer rings once, on time."""
    return [due]


class MemoryTimers:
    """`unless.app.ports.Timers` on the virtual clock."""

    def __init__(self, scheduler: Scheduler, ring: Ring, rings: Rings = punctual) -> None:
        """Ring like this."""
        self._scheduler = scheduler
        self._ring = ring
        self._rings = rings
        self._number = 0
        self._schedules: dict[str, int] = {}
        self.made: set[str] = set()

    def ensure(self, item: DueItem, now: datetime) -> None:
        """Make sure that a due notice comes, never before the due time; repeating is harmless."""
        name = schedule_name(item)
        self.made.add(name)
        notice = DueNotice(item.user, item.id, item.turn)
        seconds = max(0, ceil((item.due - now).total_seconds()))
        if seconds <= DELAY_SECONDS_MAX:
            at = self._scheduler.now + timedelta(seconds=seconds)
            self._scheduler.at(at, lambda: self._ring(notice, "timer"))
        elif name not in self._schedules:
            self._schedule(name, notice, item.due)

    def _schedule(self, name: str, notice: DueNotice, due: datetime) -> None:
        self._number += 1
        number = self._schedules[name] = self._number
        whole = due.replace(microsecond=0)
        due = whole if whole == due else whole + timedelta(seconds=1)

        def fire() -> None:
            if self._schedules.get(name) == number:
                self._ring(notice, "schedule")

        rings = self._rings(name, due)
        for at in rings:
            self._scheduler.at(at, fire)
        # It goes a little after its last ring (`ActionAfterCompletion`), rung or not.
        gone = max([due, *rings]) + timedelta(minutes=2)
        self._scheduler.at(gone, lambda: self._forget(name, number))

    def _forget(self, name: str, number: int) -> None:
        if self._schedules.get(name) == number:
            del self._schedules[name]

    def cancel(self, item: DueItem) -> bool:
        """Remove the schedule where there is one; what is a message already cannot be removed."""
        if may_have_schedule(item):
            self._schedules.pop(schedule_name(item), None)
        return True
