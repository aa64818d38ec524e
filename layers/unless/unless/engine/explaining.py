"""
What an event would do and why: every check that fails, not only the first, and what would follow.

It is taken in as `decide` takes it in, so that what is said here is what would happen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from unless.definitions.models import Kind, Status
from unless.engine.beginnings import Entering, Starting, entering, starting
from unless.engine.consequences import Consequences, consequences
from unless.engine.decision import Decision
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal
from unless.engine.events import fold_event, of_deleted
from unless.engine.fold import Fold
from unless.engine.journeys.entering import Enter
from unless.engine.model import UserEvent, UserState
from unless.engine.plans import CampaignPlan, JourneyPlan
from unless.engine.records import Mismatch, Outcome, Reason
from unless.engine.trials import CampaignTrial
from unless.engine.triggers import begun, refusals, trial_of

ASLEEP = frozenset({Status.DRAFT, Status.ARCHIVED})
"""The statuses in which a definition does nothing and records nothing (L1)."""


class Ignored(StrEnum):
    """Why an event would not be taken in at all."""

    BEFORE_DELETION = "before_deletion"
    NOT_REMEMBERED = "not_remembered"


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    What the event would do at one definition that it triggers.

    `event` is the event asked about, or one that the engine derives from it. `refusals` are all the
    checks that fail, in the order of C0: the first is the reason. Without any, `begins` is what it
    would start or enter. A definition that is draft or archived does nothing all the same: it is
    said what it would do if it were live.

    `rows` are the clauses that fail in each trigger row of the event's name: one row without any
    lets the event pass. `audience` are the filters that keep the user out, all of them where they
    stand under `all`.
    """

    definition: str
    kind: Kind
    status: Status
    event: UserEvent
    refusals: tuple[Refusal, ...] = ()
    begins: Starting | Entering | None = None
    rows: tuple[tuple[Mismatch, ...], ...] = ()
    audience: tuple[Mismatch, ...] = ()

    @property
    def asleep(self) -> bool:
        """Whether the definition is draft or archived, and does nothing."""
        return self.status in ASLEEP

    @property
    def reason(self) -> Reason | None:
        """The reason that a record would have; None for what begins."""
        return self.refusals[0].reason if self.refusals else None

    @property
    def also(self) -> tuple[Refusal, ...]:
        """The other checks that fail too."""
        return self.refusals[1:]

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that a record would have; None from a definition that records nothing."""
        if self.asleep:
            return None
        if self.refusals:
            return Outcome.SKIPPED
        return Outcome.SCHEDULED if self.kind is Kind.CAMPAIGN else Outcome.ENTERED


@dataclass(frozen=True, slots=True)
class Explained:
    """
    All that one event would do: at each definition that it triggers, and to what is pending.

    `ignored` says why nothing of it would be taken in; nothing follows then.
    """

    explanations: tuple[Explanation, ...] = ()
    consequences: Consequences = field(default_factory=Consequences)
    ignored: Ignored | None = None


def explain(
    state: UserState, event: UserEvent, definitions: Definitions, now: datetime
) -> Explained:
    """
    Return what the event would do if it arrived now, as `decide` would have it; `now` is UTC.

    `definitions` must cover the versions of journeys in which the user is.
    """
    ignored = _ignored(state, event, definitions)
    fold = fold_event(state, event, definitions, now)
    follows = Decision(state) if ignored else fold.decision(state)
    told = tuple(
        _explanation(plan, judged, seen, fold)
        for judged, seen in fold.judged
        for plan in _triggered(judged, definitions)
    )
    return Explained(told, consequences(state, follows), ignored)


def _ignored(state: UserState, event: UserEvent, definitions: Definitions) -> Ignored | None:
    if of_deleted(state, event):
        return Ignored.BEFORE_DELETION
    if not definitions.concerns(event):
        return Ignored.NOT_REMEMBERED
    return None


def _triggered(event: UserEvent, definitions: Definitions) -> Iterator[CampaignPlan | JourneyPlan]:
    """Yield every definition that has a trigger of this name, whatever its status, by id."""
    for name in sorted(definitions.plans):
        plan = definitions.plans[name]
        if event.name in plan.triggers:
            yield plan


def _explanation(
    plan: CampaignPlan | JourneyPlan, event: UserEvent, seen: UserState, fold: Fold
) -> Explanation:
    """Return what the event does at the definition; `seen` is the user as the trigger met them."""
    trial = trial_of(plan, event, seen, fold.definitions, fold.now)
    failed = tuple(refusals(trial)) or _fanout(plan, event, fold)
    begins: Starting | Entering | None = None
    if not failed:
        what = begun(trial)
        if isinstance(trial, CampaignTrial):
            begins = starting(trial, fold)
        elif isinstance(what, Enter):
            begins = entering(trial, what, fold)
    return Explanation(
        definition=plan.id,
        kind=plan.kind,
        status=plan.status,
        event=event,
        refusals=failed,
        begins=begins,
        rows=tuple(row.mismatches(event.properties, fold.now) for row in plan.triggers[event.name]),
        audience=plan.audience.mismatches(seen, fold.now),
    )


def _fanout(plan: CampaignPlan | JourneyPlan, event: UserEvent, fold: Fold) -> tuple[Refusal, ...]:
    """Return the refusal of what the event had no room left for (K2)."""
    return tuple(
        Refusal(Reason.FANOUT_CAPPED, dict(record.detail))
        for record in fold.records
        if record.reason is Reason.FANOUT_CAPPED
        and (record.definition, record.event) == (plan.id, event.id)
    )
