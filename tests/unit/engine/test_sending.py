"""A pending send whose time has come: timers, claims, answers, deletion."""

from dataclasses import replace

from tests.unit.engine.deciding import after, answer, at, defined, event, only, ring
from unless.definitions.models import Status
from unless.engine.decide import decide
from unless.engine.decision import (
    Answer,
    Decision,
    DeleteUser,
    Dispatch,
    Dispatched,
    DueNotice,
    StartTimer,
)
from unless.engine.definitions import Definitions
from unless.engine.model import DueStatus, UserState
from unless.engine.records import Outcome, Reason

CART = {"campaign": "c", "trigger": {"event": "cart_add"}, "delay": {"after": "1h"}}
HOUR = 3600


def waiting() -> tuple[UserState, Definitions]:
    """Return a user with one send that is due in an hour."""
    definitions = defined(CART)
    return after((0, event("cart_add")), definitions=definitions), definitions


def claimed() -> tuple[UserState, Definitions]:
    """Return a user whose send was claimed on time and not answered."""
    state, definitions = waiting()
    return ring(state, HOUR, definitions).state, definitions


def test_a_timer_that_rings_on_time_claims_and_dispatches() -> None:
    """The claim reserves the receipt, and the one effect is the dispatch."""
    state, definitions = waiting()
    decision = ring(state, HOUR, definitions)
    assert only(decision.state).status is DueStatus.CLAIMED
    assert [type(effect) for effect in decision.effects] == [Dispatch]
    assert decision.state.received["c"].count == 1
    assert decision.records == ()


def test_a_timer_that_rings_early_is_set_again() -> None:
    """Nothing is sent before its time (T4); the right timer is ensured."""
    state, definitions = waiting()
    decision = ring(state, HOUR - 1, definitions)
    assert decision.state is state
    assert decision.effects == (StartTimer(only(state)),)


def test_a_timer_of_an_earlier_turn_is_silent() -> None:
    """The timer of a due time that has moved rings for nothing."""
    state, definitions = waiting()
    send = replace(only(state), turn=1, due=at(2 * HOUR))
    moved = replace(state, pending={send.id: send})
    decision = ring(moved, HOUR, definitions, turn=0)
    assert decision.state is moved
    assert decision.effects == ()


def test_a_second_ring_during_the_claim_does_nothing() -> None:
    """Whoever has claimed is left alone while the lease runs."""
    state, definitions = claimed()
    decision = ring(state, HOUR + 59, definitions)
    assert decision.state is state
    assert decision.effects == ()


def test_an_exception_that_comes_during_the_claim_cancels_nothing() -> None:
    """The message is on its way: it ends as its channel says, and the exception came too late."""
    definitions = defined({**CART, "unless": [{"event": "purchase"}]})
    state = after((0, event("cart_add")), definitions=definitions)
    state = ring(state, HOUR, definitions).state
    decision = decide(state, event("purchase", HOUR + 1), definitions, at(HOUR + 1))
    assert decision.records == ()
    assert only(decision.state).status is DueStatus.CLAIMED
    ended = answer(decision.state, HOUR + 2, definitions)
    assert [record.outcome for record in ended.records] == [Outcome.SENT]


def test_an_abandoned_claim_is_repeated_with_the_same_key() -> None:
    """A channel with a key may be asked again once the lease is over."""
    state, definitions = claimed()
    decision = ring(state, HOUR + 60, definitions)
    (dispatch,) = decision.effects
    assert isinstance(dispatch, Dispatch)
    assert dispatch.item.id == only(state).id


def test_an_abandoned_claim_that_is_too_late_is_unknown() -> None:
    """Nobody knows whether it went out, and it is too late to send: sent, delivery_unknown (K3)."""
    state, definitions = claimed()
    decision = ring(state, 2 * HOUR + 1, definitions)
    (record,) = decision.records
    assert (record.outcome, record.reason) == (Outcome.SENT, Reason.DELIVERY_UNKNOWN)
    assert decision.effects == ()


def test_a_definite_no_releases_the_receipt() -> None:
    """`delivery_failed` is cancelled and no receipt (K3), so the user stays eligible."""
    state, definitions = claimed()
    decision = answer(state, HOUR, definitions, Answer.REFUSED)
    (record,) = decision.records
    assert (record.outcome, record.reason) == (Outcome.CANCELLED, Reason.DELIVERY_FAILED)
    assert decision.state.receipts == ()
    assert "c" not in decision.state.received


def test_an_answer_that_comes_twice_counts_once() -> None:
    """The second answer finds nothing claimed and changes nothing."""
    state, definitions = claimed()
    said = Dispatched("u", only(state).id, Answer.ACCEPTED)
    once = decide(state, said, definitions, at(HOUR))
    twice = decide(once.state, said, definitions, at(HOUR + 1))
    assert len(once.records) == 1
    assert twice.state is once.state
    assert twice.records == ()


def test_a_paused_send_is_parked_and_sent_after_the_resume() -> None:
    """What falls due in a pause waits for the resume (L1)."""
    state, definitions = waiting()
    plan = replace(definitions.plans["c"], status=Status.PAUSED)
    paused = replace(definitions, plans={"c": plan})
    parked = ring(state, HOUR, paused)
    assert only(parked.state).status is DueStatus.PARKED
    assert parked.records == ()
    assert ring(parked.state, HOUR + 60, paused).state is parked.state
    assert isinstance(ring(parked.state, HOUR + 60, definitions).effects[0], Dispatch)


def test_a_deleted_user_keeps_nothing_but_the_deletion() -> None:
    """The pending send ends as user_not_found, and the state is otherwise empty (L3)."""
    state, definitions = waiting()
    decision = decide(state, DeleteUser("u"), definitions, at(60))
    (record,) = decision.records
    assert record.reason is Reason.USER_NOT_FOUND
    assert decision.state == UserState("u", deleted_at=at(60), next_order=1)


def test_a_claimed_send_of_a_deleted_user_is_answered_and_leaves_nothing() -> None:
    """What was on its way is recorded as sent; it makes no history of the deleted user."""
    state, definitions = claimed()
    deleted = decide(state, DeleteUser("u"), definitions, at(HOUR + 1)).state
    decision = answer(deleted, HOUR + 2, definitions)
    assert [record.outcome for record in decision.records] == [Outcome.SENT]
    assert decision.state == UserState("u", deleted_at=at(HOUR + 1), next_order=1)


def test_an_event_from_before_the_deletion_is_dropped() -> None:
    """A late event of a deleted user changes nothing; one after the deletion begins anew."""
    state, definitions = waiting()
    deleted = decide(state, DeleteUser("u"), definitions, at(60)).state
    assert decide(deleted, event("cart_add", 59), definitions, at(70)).state is deleted
    assert len(decide(deleted, event("cart_add", 61), definitions, at(70)).state.pending) == 1


def test_a_timer_for_a_send_that_is_gone_ends_well() -> None:
    """A timer may always ring for nothing."""
    state, definitions = waiting()
    gone = DueNotice("u", only(state).id, 0)
    empty = replace(state, pending={})
    assert decide(empty, gone, definitions, at(HOUR)) == Decision(empty)
