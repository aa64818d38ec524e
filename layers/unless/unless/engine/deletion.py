"""
A user who is deleted: everything pending ends, and nothing but the deletion stays known (SPEC L3).
"""

from datetime import datetime

from unless.engine.decision import Decision, DeleteUser
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal
from unless.engine.fold import Fold, record_of
from unless.engine.journeys.exits import leave
from unless.engine.model import DueItem, DueStatus, PendingSend, Run, UserState
from unless.engine.records import Outcome, Reason


def take_deletion(
    state: UserState, deletion: DeleteUser, definitions: Definitions, now: datetime
) -> Decision:
    """
    Return the deleted user: every pending send and run ends at once.

    A claimed item stays until its answer is in, because a request for it may be on its way. Of two
    deletions at the same time the later instant counts, whichever comes second.
    """
    fold = Fold(state, definitions, now)
    for item in state.pending.values():
        if item.status is not DueStatus.CLAIMED:
            end_forgotten(fold, item)
    claimed = fold.state.pending
    at = max(now, state.deleted_at or now)
    empty = UserState(deletion.user, pending=claimed, deleted_at=at, next_order=state.next_order)
    return Decision(empty, records=tuple(fold.records))


def end_forgotten(fold: Fold, item: DueItem) -> None:
    """End what a deleted user has pending, whose message has certainly not gone out."""
    if isinstance(item, Run):
        leave(fold, item, Refusal(Reason.USER_NOT_FOUND))
    elif isinstance(item, PendingSend):
        _end(fold, item)


def _end(fold: Fold, send: PendingSend) -> None:
    plan = fold.definitions.campaign(send.definition)
    owned = plan is not None and plan.owns(send)
    reason = Reason.USER_NOT_FOUND if owned else Reason.CAMPAIGN_STOPPED
    fold.drop(send)
    fold.records.append(record_of(send, fold.now, Outcome.CANCELLED, reason, {"also": []}))
