"""
The published definitions, compiled for deciding: who starts, is cancelled by or counts which
event.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from unless.content.templates import NO_TEMPLATES, Templates
from unless.definitions.filters import Audience, Where
from unless.definitions.journeys import Entry, Journey
from unless.definitions.models import Campaign, ExceptionRow, Kind, Segment, Status, Workspace
from unless.definitions.recording import named_events
from unless.definitions.snapshot import Published, Snapshot
from unless.engine.audience import compile_audience
from unless.engine.filters import Filter, compile_where
from unless.engine.index import EventIndex
from unless.engine.journeys.program import Program, compile_program
from unless.engine.model import Run, UserEvent, UserState
from unless.engine.plans import CampaignPlan, JourneyPlan, compile_conversions, compile_rules


@dataclass(frozen=True)
class Definitions:
    """
    All published definitions, with an index from an event to those that care.

    `programs` are the versions of journeys, by content hash: every present one, and of the earlier
    ones those that were asked for. With `mismatch_records` off, an event that fails the filters of
    a trigger leaves no record of it, and what the index rules out is not even looked at.
    """

    workspace: Workspace
    plans: Mapping[str, CampaignPlan | JourneyPlan]
    programs: Mapping[str, Program] = field(default_factory=dict)
    version: str = ""
    mismatch_records: bool = True
    templates: Templates = NO_TEMPLATES
    _segments: Mapping[str, Audience] = field(default_factory=dict)
    _triggered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _cancelled: Mapping[str, tuple[CampaignPlan, ...]] = field(default_factory=dict)
    _converted: Mapping[str, tuple[CampaignPlan, ...]] = field(default_factory=dict)
    _exited: Mapping[str, tuple[JourneyPlan, ...]] = field(default_factory=dict)
    _awaited: Mapping[str, tuple[Program, ...]] = field(default_factory=dict)
    _index: EventIndex | None = None
    _ids: tuple[str, ...] = ()
    _named: frozenset[str] = frozenset()

    def campaign(self, name: str) -> CampaignPlan | None:
        """Return the campaign of that id, or None when none was ever published."""
        plan = self.plans.get(name)
        return plan if isinstance(plan, CampaignPlan) else None

    def program(self, run: Run) -> Program:
        """
        Return the version of the journey that the run keeps (J11).

        Raises:
            KeyError: it was not asked for; see `missing`.
        """
        return self.programs[run.version]

    def missing(self, state: UserState) -> frozenset[str]:
        """Return the versions, by hash, in which the user is and which are not here yet."""
        runs = (item for item in state.pending.values() if isinstance(item, Run))
        return frozenset(run.version for run in runs) - self.programs.keys()

    def with_versions(self, documents: Mapping[str, Mapping[str, Any]]) -> "Definitions":
        """Return the definitions with these versions of journeys, documents by hash."""
        programs = {
            version: compile_program(
                Journey.model_validate(document),
                version,
                self._segments,
                self.workspace.quiet_hours,
                {},
            )
            for version, document in documents.items()
            if version not in self.programs
        }
        return replace(self, programs={**self.programs, **programs})

    def triggered_by(self, event: UserEvent) -> Iterator[CampaignPlan | JourneyPlan]:
        """Return what this event may start or whose record it must leave, by id."""
        names = self._triggered.get(event.name, ())
        if names and not self.mismatch_records and self._index is not None:
            keys = self._index.candidates(event.name, event.properties)
            names = tuple(sorted({self._ids[key] for key in keys}))
        return (self.plans[name] for name in names)

    def cancelled_by(self, name: str) -> tuple[CampaignPlan, ...]:
        """Return the campaigns that have an exception row for events of this name."""
        return self._cancelled.get(name, ())

    def converted_by(self, name: str) -> tuple[CampaignPlan, ...]:
        """Return the campaigns that have a conversion row for events of this name."""
        return self._converted.get(name, ())

    def exited_by(self, name: str) -> tuple[JourneyPlan, ...]:
        """Return the journeys whose present version has an exit row for events of this name."""
        return self._exited.get(name, ())

    def awaited_by(self, name: str) -> tuple[Program, ...]:
        """Return the present versions of journeys that wait for events of this name somewhere."""
        return self._awaited.get(name, ())

    def remembers(self, name: str) -> bool:
        """Whether the history of events of this name is kept (workspace `record`)."""
        return self.workspace.record == "all" or name in self._named

    def concerns(self, event: UserEvent) -> bool:
        """Whether anything is to be remembered or decided about this event."""
        return bool(event.attributes) or self.remembers(event.name)

    @property
    def max_lateness(self) -> timedelta:
        """The time after its due time until which a message may go out (T4)."""
        return self.workspace.max_lateness


def compile_definitions(snapshot: Snapshot, *, mismatch_records: bool | None = None) -> Definitions:
    """
    Return the snapshot's definitions, compiled; the documents in it have been checked.

    Whether a filter that fails leaves a record is what the workspace says, unless given here.
    """
    workspace = Workspace.model_validate(snapshot.workspace)
    if mismatch_records is None:
        mismatch_records = workspace.ledger.filter_mismatch != "none"
    segments = {
        name: Segment.model_validate(document).audience
        for name, document in snapshot.segments.items()
    }
    every = {
        name: _plan(published, workspace, segments)
        for name, published in sorted(snapshot.definitions.items())
    }
    plans = {
        name: plan
        for name, plan in every.items()
        if plan.status not in (Status.DRAFT, Status.ARCHIVED)
    }
    # What happens while a definition is archived is on record should it be revived (V4, L1).
    marked = [plan for plan in every.values() if plan.status is not Status.DRAFT]
    journeys = [plan for plan in every.values() if isinstance(plan, JourneyPlan)]
    programs = {plan.version: _program(plan, snapshot, workspace, segments) for plan in journeys}
    ids = tuple(plans)
    return Definitions(
        workspace=workspace,
        plans=every,
        programs=programs,
        version=snapshot.version,
        mismatch_records=mismatch_records,
        templates=Templates(snapshot.templates),
        _segments=segments,
        _triggered=_by_name(
            (event, name) for name, plan in plans.items() for event in plan.triggers
        ),
        _cancelled=_by_name(
            (event, plan)
            for plan in marked
            if isinstance(plan, CampaignPlan)
            for event in plan.exceptions
        ),
        _converted=_by_name(
            (event, plan)
            for plan in marked
            if isinstance(plan, CampaignPlan)
            for event in {rule.event: None for rule in plan.conversions}
        ),
        _exited=_by_name(
            (event, plan)
            for plan in marked
            if isinstance(plan, JourneyPlan)
            for event in plan.exceptions
        ),
        _awaited=_by_name(
            (event, programs[plan.version])
            for plan in marked
            if isinstance(plan, JourneyPlan)
            for event in programs[plan.version].awaited
        ),
        _index=EventIndex(_trigger_rows(ids, plans)),
        _ids=ids,
        _named=named_events(snapshot),
    )


def _program(
    plan: JourneyPlan, snapshot: Snapshot, workspace: Workspace, segments: Mapping[str, Audience]
) -> Program:
    rows = snapshot.definitions[plan.id].rows
    return compile_program(plan.journey, plan.version, segments, workspace.quiet_hours, rows)


def _plan(
    published: Published, workspace: Workspace, segments: Mapping[str, Audience]
) -> CampaignPlan | JourneyPlan:
    """Return a published definition, compiled."""
    if published.kind is Kind.JOURNEY:
        journey = Journey.model_validate(published.document)
        return JourneyPlan(
            **_common(published, journey.journey, journey.entry, journey.exit.events, segments),
            quiet_hours=journey.quiet_hours or workspace.quiet_hours,
            journey=journey,
        )
    campaign = Campaign.model_validate(published.document)
    return CampaignPlan(
        **_common(published, campaign.campaign, campaign, campaign.unless, segments),
        quiet_hours=campaign.quiet_hours or workspace.quiet_hours,
        campaign=campaign,
        conversions=compile_conversions(campaign.conversions),
    )


def _common(
    published: Published,
    name: str,
    entry: Campaign | Entry,
    exceptions: tuple[ExceptionRow, ...],
    segments: Mapping[str, Audience],
) -> dict[str, Any]:
    """Return the fields of a plan that a campaign and the entry of a journey have alike."""
    triggers: dict[str, list[Filter]] = defaultdict(list)
    for trigger in entry.trigger:
        triggers[trigger.event].append(compile_where(trigger.where))
    return {
        "id": name,
        "status": published.status,
        "generation": published.generation,
        "version": published.hash,
        "launch_at": published.launch_at,
        "trigger": entry.trigger,
        "triggers": {event: tuple(filters) for event, filters in triggers.items()},
        "exceptions": compile_rules(exceptions, published.rows),
        "audience": compile_audience(entry.audience, segments),
        "duration": entry.duration,
        "window": entry.window,
    }


def _trigger_rows(
    ids: tuple[str, ...], plans: Mapping[str, CampaignPlan | JourneyPlan]
) -> Iterator[tuple[str, Where, int]]:
    for key, name in enumerate(ids):
        for trigger in plans[name].trigger:
            yield trigger.event, trigger.where, key


def _by_name[T](pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    grouped: dict[str, list[T]] = defaultdict(list)
    for name, value in pairs:
        grouped[name].append(value)
    return {name: tuple(values) for name, values in grouped.items()}
