"""
The control group of a campaign: the users who get nothing, so that the others can be compared.
"""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from unless.engine.history import RECEIPTS_KEPT
from unless.engine.model import ControlEntry, UserEvent, UserState
from unless.engine.plans import CampaignPlan


def in_control_group(user: str, campaign: str, percent: int) -> bool:
    """
    Whether the user belongs to the campaign's control group of that percentage.

    It depends on the two ids alone: a group that grows keeps whom it had, and each campaign has
    another one.
    """
    if percent <= 0:
        return False
    about = "\x1f".join(("control", user, campaign))
    digest = sha256(about.encode("utf-8", "surrogatepass")).digest()
    # 64 bits against 100: uniform to a trillionth.
    return int.from_bytes(digest[:8]) % 100 < percent


def remember_control(state: UserState, plan: CampaignPlan, event: UserEvent) -> UserState:
    """
    Return the state that knows when the user was kept in the control group by this trigger.

    The first trigger opens the time in which conversions count; while it runs, later ones do not
    open it again, as if each were a message.
    """
    if not plan.conversions:
        return state
    known = state.control.get(plan.id)
    if known is not None and event.time - known.time <= longest(plan):
        return state
    kept = {
        name: entry
        for name, entry in state.control.items()
        if event.time - entry.time <= RECEIPTS_KEPT
    }
    return replace(state, control={**kept, plan.id: ControlEntry(event.time)})


def longest(plan: CampaignPlan) -> timedelta:
    """Return the longest time within which something counts as a conversion of the campaign."""
    return max((rule.within for rule in plan.conversions), default=timedelta())
