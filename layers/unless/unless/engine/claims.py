"""
The claim: the one change of a due item by which its message is taken for dispatch (SPEC T3).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from unless.definitions.messages import Message
from unless.engine.decision import Dispatch
from unless.engine.definitions import Definitions
from unless.engine.fold import Fold
from unless.engine.history import remember_receipt
from unless.engine.identity import step_id
from unless.engine.model import DueItem, DueStatus, Receipt, Run

CLAIM_LEASE = timedelta(seconds=60)
"""
How long a claim is left alone before it counts as abandoned; longer than the function may run
(30 s).
"""

REPEATABLE_CHANNELS = frozenset({"event", "webhook", "queue"})
"""Channels whose requests carry the send's id, so that one may be repeated (DESIGN section 2)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The message may go out then, not now; `by` is what holds it, window or quiet_hours."""

    until: datetime
    by: str


def message_of(item: DueItem, definitions: Definitions) -> Message | None:
    """Return what is to be sent for the item; None when its campaign was never published."""
    if isinstance(item, Run):
        planned = definitions.program(item).steps[item.place]
        return getattr(planned.step, "message", None)
    plan = definitions.campaign(item.definition)
    return plan.campaign.message if plan else None


def send_of(item: DueItem, definitions: Definitions) -> str:
    """Return the id of the item's message, by which its receiver recognises a repeat."""
    if isinstance(item, Run):
        return step_id(item.id, definitions.program(item).steps[item.place].number)
    return item.id


def step_name(item: DueItem, definitions: Definitions) -> str | None:
    """Return the name of the step in which a run is; None for a campaign's send, which has none."""
    return definitions.program(item).steps[item.place].name if isinstance(item, Run) else None


def claim(fold: Fold, item: DueItem, receipt: Receipt) -> None:
    """
    Take the item for dispatch; the receipt is reserved in it, so that nothing else can take its
    place.
    """
    claimed = replace(item, status=DueStatus.CLAIMED, lease_until=fold.now + CLAIM_LEASE)
    fold.keep(claimed)
    fold.state = remember_receipt(fold.state, receipt)
    fold.effects.append(Dispatch(claimed))
