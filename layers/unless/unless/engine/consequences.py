"""
What an input would change about a user: what would begin, move and end, and what would be said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from unless.engine.decision import Decision, Effect
from unless.engine.model import DueItem, UserState
from unless.engine.records import AFTERWARDS, Record


@dataclass(frozen=True, slots=True)
class Moved:
    """A pending send or run that stays, with another due time, status, step or remembered exit."""

    before: DueItem
    after: DueItem


@dataclass(frozen=True, slots=True)
class Change:
    """An attribute's value before and after; None for one that is absent."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Consequences:
    """
    What a decision comes to.

    `started` are pending sends and runs that would be new, `ended` those that would be gone (the
    `records` say why), `moved` those that change. `derived` are the ids of events that the engine
    would derive, `late` counts messages that left before this exception of theirs (V4).
    """

    started: tuple[DueItem, ...] = ()
    moved: tuple[Moved, ...] = ()
    ended: tuple[DueItem, ...] = ()
    attributes: Mapping[str, Change] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    effects: tuple[Effect, ...] = ()
    derived: tuple[str, ...] = ()
    late: int = 0

    def record_of(self, item: DueItem) -> Record | None:
        """Return the record that says how the item would end or begin, None if none would."""
        about = (item.definition, item.event)
        decided = (r for r in self.records if r.step is None and r.outcome not in AFTERWARDS)
        found = [record for record in decided if (record.definition, record.event) == about]
        return found[-1] if found else None


def consequences(before: UserState, decision: Decision) -> Consequences:
    """Return what the decision would change about the user who was so before."""
    was, will = before.pending, decision.state.pending
    return Consequences(
        started=tuple(item for name, item in will.items() if name not in was),
        moved=tuple(
            Moved(was[name], item)
            for name, item in will.items()
            if name in was and was[name] != item
        ),
        ended=tuple(item for name, item in was.items() if name not in will),
        attributes=_changes(before.attribute_values(), decision.state.attribute_values()),
        records=decision.records,
        effects=decision.effects,
        derived=decision.derived,
        late=decision.late,
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Change]:
    return {
        name: Change(before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }
