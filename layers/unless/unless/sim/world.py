"""
A world in which scenarios and simulations run: users, definitions and a clock that the runner
moves.

`World` is what a runner needs; `PureWorld` is the engine alone, in memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple, Protocol

from unless.definitions.checks import Checked
from unless.definitions.operating import Action, Refused, operate
from unless.definitions.publishing import publish, superseded
from unless.definitions.snapshot import Snapshot
from unless.engine.claims import step_name
from unless.engine.decide import decide
from unless.engine.decision import (
    Answer,
    Decision,
    DeleteUser,
    Dispatch,
    Dispatched,
    DueNotice,
    Input,
    StartTimer,
)
from unless.engine.definitions import Definitions, compile_definitions
from unless.engine.model import DueItem, UserEvent, UserState
from unless.engine.records import Record
from unless.sim.seen_ids import SeenIds

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
"""When the definitions of a scenario or a replay were launched: before every event."""


class World(Protocol):
    """Where a scenario runs; every instant handed in is the clock's, and never goes back."""

    def published(self) -> Snapshot:
        """Return what is published."""

    def publish(self, checked: Checked, now: datetime, *, first: bool) -> None:
        """Make the definitions live; `first` ones are launched at the beginning of time."""

    def operate(self, action: str, name: str, now: datetime) -> None:
        """Pause, resume, stop or archive."""

    def seed(self, state: UserState) -> None:
        """Begin with this user."""

    def put(self, events: Iterable[Mapping[str, object]], now: datetime) -> None:
        """Let rows of events, in the short form and each with an id, arrive now."""

    def delete_user(self, user: str, now: datetime) -> None:
        """Delete the user."""

    def next_due(self) -> datetime | None:
        """Return when the next item is due, None when none ever will be."""

    def ring(self, now: datetime) -> None:
        """Dispatch what is due now."""

    def records(self) -> list[Record]:
        """Return the decision records so far, in the order in which they were made."""

    def pending(self) -> list[DueItem]:
        """Return the pending sends and runs that may still come to something."""

    def step_of(self, item: DueItem) -> str | None:
        """Return the name of the step in which a run is, None for a campaign's send."""

    def due_items(self) -> list[DueItem]:
        """Return all pending sends and runs, also those whose end by a stop is still to come."""


class Alarm(NamedTuple):
    """The virtual clock's timer of an item: by due time, then by when it was scheduled."""

    due: datetime
    order: int
    turn: int
    user: str
    item: str


class Place(NamedTuple):
    """The place of a due item among what waits: `order` is its user's, `place` the world's."""

    order: int
    place: int


ALARMS_SPARE = 1_000
"""How many alarms of items that are gone may lie about, beside one for each that waits."""


@dataclass
class PureWorld:
    """The pure engine over dictionaries."""

    snapshot: Snapshot = field(default_factory=Snapshot)
    users: dict[str, UserState] = field(default_factory=dict)
    made: list[Record] = field(default_factory=list)
    _seen: SeenIds = field(default_factory=SeenIds)
    _definitions: Definitions | None = None
    _superseded: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _alarms: list[Alarm] = field(default_factory=list)
    _places: dict[tuple[str, str], Place] = field(default_factory=dict)
    _scheduled: int = 0

    @property
    def definitions(self) -> Definitions:
        """The published definitions, compiled once per change."""
        if self._definitions is None:
            self._definitions = compile_definitions(self.snapshot, mismatch_records=True)
            self._definitions = self._definitions.with_versions(self._superseded)
        return self._definitions

    def published(self) -> Snapshot:
        """Return what is published."""
        return self.snapshot

    def publish(self, checked: Checked, now: datetime, *, first: bool) -> None:
        """Make the definitions live."""
        before = self.snapshot
        self.snapshot, _ = publish(before, checked, now, launch_default=LONG_AGO if first else now)
        self._superseded |= superseded(before, self.snapshot)
        self._redefined()

    def operate(self, action: str, name: str, now: datetime) -> None:
        """Pause, resume, stop or archive; what a resume finds due rings at once."""
        operated = operate(self.snapshot, Action(action), name, now)
        if isinstance(operated, Refused):
            return
        self.snapshot, _ = operated
        self._redefined()

    def seed(self, state: UserState) -> None:
        """Begin with this user."""
        self.users[state.user] = state

    def put(self, events: Iterable[Mapping[str, object]], now: datetime) -> None:
        """Take in rows of events; one that can never be understood leaves nothing behind (V5)."""
        from unless.events.intake import parse_row

        for row in events:
            event = parse_row(row, now, str(row.get("id", "")))
            if isinstance(event, UserEvent):
                self.take(event, now)

    def take(self, event: UserEvent, now: datetime) -> Decision | None:
        """Take in one event; return what followed, or None for a repeated id (V1)."""
        if not self.definitions.concerns(event):
            return None
        if not self._seen.take(event.user, event.id, now):
            return None
        return self._decide(event.user, event, now)

    def _decide(self, user: str, what: Input, now: datetime) -> Decision:
        state = self.users.get(user) or UserState(user)
        decision = decide(state, what, self.definitions, now)
        self.users[user] = decision.state
        if decision.state.pending is not state.pending:
            for name in state.pending.keys() - decision.state.pending.keys():
                self._places.pop((user, name), None)
        self.made.extend(decision.records)
        for name in decision.derived:
            self._seen.add(user, name, now)
        for effect in decision.effects:
            if isinstance(effect, StartTimer):
                self._set_alarm(effect.item)
            elif isinstance(effect, Dispatch):
                answer = Dispatched(user, effect.item.id, Answer.ACCEPTED)
                self._decide(user, answer, now)
        return decision

    def delete_user(self, user: str, now: datetime) -> None:
        """Delete the user."""
        self._decide(user, DeleteUser(user), now)

    def next_due(self) -> datetime | None:
        """Return the earliest due time of an item that nothing holds back for good."""
        while self._alarms and self._waiting(self._alarms[0]) is None:
            heappop(self._alarms)
        return self._alarms[0].due if self._alarms else None

    def ring(self, now: datetime) -> None:
        """Dispatch what is due, by due time and then by when it was scheduled, until nothing is."""
        while self._alarms and self._alarms[0].due <= now:
            alarm = heappop(self._alarms)
            if item := self._waiting(alarm):
                self._decide(item.user, DueNotice(item.user, item.id, item.turn), now)

    def _set_alarm(self, item: DueItem) -> None:
        # A run is scheduled anew in each of its steps, a send once, however often it is moved.
        key = (item.user, item.id)
        known = self._places.get(key)
        if known is None or known.order != item.order:
            known = self._places[key] = Place(item.order, self._scheduled)
            self._scheduled += 1
        if len(self._alarms) > 2 * len(self._places) + ALARMS_SPARE:
            self._alarms = [alarm for alarm in self._alarms if self._waiting(alarm)]
            heapify(self._alarms)
        heappush(self._alarms, Alarm(item.due, known.place, item.turn, item.user, item.id))

    def _waiting(self, alarm: Alarm) -> DueItem | None:
        """Return the item that the alarm is for, None when it is gone, moved or paused."""
        state = self.users.get(alarm.user)
        item = state.pending.get(alarm.item) if state else None
        return item if item and item.turn == alarm.turn and not self._is_paused(item) else None

    def _is_paused(self, item: DueItem) -> bool:
        plan = self.definitions.plans.get(item.definition)
        return plan is not None and plan.holds(item)

    def _redefined(self) -> None:
        """Compile anew, and let ring again what a pause may have kept quiet."""
        self._definitions = None
        self._alarms.clear()
        for state in self.users.values():
            for item in state.pending.values():
                self._set_alarm(item)

    def records(self) -> list[Record]:
        """Return the decision records so far."""
        return self.made

    def drain(self) -> list[Record]:
        """Return the decision records since the last time, and forget them."""
        made, self.made = self.made, []
        return made

    def pending(self) -> list[DueItem]:
        """Return the pending sends and runs that may still come to something."""
        plans = self.definitions.plans
        return [
            item
            for item in self.due_items()
            if (plan := plans.get(item.definition)) is not None and plan.owns(item)
        ]

    def step_of(self, item: DueItem) -> str | None:
        """Return the name of the step in which a run is."""
        return step_name(item, self.definitions)

    def due_items(self) -> list[DueItem]:
        """Return all pending sends and runs."""
        return [item for state in self.users.values() for item in state.pending.values()]
