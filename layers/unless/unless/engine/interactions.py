"""
What users do with messages, told to whoever counts them.
"""

from unless.definitions.models import Kind, Status
from unless.engine.fold import Fold
from unless.engine.model import UserEvent
from unless.engine.plans import Plan
from unless.engine.records import Outcome, Record

MESSAGE_INTERACTION = "message_interaction"

TOLD_ACTIONS = frozenset({"opened", "clicked", "bounced", "complained", "displayed", "dismissed"})
"""The actions that leave a record; that a message was received is known from its own."""


def plan_of(fold: Fold, event: UserEvent) -> Plan | None:
    """Return the published campaign or journey that the event names, None if it names none."""
    for kind in Kind:
        name = event.properties.get(kind.value)
        plan = fold.definitions.plans.get(name) if isinstance(name, str) else None
        if plan is not None and plan.kind is kind:
            return plan
    return None


def text_of(event: UserEvent, name: str) -> str | None:
    """Return the property if it is a text with something in it."""
    value = event.properties.get(name)
    return value if isinstance(value, str) and value else None


def record_interaction(fold: Fold, event: UserEvent) -> None:
    """Record what the user did with a message of a published campaign or journey."""
    if event.name != MESSAGE_INTERACTION or event.backfill:
        return
    action = text_of(event, "action")
    if action not in TOLD_ACTIONS:
        return
    plan = plan_of(fold, event)
    if plan is None or plan.status is Status.DRAFT:  # which records nothing (L1)
        return
    detail = {"action": action, "channel": text_of(event, "channel")}
    fold.records.append(
        Record(
            at=fold.now,
            user=event.user,
            definition=plan.id,
            kind=plan.kind,
            outcome=Outcome.INTERACTED,
            event=event.id,
            name=event.name,
            step=text_of(event, "step") if plan.kind is Kind.JOURNEY else None,
            send=text_of(event, "send"),
            detail={name: value for name, value in detail.items() if value is not None},
        )
    )
