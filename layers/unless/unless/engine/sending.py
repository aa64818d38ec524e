"""
A campaign's pending send whose time has come: judged again, then claimed, held or ended (T3).
"""

from collections.abc import Iterator
from datetime import datetime

from unless.engine.claims import Hold, outgoing_of
from unless.engine.eligibility import (
    Refusal,
    audience_at,
    duration_at,
    exception_since,
    lateness,
    quiet_at,
    reeligible_at,
    window_at,
    zone_detail,
)
from unless.engine.exceptions import exposures
from unless.engine.fold import Fold, record_of
from unless.engine.in_app import IN_APP, expired, keep_for_session
from unless.engine.message_checks import Check, MessageTrial
from unless.engine.model import PendingSend, Receipt
from unless.engine.plans import CampaignPlan
from unless.engine.records import Outcome, Reason
from unless.engine.timing import Zones, hold


def end_stopped(fold: Fold, send: PendingSend) -> None:
    """End a send whose campaign has been stopped since its trigger."""
    _end(fold, send, Refusal(Reason.CAMPAIGN_STOPPED))


def _end(fold: Fold, send: PendingSend, refusal: Refusal) -> None:
    fold.drop(send)
    record = record_of(send, fold.now, Outcome.CANCELLED, refusal.reason, refusal.detail)
    fold.records.append(record)


def judge_claim(fold: Fold, send: PendingSend, plan: CampaignPlan) -> None:
    """Claim the send, let it wait on, or end it with the first reason and the others beside it."""
    trial = _trial(fold, send)
    failed = [verdict for check in _claim_checks(trial, send, plan) if (verdict := check())]
    if not failed and trial.waits_for_session:
        kept = keep_for_session(fold, send, plan.campaign.message)
        _record_moved(fold, kept, IN_APP)
        return
    if not failed:
        trial.claim(_receipt(fold, send, plan))
        return
    first, *others = failed
    if isinstance(first, Hold):
        _hold(fold, send, first)
        return
    also = [other.reason.value for other in others if isinstance(other, Refusal)]
    zone = zone_detail(fold.zones, asked=plan.in_user_zone)
    _end(fold, send, Refusal(first.reason, {**zone, **first.detail, "also": also}))


def claim_refusals(fold: Fold, send: PendingSend, plan: CampaignPlan) -> list[Refusal | Hold]:
    """Return all that keeps the send from being claimed now, in the order of T3."""
    checks = _claim_checks(_trial(fold, send), send, plan)
    return [verdict for check in checks if (verdict := check())]


def _trial(fold: Fold, send: PendingSend) -> MessageTrial:
    outgoing = outgoing_of(send, fold.definitions)
    if outgoing is None:
        raise ValueError(f"a send of no campaign: {send.definition}")
    return MessageTrial(fold, send, outgoing)


def _hold(fold: Fold, send: PendingSend, until: Hold) -> None:
    # What is kept goes back to wait: when the hold is over, the session may be, too.
    moved = fold.wait_on(send, send.kept.until if send.kept else until.until)
    _record_moved(fold, moved, until.by)


def _record_moved(fold: Fold, moved: PendingSend, by: str) -> None:
    detail = {"moved_by": by}
    fold.records.append(record_of(moved, fold.now, Outcome.SCHEDULED, None, detail))


def _claim_checks(trial: MessageTrial, send: PendingSend, plan: CampaignPlan) -> Iterator[Check]:
    """Yield the checks of T3 after the definition and the user, in their order."""
    fold = trial.fold
    zones, now = fold.zones, fold.now
    yield lambda: expired(fold, send) or lateness(send.due, now, fold.definitions)
    yield lambda: exception_since(plan, fold.state, send)
    yield lambda: duration_at(plan, now, zones, Reason.OUTSIDE_DURATION_AT_SEND)
    yield lambda: _window(plan, now, zones)
    yield lambda: reeligible_at(plan, fold.state, now)
    if plan.campaign.recheck_audience:
        yield lambda: audience_at(plan, fold.state, now, Reason.AUDIENCE_LOST)
    yield from trial.checks(lambda: _quiet(plan, now, zones))


def _window(plan: CampaignPlan, now: datetime, zones: Zones) -> Refusal | Hold | None:
    refusal = window_at(plan, now, zones, Reason.OUTSIDE_WINDOW_AT_SEND)
    if refusal is None or plan.window is None or plan.window.send_outside == "drop":
        return refusal
    return _held(plan, now, zones, "window")


def _quiet(plan: CampaignPlan, now: datetime, zones: Zones) -> Refusal | Hold | None:
    refusal = quiet_at(plan.quiet_hours, now, zones)
    if refusal is None or plan.quiet_hours is None or plan.quiet_hours.then == "drop":
        return refusal
    return _held(plan, now, zones, "quiet_hours")


def _held(plan: CampaignPlan, now: datetime, zones: Zones, by: str) -> Refusal | Hold:
    """
    Return until when window and quiet hours hold the send, or why it can then not go out
    (W3).
    """
    until = hold(now, plan.window, plan.quiet_hours, zones)
    if until is None:
        return Refusal(Reason.OUTSIDE_WINDOW_AT_SEND, {"never_open": True})
    refusal = window_at(plan, until, zones, Reason.OUTSIDE_WINDOW_AT_SEND) or duration_at(
        plan, until, zones, Reason.OUTSIDE_DURATION_AT_SEND
    )
    return refusal or Hold(until, by)


def _receipt(fold: Fold, send: PendingSend, plan: CampaignPlan) -> Receipt:
    return Receipt(
        send=send.id,
        definition=send.definition,
        time=fold.now,
        channel=plan.campaign.message.channel,
        tags=plan.campaign.tags,
        triggered_at=send.triggered_at,
        exceptions=exposures(plan, send),
    )
