"""
One event before one definition: what the checks of a trigger look at (SPEC C0).
"""

from datetime import datetime
from functools import cached_property

from unless.engine.definitions import Definitions
from unless.engine.eligibility import zones_of
from unless.engine.model import UserEvent, UserState
from unless.engine.plans import CampaignPlan, JourneyPlan, Plan
from unless.engine.records import Reason
from unless.engine.timing import Zones, due_at, hold


class Trial:
    """
    One event before one definition; what several checks need is found when the first one asks.
    """

    plan: Plan

    def __init__(
        self,
        plan: Plan,
        event: UserEvent,
        state: UserState,
        definitions: Definitions,
        now: datetime,
    ) -> None:
        """Take what is to be judged; `state` holds the attributes with the event (V3)."""
        self.plan = plan
        self.event = event
        self.state = state
        self.definitions = definitions
        self.now = now

    @cached_property
    def zones(self) -> Zones:
        """The zones in which the user's clock times are read."""
        return zones_of(self.state, self.definitions)


class JourneyTrial(Trial):
    """One event before the entry of a journey."""

    plan: JourneyPlan


class CampaignTrial(Trial):
    """One event before a campaign, with the due time that it would lead to."""

    plan: CampaignPlan

    @cached_property
    def asked(self) -> datetime | Reason:
        """When the delay alone has the send due, or why there is no such time."""
        event = self.event
        delay, hours = self.plan.campaign.delay, self.state.hours
        return due_at(delay, event.time, event.properties, self.zones, hours)

    @cached_property
    def held(self) -> datetime | None:
        """The due time with its holds, None when it has none; it may lie in the past."""
        if isinstance(self.asked, Reason):
            return None
        return hold(self.asked, self.plan.window, self.plan.quiet_hours, self.zones)

    @cached_property
    def due(self) -> datetime | None:
        """The due time as it is kept, None when there is none; one past means at once."""
        if self.held is None or self.held >= self.now:
            return self.held
        # It goes out at once, unless a window or quiet hours hold it now (V7a, D1a).
        moved = hold(self.now, self.plan.window, self.plan.quiet_hours, self.zones)
        return self.held if moved == self.now else moved
