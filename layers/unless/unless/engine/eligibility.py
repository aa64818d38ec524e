"""The single checks of a definition, at the trigger and at the claim: why not, or None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from unless.definitions.models import QuietHours, ReeligibleAfter, Window
from unless.engine.definitions import Definitions
from unless.engine.model import EventMark, PendingSend, UserEvent, UserState
from unless.engine.plans import CampaignPlan, Plan
from unless.engine.records import Reason
from unless.engine.timing import Zones, in_duration, is_open, is_quiet


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message is not sent, with the values that were compared."""

    reason: Reason
    detail: dict[str, Any] = field(default_factory=dict)


def zones_of(state: UserState, definitions: Definitions) -> Zones:
    """Return the zones in which this user's clock times are read."""
    attribute = state.attributes.get("time_zone")
    return Zones(definitions.workspace.zone, attribute.value if attribute else None)


def zone_detail(zones: Zones, *, asked: bool) -> dict[str, Any]:
    """
    Return the workspace's zone where it stands in for the user's that is asked for, so that the
    record says so.
    """
    if zones.user_is_known or not asked:
        return {}
    return {"zone": zones.resolve("company").key, "zone_from": "workspace"}


def lateness(due: datetime, now: datetime, definitions: Definitions) -> Refusal | None:
    """Return `too_late` when now is later than the due time and the allowed lateness (T4)."""
    if now - due <= definitions.max_lateness:  # never `due + …`: a due time may end the calendar
        return None
    limit = int(definitions.max_lateness.total_seconds())
    late = int((now - due).total_seconds())
    return Refusal(
        Reason.TOO_LATE, {"due": due.isoformat(), "late_s": late, "max_lateness_s": limit}
    )


def duration_at(plan: Plan, at: datetime, zones: Zones, reason: Reason) -> Refusal | None:
    """Return the reason when the instant lies outside the duration (D1)."""
    duration = plan.duration
    if duration is None or in_duration(duration, at, zones):
        return None
    edges = {name: getattr(duration, name) for name in ("start", "end")}
    written = {name: edge.isoformat() for name, edge in edges.items() if edge}
    return Refusal(
        reason, {**written, "zone": zones.resolve(duration.zone).key, "actual": at.isoformat()}
    )


def window_at(plan: Plan, at: datetime, zones: Zones, reason: Reason) -> Refusal | None:
    """Return the reason when the instant lies outside the window of the day (W1)."""
    window = plan.window
    if window is None or is_open(window, at, zones):
        return None
    return Refusal(reason, clock_detail(window, at, zones))


def quiet_at(quiet: QuietHours | None, at: datetime, zones: Zones) -> Refusal | None:
    """Return `quiet_hours` when the instant lies in quiet hours (Q1)."""
    if quiet is None or not is_quiet(quiet, at, zones):
        return None
    return Refusal(Reason.QUIET_HOURS, clock_detail(quiet, at, zones))


def clock_detail(part: Window | QuietHours, at: datetime, zones: Zones) -> dict[str, Any]:
    """Return the part of the day and the local time that was compared with it."""
    zone = zones.resolve(part.zone)
    return {
        "from": part.from_.strftime("%H:%M"),
        "to": part.to.strftime("%H:%M"),
        "zone": zone.key,
        "actual": at.astimezone(zone).isoformat(),
    }


def reeligible_at(plan: CampaignPlan, state: UserState, at: datetime) -> Refusal | None:
    """Return why the user may not receive the campaign again at that instant (R1)."""
    rule = plan.campaign.reeligible
    received = state.received.get(plan.id)
    if rule == "always" or received is None or received.count == 0:
        return None
    last = received.last.isoformat() if received.last else None
    if not isinstance(rule, ReeligibleAfter):
        return Refusal(Reason.ALREADY_RECEIVED, {"last": last})
    if received.last is None or at >= received.last + rule.after:
        return None
    again = received.last + rule.after
    return Refusal(Reason.REELIGIBILITY_WAIT, {"last": last, "again": again.isoformat()})


def audience_at(plan: Plan, state: UserState, now: datetime, reason: Reason) -> Refusal | None:
    """Return the reason when the user, as known, is not in the audience."""
    mismatch = plan.audience.mismatch(state, now)
    return Refusal(reason, mismatch.detail()) if mismatch else None


def filters_at(plan: Plan, event: UserEvent, now: datetime) -> Refusal | None:
    """Return `filter_mismatch` when no trigger row of the event's name passes (C4)."""
    first = None
    for row in plan.triggers[event.name]:
        mismatch = row.mismatch(event.properties, now)
        if mismatch is None:
            return None
        first = first or mismatch
    return Refusal(Reason.FILTER_MISMATCH, first.detail() if first else {})


def exception_before(plan: CampaignPlan, state: UserState, event: UserEvent) -> Refusal | None:
    """Return `exception_event` when one that happened after the trigger is on record (V4)."""
    mark = mark_after(plan, state, event.time, event)
    if mark is None:
        return None
    marked = _marked_detail(plan, mark, event)
    return Refusal(Reason.EXCEPTION_EVENT, {**marked, "arrived": "before_trigger", "also": []})


def exception_since(plan: CampaignPlan, state: UserState, send: PendingSend) -> Refusal | None:
    """Return `exception_event` when one that happened after the send's trigger is on record."""
    mark = mark_after(plan, state, send.triggered_at, send)
    return Refusal(Reason.EXCEPTION_EVENT, _marked_detail(plan, mark, send)) if mark else None


def _marked_detail(plan: Plan, mark: EventMark, trigger: UserEvent | PendingSend) -> dict[str, Any]:
    rules = (rule for rule in plan.rules if rule.key == mark.row)
    agreed = next((rule.matched(trigger.properties) for rule in rules), {})
    return happened_detail(mark.event, mark.name, mark.time, agreed)


def happened_detail(
    event: str, name: str, at: datetime, agreed: Mapping[str, Any]
) -> dict[str, Any]:
    """
    Return which event was the cause, when it happened, and the values on which it agreed with the
    trigger, by path.
    """
    match = {"match": dict(agreed)} if agreed else {}
    return {"by": event, "name": name, "happened": at.isoformat(), **match}


def mark_after(
    plan: Plan, state: UserState, triggered_at: datetime, trigger: UserEvent | PendingSend
) -> EventMark | None:
    """Return a mark of a present exception row, later than the trigger, whose match agrees."""
    for mark in state.marks:
        if mark.definition != plan.id or mark.time <= triggered_at:
            continue
        for rule in plan.rules:
            if rule.key == mark.row and rule.trigger_match(trigger.properties) == mark.match:
                return mark
    return None


def age(event: UserEvent, now: datetime) -> timedelta:
    """Return how long ago the event happened."""
    return now - event.time
