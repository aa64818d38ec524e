"""
Two versions and the same events: who is added, removed, moved in time, and not sent otherwise.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.unit.sim.played import CART, NOON, happens, world_of
from unless.engine.model import UserEvent
from unless.engine.records import Outcome, Reason
from unless.sim.comparison import Comparison, compared
from unless.sim.differences import Change, Difference, Part
from unless.sim.lock_step import replay_both

type Documents = Sequence[dict[str, Any]]

JOURNEY: dict[str, Any] = {
    "journey": "tour",
    "entry": {"trigger": {"event": "registered"}},
    "exit": {"events": [{"event": "purchase"}]},
    "steps": [{"delay": {"after": "1d"}}, {"message": {"id": "hello"}}],
}


def differing(
    old: Documents,
    new: Documents,
    events: Sequence[UserEvent],
    until: datetime | None = None,
) -> list[Difference]:
    """What differs between two versions."""
    before, now = world_of(*old), world_of(*new)
    in_order = sorted(events, key=lambda event: event.time)
    comparison = Comparison()
    found = list(compared(replay_both(before, now, in_order, until), before, now, comparison))
    assert sum(comparison.tally.changes.values()) == len(found)
    return found


def told(found: Sequence[Difference]) -> set[tuple[str, Change]]:
    """For whom what differs."""
    return {(difference.user, difference.change) for difference in found}


def carts(*values: int) -> list[UserEvent]:
    """Users `u-<value>` with carts of that value at noon."""
    return [happens("cart_updated", 0, f"u-{v}", properties={"value": v}) for v in values]


def costing(least: int, **more: Any) -> dict[str, Any]:
    """The campaign for carts of at least that value."""
    trigger = {"event": "cart_updated", "where": {"value": {"gte": least}}}
    return {**CART, "trigger": trigger, **more}


def test_the_same_definitions_differ_in_nothing() -> None:
    """Whatever happens, a version compared with itself shows no difference."""
    events = [*carts(5, 50, 500), happens("purchase", 30, "u-50"), happens("registered", 1)]
    both = [costing(10), JOURNEY]
    assert differing(both, both, events) == []


def test_a_wider_filter_adds_and_a_narrower_one_removes() -> None:
    """Whoever the filter lets in now is added, and the other way round they are removed."""
    wide, narrow = [costing(10)], [costing(100)]
    (added,) = differing(narrow, wide, carts(5, 50, 500))
    assert (added.user, added.change) == ("u-50", Change.ADDED)
    assert added.old is not None
    assert added.old.reason is Reason.FILTER_MISMATCH
    assert told(differing(wide, narrow, carts(5, 50, 500))) == {("u-50", Change.REMOVED)}


def test_a_longer_delay_moves_some_and_removes_those_who_buy_meanwhile() -> None:
    """Who buys between the two due times is removed, the others get it that much later."""
    events = [*carts(50, 500), happens("purchase", 90, "u-50")]
    found = differing([costing(10)], [costing(10, delay={"after": "2h"})], events)
    assert told(found) == {("u-50", Change.REMOVED), ("u-500", Change.MOVED)}
    by_user = {difference.user: difference for difference in found}
    assert by_user["u-500"].shift == timedelta(hours=1)
    removed = by_user["u-50"].new
    assert removed is not None
    assert removed.reason is Reason.EXCEPTION_EVENT


def test_another_reason_is_a_difference_of_its_own() -> None:
    """Nobody gets anything in either version, but why not has changed."""
    nobody = {"audience": {"attribute": "plan", "eq": "gold"}}
    (changed,) = differing([costing(100)], [costing(10, **nobody)], carts(50))
    assert changed.change is Change.CHANGED
    assert changed.why.old == (Outcome.SKIPPED, Reason.FILTER_MISMATCH)
    assert changed.why.new == (Outcome.SKIPPED, Reason.NOT_IN_AUDIENCE)


def test_a_new_campaign_adds_and_one_that_is_gone_removes() -> None:
    """Against nothing, every message is added; the triggers that start none are no difference."""
    found = differing([], [costing(100)], carts(50, 500))
    assert [(d.user, d.change, d.old) for d in found] == [("u-500", Change.ADDED, None)]
    assert told(differing([costing(100)], [], carts(50, 500))) == {("u-500", Change.REMOVED)}


def test_another_trigger_is_compared_by_its_own_events() -> None:
    """A campaign that now waits for another event loses the old one's messages and gets others."""
    events = [*carts(50), happens("checkout_started", 5)]
    other = {**CART, "trigger": {"event": "checkout_started"}}
    found = differing([CART], [other], events)
    assert told(found) == {("u-50", Change.REMOVED), ("ana", Change.ADDED)}


def test_what_waits_at_the_end_is_compared_by_when_it_is_due() -> None:
    """With an end, a message that was sent before and still waits now is moved, not removed."""
    until = NOON + timedelta(hours=1)
    (moved,) = differing([CART], [{**CART, "delay": {"after": "1d"}}], carts(50), until)
    assert (moved.change, moved.shift) == (Change.MOVED, timedelta(hours=23))
    assert moved.new is not None
    assert moved.new.outcome is Outcome.SCHEDULED


def test_a_message_that_derives_from_a_message_is_compared_when_both_are_there() -> None:
    """A message about a message comes later when the first one does: moved, not gone and new."""
    after = {
        "campaign": "after",
        "trigger": {"event": "message_interaction", "where": {"campaign": "cart"}},
    }
    slow = {**CART, "delay": {"after": "2h"}}
    found = differing([CART, after], [slow, after], carts(50))
    assert {(d.subject.owner.id, d.change) for d in found} == {
        ("cart", Change.MOVED),
        ("after", Change.MOVED),
    }


def test_messages_of_a_journey_are_compared_step_by_step() -> None:
    """A shorter wait brings the message to who bought in between, and earlier to the others."""
    fast = {**JOURNEY, "steps": [{"delay": {"after": "1h"}}, {"message": {"id": "hello"}}]}
    events = [
        happens("registered", 0),
        happens("registered", 0, "ben"),
        happens("purchase", 120, "ben"),
    ]
    found = differing([JOURNEY], [fast], events)
    messages = {(d.user, d.change, d.step) for d in found if d.subject.part is Part.MESSAGES}
    assert messages == {("ana", Change.MOVED, "hello"), ("ben", Change.ADDED, "hello")}
    (ben,) = [d for d in found if d.change is Change.ADDED]
    assert ben.old is not None
    assert ben.old.reason is Reason.EXIT_EVENT  # why the message was not reached
    ends = [d for d in found if d.subject.part is Part.ENTRIES]
    assert [(d.user, d.change) for d in ends] == [("ben", Change.CHANGED)]


def test_what_is_remembered_goes_with_what_waits() -> None:
    """After each step only what is still on its way on one of the sides is in memory."""
    before, now = world_of(costing(10)), world_of(costing(10, delay={"after": "2h"}))
    events = [happens("cart_updated", 60 * n, f"u-{n}", properties={"value": n}) for n in range(50)]
    comparison = Comparison()
    for both in replay_both(before, now, events):
        list(comparison.take(both))
        assert len(comparison._threads) <= 4
