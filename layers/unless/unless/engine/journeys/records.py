"""
The decision records of a run (SPEC section 6).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from unless.definitions.models import Kind
from unless.engine.model import Run, Visit
from unless.engine.records import Outcome, Reason, Record, instant_text

TRAIL_MAX = 32
"""Most steps between two records that the later one tells of, so that a record stays small."""


def run_record(
    run: Run,
    at: datetime,
    outcome: Outcome,
    reason: Reason | None,
    detail: Mapping[str, Any],
) -> Record:
    """Return the record of a run's beginning or end, with the steps since its last record."""
    way = {"steps": [_visit_json(visit) for visit in run.trail]} if run.trail else {}
    return Record(
        at=at,
        user=run.user,
        definition=run.definition,
        kind=Kind.JOURNEY,
        outcome=outcome,
        event=run.event,
        name=run.name,
        reason=reason,
        detail={**detail, **way},
    )


def message_record(
    run: Run,
    step: str,
    send: str,
    at: datetime,
    outcome: Outcome,
    reason: Reason | None,
    detail: Mapping[str, Any],
) -> Record:
    """Return the record of a message step: `step` is its name, `send` the id of its message."""
    return replace(run_record(run, at, outcome, reason, detail), step=step, send=send, due=run.due)


def with_visit(run: Run, visit: Visit) -> Run:
    """Return the run with one more step behind it."""
    return replace(run, trail=(*run.trail, visit)[-TRAIL_MAX:])


def _visit_json(visit: Visit) -> dict[str, str]:
    told = {"step": visit.step, "at": instant_text(visit.arrived), "took": visit.took}
    return {name: value for name, value in told.items() if value}
