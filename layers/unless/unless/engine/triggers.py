"""The trigger: whether an event starts a send, and when that is due, or a run (SPEC C0)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from unless.definitions.models import Status
from unless.engine.control import in_control_group
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
)
from unless.engine.journeys.entering import Enter, judge_entry, reentry_at
from unless.engine.model import UserEvent, UserState
from unless.engine.plans import CampaignPlan, JourneyPlan
from unless.engine.records import Reason
from unless.engine.trials import CampaignTrial, JourneyTrial, Trial

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
    trial = trial_of(plan, event, state, definitions, now)
    refusal = next(refusals(trial), None)
    return refusal if refusal is not None else begun(trial)


def trial_of(
    plan: CampaignPlan | JourneyPlan,
    event: UserEvent,
    state: UserState,
    definitions: Definitions,
    now: datetime,
) -> CampaignTrial | JourneyTrial:
    """Return the event before the definition; nothing is judged yet."""
    kind = JourneyTrial if isinstance(plan, JourneyPlan) else CampaignTrial
    return kind(plan, event, state, definitions, now)


def refusals(trial: CampaignTrial | JourneyTrial) -> Iterator[Refusal]:
    """
    Yield every reason why the event starts nothing, in the order of C0; each is looked for only
    when it is asked for.
    """
    if isinstance(trial, CampaignTrial):
        found = (check(trial) for check in CAMPAIGN_CHECKS)
    else:
        found = (check(trial) for check in JOURNEY_CHECKS)
    return (refusal for refusal in found if refusal is not None)


def begun(trial: CampaignTrial | JourneyTrial) -> Start | Enter:
    """Return what the event starts, which nothing refuses."""
    if isinstance(trial, JourneyTrial):
        return judge_entry(trial.plan, trial.event, trial.state, trial.zones)
    due = trial.due if trial.due is not None else trial.now  # it is known: nothing refuses it
    return Start(due, zone_detail(trial.zones, asked=trial.plan.in_user_zone))


def _stopped(trial: Trial) -> Refusal | None:
    if trial.plan.status is not Status.STOPPED:
        return None
    is_journey = isinstance(trial.plan, JourneyPlan)
    return Refusal(Reason.JOURNEY_STOPPED if is_journey else Reason.CAMPAIGN_STOPPED)


def _too_old(trial: Trial) -> Refusal | None:
    old = age(trial.event, trial.now)
    if old <= TRIGGER_AGE_MAX:
        return None
    limit = int(TRIGGER_AGE_MAX.total_seconds())
    return Refusal(Reason.TOO_OLD, {"age_s": int(old.total_seconds()), "max_age_s": limit})


def _before_launch(trial: Trial) -> Refusal | None:
    launch_at, happened = trial.plan.launch_at, trial.event.time
    if happened >= launch_at:
        return None
    detail = {"launch_at": launch_at.isoformat(), "actual": happened.isoformat()}
    return Refusal(Reason.BEFORE_LAUNCH, detail)


def _filters(trial: Trial) -> Refusal | None:
    return filters_at(trial.plan, trial.event, trial.now)


def _loop(trial: Trial) -> Refusal | None:
    hops = trial.event.hops
    return Refusal(Reason.LOOP_LIMIT, {"hops": hops}) if hops > HOPS_MAX else None


def _duration_at_trigger(trial: Trial) -> Refusal | None:
    reason = Reason.OUTSIDE_DURATION_AT_TRIGGER
    return duration_at(trial.plan, trial.event.time, trial.zones, reason)


def _control_group(trial: Trial) -> Refusal | None:
    if not isinstance(trial, CampaignTrial):  # a journey has none
        return None
    percent = trial.plan.campaign.control_percent
    if not in_control_group(trial.event.user, trial.plan.id, percent):
        return None
    return Refusal(Reason.CONTROL_GROUP, {"percent": percent})


def _audience(trial: Trial) -> Refusal | None:
    return audience_at(trial.plan, trial.state, trial.now, Reason.NOT_IN_AUDIENCE)


def _window_at_trigger(trial: Trial) -> Refusal | None:
    window = trial.plan.window
    if window is None or window.trigger_outside == "hold":
        return None
    return window_at(trial.plan, trial.event.time, trial.zones, Reason.OUTSIDE_WINDOW_AT_TRIGGER)


def _reentry(trial: JourneyTrial) -> Refusal | None:
    return reentry_at(trial.plan, trial.state, trial.event.time)


def _reeligible(trial: CampaignTrial) -> Refusal | None:
    return reeligible_at(trial.plan, trial.state, trial.event.time)


def _delay(trial: CampaignTrial) -> Refusal | None:
    return Refusal(trial.asked) if isinstance(trial.asked, Reason) else None


def _too_late(trial: CampaignTrial) -> Refusal | None:
    if isinstance(trial.asked, Reason):
        return None
    return lateness(trial.held or trial.asked, trial.now, trial.definitions)


def _exception_on_record(trial: CampaignTrial) -> Refusal | None:
    return exception_before(trial.plan, trial.state, trial.event)


def _window_at_send(trial: CampaignTrial) -> Refusal | None:
    reason = Reason.OUTSIDE_WINDOW_AT_SEND
    if isinstance(trial.asked, Reason):
        return None
    if trial.due is None:  # window and quiet hours would hold it for ever
        refusal = window_at(trial.plan, trial.asked, trial.zones, reason)
        return refusal or Refusal(reason, {"never_open": True})
    return window_at(trial.plan, max(trial.due, trial.now), trial.zones, reason)


def _duration_at_send(trial: CampaignTrial) -> Refusal | None:
    if trial.due is None:
        return None
    send_at = max(trial.due, trial.now)
    return duration_at(trial.plan, send_at, trial.zones, Reason.OUTSIDE_DURATION_AT_SEND)


_CHECKS_OF_BOTH: tuple[Callable[[Trial], Refusal | None], ...] = (
    _stopped, _too_old, _before_launch, _filters, _loop, _duration_at_trigger,
    _control_group, _audience, _window_at_trigger,
)  # fmt: skip

JOURNEY_CHECKS: tuple[Callable[[JourneyTrial], Refusal | None], ...] = (*_CHECKS_OF_BOTH, _reentry)
"""The checks of C0 for a journey, in their order."""

CAMPAIGN_CHECKS: tuple[Callable[[CampaignTrial], Refusal | None], ...] = (
    *_CHECKS_OF_BOTH, _reeligible, _delay, _too_late, _exception_on_record, _window_at_send,
    _duration_at_send,
)  # fmt: skip
"""The checks of C0 for a campaign, in their order."""
