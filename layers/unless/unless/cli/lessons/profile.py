"""
A user who is in an audience but for one filter: attributes and history, as a scenario writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from unless.cli.lessons.solving import passing, put
from unless.definitions.checking.audiences import Leaf
from unless.definitions.checking.first_times import times_needed
from unless.definitions.filters import (
    AllOf,
    AnyOf,
    AttributeFilter,
    Audience,
    EventFilter,
    NotOf,
    PurchaseTotalFilter,
    ReceivedFilter,
    SegmentFilter,
    SubscriptionGroupFilter,
)
from unless.definitions.operators import Operators
from unless.engine.records import instant_text

EARLIER = timedelta(days=7)
"""How long before the first event the user's history lies, where no filter says."""

DEPTH_MAX = 20
"""How deep segments are followed; a circle of them is refused elsewhere."""


@dataclass
class Profile:
    """
    Attributes and history of a user, made so that an audience holds.

    `open` is the filter that is left alone: what it asks for is yet to happen.
    """

    now: datetime
    open: Leaf
    segments: Mapping[str, Audience]
    attributes: dict[str, Any] = field(default_factory=dict)
    history: dict[str, Any] = field(default_factory=dict)

    def satisfy(self, audience: Audience, wanted: bool = True, depth: int = 0) -> None:
        """Make the audience hold, or fail; what cannot be done is left as it is."""
        match audience:
            case AllOf(all=parts) | AnyOf(any=parts):
                every = isinstance(audience, AllOf) is wanted
                # Of alternatives only the one with the open filter may decide.
                deciding = tuple(part for part in parts if self._holds_open(part)) or parts[:1]
                for part in parts if every else deciding:
                    self.satisfy(part, wanted, depth)
            case NotOf(not_=part):
                self.satisfy(part, not wanted, depth)
            case SegmentFilter(segment=name) if name in self.segments and depth < DEPTH_MAX:
                self.satisfy(self.segments[name], wanted, depth + 1)
            case _ if audience is not self.open:
                self._leaf(audience, wanted)

    def happened(self, asked: Leaf, times: int) -> None:
        """Let what a filter asks about have happened so many times before."""
        if not isinstance(asked, EventFilter) or times < 1:
            return
        at = instant_text(self.now - EARLIER)
        row = self.history.setdefault(asked.event, {})
        row.update(count=times, first=at, last=at)
        for path, operators in asked.where.items():
            product = passing(path, operators, self.now)
            row.setdefault("products", {})[product] = {"count": times, "last": at}

    def _holds_open(self, audience: Audience) -> bool:
        """Return whether the open filter is in the tree."""
        match audience:
            case AllOf(all=parts) | AnyOf(any=parts):
                return any(self._holds_open(part) for part in parts)
            case NotOf(not_=part):
                return self._holds_open(part)
            case SegmentFilter(segment=name):
                inside = self.segments.get(name)
                return inside is not None and self._holds_open(inside)
            case _:
                return audience is self.open

    def _leaf(self, leaf: Audience, wanted: bool) -> None:
        match leaf:
            case AttributeFilter(attribute=path):
                value = passing(path, leaf, self.now, passes=wanted)
                if value is not None and (wanted or self._missing_passes(leaf)):
                    put(self.attributes, path, value)
            case SubscriptionGroupFilter(subscription_group=group):
                value = passing("group", leaf, self.now, passes=wanted)
                if isinstance(value, bool):
                    self.attributes.setdefault("subscription_groups", {})[group] = value
            case EventFilter() if wanted and leaf.event != getattr(self.open, "event", None):
                self.happened(leaf, times_needed(leaf) or 0)
                self._when(leaf, self.history.get(leaf.event))
            case ReceivedFilter() if wanted and (times := times_needed(leaf)):
                row = {"count": times, "last": instant_text(self.now - EARLIER)}
                self.history.setdefault("received", {})[leaf.received] = row
                self._when(leaf, row)
            case PurchaseTotalFilter() if wanted:
                total = passing("total", leaf.purchase_total, self.now)
                self.history.setdefault("purchase", {})["total"] = total
            case _:
                pass

    def _when(self, leaf: EventFilter | ReceivedFilter, row: dict[str, Any] | None) -> None:
        for edge, asked in (("first", leaf.first), ("last", leaf.last)):
            at = passing(edge, asked, self.now) if asked else None
            if row is not None and at is not None:
                row[edge] = at

    def _missing_passes(self, leaf: Operators) -> bool:
        return bool(leaf.conditions().keys() & {"ne", "not_in", "contains_none", "blank"})
