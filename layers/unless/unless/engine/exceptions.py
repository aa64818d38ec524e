"""
Exceptions: which pending sends an event cancels, and the mark it leaves for triggers still to
come (E6, V4).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from unless.engine.definitions import CampaignPlan, Definitions, ExceptionRule
from unless.engine.model import ExceptionMark, PendingSend, SendStatus, UserEvent, UserState

MARK_LIFE = timedelta(hours=72)
"""How long a mark is kept: a trigger that is older than this starts nothing anyway (SPEC V7)."""

MARKS_MAX = 256
"""Most marks kept per user; beyond it the oldest go, so that a user's state stays small."""


def matching_rules(
    plan: CampaignPlan, event: UserEvent, now: datetime
) -> Iterator[tuple[ExceptionRule, str]]:
    """Yield the rows of `unless` that the event satisfies, with the text of its matched values."""
    for rule in plan.exceptions.get(event.name, ()):
        match = rule.exception_match(event.properties)
        if match is not None and rule.filter.mismatch(event.properties, now) is None:
            yield rule, match


def cancelled_sends(
    state: UserState, event: UserEvent, definitions: Definitions, now: datetime
) -> Iterator[PendingSend]:
    """
    Yield the pending sends that the event cancels, each once.

    Those are the sends of the campaign whose trigger did not happen after the event and whose match
    agrees. A send that is already claimed is beyond cancelling, one of a stopped campaign ends by
    that, and a derived event never cancels what its own carrier started (V4).
    """
    if not state.pending:
        return
    for plan in definitions.cancelled_by(event.name):
        rules = list(matching_rules(plan, event, now))
        for send in state.pending.values() if rules else ():
            open_to_it = (
                send.campaign == plan.id
                and send.status is not SendStatus.CLAIMED
                and send.triggered_at <= event.time
                and send.root != event.root
                and plan.owns(send)
            )
            if open_to_it and any(
                rule.trigger_match(send.properties) == text for rule, text in rules
            ):
                yield send


def exposures(plan: CampaignPlan, send: PendingSend) -> tuple[str, ...]:
    """Return the rows of `unless` that could cancel the send, with the values they must match."""
    texts = ((rule.key, rule.trigger_match(send.properties)) for rule in plan.rules)
    return tuple(f"{key}:{text}" for key, text in texts if text is not None)


def late_for(state: UserState, event: UserEvent, definitions: Definitions, now: datetime) -> int:
    """Return how many messages the event would have cancelled, had it arrived before they left."""
    if not state.receipts:
        return 0
    late = 0
    for plan in definitions.cancelled_by(event.name):
        rows = {f"{rule.key}:{text}" for rule, text in matching_rules(plan, event, now)}
        late += sum(
            receipt.campaign == plan.id
            and receipt.triggered_at is not None
            and receipt.triggered_at <= event.time <= receipt.time
            and not rows.isdisjoint(receipt.exceptions)
            for receipt in state.receipts
        )
    return late


def leave_marks(
    state: UserState, event: UserEvent, definitions: Definitions, now: datetime
) -> UserState:
    """Return the state with the event's time marked for each exception row that it satisfies."""
    if now - event.time > MARK_LIFE:
        return state
    new = [
        ExceptionMark(plan.id, rule.key, text, event.time, event.id, event.name)
        for plan in definitions.cancelled_by(event.name)
        for rule, text in matching_rules(plan, event, now)
    ]
    if not new:
        return state
    kept = {
        (mark.campaign, mark.row, mark.match): mark
        for mark in state.marks
        if now - mark.time <= MARK_LIFE
    }
    for mark in new:
        key = (mark.campaign, mark.row, mark.match)
        if key not in kept or kept[key].time < mark.time:
            kept[key] = mark
    newest = sorted(kept.values(), key=lambda mark: mark.time)[-MARKS_MAX:]
    return replace(state, marks=tuple(newest))
