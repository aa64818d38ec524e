"""
What the engine knows about one user, and what can happen to it.

Every value here is immutable: `decide` returns a new `UserState`. All instants are aware and UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from unless.engine.due_items import (
    NOTHING,
    DueItem,
    DueStatus,
    ExitEvent,
    Kept,
    PendingSend,
    Run,
    Visit,
)

__all__ = [
    "NOTHING",
    "Attribute",
    "ControlEntry",
    "DueItem",
    "DueStatus",
    "Entries",
    "EventMark",
    "ExitEvent",
    "History",
    "Kept",
    "PendingSend",
    "Purchases",
    "Receipt",
    "Run",
    "UserEvent",
    "UserState",
    "Visit",
]


@dataclass(frozen=True, slots=True)
class UserEvent:
    """
    A fact about one user, as it entered (SPEC section 2).

    `time` is when it happened, never after `arrived`; `clamped` says that the producer's time lay
    in the future. `root` is the id of the event of the app, or of the send, from which a derived
    event comes. `backfill` marks one that is loaded later as history: it starts nothing.
    `about` is when the message went out of which it tells.
    """

    id: str
    user: str
    name: str
    time: datetime
    arrived: datetime
    properties: Mapping[str, Any] = NOTHING
    attributes: Mapping[str, Any] = NOTHING
    hops: int = 0
    clamped: bool = False
    root: str = ""
    backfill: bool = False
    about: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute's value and the event time that set it; the value None marks a removed one."""

    value: Any
    time: datetime


@dataclass(frozen=True, slots=True)
class History:
    """
    How often something happened to a user, first and last.

    `days` counts per UTC date, for the last 31 dates only. `first` and `last` are None when
    unknown.
    """

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    days: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purchases:
    """What a user has bought: money spent over all currencies (decimal text) and per product."""

    total: str = "0"
    products: Mapping[str, History] = NOTHING


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    One message that a user received; kept 32 days for caps, conversions and the best time.

    `definition` is the campaign or journey. `before` is the history of its receipts before it,
    without its days, to which a release goes back; None when it was the first. `triggered_at` and
    `exceptions` (rows of `unless` with the matched values) tell whether an exception that arrives
    now would have cancelled it. `converted` are the rows of `conversions` that it has led to.
    """

    send: str
    definition: str
    time: datetime
    channel: str
    tags: tuple[str, ...] = ()
    before: History | None = None
    triggered_at: datetime | None = None
    exceptions: tuple[str, ...] = ()
    converted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlEntry:
    """
    When a user would have been sent a campaign, but is in its control group.

    `converted` are the rows of `conversions` that have counted since.
    """

    time: datetime
    converted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventMark:
    """
    When an event happened that a campaign's exception, or an exit or a wait of a journey, asks for.

    It is there for triggers, and arrivals at a wait, that come later and happened before (V4).
    `row` identifies the row as written, so that a changed row starts afresh (L2); `match` is the
    canonical text of the matched values, empty for a row without `match`.
    """

    definition: str
    row: str
    match: str
    time: datetime
    event: str
    name: str


@dataclass(frozen=True, slots=True)
class Entries:
    """
    A user's entries into one journey: how many, the last one, and the clock seconds of recent ones.

    Seconds are since 1970, UTC, of the events that entered.
    """

    count: int
    last: datetime
    seconds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Starts:
    """How many sends and runs were started for a user on a day, UTC."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class UserState:
    """Everything known about one user: one small aggregate, changed only through `decide`."""

    user: str
    attributes: Mapping[str, Attribute] = NOTHING
    groups: Mapping[str, Attribute] = NOTHING
    history: Mapping[str, History] = NOTHING
    purchases: Purchases = Purchases()
    received: Mapping[str, History] = NOTHING
    receipts: tuple[Receipt, ...] = ()
    control: Mapping[str, ControlEntry] = NOTHING
    entries: Mapping[str, Entries] = NOTHING
    marks: tuple[EventMark, ...] = ()
    starts: Starts | None = None
    pending: Mapping[str, DueItem] = NOTHING
    hours: Mapping[int, int] = field(default_factory=dict)
    derived_like: Mapping[str, datetime] = NOTHING
    deleted_at: datetime | None = None
    next_order: int = 0

    def attribute_values(self) -> dict[str, Any]:
        """
        Return the present attributes, removed ones left out, with the map
        `subscription_groups`.
        """
        values = {name: a.value for name, a in self.attributes.items() if a.value is not None}
        groups = {name: a.value for name, a in self.groups.items() if a.value is not None}
        return values | {"subscription_groups": groups} if groups else values
