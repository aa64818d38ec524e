"""
What a replay came to, in counts: outcomes, reasons, hours of the day, exceptions and regret.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple

from unless.definitions.models import Kind
from unless.engine.definitions import Definitions
from unless.engine.eligibility import zones_of
from unless.engine.model import DueItem, Run, UserState
from unless.engine.records import AFTERWARDS, Outcome, Reason, Record
from unless.sim.regret import Regret
from unless.sim.replay import Step
from unless.sim.world import PureWorld

HOURS = 24
"""Hours of a day; a day on which clocks change has one hour twice, or not at all."""


class Owner(NamedTuple):
    """The campaign or journey to which something belongs."""

    kind: Kind
    id: str


class Goal(NamedTuple):
    """A row of a campaign's `conversions`, by its event; `control` is of the control group."""

    campaign: str
    row: str
    event: str
    control: bool


class Cancelled(NamedTuple):
    """What cancelled a campaign's sends: the exception's name, and what became of the send."""

    campaign: str
    by: str
    reason: Reason


@dataclass(slots=True)
class Report:
    """
    The counts of a replay; they grow with definitions, never with events.

    `hours` holds what was sent in each hour of the users' days, 0 to 23, in their own zones.
    `conversions` are no decisions and have no reason. `first` and `last` are the instants of the
    first and the last step, UTC.
    """

    outcomes: dict[Owner, Counter[Outcome]] = field(default_factory=dict)
    reasons: Counter[tuple[Owner, Outcome, Reason]] = field(default_factory=Counter)
    hours: dict[Owner, list[int]] = field(default_factory=dict)
    cancelled: Counter[Cancelled] = field(default_factory=Counter)
    conversions: Counter[Goal] = field(default_factory=Counter)
    regret: Regret = field(default_factory=Regret)
    events: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def take(self, step: Step, world: PureWorld) -> None:
        """Count a step that has just been played in the world."""
        self.first, self.last = self.first or step.at, step.at
        self.events += step.event is not None
        for record in step.records:
            self._count(record)
            if record.outcome is Outcome.SENT:
                self._count_hour(record, world.users[record.user], world.definitions)
        for user, records in _by_user(step).items():
            if state := world.users.get(user):
                self.regret.take(step.at, state, records)

    def _count(self, record: Record) -> None:
        owner = Owner(record.kind, record.definition)
        counts = self.outcomes.setdefault(owner, Counter())
        counts[record.outcome] += not record.moved_by
        if record.outcome is Outcome.CONVERTED:
            self.conversions[goal_of(record)] += 1
        if record.reason is None or record.outcome in AFTERWARDS:
            return
        self.reasons[owner, record.outcome, record.reason] += 1
        if record.outcome is Outcome.CANCELLED and "by" in record.detail:
            by = Cancelled(record.definition, str(record.detail.get("name")), record.reason)
            self.cancelled[by] += 1

    def _count_hour(self, record: Record, user: UserState, definitions: Definitions) -> None:
        zone = zones_of(user, definitions).resolve("user")
        hours = self.hours.setdefault(Owner(record.kind, record.definition), [0] * HOURS)
        hours[_hour(record.at, zone)] += 1

    def scheduled(self, campaign: str) -> int:
        """Return how many sends of the campaign were scheduled."""
        counts = self.outcomes.get(Owner(Kind.CAMPAIGN, campaign))
        return counts[Outcome.SCHEDULED] if counts else 0


def goal_of(record: Record) -> Goal:
    """Return which goal a conversion meets."""
    control = record.reason is Reason.CONTROL_GROUP
    return Goal(record.definition, str(record.detail.get("row", "")), record.name or "", control)


def _by_user(step: Step) -> Mapping[str, Sequence[Record]]:
    """Return the users that the step touched, with their records in it."""
    if step.event is not None:
        return {step.event.user: step.records}
    users: dict[str, list[Record]] = {}
    for record in step.records:
        users.setdefault(record.user, []).append(record)
    return users


def _hour(at: datetime, zone: tzinfo) -> int:
    """Return the hour in the zone; that of UTC where the calendar ends."""
    try:
        return at.astimezone(zone).hour
    except OverflowError:
        return at.hour


def owner_of(item: DueItem) -> Owner:
    """Return whose the due item is."""
    return Owner(Kind.JOURNEY if isinstance(item, Run) else Kind.CAMPAIGN, item.definition)
