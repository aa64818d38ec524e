"""
A due item whose timer rings: gone, claimed, early, paused, or judged.
"""

from dataclasses import replace
from datetime import datetime

from unless.engine.answers import is_forgotten, take_answer
from unless.engine.claims import REPEATABLE_CHANNELS, Outgoing, outgoing_of
from unless.engine.decision import (
    Answer,
    Decision,
    Dispatched,
    DueNotice,
    StartTimer,
)
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal, lateness
from unless.engine.events import go_on
from unless.engine.fold import Fold
from unless.engine.in_app import IN_APP
from unless.engine.journeys.sending import step_is_due
from unless.engine.message_checks import MessageTrial
from unless.engine.model import DueItem, DueStatus, PendingSend, Run, UserState
from unless.engine.plans import CampaignPlan
from unless.engine.sending import end_stopped, judge_claim


def take_due_notice(
    state: UserState, notice: DueNotice, definitions: Definitions, now: datetime
) -> Decision:
    """
    Return what follows when a timer rings; one for an item that is gone or not yet due ends well.
    """
    item = state.pending.get(notice.item)
    if item is None:
        return Decision(state)
    if item.status is DueStatus.CLAIMED:
        return _resume_claim(state, item, definitions, now)
    fold = Fold(state, definitions, now)
    plan = definitions.plans.get(item.definition)
    if isinstance(item, PendingSend) and (plan is None or not plan.owns(item)):
        end_stopped(fold, item)
    elif now < item.due:
        _wait_on(fold, item, notice)
    elif plan is not None and plan.holds(item):
        fold.keep(replace(item, status=DueStatus.PARKED))
    elif isinstance(item, Run):
        go_on(fold, step_is_due(fold, item))
    elif isinstance(item, PendingSend) and isinstance(plan, CampaignPlan):
        judge_claim(fold, item, plan)
    return fold.decision(state)


def _wait_on(fold: Fold, item: DueItem, notice: DueNotice) -> None:
    """Take a timer that rang early for nothing; the right one of this turn is ensured."""
    waiting = replace(item, status=DueStatus.WAITING)
    if waiting == item and notice.turn < item.turn:
        return
    fold.keep(waiting)
    fold.effects.append(StartTimer(waiting))


def _resume_claim(
    state: UserState, item: DueItem, definitions: Definitions, now: datetime
) -> Decision:
    """
    Return what becomes of an item that was claimed and whose answer never came.

    While the lease runs, somebody is at it. After it, a request with a key is repeated; one without
    is never repeated, and neither is one that has become too late, or whose user was deleted
    meanwhile: it may have gone out (`delivery_unknown`).
    """
    if item.lease_until is not None and now < item.lease_until:
        return Decision(state)
    outgoing = outgoing_of(item, definitions)
    is_wanted = lateness(item.due, now, definitions) is None and not is_forgotten(state, item)
    if outgoing and is_wanted and _may_be_repeated(state, item, outgoing):
        trial = MessageTrial(Fold(state, definitions, now), item, outgoing)
        if not isinstance(trial.content, Refusal):
            trial.dispatch(again=True)
            return trial.fold.decision(state)
    unclear = Dispatched(item.user, item.id, Answer.UNKNOWN, "no answer was recorded")
    return take_answer(state, unclear, definitions, now)


def _may_be_repeated(state: UserState, item: DueItem, outgoing: Outgoing) -> bool:
    """
    Whether whoever gets the request recognises it: by its key, on the channel of the claim.

    An edit may have given the message another channel since then. The receipt tells of that of the
    claim; only an in-app message, which was kept before, has none.
    """
    claimed = {receipt.channel for receipt in state.receipts if receipt.send == outgoing.send}
    if not claimed and item.kept is not None:
        claimed = {IN_APP}
    return claimed == {outgoing.message.channel} and claimed <= REPEATABLE_CHANNELS
