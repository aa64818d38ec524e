"""
Events that are loaded later as history: known, counted, and no reason for anything new.
"""

from datetime import timedelta

from tests.unit.engine.deciding import after, at, defined, event, only
from unless.engine.decide import decide
from unless.engine.history import PROFILE
from unless.engine.model import Run, UserState
from unless.engine.records import Outcome

CART = {
    "campaign": "c",
    "trigger": [{"event": "cart_add"}, {"event": "email_added"}, {"event": "exception_performed"}],
    "delay": {"after": "1h"},
    "unless": [{"event": "purchase"}],
    "reeligible": "always",
}
JOURNEY = {
    "journey": "j",
    "entry": {"trigger": {"event": "registered"}},
    "exit": {"when": "immediate", "events": [{"event": "purchase"}]},
    "steps": [
        {"wait_for": {"within": "1d", "paths": [{"event": "visit", "steps": [{"message": {}}]}]}}
    ],
}


def waits_at(state: UserState) -> str:
    """The place of the one run."""
    run = only(state)
    assert isinstance(run, Run)
    return run.place


def test_a_trigger_of_the_past_starts_nothing_and_leaves_no_record() -> None:
    """However young it is, and also what it derives; the history and the profile know of it."""
    past = event("cart_add", backfill=True, attributes={"email": "a@example.test"})
    decision = decide(UserState("u"), past, defined(CART), at(1))
    assert (decision.state.pending, decision.records, decision.effects) == ({}, (), ())
    assert decision.state.history["cart_add"].count == 1
    assert decision.state.history["email_added"].count == 1
    assert decision.state.attributes["email"].value == "a@example.test"


def test_an_exception_of_the_past_cancels_what_was_triggered_before_it() -> None:
    """The send ends with its record; that it was cancelled triggers nothing either."""
    definitions = defined(CART)
    state = after((0, event("cart_add")), definitions=definitions)
    decision = decide(state, event("purchase", 5, backfill=True), definitions, at(60))
    assert [record.outcome for record in decision.records] == [Outcome.CANCELLED]
    assert decision.state.pending == {}


def test_an_exception_of_the_past_waits_for_its_trigger() -> None:
    """A trigger that happened before it and arrives later finds it (V4)."""
    definitions = defined(CART)
    state = after((10, event("purchase", 5, backfill=True)), definitions=definitions)
    (record,) = decide(state, event("cart_add", 0), definitions, at(20)).records
    assert (record.outcome, record.reason) == (Outcome.SKIPPED, "exception_event")


def test_a_journey_hears_of_the_past() -> None:
    """Exit events and what a wait waits for count, entries do not."""
    definitions = defined(JOURNEY)
    never = after((0, event("registered", backfill=True)), definitions=definitions)
    assert never.pending == {}
    state = after((0, event("registered")), definitions=definitions)
    left = decide(state, event("purchase", 5, backfill=True), definitions, at(60))
    assert [record.reason for record in left.records] == ["exit_event"]
    woken = decide(state, event("visit", 5, backfill=True), definitions, at(60)).state
    assert waits_at(woken) != waits_at(state)


def test_a_profile_is_no_event() -> None:
    """It has no history, and an older one does not change what is newer (V8)."""
    newer = event(PROFILE, 0, "p1", backfill=True, attributes={"plan": "gold", "vip": True})
    older = event(PROFILE, -60, "p2", backfill=True, attributes={"plan": "free", "age": 30})
    state = after((1, newer), (2, older), definitions=defined(CART))
    assert PROFILE not in state.history
    assert state.attribute_values() == {"plan": "gold", "vip": True, "age": 30}


def test_the_past_may_be_years_ago() -> None:
    """First and last times reach as far back as the events do."""
    then = at(0) - timedelta(days=900)
    old = event("visit", backfill=True, time=then)
    history = after((0, old), definitions=defined(CART)).history["visit"]
    assert (history.count, history.first, history.last) == (1, then, then)
