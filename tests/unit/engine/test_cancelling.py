"""An operator cancels pending sends and runs: what ends, with which record, and what does not."""

from dataclasses import replace

from tests.unit.engine.deciding import after, at, defined, event, only, ring
from unless.definitions.models import Status
from unless.engine.decide import decide
from unless.engine.decision import CancelItems, CancelTimer, Decision, DueNotice
from unless.engine.definitions import Definitions
from unless.engine.model import DueStatus, UserState
from unless.engine.records import Outcome, Reason

CART = {
    "campaign": "c",
    "trigger": {"event": "cart_add"},
    "delay": {"after": "1h"},
    "reeligible": "never",
}
TOUR = {
    "journey": "j",
    "entry": {"trigger": {"event": "registered"}},
    "steps": [{"delay": {"after": "1h"}}, {"message": {"id": "hello"}}],
}
DEFINITIONS = defined(CART, TOUR)
HOUR = 3600


def waiting(name: str = "cart_add") -> UserState:
    """Return a user with one send, or run, that is due in an hour."""
    return after((0, event(name)), definitions=DEFINITIONS)


def cancelled(
    state: UserState, *names: str, seconds: float = 60, definitions: Definitions = DEFINITIONS
) -> Decision:
    """Return what follows when an operator cancels these items, all of the user's if none."""
    items = names or tuple(state.pending)
    return decide(state, CancelItems("u", items, "operator"), definitions, at(seconds))


def test_a_pending_send_ends_with_a_record_that_names_the_operator() -> None:
    """It is cancelled as by a stop, `detail.by` says of whom, and its timer is needless."""
    state = waiting()
    decision = cancelled(state)
    (record,) = decision.records
    assert (record.outcome, record.reason) == (Outcome.CANCELLED, Reason.CAMPAIGN_STOPPED)
    assert record.detail == {"by": "operator", "also": []}
    assert (record.send, record.due, record.at) == (only(state).id, at(HOUR), at(60))
    assert decision.effects == (CancelTimer(only(state)),)
    assert decision.state.pending == {}


def test_a_cancelled_send_uses_up_no_eligibility() -> None:
    """The next trigger starts a send, also where a user may receive the campaign only once (R2)."""
    state = cancelled(waiting()).state
    assert state.received == {}
    again = decide(state, event("cart_add", 120), DEFINITIONS, at(120))
    assert [record.outcome for record in again.records] == [Outcome.SCHEDULED]


def test_a_run_leaves_its_journey_where_it_is() -> None:
    """It is exited as by a stop, with the step and the operator in its record."""
    decision = cancelled(waiting("registered"))
    (record,) = decision.records
    assert (record.outcome, record.reason) == (Outcome.EXITED, Reason.JOURNEY_STOPPED)
    assert (record.detail["by"], record.detail["step"]) == ("operator", "0")
    assert decision.state.pending == {}


def test_only_what_was_named_ends() -> None:
    """Other pending sends of the user stay as they are."""
    both = after((0, event("cart_add")), (10, event("cart_add", 10)), definitions=DEFINITIONS)
    first, second = both.pending
    decision = cancelled(both, first)
    assert decision.state.pending == {second: both.pending[second]}
    assert len(decision.records) == 1


def test_a_claimed_send_is_beyond_cancelling() -> None:
    """Its message may be on its way: nothing changes and nothing is recorded (I7)."""
    state = ring(waiting(), HOUR, DEFINITIONS).state
    assert only(state).status is DueStatus.CLAIMED
    decision = cancelled(state, seconds=HOUR)
    assert decision.state is state
    assert decision.records == ()


def test_a_timer_that_rings_after_the_cancel_claims_nothing() -> None:
    """The item is the truth: the same notice that would have sent it ends well."""
    state = waiting()
    notice = DueNotice("u", only(state).id, only(state).turn)
    assert decide(state, notice, DEFINITIONS, at(HOUR)).effects
    gone = cancelled(state).state
    assert decide(gone, notice, DEFINITIONS, at(HOUR)) == Decision(gone)


def test_what_a_pause_has_parked_can_be_cancelled() -> None:
    """Waiting for a resume is waiting."""
    plan = replace(DEFINITIONS.plans["c"], status=Status.PAUSED)
    paused = replace(DEFINITIONS, plans={"c": plan})
    parked = ring(waiting(), HOUR, paused).state
    assert only(parked).status is DueStatus.PARKED
    decision = cancelled(parked, seconds=2 * HOUR, definitions=paused)
    assert decision.state.pending == {}
    assert [record.reason for record in decision.records] == [Reason.CAMPAIGN_STOPPED]


def test_cancelling_what_is_gone_changes_nothing() -> None:
    """Repeating a cancellation, or naming what never was, is harmless."""
    state = waiting()
    once = cancelled(state).state
    assert cancelled(once, *state.pending) == Decision(once)
    assert cancelled(once, "s-never") == Decision(once)
    assert len(cancelled(state, *state.pending, *state.pending).records) == 1
