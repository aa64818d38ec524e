"""
What of a user is due at an instant: a campaign's pending send, or a run of a journey.

Immutable, as all that is known about a user (`unless.engine.model`); instants are aware and UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from unless.definitions.models import Delay

NOTHING: Mapping[str, Any] = MappingProxyType({})


class DueStatus(StrEnum):
    """Where a due item is: waiting for its time, held by a pause, or taken for dispatch."""

    WAITING = "waiting"
    PARKED = "parked"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Kept:
    """Since when an in-app message has waited for the user's next session, and until when."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DueItem:
    """
    Something of a user that is due at an instant: a pending send, or a run of a journey.

    `definition` is the id of the campaign or journey; `event`, `name`, `triggered_at` and
    `properties` are those of the trigger. `turn` counts how often `due` was moved; it names the
    timer. `order` is unique per user and grows with each time that something is scheduled. `root`
    is the id of the app's event behind the trigger. `kept` is set once its in-app message has come
    to wait for the user's next session, which makes it due before `kept.until`.
    """

    id: str
    user: str
    definition: str
    event: str
    name: str
    triggered_at: datetime
    due: datetime
    properties: Mapping[str, Any] = NOTHING
    status: DueStatus = DueStatus.WAITING
    turn: int = 0
    order: int = 0
    version: str = ""
    hops: int = 0
    root: str = ""
    lease_until: datetime | None = None
    kept: Kept | None = None

    @property
    def since(self) -> datetime:
        """When the wait that ends at `due` began."""
        return self.triggered_at


@dataclass(frozen=True, slots=True)
class PendingSend(DueItem):
    """
    A campaign's message that was decided and not yet dispatched.

    `delay` is the rule that gave the due time, kept only where a change of the user's zone moves it
    (T2).
    """

    generation: int = 0
    delay: Delay | None = None


@dataclass(frozen=True, slots=True)
class ExitEvent:
    """An exit event that is remembered until the step ends; `early` if it came before the entry."""

    id: str
    name: str
    time: datetime
    early: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A step that a run has left: when it arrived there, and which way it took from there."""

    step: str
    arrived: datetime
    took: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(DueItem):
    """
    One user's way through a journey: it is in the step at `place` since `arrived`, until `due`.

    `version` names the journey's document with which it entered and which it keeps (J11).
    `moved_by` is the root of what brought it to this step, `exit` an exit event that is remembered
    (J2), `trail` the steps since the last record.
    """

    place: str
    arrived: datetime
    moved_by: str = ""
    exit: ExitEvent | None = None
    trail: tuple[Visit, ...] = ()

    @property
    def since(self) -> datetime:
        """When the run arrived at its step."""
        return self.arrived
