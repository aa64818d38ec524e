"""The trigger: whether an event starts a send, and when that is due, or a run (SPEC C0)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from unless.definitions.models import Status
from unless.engine.definitions import Definitions
from unless.engine.eligibility import (
    Refusal,
    age,
    audience_at,
    duration_at,
    exception_before,
    filters_at,
    lateness,
    reeligible_at,
    window_at,
    zone_detail,
    zones_of,
)
from unless.engine.journeys.entering import Enter, judge_entry, reentry_at
from unless.engine.model import UserEvent, UserState
from unless.engine.plans import CampaignPlan, JourneyPlan, Plan
from unless.engine.records import Reason
from unless.engine.timing import Zones, due_at, hold

TRIGGER_AGE_MAX = timedelta(hours=72)
"""How old an event may be and still start something (SPEC V7)."""

HOPS_MAX = 5
"""How far down a chain of derived events one may still start something (SPEC section 2)."""


@dataclass(frozen=True, slots=True)
class Start:
    """The event starts a send that is due then; `detail` tells where the zone came from."""

    due: datetime
    detail: dict[str, Any] = field(default_factory=dict)


def judge_trigger(
    plan: CampaignPlan | JourneyPlan,
    event: UserEvent,
    state: UserState,
    definitions: Definitions,
    now: datetime,
) -> Start | Enter | Refusal:
    """
    Return what this event starts, a send or a run, or the first reason why it starts none.

    `state` holds the attributes with the event and the history from before it (V3). Durations,
    windows and re-eligibility are judged at the event's time, relative filters by the clock (V7a).
    """
    zones = zones_of(state, definitions)
    for check in _checks_before_delay(plan, event, state, zones, now):
        refusal = check()
        if refusal:
            return refusal
    if isinstance(plan, JourneyPlan):
        return judge_entry(plan, event, state, zones)
    return _judge_due(plan, event, state, zones, definitions, now)


def _checks_before_delay(
    plan: CampaignPlan | JourneyPlan,
    event: UserEvent,
    state: UserState,
    zones: Zones,
    now: datetime,
) -> Iterator[Callable[[], Refusal | None]]:
    """
    Yield the checks of C0 up to the delay, in their order; control groups come before the
    audience.
    """
    yield lambda: _stopped(plan)
    yield lambda: _too_old(event, now)
    yield lambda: _before_launch(plan, event)
    yield lambda: filters_at(plan, event, now)
    yield (
        lambda: Refusal(Reason.LOOP_LIMIT, {"hops": event.hops}) if event.hops > HOPS_MAX else None
    )
    yield lambda: duration_at(plan, event.time, zones, Reason.OUTSIDE_DURATION_AT_TRIGGER)
    yield lambda: audience_at(plan, state, now, Reason.NOT_IN_AUDIENCE)
    yield lambda: _window_at_trigger(plan, event, zones)
    if isinstance(plan, JourneyPlan):
        yield lambda: reentry_at(plan, state, event.time)
    else:
        yield lambda: reeligible_at(plan, state, event.time)


def _stopped(plan: CampaignPlan | JourneyPlan) -> Refusal | None:
    if plan.status is not Status.STOPPED:
        return None
    is_journey = isinstance(plan, JourneyPlan)
    return Refusal(Reason.JOURNEY_STOPPED if is_journey else Reason.CAMPAIGN_STOPPED)


def _too_old(event: UserEvent, now: datetime) -> Refusal | None:
    if age(event, now) <= TRIGGER_AGE_MAX:
        return None
    limit = int(TRIGGER_AGE_MAX.total_seconds())
    return Refusal(
        Reason.TOO_OLD, {"age_s": int(age(event, now).total_seconds()), "max_age_s": limit}
    )


def _before_launch(plan: Plan, event: UserEvent) -> Refusal | None:
    if event.time >= plan.launch_at:
        return None
    detail = {"launch_at": plan.launch_at.isoformat(), "actual": event.time.isoformat()}
    return Refusal(Reason.BEFORE_LAUNCH, detail)


def _window_at_trigger(plan: Plan, event: UserEvent, zones: Zones) -> Refusal | None:
    window = plan.window
    if window is None or window.trigger_outside == "hold":
        return None
    return window_at(plan, event.time, zones, Reason.OUTSIDE_WINDOW_AT_TRIGGER)


def _judge_due(
    plan: CampaignPlan,
    event: UserEvent,
    state: UserState,
    zones: Zones,
    definitions: Definitions,
    now: datetime,
) -> Start | Refusal:
    """Return the due time with its holds, or why it cannot be: C0 from the delay on."""
    raw = due_at(plan.campaign.delay, event.time, event.properties, zones)
    if isinstance(raw, Reason):
        return Refusal(raw)
    window, quiet = plan.window, plan.quiet_hours
    due = hold(raw, window, quiet, zones)
    refusal = lateness(due or raw, now, definitions) or exception_before(plan, state, event)
    if refusal:
        return refusal
    if due is not None and due < now:
        # It goes out at once, unless a window or quiet hours hold it now (V7a, D1a).
        moved = hold(now, window, quiet, zones)
        due = due if moved == now else moved
    if due is None:
        return _never_open(plan, raw, zones)
    send_at = max(due, now)
    refusal = window_at(plan, send_at, zones, Reason.OUTSIDE_WINDOW_AT_SEND) or duration_at(
        plan, send_at, zones, Reason.OUTSIDE_DURATION_AT_SEND
    )
    return refusal or Start(due, zone_detail(zones, asked=plan.in_user_zone))


def _never_open(plan: CampaignPlan, due: datetime, zones: Zones) -> Refusal:
    """Return the refusal of a send that window and quiet hours would hold for ever."""
    refusal = window_at(plan, due, zones, Reason.OUTSIDE_WINDOW_AT_SEND)
    return refusal or Refusal(Reason.OUTSIDE_WINDOW_AT_SEND, {"never_open": True})
