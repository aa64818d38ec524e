"""
One published campaign or journey, compiled: what starts it, who may, and what cancels.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from json import dumps
from typing import Any

from unless.definitions.journeys import Journey
from unless.definitions.models import (
    ActiveDuration,
    BestTimeDelay,
    Campaign,
    Conversion,
    ExceptionRow,
    Kind,
    QuietHours,
    Status,
    Trigger,
    Window,
)
from unless.definitions.snapshot import content_hash, row_name
from unless.engine.audience import CompiledAudience
from unless.engine.filters import Filter, compile_where, shown
from unless.engine.model import DueItem, PendingSend
from unless.engine.paths import Path, parse_path


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """
    One row of `unless` or of `exit.events`, compiled.

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

    def matched(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Return the trigger's values that are compared, by path, as a record holds them."""
        found = ((trigger.text, trigger.values(properties)) for _, trigger in self.pairs)
        return {path: shown(values[0]) for path, values in found if values}


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


type Rules = Mapping[str, tuple[ExceptionRule, ...]]
"""Exception rules by the name of their event."""


def compile_rules(rows: Iterable[ExceptionRow], since: Mapping[str, datetime]) -> Rules:
    """Return the rows, compiled; `since` is when each, by its name, was published."""
    rules: dict[str, list[ExceptionRule]] = defaultdict(list)
    for row in rows:
        pairs = tuple((parse_path(a), parse_path(b)) for a, b in (row.match or {}).items())
        name = row_name(row)
        key = f"{name}@{since[name].timestamp():.6f}" if name in since else name
        rules[row.event].append(ExceptionRule(row.event, compile_where(row.where), pairs, key))
    return {name: tuple(several) for name, several in rules.items()}


@dataclass(frozen=True, slots=True)
class ConversionRule:
    """
    One row of `conversions`, compiled; `key` names it by what it says, so that a row which is
    changed counts afresh.
    """

    event: str
    filter: Filter
    within: timedelta
    key: str
    place: int

    @property
    def primary(self) -> bool:
        """Whether it is the campaign's primary conversion event: the first row."""
        return self.place == 0


def compile_conversions(rows: Iterable[Conversion]) -> tuple[ConversionRule, ...]:
    """Return the rows, compiled, in their order."""
    return tuple(
        ConversionRule(
            row.event,
            compile_where(row.where),
            row.within,
            content_hash(row.model_dump(mode="json", by_alias=True)),
            place,
        )
        for place, row in enumerate(rows)
    )


@dataclass(frozen=True)
class Plan(ABC):
    """What a published campaign and a published journey have in common."""

    id: str
    status: Status
    generation: int
    version: str
    launch_at: datetime
    trigger: tuple[Trigger, ...]
    triggers: Mapping[str, tuple[Filter, ...]]
    exceptions: Rules
    audience: CompiledAudience
    duration: ActiveDuration | None
    window: Window | None
    quiet_hours: QuietHours | None

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """Whether this is a campaign or a journey."""

    @property
    def working(self) -> bool:
        """Whether triggers start something: live, or paused (L1)."""
        return self.status in (Status.LIVE, Status.PAUSED)

    @abstractmethod
    def owns(self, item: DueItem) -> bool:
        """Whether the item may still come to something, as far as the definition's status says."""

    def holds(self, item: DueItem) -> bool:
        """Whether a pause holds the item back."""
        return self.status is Status.PAUSED and self.owns(item)

    @cached_property
    def rules(self) -> tuple[ExceptionRule, ...]:
        """All rows of `unless` or `exit.events`."""
        return tuple(rule for rules in self.exceptions.values() for rule in rules)


@dataclass(frozen=True)
class CampaignPlan(Plan):
    """A published campaign, compiled."""

    campaign: Campaign
    conversions: tuple[ConversionRule, ...] = ()

    @property
    def kind(self) -> Kind:
        """A campaign."""
        return Kind.CAMPAIGN

    def owns(self, item: DueItem) -> bool:
        """Whether the send was started since the campaign was last stopped, and may go out."""
        started = isinstance(item, PendingSend) and item.generation == self.generation
        return self.working and started

    @cached_property
    def in_user_zone(self) -> bool:
        """Whether a clock time of the campaign is read in the user's zone."""
        delay = self.campaign.delay
        parts = (delay, self.duration, self.window, self.quiet_hours)
        in_zone = any(getattr(part, "zone", None) == "user" for part in parts)
        return in_zone or isinstance(delay, BestTimeDelay)


@dataclass(frozen=True)
class JourneyPlan(Plan):
    """A published journey, compiled: its entry; the steps are those of its `Program`."""

    journey: Journey

    @property
    def kind(self) -> Kind:
        """A journey."""
        return Kind.JOURNEY

    def owns(self, item: DueItem) -> bool:
        """Whether it is a run, which a stop does not end before its wait is over (J11)."""
        return not isinstance(item, PendingSend)

    @cached_property
    def in_user_zone(self) -> bool:
        """Whether a clock time of the entry is read in the user's zone."""
        return any(getattr(part, "zone", None) == "user" for part in (self.duration, self.window))
