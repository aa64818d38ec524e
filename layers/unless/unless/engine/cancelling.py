"""
Pending sends and runs that an operator cancels: each ends now, unless its message is on its way.
"""

from datetime import datetime

from unless.engine.decision import CancelItems, CancelTimer, Decision
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal
from unless.engine.fold import Fold, record_of
from unless.engine.journeys.exits import leave
from unless.engine.model import DueStatus, PendingSend, Run, UserState
from unless.engine.records import Outcome, Reason


def take_cancellation(
    state: UserState, cancellation: CancelItems, definitions: Definitions, now: datetime
) -> Decision:
    """
    Return the user without these items, waiting or held by a pause, with one record of each.

    A claimed item stays: its message may be on its way, and whoever claimed it says how it ended.
    The reason is that of a stop, which it is, of this one item; `detail.by` tells it from the stop
    of the whole. No receipt is counted, so the user stays eligible; an entry into a journey counts.
    """
    fold = Fold(state, definitions, now)
    for name in cancellation.items:
        item = fold.state.pending.get(name)
        if item is None or item.status is DueStatus.CLAIMED:
            continue
        fold.effects.append(CancelTimer(item))
        if isinstance(item, Run):
            leave(fold, item, Refusal(Reason.JOURNEY_STOPPED, {"by": cancellation.by}))
        elif isinstance(item, PendingSend):
            _end(fold, item, cancellation.by)
    return fold.decision(state)


def _end(fold: Fold, send: PendingSend, by: str) -> None:
    fold.drop(send)
    detail = {"by": by, "also": []}
    reason = Reason.CAMPAIGN_STOPPED
    fold.records.append(record_of(send, fold.now, Outcome.CANCELLED, reason, detail))
