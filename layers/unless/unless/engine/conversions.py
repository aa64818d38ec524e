"""
Conversions: what a user does within a time of a receipt that the campaign was sent for (SPEC 2).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from unless.engine.eligibility import age
from unless.engine.fold import Fold
from unless.engine.identity import derived_id
from unless.engine.model import ControlEntry, Receipt, UserEvent
from unless.engine.plans import CampaignPlan, ConversionRule
from unless.engine.records import Outcome, Reason, Record
from unless.engine.triggers import HOPS_MAX, TRIGGER_AGE_MAX


@dataclass(frozen=True, slots=True)
class _Counted:
    """The row by which an event counts, and the receipt or entry that it follows."""

    rule: ConversionRule
    cause: Receipt | ControlEntry


def convert(fold: Fold, event: UserEvent) -> Iterator[UserEvent]:
    """
    Count the event as a conversion of each campaign that it is one of, and yield what that derives.

    At most one of each campaign: of its rows the first that counts, of the receipts the last one.
    The control group's count too, beside those of the others, and derive nothing. What is loaded as
    history or older than 72 hours is none (V7).
    """
    plans = fold.definitions.converted_by(event.name)
    if not plans or event.backfill or age(event, fold.now) > TRIGGER_AGE_MAX:
        return
    for plan in plans:
        counted = _counted(fold, plan, event)
        if counted is None:
            continue
        _remember(fold, plan, counted)
        _record(fold, plan, event, counted)
        if isinstance(counted.cause, Receipt) and event.hops <= HOPS_MAX:
            yield _derived(plan, event, counted.rule)


def _counted(fold: Fold, plan: CampaignPlan, event: UserEvent) -> _Counted | None:
    receipts = [each for each in fold.state.receipts if each.definition == plan.id]
    receipts.sort(key=lambda each: each.time, reverse=True)
    control = fold.state.control.get(plan.id)
    causes: list[Receipt | ControlEntry] = [*receipts, *([control] if control else [])]
    for rule in plan.conversions if causes else ():
        if rule.event != event.name or rule.filter.mismatch(event.properties, fold.now):
            continue
        for cause in causes:
            in_time = cause.time <= event.time and event.time - cause.time <= rule.within
            if in_time and rule.key not in cause.converted:
                return _Counted(rule, cause)
    return None


def _remember(fold: Fold, plan: CampaignPlan, counted: _Counted) -> None:
    """Note the row at its receipt or entry, which it counts for once."""
    state, cause = fold.state, counted.cause
    rows = (*cause.converted, counted.rule.key)
    if isinstance(cause, Receipt):
        receipts = tuple(
            replace(each, converted=rows) if each is cause else each for each in state.receipts
        )
        fold.state = replace(state, receipts=receipts)
    else:
        control = {**state.control, plan.id: replace(cause, converted=rows)}
        fold.state = replace(state, control=control)


def _record(fold: Fold, plan: CampaignPlan, event: UserEvent, counted: _Counted) -> None:
    cause, rule = counted.cause, counted.rule
    sent = isinstance(cause, Receipt)
    after = int((event.time - cause.time).total_seconds())
    fold.records.append(
        Record(
            at=fold.now,
            user=event.user,
            definition=plan.id,
            outcome=Outcome.CONVERTED,
            event=event.id,
            name=event.name,
            reason=None if sent else Reason.CONTROL_GROUP,
            send=cause.send if isinstance(cause, Receipt) else None,
            detail={"row": rule.place, "primary": rule.primary, "after_s": after},
        )
    )


def _derived(plan: CampaignPlan, event: UserEvent, rule: ConversionRule) -> UserEvent:
    return UserEvent(
        id=derived_id(event.id, "conversion", plan.id),
        user=event.user,
        name="conversion",
        time=event.time,
        arrived=event.arrived,
        properties={"campaign": plan.id, "event": event.name, "primary": rule.primary},
        hops=event.hops + 1,
        root=event.root,
    )
