"""
Exceptions: which pending sends an event cancels, and the marks it leaves for triggers, and for
arrivals at a wait, that are still to come (E6, V4).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from unless.engine.definitions import Definitions
from unless.engine.model import DueStatus, EventMark, PendingSend, Run, UserEvent, UserState
from unless.engine.plans import CampaignPlan, ExceptionRule, Rules

MARK_LIFE = timedelta(hours=72)
"""How long a mark is kept: a trigger that is older than this starts nothing anyway (SPEC V7)."""

MARKS_MAX = 256
"""Most marks kept per user; beyond it the oldest go, so that a user's state stays small."""


AWAITED_MARKS_MAX = 8
"""
Most marks kept of one row that a `wait_for` waits for: its first event after the arrival counts,
and which that is, is known only when a late run arrives.
"""


def matching_rules(
    rules: Rules, event: UserEvent, now: datetime
) -> Iterator[tuple[ExceptionRule, str]]:
    """Yield the rows that the event satisfies, with the text of its matched values."""
    for rule in rules.get(event.name, ()):
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
        rules = list(matching_rules(plan.exceptions, event, now))
        for send in state.pending.values() if rules else ():
            if not isinstance(send, PendingSend) or not _is_open(send, plan, event):
                continue
            if any(rule.trigger_match(send.properties) == text for rule, text in rules):
                yield send


def _is_open(send: PendingSend, plan: CampaignPlan, event: UserEvent) -> bool:
    return (
        send.definition == plan.id
        and send.status is not DueStatus.CLAIMED
        and send.triggered_at <= event.time
        and send.root != event.root
        and plan.owns(send)
    )


def agreed_values(
    send: PendingSend, event: UserEvent, definitions: Definitions, now: datetime
) -> dict[str, Any]:
    """Return the values on which the trigger and the event that cancels its send agree, by path."""
    plan = definitions.campaign(send.definition)
    for rule, text in matching_rules(plan.exceptions, event, now) if plan else ():
        if rule.trigger_match(send.properties) == text:
            return rule.matched(send.properties)
    return {}


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
        rows = {f"{rule.key}:{text}" for rule, text in matching_rules(plan.exceptions, event, now)}
        late += sum(
            receipt.definition == plan.id
            and receipt.triggered_at is not None
            and receipt.triggered_at <= event.time <= receipt.time
            and not rows.isdisjoint(receipt.exceptions)
            for receipt in state.receipts
        )
    return late


def leave_marks(
    state: UserState, event: UserEvent, definitions: Definitions, now: datetime
) -> UserState:
    """Return the state with the event's time marked for each row that it satisfies."""
    if now - event.time > MARK_LIFE:
        return state
    new = [
        *_exception_marks(event, definitions, now),
        *_awaited_marks(state, event, definitions, now),
    ]
    if not new:
        return state
    kept: dict[tuple[str, str, str], list[EventMark]] = {}
    for mark in (*state.marks, *(mark for mark, _ in new)):
        if now - mark.time <= MARK_LIFE:
            kept.setdefault((mark.definition, mark.row, mark.match), []).append(mark)
    limits = {(mark.definition, mark.row, mark.match): limit for mark, limit in new}
    newest = [
        mark
        for key, marks in kept.items()
        for mark in sorted(marks, key=_time)[-limits.get(key, len(marks)) :]
    ]
    return replace(state, marks=tuple(sorted(newest, key=_time)[-MARKS_MAX:]))


def _time(mark: EventMark) -> datetime:
    return mark.time


def _exception_marks(
    event: UserEvent, definitions: Definitions, now: datetime
) -> Iterator[tuple[EventMark, int]]:
    """Yield a mark for each exception and exit row; of these the last one is enough."""
    for plan in (*definitions.cancelled_by(event.name), *definitions.exited_by(event.name)):
        for rule, text in matching_rules(plan.exceptions, event, now):
            yield EventMark(plan.id, rule.key, text, event.time, event.id, event.name), 1


def _awaited_marks(
    state: UserState, event: UserEvent, definitions: Definitions, now: datetime
) -> Iterator[tuple[EventMark, int]]:
    """Yield a mark for each row of a wait, in the versions that are published or that runs keep."""
    inside = [definitions.program(item) for item in state.pending.values() if isinstance(item, Run)]
    rows = {
        (program.journey.journey, row.key): row
        for program in (*definitions.awaited_by(event.name), *inside)
        for row in program.awaited.get(event.name, ())
    }
    for (journey, key), row in rows.items():
        if row.filter.mismatch(event.properties, now) is None:
            mark = EventMark(journey, key, "", event.time, event.id, event.name)
            yield mark, AWAITED_MARKS_MAX
