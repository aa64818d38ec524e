"""
Publishing, pausing, resuming, stopping, archiving: first what it would do to how many, then doing
it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from unless.app.ports import DueIndex, DueQueue, SnapshotStore
from unless.app.sweep import wake
from unless.definitions.changes import Change
from unless.definitions.checks import Checked
from unless.definitions.history_gaps import Gap, history_gaps
from unless.definitions.models import Status
from unless.definitions.operating import Action, Refused, operate
from unless.definitions.publishing import publish, superseded
from unless.definitions.recording import unkept, with_loaded
from unless.definitions.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What would be published, and what that changes; nothing is written yet.

    `expected` is the version that it was made from. `gaps` are the audiences that look further back
    than the history reaches.
    """

    before: Snapshot
    after: Snapshot
    expected: str
    changes: tuple[Change, ...]
    gaps: tuple[Gap, ...] = ()


class Operate:
    """Changes what is published."""

    def __init__(
        self,
        *,
        snapshots: SnapshotStore,
        index: DueIndex,
        queue: DueQueue,
        clock: Callable[[], datetime],
    ) -> None:
        """Work on these ports; `clock` returns the time now, aware, UTC."""
        self._snapshots = snapshots
        self._index = index
        self._queue = queue
        self._clock = clock

    def plan_publish(self, checked: Checked, *, launch_default: datetime | None = None) -> Plan:
        """
        Return what publishing these definitions would do.

        Raises:
            ValueError: the definitions have errors.
        """
        now = self._clock()
        before, version = self._snapshots.read()
        after, changes = publish(before, checked, now, launch_default=launch_default)
        gaps = tuple(history_gaps(after, checked, changes, now))
        return Plan(before, after, version, changes, gaps)

    def plan_action(self, action: Action, name: str) -> Plan | Refused:
        """Return what the action would do to the definition, or why it does nothing (L1)."""
        before, version = self._snapshots.read()
        outcome = operate(before, action, name, self._clock())
        if isinstance(outcome, Refused):
            return outcome
        after, change = outcome
        return Plan(before, after, version, (change,))

    def unkept(self, events: frozenset[str]) -> frozenset[str]:
        """Return those of the events whose history is not kept (workspace `record`)."""
        return unkept(self._snapshots.read()[0], events)

    def history_loaded(self, earliest: Mapping[str, datetime]) -> tuple[str, ...]:
        """
        Take note that all there is to know of these events is there, from these times on; return of
        which of them it was not known yet.

        Raises:
            ConflictError: somebody published at the same moment; do it again.
        """
        before, version = self._snapshots.read()
        after = with_loaded(before, earliest)
        if after == before or not version:
            return ()
        self._snapshots.write(after, version, {})
        known = before.recorded.loaded
        return tuple(n for n, at in after.recorded.loaded.items() if known.get(n) != at)

    def pending(self) -> Mapping[str, int]:
        """
        Return how many sends and runs are pending, by definition: those that a plan touches, and
        the others.
        """
        return self._index.count()

    def carry_out(self, plan: Plan) -> int:
        """
        Publish what was planned and ring for what a pause had held; return how many that were.

        Should this break off in between, the sweep rings for them.

        Raises:
            ConflictError: somebody published since the plan was made; plan again.
        """
        self._snapshots.write(plan.after, plan.expected, superseded(plan.before, plan.after))
        return sum(
            wake(name, self._index, self._queue)
            for name, published in plan.before.definitions.items()
            if published.status is Status.PAUSED
            and plan.after.definitions[name].status is not Status.PAUSED
        )
