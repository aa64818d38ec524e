"""
Entering a journey: whether the user may enter again, and the run that begins (SPEC J3, J10).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from unless.definitions.journeys import ReentryAfter
from unless.engine.eligibility import Refusal, mark_after, zone_detail
from unless.engine.fold import Fold, flags_of
from unless.engine.identity import run_id
from unless.engine.journeys.records import run_record
from unless.engine.model import Entries, ExitEvent, Run, UserEvent, UserState
from unless.engine.plans import JourneyPlan
from unless.engine.records import Outcome, Reason
from unless.engine.timing import Zones

SECONDS_KEPT = timedelta(hours=72)
"""How long the clock second of an entry is kept: an older trigger enters nothing (SPEC V7)."""

SECONDS_MAX = 256
"""Most clock seconds of entries kept per journey, so that a user's state stays small."""


@dataclass(frozen=True, slots=True)
class Enter:
    """
    The event begins a run; `exit` is an exit event that happened after it and arrived first (V4).
    """

    exit: ExitEvent | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def judge_entry(plan: JourneyPlan, event: UserEvent, state: UserState, zones: Zones) -> Enter:
    """Return how the event, which nothing refuses, enters the journey."""
    mark = mark_after(plan, state, event.time, event)
    early = ExitEvent(mark.event, mark.name, mark.time, early=True) if mark else None
    return Enter(early, zone_detail(zones, asked=plan.in_user_zone))


def reentry_at(plan: JourneyPlan, state: UserState, at: datetime) -> Refusal | None:
    """Return why the user may not enter the journey at that instant; counts entries (J10)."""
    entries = state.entries.get(plan.id)
    if entries is None:
        return None
    if _second(at) in entries.seconds:
        return Refusal(Reason.DUPLICATE_ENTRY)
    rule, last = plan.journey.reentry, entries.last.isoformat()
    if rule == "never":
        return Refusal(Reason.ALREADY_ENTERED, {"last_entry": last})
    if not isinstance(rule, ReentryAfter) or at >= entries.last + rule.after:
        return None
    again = (entries.last + rule.after).isoformat()
    return Refusal(Reason.REENTRY_WAIT, {"last_entry": last, "again": again})


def enter(fold: Fold, plan: JourneyPlan, event: UserEvent, how: Enter) -> Run:
    """Return the run that the event begins, in front of its first step."""
    program = fold.definitions.programs[plan.version]
    run = Run(
        id=run_id(event.user, plan.id, event.id, event.time),
        user=event.user,
        definition=plan.id,
        event=event.id,
        name=event.name,
        triggered_at=event.time,
        due=event.time,
        properties=event.properties,
        version=plan.version,
        hops=event.hops,
        root=event.root,
        place=program.first,
        arrived=event.time,
        moved_by=event.root,
        exit=how.exit,
    )
    fold.keep(run)
    fold.state = _with_entry(fold.state, plan.id, event.time)
    zone = zone_detail(fold.zones, asked=plan.in_user_zone or program.in_user_zone)
    detail = {**zone, **flags_of(event)}
    fold.records.append(run_record(run, fold.now, Outcome.ENTERED, None, detail))
    return run


def _with_entry(state: UserState, journey: str, at: datetime) -> UserState:
    before = state.entries.get(journey)
    oldest = _second(at - SECONDS_KEPT) if at.year > 1 else 0
    seconds = tuple(s for s in before.seconds if s >= oldest) if before else ()
    after = Entries(
        count=before.count + 1 if before else 1,
        last=max(before.last, at) if before else at,
        seconds=(*seconds, _second(at))[-SECONDS_MAX:],
    )
    return replace(state, entries={**state.entries, journey: after})


def _second(at: datetime) -> int:
    return int(at.timestamp() // 1)
