"""
People: who pauses, publishes, deletes and cancels, and who puts dead letters back hours later.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from unless.app.cancelling import Cancelling
from unless.app.deletion import Deletion
from unless.app.errors import UnlessError
from unless.app.operate import Operate
from unless.definitions.checks import check_values
from unless.definitions.operating import Refused
from unless.sim.faults.course import Course
from unless.sim.faults.history import Cancelled, Deleted, Operated, Published
from unless.sim.faults.scheduler import Killed
from unless.sim.faults.wired import (
    WiredIndex,
    WiredLedger,
    WiredQueue,
    WiredSnapshots,
    WiredStore,
    WiredTimers,
)

COMMAND_SECONDS = 600
"""How long a person waits for a command."""

TRIES_MAX = 40
"""How often a person repeats a command that fails, a minute later each time."""


class People:
    """Everybody with a keyboard."""

    def __init__(self, course: Course, done: Callable[[], None]) -> None:
        """Work on this course; `done` is told after each command."""
        self._course = course
        self._done = done
        self._redriving = False

    def plan(self, number: int, what: Operated | Published | Deleted | Cancelled) -> None:
        """Let a person do this when its time comes."""
        match what:
            case Operated():
                act: Callable[[], None] = lambda: self._operate(what)  # noqa: E731
            case Published():
                act = lambda: self._publish(what)  # noqa: E731
            case Deleted(user=user):
                act = lambda: self._delete(user)  # noqa: E731
            case Cancelled(user=user):
                act = lambda: self._cancel(user)  # noqa: E731
        self._person(number, what.at, act)

    def call_for_dead_letters(self) -> None:
        """Let a person put the dead letters back, hours later or the next day."""
        if self._redriving:
            return
        self._redriving = True
        now = self._course.scheduler.now
        hours = self._course.chance.choose((1, 2, 5, 30), "redrive", now)
        self._course.scheduler.at(now + timedelta(hours=hours), self._redrive)

    def _redrive(self) -> None:
        self._redriving = False
        for queue in self._course.ports.queues.values():
            self._course.observed.rare["redriven after hours"] += len(queue.redrive())

    def _person(self, number: int, at: datetime, act: Callable[[], None], try_: int = 1) -> None:
        """Let a person do something then, and again a minute later if it fails."""

        def work() -> None:
            self._course.begin(f"person({number})/{try_}", "person", COMMAND_SECONDS)
            done = False
            try:
                act()
                done = True
            except (Killed, UnlessError):
                pass
            finally:
                self._course.end()
            if not done and try_ < TRIES_MAX:
                later = self._course.scheduler.now + timedelta(minutes=1)
                self._person(number, later, act, try_ + 1)
            self._done()

        self._course.scheduler.begin_at(at, work)

    def _operator(self) -> Operate:
        return Operate(
            snapshots=WiredSnapshots(self._course.calls, self._course.ports),
            index=WiredIndex(self._course.calls, self._course.ports),
            queue=WiredQueue(self._course.calls, self._course.ports, "operator"),
            clock=self._course.now,
        )

    def _operate(self, wanted: Operated) -> None:
        operator = self._operator()
        plan = operator.plan_action(wanted.action, wanted.name)
        if not isinstance(plan, Refused):
            operator.carry_out(plan)

    def _publish(self, wanted: Published) -> None:
        operator = self._operator()
        checked = check_values([wanted.document], published=self._course.ports.snapshots.present)
        if checked.ok:
            operator.carry_out(operator.plan_publish(checked))

    def _delete(self, user: str) -> None:
        Deletion(
            store=WiredStore(self._course.calls, self._course.ports),
            timers=WiredTimers(self._course.calls, self._course.ports),
            ledger=WiredLedger(self._course.calls, self._course.ports),
            outbox=WiredQueue(self._course.calls, self._course.ports, "operator"),
            definitions=self._course.new_source(),
            clock=self._course.now,
            pause=self._course.calls.pause,
        ).delete(user)
        process = self._course.calls.running
        if process is not None:
            self._course.observed.deletions.add(process.name.partition("/")[0])

    def _cancel(self, user: str) -> None:
        items = tuple(self._course.ports.store.load(user).state.pending)
        if not items:
            return
        cancelling = Cancelling(
            store=WiredStore(self._course.calls, self._course.ports),
            timers=WiredTimers(self._course.calls, self._course.ports),
            ledger=WiredLedger(self._course.calls, self._course.ports),
            outbox=WiredQueue(self._course.calls, self._course.ports, "operator"),
            definitions=self._course.new_source(),
            clock=self._course.now,
            pause=self._course.calls.pause,
        )
        for answered in cancelling.cancel({user: items}):
            for answer in answered.answers.values():
                self._course.observed.rare[f"cancelling: {answer}"] += 1
