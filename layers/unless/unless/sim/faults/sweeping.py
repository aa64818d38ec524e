"""
The sweeper, every minute in which it could find anything.
"""

from datetime import datetime, timedelta

from unless.app.errors import UnlessError
from unless.app.sweep import GRACE, Sweep
from unless.engine.model import DueStatus
from unless.sim.faults.course import Course
from unless.sim.faults.scheduler import Killed
from unless.sim.faults.wired import WiredIndex, WiredQueue, WiredSnapshots

SWEEP_SECONDS = 50
"""How long a run of the sweeper may take (template.yaml)."""


class Sweeping:
    """The sweeper of one history."""

    def __init__(self, course: Course) -> None:
        """Sleep until somebody wakes it."""
        self._course = course
        self._next: datetime | None = None

    def wake(self) -> None:
        """
        Let the sweeper run in the next minute in which it could find anything; it runs every
        minute, and where nothing is overdue that changes nothing.
        """
        if not self._course.history.sweeper:
            return
        wanted = self._wanted()
        if wanted is None:
            return
        start = self._course.history.start
        minutes = max(0, (wanted - start) // timedelta(minutes=1))
        at = start + timedelta(minutes=minutes + 1)
        if self._next is None or at < self._next:
            self._next = at
            self._course.scheduler.begin_at(at, lambda: self._sweep(at))

    def _wanted(self) -> datetime | None:
        """Return from when on something is overdue or to be woken; None when nothing will be."""
        now = self._course.scheduler.now
        wanted: list[datetime] = []
        published = self._course.ports.snapshots.present.definitions
        for loaded in self._course.ports.store.users.values():
            for item in loaded.state.pending.values():
                if item.status is not DueStatus.PARKED:
                    wanted.append(max(now, item.due + GRACE))
                elif item.definition in published and published[item.definition].status != "paused":
                    wanted.append(now)
        return min(wanted, default=None)

    def _sweep(self, at: datetime) -> None:
        if self._next != at:
            return
        self._next = None
        self._course.begin(f"sweep({at:%H:%M})", "sweep", SWEEP_SECONDS)
        try:
            swept = Sweep(
                index=WiredIndex(self._course.calls, self._course.ports),
                queue=WiredQueue(self._course.calls, self._course.ports, "sweep"),
                snapshots=WiredSnapshots(self._course.calls, self._course.ports),
                clock=self._course.now,
            ).run()
            self._course.observed.rare["swept"] += swept.rung
            self._course.observed.rare["woken by the sweeper"] += swept.woken
        except (Killed, UnlessError):
            pass
        finally:
            self._course.end()
        self.wake()
