"""
What a channel answered to the message of a claimed item, and what follows from that (SPEC K3, J8).
"""

from dataclasses import replace
from datetime import datetime

from unless.engine.claims import outgoing_of, send_of
from unless.engine.decision import Answer, Decision, Dispatched
from unless.engine.definitions import Definitions
from unless.engine.deletion import end_forgotten
from unless.engine.eligibility import Refusal, zone_detail
from unless.engine.events import go_on, take
from unless.engine.fold import Fold, record_of
from unless.engine.history import release_receipt
from unless.engine.identity import received_id
from unless.engine.in_app import IN_APP
from unless.engine.journeys.exits import leave
from unless.engine.journeys.sending import record_message
from unless.engine.journeys.walking import Departure, depart, planned_step
from unless.engine.model import DueItem, DueStatus, PendingSend, Run, UserEvent, UserState
from unless.engine.records import Outcome, Reason


def take_answer(
    state: UserState, answer: Dispatched, definitions: Definitions, now: datetime
) -> Decision:
    """Return what follows from a channel's answer to a claimed item; one that is gone ends well."""
    item = state.pending.get(answer.item)
    if item is None or item.status is not DueStatus.CLAIMED:
        return Decision(state)
    fold = Fold(state, definitions, now)
    if answer.answer in (Answer.REFUSED, Answer.DEFERRED):
        fold.state = release_receipt(fold.state, send_of(item, definitions))
    if answer.answer is Answer.DEFERRED and is_forgotten(fold.state, item):
        end_forgotten(fold, item)
    elif answer.answer is Answer.DEFERRED:
        fold.keep(replace(item, status=DueStatus.WAITING, lease_until=None))
    elif isinstance(item, Run):
        _run_answered(fold, item, answer)
    elif isinstance(item, PendingSend):
        _send_answered(fold, item, answer)
    return fold.decision(state)


def _reason(answer: Dispatched) -> Refusal | None:
    """Return why the message was not simply sent, in the channel's own words where it gave any."""
    reasons = {Answer.REFUSED: Reason.DELIVERY_FAILED, Answer.UNKNOWN: Reason.DELIVERY_UNKNOWN}
    reason = reasons.get(answer.answer)
    return Refusal(reason, {"said": answer.said} if answer.said else {}) if reason else None


def _send_answered(fold: Fold, send: PendingSend, answer: Dispatched) -> None:
    fold.drop(send)
    refusal = _reason(answer)
    reason = refusal.reason if refusal else None
    said = refusal.detail if refusal else {}
    if answer.answer is Answer.REFUSED:
        detail = {**said, "also": []}
        fold.records.append(record_of(send, fold.now, Outcome.CANCELLED, reason, detail))
        return
    plan = fold.definitions.campaign(send.definition)
    zone = zone_detail(fold.zones, asked=plan.in_user_zone) if plan else {}
    fold.records.append(record_of(send, fold.now, Outcome.SENT, reason, {**zone, **said}))
    if not is_forgotten(fold.state, send):
        _take_receipt(fold, send, {"campaign": send.definition})


def _run_answered(fold: Fold, run: Run, answer: Dispatched) -> None:
    refused = answer.answer is Answer.REFUSED
    outcome = Outcome.SKIPPED if refused else Outcome.SENT
    run = record_message(fold, run, outcome, _reason(answer))
    if is_forgotten(fold.state, run):
        leave(fold, run, Refusal(Reason.USER_NOT_FOUND))
        return
    planned = planned_step(fold, run)
    if not refused:
        _take_receipt(fold, run, {"journey": run.definition, "step": planned.name})
    left = fold.run(run.id)
    if left is not None:
        departure = Departure(planned.onward, fold.now)
        go_on(fold, depart(fold, left, departure, send_of(left, fold.definitions)))


def is_forgotten(state: UserState, item: DueItem) -> bool:
    """Whether the user was deleted since the trigger, so that nothing more may follow from it."""
    deleted_at = state.deleted_at
    return deleted_at is not None and item.triggered_at < deleted_at


def _take_receipt(fold: Fold, item: DueItem, of: dict[str, str]) -> None:
    """
    Take in the receipt of the item's message as an event of its own.

    An in-app message that went to the app is received when the app says that it was displayed.
    """
    outgoing, send = outgoing_of(item, fold.definitions), send_of(item, fold.definitions)
    if outgoing is not None and outgoing.message.channel == IN_APP:
        return
    received = UserEvent(
        id=received_id(send),
        user=item.user,
        name="message_interaction",
        time=fold.now,
        arrived=fold.now,
        properties={
            **of,
            "channel": outgoing.message.channel if outgoing else "event",
            "action": "received",
            "send": send,
        },
        hops=item.hops + 1,
        root=send,
    )
    if fresh := fold.unseen((received,)):
        take(fold, fresh)
