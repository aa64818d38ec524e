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
from unless.definitions.models import Status
from unless.definitions.operating import Action, Refused, operate
from unless.definitions.publishing import publish, superseded
from unless.definitions.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What would be published, and what that changes; nothing is written yet.

    `expected` is the version that it was made from.
    """

    before: Snapshot
    after: Snapshot
    expected: str
    changes: tuple[Change, ...]


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
        before, version = self._snapshots.read()
        after, changes = publish(before, checked, self._clock(), launch_default=launch_default)
        return Plan(before, after, version, changes)

    def plan_action(self, action: Action, name: str) -> Plan | Refused:
        """Return what the action would do to the definition, or why it does nothing (L1)."""
        before, version = self._snapshots.read()
        outcome = operate(before, action, name, self._clock())
        if isinstance(outcome, Refused):
            return outcome
        after, change = outcome
        return Plan(before, after, version, (change,))

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
