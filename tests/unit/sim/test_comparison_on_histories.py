"""
On random histories the comparison in lock step says what two whole replays, put side by side, say.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.unit.sim.played import CART, history, world_of
from unless.engine.model import UserEvent
from unless.engine.records import OPEN, Outcome, Record
from unless.sim.comparison import Comparison, compared
from unless.sim.differences import Change, Part
from unless.sim.lock_step import replay_both
from unless.sim.replay import replay

pytestmark = pytest.mark.slow

TOUR: dict[str, Any] = {
    "journey": "tour",
    "entry": {"trigger": {"event": "registered"}},
    "reentry": {"after": "1d"},
    "exit": {"events": [{"event": "purchase"}], "when": "immediate"},
    "steps": [
        {"delay": {"after": "2h"}},
        {"message": {"id": "hello"}},
        {
            "wait_for": {
                "within": "5h",
                "paths": [{"event": "session_start", "steps": [{"message": {"id": "back"}}]}],
                "otherwise": [{"message": {"id": "miss_you"}}],
            }
        },
    ],
}

AFTER: dict[str, Any] = {
    "campaign": "after",
    "trigger": {"event": "message_interaction", "where": {"campaign": "cart"}},
    "delay": {"after": "30m"},
    "unless": [{"event": "session_start"}],
}

OLD = [{**CART, "reeligible": {"after": "8h"}}, AFTER, TOUR]

NEWS: dict[str, list[dict[str, Any]]] = {
    "the same": OLD,
    "a longer delay": [{**OLD[0], "delay": {"after": "3h"}}, AFTER, TOUR],
    "the trigger is an exception": [
        {**OLD[0], "unless": [{"event": "purchase"}, {"event": "cart_updated"}]}, AFTER, TOUR,
    ],
    "another trigger": [{**OLD[0], "trigger": {"event": "session_start"}}, AFTER, TOUR],
    "one campaign less": [AFTER, TOUR],
    "a shorter wait in the journey": [
        *OLD[:2], {**TOUR, "steps": [{"delay": {"after": "1h"}}, *TOUR["steps"][1:]]},
    ],
    "a step less in the journey": [*OLD[:2], {**TOUR, "steps": TOUR["steps"][:2]}],
}  # fmt: skip

type Key = tuple[str, str, str, str | None]


def ends(documents: Sequence[dict[str, Any]], events: Sequence[UserEvent]) -> dict[Key, Record]:
    """How everything ended in a replay of its own."""
    world = world_of(*documents)
    records = [record for step in replay(world, events) for record in step.records]
    return {
        (record.user, record.definition, record.event, record.step): record
        for record in records
        if record.outcome not in OPEN
    }


def side_by_side(old: dict[Key, Record], new: dict[Key, Record]) -> dict[Change, set[Key]]:
    """Who gets more, less, at other times, or for another reason nothing."""
    before = {key: each.at for key, each in old.items() if each.outcome is Outcome.SENT}
    now = {key: each.at for key, each in new.items() if each.outcome is Outcome.SENT}
    neither = (old.keys() & new.keys()) - before.keys() - now.keys()
    reasons = {
        key
        for key in neither
        if key[1] != "tour"
        and (old[key].outcome, old[key].reason) != (new[key].outcome, new[key].reason)
    }
    return {
        Change.ADDED: now.keys() - before.keys(),
        Change.REMOVED: before.keys() - now.keys(),
        Change.MOVED: {key for key in before.keys() & now.keys() if before[key] != now[key]},
        Change.CHANGED: reasons,
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", NEWS)
def test_lock_step_says_what_two_replays_say(name: str, seed: int) -> None:
    """Every message that is added, removed or moved is told, once, and no other."""
    events, new = history(seed), NEWS[name]
    worlds = world_of(*OLD), world_of(*new)
    comparison = Comparison()
    found = list(compared(replay_both(*worlds, events), *worlds, comparison))
    messages = [
        (each.change, (each.user, each.subject.owner.id, each.event, each.step))
        for each in found
        if each.subject.part is not Part.ENTRIES and not (each.step and each.change == "changed")
    ]
    assert len(messages) == len(set(messages))
    expected = side_by_side(ends(OLD, events), ends(new, events))
    assert {c: {key for change, key in messages if change is c} for c in Change} == expected
    assert any(expected.values()) == (name != "the same")
