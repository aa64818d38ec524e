"""
What the engine knows about one user, and what can happen to it.

Every value here is immutable: `decide` returns a new `UserState`. All instants are aware and UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from unless.definitions.models import Delay

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class UserEvent:
    """
    A fact about one user, as it entered (SPEC section 2).

    `time` is when it happened, never after `arrived`; `clamped` says that the producer's time lay
    in the future. `root` is the id of the event of the app, or of the send, from which a derived
    event comes.
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

    `before` is the campaign's history before it, without its days, to which a release goes back;
    None when it was the campaign's first. `triggered_at` and `exceptions` (rows of `unless` with
    the matched values) tell whether an exception that arrives now would have cancelled it.
    """

    send: str
    campaign: str
    time: datetime
    channel: str
    tags: tuple[str, ...] = ()
    before: History | None = None
    triggered_at: datetime | None = None
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionMark:
    """
    The last time at which an exception row of a campaign happened, for triggers that arrive later
    (V4).

    `row` identifies the row as written, so that a changed row starts afresh (L2); `match` is the
    canonical text of the matched values, empty for a row without `match`.
    """

    campaign: str
    row: str
    match: str
    time: datetime
    event: str
    name: str


class SendStatus(StrEnum):
    """Where a pending send is: waiting for its due time, held by a pause, or taken for dispatch."""

    WAITING = "waiting"
    PARKED = "parked"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class PendingSend:
    """
    A message that was decided and not yet dispatched.

    `turn` counts how often `due` was moved; it names the timer. `delay` is the rule that gave the
    due time, kept only where a change of the user's zone moves it (T2). `order` is unique per user
    and grows with each send scheduled. `root` is the id of the app's event behind the trigger.
    """

    id: str
    user: str
    campaign: str
    event: str
    name: str
    triggered_at: datetime
    due: datetime
    properties: Mapping[str, Any] = NOTHING
    status: SendStatus = SendStatus.WAITING
    turn: int = 0
    order: int = 0
    generation: int = 0
    version: str = ""
    hops: int = 0
    root: str = ""
    delay: Delay | None = None
    lease_until: datetime | None = None


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
    marks: tuple[ExceptionMark, ...] = ()
    pending: Mapping[str, PendingSend] = NOTHING
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
