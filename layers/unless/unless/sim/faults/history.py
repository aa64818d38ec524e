"""
A history before it happens: who there is, what is defined, what happens when, and what goes wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from unless.definitions.operating import Action
from unless.engine.decision import Answer
from unless.sim.faults.faults import Outage

START = datetime(2026, 2, 2, 10, tzinfo=UTC)
"""When most histories begin."""

CLOCK_CHANGES = datetime(2026, 3, 28, 10, tzinfo=UTC)
"""
The day before clocks in Europe go forward. Source: Directive 2000/84/EC, article 2 (read 2026-11).
"""

CALM_AFTER = timedelta(hours=12)
"""How long things go wrong."""

LAUNCHED_BEFORE = timedelta(days=30)
"""How long before its start the definitions with which a history begins were launched."""


@dataclass(frozen=True, slots=True)
class Happens:
    """An event of the app, which arrives at `at` and again after each of `again`."""

    at: datetime
    id: str
    user: str
    event: str
    time: datetime
    properties: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    again: tuple[timedelta, ...] = ()
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Operated:
    """An operator pauses, resumes, stops or archives a definition."""

    at: datetime
    action: Action
    name: str


@dataclass(frozen=True, slots=True)
class Published:
    """A definition is published, new or changed."""

    at: datetime
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deleted:
    """A user is deleted."""

    at: datetime
    user: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An operator cancels everything of a user that is pending."""

    at: datetime
    user: str


type Happening = Happens | Operated | Published | Deleted | Cancelled


@dataclass(frozen=True, slots=True)
class Trouble:
    """
    What may go wrong, and how often.

    `faults` is the share of calls; `dropped`, `doubled`, `late`, `early` those of schedules.
    `calm` is when all of it is over. `spared` are calls, by place, that go well all the same.
    `said` is what a provider says to the first requests for a message.
    """

    faults: float = 0.0
    dropped: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    early: float = 0.0
    lost_acks: float = 0.0
    outages: tuple[Outage, ...] = ()
    calm: datetime = START + CALM_AFTER
    spared: frozenset[str] = frozenset()
    said: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """
    One history; the same one always goes the same way.

    `users` are attributes by id, `documents` the definitions with which it begins, `sweeper` tells
    whether the sweeper runs, `zone` is the workspace's.
    """

    seed: int
    users: Mapping[str, Mapping[str, Any]]
    documents: tuple[Mapping[str, Any], ...]
    happenings: tuple[Happening, ...]
    workspace: Mapping[str, Any] = field(default_factory=dict)
    trouble: Trouble = Trouble()
    sweeper: bool = True
    start: datetime = START
    zone: str = "UTC"
