"""
Several events of one user decided one after the other, to be committed as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from unless.app.effects import ended_marker_id, started
from unless.app.messages import Failure, failure_of
from unless.app.ports import COMMIT_ITEMS_MAX, Loaded, Store
from unless.engine.decide import decide
from unless.engine.decision import Decision, Effect, Marker
from unless.engine.definitions import Definitions
from unless.engine.identity import derived_root, received_id
from unless.engine.model import UserEvent, UserState
from unless.engine.records import Record


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event with all the messages of the batch that brought it."""

    event: UserEvent
    messages: tuple[str, ...] = ()


@dataclass(slots=True)
class Fold:
    """
    What the first of the events lead to together.

    `taken` are those decided, `repeats` those known as derived ones already (V1), `failed` those
    on which `decide` failed, which is a bug, with why; `left` did not fit into the commit. `again`
    are those that were applied before, as `applied` remember, and of which nothing new follows.
    """

    before: Loaded
    state: UserState
    taken: list[Arrival] = field(default_factory=list)
    repeats: list[Arrival] = field(default_factory=list)
    failed: list[tuple[Arrival, Failure]] = field(default_factory=list)
    left: list[Arrival] = field(default_factory=list)
    again: list[Arrival] = field(default_factory=list)
    applied: list[Marker] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    late: int = 0

    def add(self, arrival: Arrival, decision: Decision, now: datetime) -> None:
        """
        Take in what was decided about one event; one that changes and says nothing leaves no
        marker.
        """
        self.taken.append(arrival)
        if not _is_idle(decision, self.state):
            self.markers.append(
                Marker(
                    id=arrival.event.id,
                    at=now,
                    items=started(decision.effects),
                    records=decision.records,
                    derived=decision.derived,
                )
            )
        self.state = decision.state
        self.effects.extend(decision.effects)
        self.records.extend(decision.records)
        self.late += decision.late


def fold_events(
    before: Loaded,
    arrivals: Sequence[Arrival],
    definitions: Definitions,
    store: Store,
    now: datetime,
) -> Fold:
    """
    Return what the events lead to, as many of them, in order, as fit one commit; at least one.
    """
    fold = Fold(before, before.state)
    for place, arrival in enumerate(arrivals):
        if _is_known(arrival.event, fold.markers, store, now):
            fold.repeats.append(arrival)
            continue
        try:
            decision = decide(fold.state, arrival.event, definitions, now)
        except Exception as error:  # a bug met by one event spares the others
            fold.failed.append((arrival, failure_of(error)))
            continue
        # What follows from an event a second time may be nothing, and then no marker would tell.
        applied = _marker_of_idle(arrival.event, decision, fold.state, store, now)
        if applied is not None:
            fold.again.append(arrival)
            fold.applied.append(applied)
            continue
        if fold.taken and not _fits(fold, decision):
            fold.left = list(arrivals[place:])
            break
        fold.add(arrival, decision, now)
    return fold


def _is_idle(decision: Decision, before: UserState) -> bool:
    """Whether nothing follows."""
    return decision.state is before and not decision.records and not decision.effects


def _marker_of_idle(
    event: UserEvent, decision: Decision, before: UserState, store: Store, now: datetime
) -> Marker | None:
    """Return the marker of an event of which nothing follows, if it was applied before."""
    return store.marker(event.user, event.id, now) if _is_idle(decision, before) else None


def _fits(fold: Fold, decision: Decision) -> bool:
    """Whether state, markers, changed sends, and a body for each event surely fit one commit."""
    before, after = fold.before.state.pending, decision.state.pending
    changed = len(before.keys() - after.keys()) + sum(
        before.get(key) is not item for key, item in after.items()
    )
    return 1 + 2 * (len(fold.markers) + 1) + changed <= COMMIT_ITEMS_MAX


def _is_known(event: UserEvent, markers: Sequence[Marker], store: Store, now: datetime) -> bool:
    """
    Whether the engine itself has had an event of this id, derived from another event or a send.
    """
    root = derived_root(event.id)
    if root is None:
        return False
    if any(event.id in marker.derived for marker in markers):
        return True
    carrier = ended_marker_id(root) if event.id == received_id(root) else root
    marker = store.marker(event.user, carrier, now)
    return marker is not None and event.id in marker.derived
