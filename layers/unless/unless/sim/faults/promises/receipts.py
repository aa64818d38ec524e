"""
What a user has got by when: from the claim of a message on, or from when the app showed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from unless.definitions.models import Cap
from unless.engine.decision import Answer, DeleteUser, Dispatched
from unless.engine.definitions import Definitions
from unless.engine.model import UserEvent
from unless.engine.plans import CampaignPlan, JourneyPlan
from unless.sim.faults.observed import Commit, Decided
from unless.sim.faults.promises.claims import Claim

NO = (Answer.REFUSED, Answer.DEFERRED)
"""Answers after which a message has not been received."""

IN_APP = "in_app"
"""The channel whose messages are received when they are shown."""


@dataclass(frozen=True, slots=True)
class Got:
    """A message that counts as received."""

    definition: str
    channel: str
    tags: tuple[str, ...]
    at: datetime

    def uses_up(self, cap: Cap, now: datetime, today: datetime, then: datetime) -> bool:
        """Whether it counts under the cap; `today` and `then` are now and `at` on the clock."""
        if cap.channel not in (None, self.channel) or cap.tag not in (None, *self.tags):
            return False
        if isinstance(cap.per, timedelta):
            return now - self.at < cap.per
        return (today.date() - then.date()).days < (1 if cap.per == "day" else 7)


class Receipts:
    """What one user has got, by the id of the send."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.got: dict[str, Got] = {}

    def follow(self, commit: Commit) -> None:
        """Take note of what a commit took back, and of what the app showed."""
        for decided in commit.way or ():
            what = decided.what
            if isinstance(what, DeleteUser):
                self.got.clear()
            elif isinstance(what, Dispatched) and what.answer in NO:
                sends = [each for each in self.got if each.split(".", maxsplit=1)[0] == what.item]
                # Of a run's messages it is the last that was claimed, and not shown by an app.
                for send in sends[-1:]:
                    if self.got[send].channel != IN_APP:
                        del self.got[send]
            elif isinstance(what, UserEvent):
                self._shown(decided, what)

    def claimed(self, claim: Claim, now: datetime) -> None:
        """Take note of a claim; an in-app message is not yet received."""
        out = claim.outgoing
        if out.message.channel != IN_APP:
            self.got[out.send] = Got(out.definition, out.message.channel, out.tags, now)

    def _shown(self, decided: Decided, event: UserEvent) -> None:
        told = event.properties
        if event.name != "message_interaction" or told.get("action") != "displayed":
            return
        deleted_at = decided.before.deleted_at
        send = str(told.get("send"))
        if send in self.got or (deleted_at is not None and event.time < deleted_at):
            return
        plan = _plan_of(decided.definitions, event)
        if plan is not None:
            owner = plan.campaign if isinstance(plan, CampaignPlan) else plan.journey
            self.got[send] = Got(plan.id, IN_APP, owner.tags, event.time)


def _plan_of(definitions: Definitions, event: UserEvent) -> CampaignPlan | JourneyPlan | None:
    for kind in (CampaignPlan, JourneyPlan):
        name = event.properties.get("campaign" if kind is CampaignPlan else "journey")
        plan = definitions.plans.get(name) if isinstance(name, str) else None
        if isinstance(plan, kind):
            return plan
    return None


def used_up(claim: Claim, receipts: Receipts, now: datetime, clock: datetime) -> Iterator[Cap]:
    """Yield the caps that leave no room for the claim; `clock` is now in the user's zone."""
    out = claim.outgoing
    for cap in claim.definitions.workspace.caps:
        if cap.channel not in (None, out.message.channel) or cap.tag not in (None, *out.tags):
            continue
        counted = (
            got.uses_up(cap, now, clock, got.at.astimezone(clock.tzinfo))
            for got in receipts.got.values()
        )
        if sum(counted) >= cap.max:
            yield cap
