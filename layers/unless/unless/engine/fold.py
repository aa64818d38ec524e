"""
One user while an input is taken in: the state so far, and what has come of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from unless.engine.decision import CancelTimer, Decision, Effect, StartTimer
from unless.engine.definitions import Definitions
from unless.engine.eligibility import zones_of
from unless.engine.model import DueItem, DueStatus, PendingSend, Run, UserEvent, UserState
from unless.engine.records import Outcome, Reason, Record
from unless.engine.timing import Zones

ID_MEMORY = timedelta(days=16)
"""How long an event's id is remembered (SPEC V1)."""


class Fold:
    """
    The state of one user while one input is taken in, with the effects and records gathered so
    far.
    """

    def __init__(self, state: UserState, definitions: Definitions, now: datetime) -> None:
        """Begin with the state as it was read."""
        self.state = state
        self.definitions = definitions
        self.now = now
        self.effects: list[Effect] = []
        self.records: list[Record] = []
        self.derived: list[str] = []
        self.started = 0
        self.walking: set[str] = set()  # runs that have arrived at a step and not yet begun it
        self.late = 0
        self.judged: list[tuple[UserEvent, UserState]] = []  # each event, as triggers met it

    def decision(self, before: UserState) -> Decision:
        """Return what was gathered; the state is the very same object when nothing changed."""
        state = before if self.state == before else self.state
        return Decision(
            state, tuple(self.effects), tuple(self.records), tuple(self.derived), self.late
        )

    @property
    def zones(self) -> Zones:
        """The zones in which this user's clock times are read."""
        return zones_of(self.state, self.definitions)

    def unseen(self, events: Sequence[UserEvent]) -> tuple[UserEvent, ...]:
        """Return the derived events that matter and whose id no event of the app has had (V1)."""
        fresh = tuple(
            event
            for event in events
            if self.definitions.concerns(event)
            and not (
                event.id in self.state.derived_like
                and self.now - self.state.derived_like[event.id] < ID_MEMORY
            )
        )
        self.derived.extend(event.id for event in fresh)
        return fresh

    def keep(self, item: DueItem) -> None:
        """Put the item, new or changed, among what is pending."""
        self.state = replace(self.state, pending={**self.state.pending, item.id: item})

    def drop(self, item: DueItem) -> None:
        """Take the item out of what is pending."""
        pending = {key: other for key, other in self.state.pending.items() if key != item.id}
        self.state = replace(self.state, pending=pending)

    def schedule[Item: DueItem](self, item: Item) -> Item:
        """Return the item with its place among all that waits; keep it, and set its timer."""
        item = replace(item, order=self.state.next_order)
        self.keep(item)
        self.state = replace(self.state, next_order=self.state.next_order + 1)
        self.effects.append(StartTimer(item))
        return item

    def wait_on[Item: DueItem](self, item: Item, due: datetime) -> Item:
        """Return the item, whose timer has rung, with another due time; keep it, set its timer."""
        moved = replace(item, due=due, turn=item.turn + 1, status=DueStatus.WAITING)
        self.keep(moved)
        self.effects.append(StartTimer(moved))
        return moved

    def move[Item: DueItem](self, item: Item, due: datetime) -> Item:
        """Return the item, whose timer is still to ring, with another due time, as `wait_on`."""
        self.effects.append(CancelTimer(item))
        return self.wait_on(item, due)

    def runs(self) -> Iterator[Run]:
        """Yield the user's runs as they were when this was called."""
        yield from [item for item in self.state.pending.values() if isinstance(item, Run)]

    def run(self, name: str) -> Run | None:
        """Return the run of that id as it is now; None when it has ended."""
        item = self.state.pending.get(name)
        return item if isinstance(item, Run) else None


def flags_of(event: UserEvent) -> dict[str, Any]:
    """Return what a record says of an event whose time lay in the future (V2)."""
    return {"time_clamped": True} if event.clamped else {}


def record_of(
    send: PendingSend,
    at: datetime,
    outcome: Outcome,
    reason: Reason | None,
    detail: Mapping[str, Any],
) -> Record:
    """Return the record of what became of a pending send."""
    return Record(
        at=at,
        user=send.user,
        definition=send.definition,
        outcome=outcome,
        event=send.event,
        name=send.name,
        reason=reason,
        send=send.id,
        due=send.due,
        detail=detail,
    )
