"""
A pending send whose time has come: the claim, the channel's answer, and the end of a deleted
user (T3, L1-L3).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from unless.definitions.models import Status
from unless.engine.decision import (
    Answer,
    Decision,
    DeleteUser,
    Dispatch,
    Dispatched,
    DueNotice,
    StartTimer,
)
from unless.engine.definitions import CampaignPlan, Definitions
from unless.engine.eligibility import (
    Refusal,
    audience_at,
    duration_at,
    exception_since,
    lateness,
    quiet_at,
    reeligible_at,
    window_at,
    zones_of,
)
from unless.engine.events import Fold, record_of
from unless.engine.exceptions import exposures
from unless.engine.history import release_receipt, remember_receipt
from unless.engine.identity import received_id
from unless.engine.model import PendingSend, Receipt, SendStatus, UserEvent, UserState
from unless.engine.records import Outcome, Reason
from unless.engine.timing import Zones, hold
from unless.engine.triggers import zone_detail

CLAIM_LEASE = timedelta(seconds=60)
"""
How long a claim is left alone before it counts as abandoned; longer than the function may run
(30 s).
"""

REPEATABLE_CHANNELS = frozenset({"event", "webhook", "queue"})
"""Channels whose requests carry the send's id, so that one may be repeated (DESIGN section 2)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The send may go out then, not now; `by` is what holds it, window or quiet_hours."""

    until: datetime
    by: str


def take_due_notice(
    state: UserState, notice: DueNotice, definitions: Definitions, now: datetime
) -> Decision:
    """
    Return what follows when a timer rings; one for a send that is gone or not yet due ends
    well.
    """
    send = state.pending.get(notice.send)
    if send is None:
        return Decision(state)
    plan = definitions.campaign(send.campaign)
    if send.status is SendStatus.CLAIMED:
        return _resume_claim(state, send, plan, definitions, now)
    if plan is None or not plan.owns(send):
        return _end(state, send, now, Refusal(Reason.CAMPAIGN_STOPPED))
    if now < send.due:
        return _wait_on(state, send, notice)
    if plan.status is Status.PAUSED:
        return Decision(_with(state, replace(send, status=SendStatus.PARKED)))
    return _judge_claim(state, send, plan, definitions, now)


def _with(state: UserState, send: PendingSend) -> UserState:
    if state.pending.get(send.id) == send:
        return state
    return replace(state, pending={**state.pending, send.id: send})


def _without(state: UserState, send: PendingSend) -> UserState:
    pending = {key: other for key, other in state.pending.items() if key != send.id}
    return replace(state, pending=pending)


def _end(state: UserState, send: PendingSend, now: datetime, refusal: Refusal) -> Decision:
    record = record_of(send, now, Outcome.CANCELLED, refusal.reason, refusal.detail)
    return Decision(_without(state, send), records=(record,))


def _wait_on(state: UserState, send: PendingSend, notice: DueNotice) -> Decision:
    """Return the decision for a timer that rang early: the right one of this turn is ensured."""
    waiting = replace(send, status=SendStatus.WAITING)
    if waiting == send and notice.turn < send.turn:
        return Decision(state)
    return Decision(_with(state, waiting), (StartTimer(waiting),))


def _resume_claim(
    state: UserState,
    send: PendingSend,
    plan: CampaignPlan | None,
    definitions: Definitions,
    now: datetime,
) -> Decision:
    """
    Return what becomes of a send that was claimed and whose answer never came.

    While the lease runs, somebody is at it. After it, a request with a key is repeated; one without
    is never repeated, and neither is one that has become too late: it may have gone out
    (`delivery_unknown`).
    """
    if send.lease_until is not None and now < send.lease_until:
        return Decision(state)
    channel = plan.campaign.message.channel if plan else ""
    if channel in REPEATABLE_CHANNELS and lateness(send.due, now, definitions) is None:
        claimed = replace(send, lease_until=now + CLAIM_LEASE)
        return Decision(_with(state, claimed), (Dispatch(claimed),))
    unclear = Dispatched(send.user, send.id, Answer.UNKNOWN, "no answer was recorded")
    return take_answer(state, unclear, definitions, now)


def _judge_claim(
    state: UserState, send: PendingSend, plan: CampaignPlan, definitions: Definitions, now: datetime
) -> Decision:
    verdicts = [check() for check in _claim_checks(state, send, plan, definitions, now)]
    failed = [verdict for verdict in verdicts if verdict is not None]
    if not failed:
        return _claim(state, send, plan, now)
    first, *others = failed
    if isinstance(first, Hold):
        moved = replace(send, due=first.until, turn=send.turn + 1, status=SendStatus.WAITING)
        record = record_of(moved, now, Outcome.SCHEDULED, None, {"moved_by": first.by})
        return Decision(_with(state, moved), (StartTimer(moved),), (record,))
    also = [other.reason.value for other in others if isinstance(other, Refusal)]
    zone = zone_detail(plan, zones_of(state, definitions))
    return _end(state, send, now, Refusal(first.reason, {**zone, **first.detail, "also": also}))


def _claim_checks(
    state: UserState, send: PendingSend, plan: CampaignPlan, definitions: Definitions, now: datetime
) -> Iterator[Callable[[], Refusal | Hold | None]]:
    """Yield the checks of T3 after the definition and the user, in their order."""
    zones = zones_of(state, definitions)
    yield lambda: lateness(send.due, now, definitions)
    yield lambda: exception_since(plan, state, send)
    yield lambda: duration_at(plan, now, zones, Reason.OUTSIDE_DURATION_AT_SEND)
    yield lambda: _window(plan, now, zones)
    yield lambda: reeligible_at(plan, state, now)
    if plan.campaign.recheck_audience:
        yield lambda: audience_at(plan, state, now, Reason.AUDIENCE_LOST)
    yield lambda: _quiet(plan, now, zones)


def _window(plan: CampaignPlan, now: datetime, zones: Zones) -> Refusal | Hold | None:
    refusal = window_at(plan, now, zones, Reason.OUTSIDE_WINDOW_AT_SEND)
    window = plan.campaign.window
    if refusal is None or window is None or window.send_outside == "drop":
        return refusal
    return _held(plan, now, zones, "window")


def _quiet(plan: CampaignPlan, now: datetime, zones: Zones) -> Refusal | Hold | None:
    refusal = quiet_at(plan, now, zones)
    if refusal is None or plan.quiet_hours is None or plan.quiet_hours.then == "drop":
        return refusal
    return _held(plan, now, zones, "quiet_hours")


def _held(plan: CampaignPlan, now: datetime, zones: Zones, by: str) -> Refusal | Hold:
    """
    Return until when window and quiet hours hold the send, or why it can then not go out
    (W3).
    """
    until = hold(now, plan.campaign.window, plan.quiet_hours, zones)
    if until is None:
        return Refusal(Reason.OUTSIDE_WINDOW_AT_SEND, {"never_open": True})
    refusal = window_at(plan, until, zones, Reason.OUTSIDE_WINDOW_AT_SEND) or duration_at(
        plan, until, zones, Reason.OUTSIDE_DURATION_AT_SEND
    )
    return refusal or Hold(until, by)


def _claim(state: UserState, send: PendingSend, plan: CampaignPlan, now: datetime) -> Decision:
    """Return the claim: the receipt is reserved in it, so that nothing else can take its place."""
    claimed = replace(send, status=SendStatus.CLAIMED, lease_until=now + CLAIM_LEASE)
    message = plan.campaign.message
    receipt = Receipt(
        send=send.id,
        campaign=send.campaign,
        time=now,
        channel=message.channel,
        tags=plan.campaign.tags,
        triggered_at=send.triggered_at,
        exceptions=exposures(plan, send),
    )
    return Decision(remember_receipt(_with(state, claimed), receipt), (Dispatch(claimed),))


def take_answer(
    state: UserState, answer: Dispatched, definitions: Definitions, now: datetime
) -> Decision:
    """Return what follows from a channel's answer to a claimed send; one that is gone ends well."""
    send = state.pending.get(answer.send)
    if send is None or send.status is not SendStatus.CLAIMED:
        return Decision(state)
    said = {"said": answer.said} if answer.said else {}
    rest = _without(state, send)
    if answer.answer is Answer.REFUSED:
        record = record_of(
            send, now, Outcome.CANCELLED, Reason.DELIVERY_FAILED, {**said, "also": []}
        )
        return Decision(release_receipt(rest, send.id), records=(record,))
    reason = Reason.DELIVERY_UNKNOWN if answer.answer is Answer.UNKNOWN else None
    plan = definitions.campaign(send.campaign)
    zone = zone_detail(plan, zones_of(state, definitions)) if plan else {}
    record = record_of(send, now, Outcome.SENT, reason, {**zone, **said})
    if state.deleted_at is not None and send.triggered_at < state.deleted_at:
        return Decision(rest, records=(record,))
    fold = Fold(rest, definitions, now)
    fold.records.append(record)
    if received := fold.unseen((_received(send, definitions, now),)):
        fold.take(received)
    return fold.decision(state)


def _received(send: PendingSend, definitions: Definitions, now: datetime) -> UserEvent:
    plan = definitions.campaign(send.campaign)
    return UserEvent(
        id=received_id(send.id),
        user=send.user,
        name="message_interaction",
        time=now,
        arrived=now,
        properties={
            "campaign": send.campaign,
            "channel": plan.campaign.message.channel if plan else "event",
            "action": "received",
            "send": send.id,
        },
        hops=send.hops + 1,
        root=send.id,
    )


def take_deletion(
    state: UserState, deletion: DeleteUser, definitions: Definitions, now: datetime
) -> Decision:
    """
    Return the deleted user: every pending send ends at once, and nothing but the deletion is known
    (L3).

    A claimed send stays until its answer is in, because a request for it may be on its way.
    """
    claimed = {
        key: send for key, send in state.pending.items() if send.status is SendStatus.CLAIMED
    }
    records = []
    for key, send in state.pending.items():
        if key not in claimed:
            plan = definitions.campaign(send.campaign)
            owned = plan is not None and plan.owns(send)
            reason = Reason.USER_NOT_FOUND if owned else Reason.CAMPAIGN_STOPPED
            records.append(record_of(send, now, Outcome.CANCELLED, reason, {"also": []}))
    empty = UserState(deletion.user, pending=claimed, deleted_at=now, next_order=state.next_order)
    return Decision(empty, records=tuple(records))
