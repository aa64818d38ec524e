"""
What takes a run out of its journey: exit events, the exit filter, a stop (SPEC J1 to J6, J11).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from unless.engine.decision import CancelTimer
from unless.engine.eligibility import Refusal, happened_detail
from unless.engine.exceptions import matching_rules
from unless.engine.fold import Fold
from unless.engine.journeys.records import run_record
from unless.engine.model import DueStatus, ExitEvent, Run, UserEvent
from unless.engine.records import Outcome, Reason


def remember_exits(fold: Fold, event: UserEvent) -> None:
    """
    Let the event act as an exit event of the user's runs: remembered until the step ends, or at
    once (J2).

    It must have happened since the entry, not come from it, and agree with the run's `match` (J5).
    A message that is on its way to its channel cannot be called back: its step ends first.
    """
    for run in fold.runs():
        if run.exit is not None or event.time < run.triggered_at or event.root == run.root:
            continue
        program = fold.definitions.program(run)
        rules = matching_rules(program.exits, event, fold.now)
        if not any(rule.trigger_match(run.properties) == text for rule, text in rules):
            continue
        leaving = replace(run, exit=ExitEvent(event.id, event.name, event.time))
        fold.keep(leaving)
        if program.immediate and run.status is not DueStatus.CLAIMED:
            fold.effects.append(CancelTimer(run))
            leave_if_exited(fold, leaving)


def leave_if_exited(fold: Fold, run: Run) -> bool:
    """End the run if it remembers an exit event, and return whether it did."""
    if run.exit is None:
        return False
    leave(fold, run, _by_event(run.exit))
    return True


def reason_to_leave(fold: Fold, run: Run) -> Refusal | None:
    """Return why the run must leave at the end of its step (J6), None if it goes on."""
    plan = fold.definitions.plans.get(run.definition)
    if plan is None or not plan.working:
        return Refusal(Reason.JOURNEY_STOPPED)
    if run.exit is not None:
        return _by_event(run.exit)
    audience = fold.definitions.program(run).exit_audience
    if audience is not None and audience.mismatch(fold.state, fold.now) is None:
        return Refusal(Reason.EXIT_AUDIENCE)
    return None


def _by_event(exit_event: ExitEvent) -> Refusal:
    early = {"arrived": "before_trigger"} if exit_event.early else {}
    detail = happened_detail(exit_event.id, exit_event.name, exit_event.time, {})
    return Refusal(Reason.EXIT_EVENT, {**detail, **early})


def leave(fold: Fold, run: Run, refusal: Refusal) -> None:
    """End the run before its end."""
    end(fold, run, Outcome.EXITED, refusal.reason, {**refusal.detail, "step": _step(fold, run)})


def complete(fold: Fold, run: Run) -> None:
    """End the run that has no step left."""
    end(fold, run, Outcome.COMPLETED, None, {})


def end(
    fold: Fold, run: Run, outcome: Outcome, reason: Reason | None, detail: Mapping[str, Any]
) -> None:
    """Take the run out of what is pending, and record how it ended."""
    fold.drop(run)
    fold.records.append(run_record(run, fold.now, outcome, reason, detail))


def _step(fold: Fold, run: Run) -> str:
    """Return the name of the step in which the run is; its place when its version is lost."""
    program = fold.definitions.programs.get(run.version)
    return program.steps[run.place].name if program else run.place
