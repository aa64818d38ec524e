"""Runs while their messages are on the way, many at a time, and through many steps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.unit.engine.deciding import after, answer, at, defined, event, only, ring
from unless.engine.decide import decide
from unless.engine.decision import Answer, DeleteUser, Dispatch, DueNotice, StartTimer
from unless.engine.definitions import Definitions
from unless.engine.model import DueStatus, UserState
from unless.engine.records import Outcome, Reason

DAY = 86_400


def journey(*steps: Mapping[str, Any], **parts: Any) -> dict[str, Any]:
    """Return a journey with these steps that a `go` enters."""
    return {"journey": "v", "entry": {"trigger": {"event": "go"}}, "steps": [*steps], **parts}


MESSAGE = {"message": {"id": "m"}}
ANOTHER = {"message": {"id": "n"}}
LATER = {"delay": {"after": "1d"}}


def claimed(document: Mapping[str, Any]) -> tuple[UserState, Definitions]:
    """Return a user whose first message is on its way to its channel."""
    definitions = defined(document)
    state = after((0, event("go")), definitions=definitions)
    decision = ring(state, 0, definitions)
    assert any(isinstance(effect, Dispatch) for effect in decision.effects)
    return decision.state, definitions


def test_a_refused_message_is_skipped_is_no_receipt_and_moves_the_run_on() -> None:
    """A certain no is `skipped` in a journey, `delivery_failed`, and the next step follows (J8)."""
    state, definitions = claimed(journey(MESSAGE, LATER, ANOTHER))
    assert len(state.receipts) == 1
    decision = answer(state, 1, definitions, Answer.REFUSED)
    (record,) = decision.records
    assert (record.outcome, record.reason, record.step) == (
        Outcome.SKIPPED, Reason.DELIVERY_FAILED, "m",
    )  # fmt: skip
    assert decision.state.receipts == ()
    assert only(decision.state).due == at(1 + DAY)


def test_an_unclear_answer_counts_as_sent() -> None:
    """What may have gone out is a receipt, with its reason (K3)."""
    state, definitions = claimed(journey(MESSAGE))
    decision = answer(state, 1, definitions, Answer.UNKNOWN)
    sent, completed = decision.records
    assert (sent.outcome, sent.reason) == (Outcome.SENT, Reason.DELIVERY_UNKNOWN)
    assert completed.outcome is Outcome.COMPLETED
    assert [receipt.definition for receipt in decision.state.receipts] == ["v"]


def test_an_immediate_exit_waits_for_the_answer_of_a_message_on_its_way() -> None:
    """A request cannot be called back: its step ends first, then the run leaves (J2)."""
    exits = {"when": "immediate", "events": [{"event": "buy"}]}
    state, definitions = claimed(journey(MESSAGE, LATER, ANOTHER, exit=exits))
    bought = decide(state, event("buy", 1), definitions, at(1))
    assert bought.records == ()
    assert only(bought.state).status is DueStatus.CLAIMED
    outcomes = [record.outcome for record in answer(bought.state, 2, definitions).records]
    assert outcomes == [Outcome.SENT, Outcome.EXITED]


def test_a_run_whose_user_is_deleted_ends_once_its_answer_is_in() -> None:
    """The message was sent, which is said; nothing more follows, and nothing is remembered (L3)."""
    state, definitions = claimed(journey(MESSAGE, LATER, ANOTHER))
    gone = decide(state, DeleteUser("u"), definitions, at(1))
    assert gone.records == ()
    decision = answer(gone.state, 2, definitions)
    assert [(record.outcome, record.reason) for record in decision.records] == [
        (Outcome.SENT, None),
        (Outcome.EXITED, Reason.USER_NOT_FOUND),
    ]
    assert not decision.state.pending
    assert not decision.state.history


def test_a_timer_of_an_earlier_step_changes_nothing() -> None:
    """A timer that rings again after its step is over finds another turn, and ends well."""
    definitions = defined(journey(LATER, {"delay": {"after": "2d"}}, MESSAGE))
    state = after((0, event("go")), definitions=definitions)
    first = only(state)
    state = ring(state, DAY, definitions).state
    again = decide(state, DueNotice("u", first.id, first.turn), definitions, at(DAY))
    assert again.state is state
    assert again.effects == ()


def test_an_early_timer_is_set_again() -> None:
    """A timer of the present turn that rings too early is set for the rest."""
    definitions = defined(journey(LATER, MESSAGE))
    state = after((0, event("go")), definitions=definitions)
    (effect,) = ring(state, 60, definitions).effects
    assert effect == StartTimer(only(state))


def test_an_abandoned_claim_is_repeated_under_the_same_id() -> None:
    """A message whose answer never came is asked for again with its own key, step by step."""
    state, definitions = claimed(journey(MESSAGE, ANOTHER))
    (again,) = ring(state, 60, definitions).effects
    assert isinstance(again, Dispatch)
    first = answer(state, 61, definitions)
    second = answer(ring(first.state, 61, definitions).state, 61, definitions)
    sends = [record.send for record in (*first.records, *second.records) if record.send]
    assert len(set(sends)) == 2


def test_a_user_in_fifty_runs_is_told_apart_by_what_each_entered_with() -> None:
    """Fifty runs wait; the exit event of one item takes one of them out (J5)."""
    exits = {"when": "immediate", "events": [{"event": "buy", "match": "item"}]}
    definitions = defined(journey(LATER, MESSAGE, reentry="always", exit=exits))
    state = UserState("u")
    for n in range(50):
        state = decide(state, event("go", n, properties={"item": n}), definitions, at(n)).state
    assert len(state.pending) == 50
    decision = decide(state, event("buy", 60, properties={"item": 7}), definitions, at(60))
    (record,) = decision.records
    assert (record.outcome, record.event) == (Outcome.EXITED, "go-7")
    assert len(decision.state.pending) == 49


def test_two_hundred_steps_are_walked_one_after_the_other() -> None:
    """Half of them are messages, and each is sent once, under an id of its own (J12)."""
    steps = [
        step
        for n in range(100)
        for step in ({"update": {"attributes": {"n": n}}}, {"message": {"id": f"m{n}"}})
    ]
    definitions = defined(journey(*steps))
    state = after((0, event("go")), definitions=definitions)
    sent = []
    while state.pending:
        state = ring(state, 1, definitions).state
        decision = answer(state, 1, definitions)
        sent += [record for record in decision.records if record.outcome is Outcome.SENT]
        state = decision.state
    assert [record.step for record in sent] == [f"m{n}" for n in range(100)]
    assert len({record.send for record in sent}) == 100
    assert state.attribute_values() == {"n": 99}


def test_the_second_of_two_events_that_end_a_wait_finds_the_run_elsewhere() -> None:
    """Either of two events opens the path, and only the first does (J9)."""
    wait = {"wait_for": {"within": "1d", "paths": [{"event": "visit", "steps": [LATER, MESSAGE]}]}}
    definitions = defined(journey(wait))
    state = after((0, event("go")), (1, event("visit", 1)), definitions=definitions)
    moved = only(state)
    later = decide(state, event("visit", 2), definitions, at(2)).state
    assert only(later) == moved


def test_entries_are_counted_per_clock_second_only_for_three_days() -> None:
    """The seconds of recent entries are kept; an older trigger enters nothing anyway (J10)."""
    definitions = defined(journey({"exit": True}, reentry="always"))
    state = UserState("u")
    for n in range(4):
        entry = replace(event("go", n * DAY * 2), id=f"go-{n}")
        state = decide(state, entry, definitions, at(n * DAY * 2)).state
    assert state.entries["v"].count == 4
    assert len(state.entries["v"].seconds) == 2
