"""
The published definitions, compiled for deciding: who starts, is cancelled by or counts which
event.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from json import dumps
from typing import Any

from unless.definitions.filters import (
    AllOf,
    AnyOf,
    Audience,
    EventFilter,
    NotOf,
    PurchaseTotalFilter,
    SegmentFilter,
    Where,
)
from unless.definitions.models import Campaign, ExceptionRow, QuietHours, Segment, Status, Workspace
from unless.definitions.snapshot import Published, Snapshot, row_name
from unless.engine.audience import CompiledAudience, compile_audience
from unless.engine.filters import Filter, compile_where
from unless.engine.index import EventIndex
from unless.engine.model import PendingSend, UserEvent
from unless.engine.paths import Path, parse_path


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """
    One row of `unless`, compiled.

    `key` says what the row says and since when it has been there, so that a row which is changed,
    or taken out and put back, starts afresh (L2).
    """

    event: str
    filter: Filter
    pairs: tuple[tuple[Path, Path], ...]
    key: str

    def exception_match(self, properties: Mapping[str, Any]) -> str | None:
        """Return the canonical text of the exception's matched values, None when one is missing."""
        return _match_text(properties, (exception for exception, _ in self.pairs))

    def trigger_match(self, properties: Mapping[str, Any]) -> str | None:
        """Return the canonical text of the trigger's matched values, None when one is missing."""
        return _match_text(properties, (trigger for _, trigger in self.pairs))


def _match_text(properties: Mapping[str, Any], paths: Iterable[Path]) -> str | None:
    texts = []
    for path in paths:
        values = path.values(properties)
        if not values:
            return None
        texts.append(_canonical(values[0]))
    return "\x1f".join(texts)


def _canonical(value: Any) -> str:
    """Return a text that is equal for equal values of the same type: 7 and 7.0 are, 7 and "7" are
    not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return dumps(value, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class CampaignPlan:
    """A published campaign, compiled."""

    id: str
    campaign: Campaign
    status: Status
    generation: int
    version: str
    launch_at: datetime
    triggers: Mapping[str, tuple[Filter, ...]]
    exceptions: Mapping[str, tuple[ExceptionRule, ...]]
    audience: CompiledAudience
    quiet_hours: QuietHours | None

    @property
    def working(self) -> bool:
        """Whether triggers start sends: live, or paused (L1)."""
        return self.status in (Status.LIVE, Status.PAUSED)

    def owns(self, send: PendingSend) -> bool:
        """Whether the send was started since the campaign was last stopped, and may go out."""
        return self.working and send.generation == self.generation

    @cached_property
    def in_user_zone(self) -> bool:
        """Whether a clock time of the campaign is read in the user's zone."""
        campaign = self.campaign
        parts = (campaign.delay, campaign.duration, campaign.window, self.quiet_hours)
        return any(getattr(part, "zone", None) == "user" for part in parts)

    @cached_property
    def rules(self) -> tuple[ExceptionRule, ...]:
        """All rows of `unless`."""
        return tuple(rule for rules in self.exceptions.values() for rule in rules)


@dataclass(frozen=True)
class Definitions:
    """
    All published definitions, with an index from an event to those that care.

    With `mismatch_records` off, a trigger whose filter fails leaves no record, and the campaigns
    that the index rules out are not even looked at.
    """

    workspace: Workspace
    plans: Mapping[str, CampaignPlan]
    version: str = ""
    mismatch_records: bool = True
    _triggered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _cancelled: Mapping[str, tuple[CampaignPlan, ...]] = field(default_factory=dict)
    _index: EventIndex | None = None
    _ids: tuple[str, ...] = ()
    _named: frozenset[str] = frozenset()

    def campaign(self, campaign_id: str) -> CampaignPlan | None:
        """Return the campaign of that id, or None when none was ever published."""
        return self.plans.get(campaign_id)

    def triggered_by(self, event: UserEvent) -> Iterator[CampaignPlan]:
        """Return the campaigns, by id, that this event may start or whose record it must leave."""
        names = self._triggered.get(event.name, ())
        if names and not self.mismatch_records and self._index is not None:
            keys = self._index.candidates(event.name, event.properties)
            names = tuple(sorted({self._ids[key] for key in keys}))
        return (self.plans[name] for name in names)

    def cancelled_by(self, name: str) -> tuple[CampaignPlan, ...]:
        """Return the campaigns that have an exception row for events of this name."""
        return self._cancelled.get(name, ())

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


def compile_definitions(snapshot: Snapshot, *, mismatch_records: bool = True) -> Definitions:
    """Return the snapshot's definitions, compiled; the documents in it have been checked."""
    workspace = Workspace.model_validate(snapshot.workspace)
    segments = {
        name: Segment.model_validate(document).audience
        for name, document in snapshot.segments.items()
    }
    plans = {
        name: _plan(published, workspace, segments)
        for name, published in sorted(snapshot.campaigns.items())
        if published.status not in (Status.DRAFT, Status.ARCHIVED)
    }
    silent = {
        name: _plan(published, workspace, segments)
        for name, published in snapshot.campaigns.items()
        if name not in plans
    }
    # What happens while a campaign is archived is on record should it be revived (V4, L1).
    marked = plans | {name: p for name, p in silent.items() if p.status is Status.ARCHIVED}
    ids = tuple(plans)
    return Definitions(
        workspace=workspace,
        plans=plans | silent,
        version=snapshot.version,
        mismatch_records=mismatch_records,
        _triggered=_by_name(
            (event, name) for name, plan in plans.items() for event in plan.triggers
        ),
        _cancelled=_by_name((event, plan) for plan in marked.values() for event in plan.exceptions),
        _index=EventIndex(_trigger_rows(ids, plans)),
        _ids=ids,
        _named=frozenset(_names(plans, segments, workspace)),
    )


def _plan(
    published: Published, workspace: Workspace, segments: Mapping[str, Audience]
) -> CampaignPlan:
    campaign = Campaign.model_validate(published.document)
    triggers: dict[str, list[Filter]] = defaultdict(list)
    for trigger in campaign.trigger:
        triggers[trigger.event].append(compile_where(trigger.where))
    exceptions: dict[str, list[ExceptionRule]] = defaultdict(list)
    for row in campaign.unless:
        exceptions[row.event].append(_rule(row, published.rows))
    return CampaignPlan(
        id=campaign.campaign,
        campaign=campaign,
        status=published.status,
        generation=published.generation,
        version=published.hash,
        launch_at=published.launch_at,
        triggers={name: tuple(filters) for name, filters in triggers.items()},
        exceptions={name: tuple(rules) for name, rules in exceptions.items()},
        audience=compile_audience(campaign.audience, segments),
        quiet_hours=campaign.quiet_hours or workspace.quiet_hours,
    )


def _rule(row: ExceptionRow, since: Mapping[str, datetime]) -> ExceptionRule:
    pairs = tuple((parse_path(a), parse_path(b)) for a, b in (row.match or {}).items())
    name = row_name(row)
    key = f"{name}@{since[name].timestamp():.6f}" if name in since else name
    return ExceptionRule(row.event, compile_where(row.where), pairs, key)


def _trigger_rows(
    ids: tuple[str, ...], plans: Mapping[str, CampaignPlan]
) -> Iterator[tuple[str, Where, int]]:
    for key, name in enumerate(ids):
        for trigger in plans[name].campaign.trigger:
            yield trigger.event, trigger.where, key


def _by_name[T](pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    grouped: dict[str, list[T]] = defaultdict(list)
    for name, value in pairs:
        grouped[name].append(value)
    return {name: tuple(values) for name, values in grouped.items()}


def _names(
    plans: Mapping[str, CampaignPlan], segments: Mapping[str, Audience], workspace: Workspace
) -> Iterator[str]:
    """Yield the events whose history is kept under `record: named`."""
    if isinstance(workspace.record, tuple):
        yield from workspace.record
    for plan in plans.values():
        yield from plan.triggers
        yield from plan.exceptions
        yield from (conversion.event for conversion in plan.campaign.conversions)
        if plan.campaign.audience is not None:
            yield from _audience_names(plan.campaign.audience, segments)


def _audience_names(audience: Audience, segments: Mapping[str, Audience]) -> Iterator[str]:
    match audience:
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from _audience_names(part, segments)
        case NotOf(not_=part):
            yield from _audience_names(part, segments)
        case SegmentFilter(segment=name):
            yield from _audience_names(segments[name], segments)
        case EventFilter(event=name):
            yield name
        case PurchaseTotalFilter():
            yield "purchase"
        case _:
            pass
