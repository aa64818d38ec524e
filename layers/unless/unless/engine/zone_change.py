"""
A user who moves to another time zone: clock times that wait move along (SPEC T2).
"""

from datetime import datetime

from unless.definitions.steps import DelayStep
from unless.engine.eligibility import zones_of
from unless.engine.fold import Fold, record_of
from unless.engine.model import DueItem, DueStatus, PendingSend, Run, UserState
from unless.engine.records import Outcome, Reason
from unless.engine.timing import Zones, due_at, hold, moves_with_user


def follow_zone(fold: Fold, after: UserState) -> None:
    """Take over the new attributes; a changed zone moves the clock-time delays that wait."""
    before = fold.zones
    fold.state = after
    zones = zones_of(after, fold.definitions)
    if before.resolve("user") == zones.resolve("user"):
        return
    for item in after.pending.values():
        due = _due_in(fold, item, zones) if item.status is not DueStatus.CLAIMED else None
        if due is None or due == item.due:
            continue
        moved = fold.move(item, due)
        if isinstance(moved, PendingSend):
            detail = {"moved_by": "time_zone"}
            fold.records.append(record_of(moved, fold.now, Outcome.SCHEDULED, None, detail))


def _due_in(fold: Fold, item: DueItem, zones: Zones) -> datetime | None:
    """Return when the item is due in these zones; None when its due time does not depend on them,
    and when no date can hold it there."""
    if item.kept is not None:  # its due time has come already
        return None
    if isinstance(item, Run):
        return _run_due_in(fold, item, zones)
    plan = fold.definitions.campaign(item.definition)
    delay = item.delay if isinstance(item, PendingSend) else None
    if plan is None or delay is None or not plan.owns(item):
        return None
    due = due_at(delay, item.triggered_at, item.properties, zones)
    if due is Reason.DELAY_INVALID:
        return None
    due = fold.now if isinstance(due, Reason) else max(due, fold.now)
    return hold(due, plan.window, plan.quiet_hours, zones) or due


def _run_due_in(fold: Fold, run: Run, zones: Zones) -> datetime | None:
    step = fold.definitions.program(run).steps[run.place].step
    if not isinstance(step, DelayStep) or not moves_with_user(step.delay, run.properties):
        return None
    due = due_at(step.delay, run.arrived, run.properties, zones, fold.state.hours)
    if due is Reason.DELAY_INVALID:
        return None
    return fold.now if isinstance(due, Reason) else max(due, fold.now)
