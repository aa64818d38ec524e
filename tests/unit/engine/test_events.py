"""An event, taken in: limits, repeated ids, marks, and what is remembered."""

from dataclasses import replace

import pytest

from tests.unit.engine.deciding import after, answer, at, defined, event, only, published, ring
from unless.engine.decide import decide
from unless.engine.definitions import compile_definitions
from unless.engine.exceptions import MARKS_MAX
from unless.engine.fanout import FANOUT_MAX
from unless.engine.model import UserState
from unless.engine.records import Outcome, Reason

CART = {
    "campaign": "c",
    "trigger": {"event": "cart_add"},
    "delay": {"after": "1h"},
    "unless": [{"event": "purchase", "match": "cart"}],
}
HOUR = 3600


def test_one_event_starts_at_most_forty_sends() -> None:
    """The first forty by id are started, the rest say fanout_capped (K2)."""
    campaigns = [{"campaign": f"c{number:02}", "trigger": {"event": "go"}} for number in range(42)]
    decision = decide(UserState("u"), event("go"), defined(*campaigns), at(0))
    capped = [r.definition for r in decision.records if r.reason is Reason.FANOUT_CAPPED]
    assert len(decision.state.pending) == FANOUT_MAX
    assert capped == ["c40", "c41"]


@pytest.mark.parametrize(("hops", "reason"), [(5, None), (6, Reason.LOOP_LIMIT)])
def test_an_event_beyond_five_hops_starts_nothing(hops: int, reason: Reason | None) -> None:
    """A chain of events that cause each other ends."""
    decision = decide(UserState("u"), event("cart_add", hops=hops), defined(CART), at(0))
    (record,) = decision.records
    assert record.reason is reason


def test_a_filter_that_fails_comes_before_the_loop_limit() -> None:
    """The loop limit is judged after the filters (SPEC section 2)."""
    definitions = defined({"campaign": "c", "trigger": {"event": "go", "where": {"x": 1}}})
    (record,) = decide(UserState("u"), event("go", hops=9), definitions, at(0)).records
    assert record.reason is Reason.FILTER_MISMATCH
    assert record.detail == {"path": "x", "op": "eq", "expected": 1, "actual": None}


def test_an_event_that_changes_nothing_leaves_the_very_same_state() -> None:
    """What is not remembered and concerns nobody needs no write."""
    definitions = defined({"workspace": {"record": "named"}}, CART)
    state = UserState("u")
    assert decide(state, event("page_viewed"), definitions, at(0)).state is state
    assert not definitions.concerns(event("page_viewed"))
    assert definitions.concerns(event("purchase"))
    assert definitions.concerns(event("page_viewed", attributes={"plan": "gold"}))


def test_marks_are_dropped_after_three_days() -> None:
    """A mark is kept as long as a trigger may still arrive that it forbids (V4, V7)."""
    definitions = defined(CART)
    early = event("purchase", 0, properties={"cart": "a"})
    late = event("purchase", 73 * HOUR, properties={"cart": "b"})
    state = after((0, early), (73 * HOUR, late), definitions=definitions)
    assert [mark.event for mark in state.marks] == [late.id]


def test_the_oldest_marks_go_when_there_are_too_many() -> None:
    """A user with very many carts keeps the newest marks."""
    definitions = defined(CART)
    buys = [
        (number, event("purchase", number, properties={"cart": number}))
        for number in range(MARKS_MAX + 1)
    ]
    state = after(*buys, definitions=definitions)
    assert len(state.marks) == MARKS_MAX
    assert state.marks[0].time == at(1)


def test_a_changed_exception_row_forgets_what_was_marked_for_it() -> None:
    """A changed `unless` counts for events that arrive after the edit (L2)."""
    state = after((10, event("purchase", 10, properties={"cart": 1})), definitions=defined(CART))
    changed = {**CART, "unless": [{"event": "purchase", "match": "cart", "where": {"cart": 1}}]}
    late = event("cart_add", 5, arrived=at(20), properties={"cart": 1})
    assert decide(state, late, defined(CART), at(20)).records[0].outcome is Outcome.SKIPPED
    assert decide(state, late, defined(changed), at(20)).records[0].outcome is Outcome.SCHEDULED


def test_an_exception_of_a_stopped_campaigns_send_is_beside_the_point() -> None:
    """What was pending at the stop ends as stopped, whatever happens later (L1)."""
    snapshot = published(CART)
    state = after(
        (0, event("cart_add", properties={"cart": 1})), definitions=compile_definitions(snapshot)
    )
    stopped = replace(snapshot.definitions["c"], generation=1)
    again = compile_definitions(replace(snapshot, definitions={"c": stopped}))
    bought = decide(state, event("purchase", 5, properties={"cart": 1}), again, at(5))
    assert only(bought.state).id == only(state).id
    assert bought.records == ()


def test_engagement_is_counted_by_the_hour_of_the_users_day() -> None:
    """Sessions and opened messages count in the user's zone, received ones do not."""
    definitions = defined({"workspace": {"zone": "Europe/Paris"}}, CART)
    opened = event("message_interaction", 1, properties={"action": "opened"})
    received = event("message_interaction", 2, properties={"action": "received"})
    state = after((0, event("session_start")), (1, opened), (2, received), definitions=definitions)
    assert state.hours == {11: 2}


def test_mismatch_records_can_be_left_out() -> None:
    """With the setting off, the campaigns that the index rules out are not looked at."""
    campaigns = [
        {"campaign": f"c{number}", "trigger": {"event": "go", "where": {"x": number}}}
        for number in range(20)
    ]
    quiet = compile_definitions(published(*campaigns), mismatch_records=False)
    decision = decide(UserState("u"), event("go", properties={"x": 7}), quiet, at(0))
    assert [record.definition for record in decision.records] == ["c7"]


def test_a_time_from_the_future_is_flagged() -> None:
    """The record says that the producer's clock was ahead (V2)."""
    decision = decide(UserState("u"), event("cart_add", clamped=True), defined(CART), at(0))
    assert decision.records[0].detail == {"time_clamped": True}


@pytest.mark.parametrize(
    ("seconds", "cart", "late"),
    [(HOUR - 1, "a", 1), (HOUR - 1, "b", 0), (HOUR + 1, "a", 0), (-1, "a", 0)],
    ids=["happened before it left", "another cart", "happened after it left", "before the trigger"],
)
def test_an_exception_that_arrives_after_the_message_left_is_counted(
    seconds: int, cart: str, late: int
) -> None:
    """An exception on its way at the claim cannot cancel; it is counted as late (V4)."""
    definitions = defined(CART)
    state = after((0, event("cart_add", properties={"cart": "a"})), definitions=definitions)
    state = answer(ring(state, HOUR, definitions).state, HOUR, definitions).state
    bought = event("purchase", seconds, arrived=at(HOUR + 5), properties={"cart": cart})
    assert decide(state, bought, definitions, at(HOUR + 5)).late == late
