"""A channel that could not take a message now is asked again, and nothing is counted till then."""

from tests.unit.engine.deciding import after, answer, at, defined, event, only, ring
from unless.engine.decide import decide
from unless.engine.decision import Answer, Dispatch
from unless.engine.model import DueStatus
from unless.engine.records import Outcome, Reason

CAMPAIGN = {"campaign": "c", "trigger": {"event": "go"}}
JOURNEY = {
    "journey": "v",
    "entry": {"trigger": {"event": "go"}},
    "steps": [{"message": {"id": "m"}}, {"delay": {"after": "1h"}}, {"message": {"id": "n"}}],
}


def test_a_deferred_send_waits_again_without_a_receipt() -> None:
    """Claim and receipt are given back; the next ring judges and dispatches it anew."""
    published = defined(CAMPAIGN)
    claimed = ring(after((0, event("go")), definitions=published), 0, published)
    assert claimed.state.received["c"].count == 1
    deferred = answer(claimed.state, 1, published, Answer.DEFERRED)
    assert deferred.records == ()
    assert only(deferred.state).status is DueStatus.WAITING
    assert "c" not in deferred.state.received
    assert deferred.state.receipts == ()
    again = ring(deferred.state, 30, published)
    assert [type(effect) for effect in again.effects] == [Dispatch]
    sent = answer(again.state, 31, published)
    assert [record.outcome for record in sent.records] == [Outcome.SENT]
    assert sent.state.received["c"].count == 1


def test_a_message_that_is_deferred_for_too_long_is_too_late() -> None:
    """It is judged by its due time, not by when it was tried last (T4)."""
    published = defined(CAMPAIGN)
    claimed = ring(after((0, event("go")), definitions=published), 0, published)
    deferred = answer(claimed.state, 1, published, Answer.DEFERRED)
    ended = ring(deferred.state, 3601, published)
    assert [record.reason for record in ended.records] == [Reason.TOO_LATE]
    assert ended.state.pending == {}


def test_an_exception_on_record_ends_a_message_that_was_deferred() -> None:
    """What happened while the channel was asked cancelled nothing then, and does at the claim."""
    published = defined(CAMPAIGN | {"delay": {"after": "1m"}, "unless": [{"event": "buy"}]})
    claimed = ring(after((0, event("go")), definitions=published), 60, published)
    bought = decide(claimed.state, event("buy", 61), published, at(61))
    assert bought.records == ()
    deferred = answer(bought.state, 62, published, Answer.DEFERRED)
    ended = ring(deferred.state, 90, published)
    assert [record.reason for record in ended.records] == [Reason.EXCEPTION_EVENT]
    assert ended.records[0].detail["by"] == "buy-61"
    assert ended.state.pending == {}


def test_a_deferred_step_keeps_the_user_in_it() -> None:
    """The run goes on once the message is sent."""
    published = defined(JOURNEY)
    claimed = ring(after((0, event("go")), definitions=published), 0, published)
    deferred = answer(claimed.state, 1, published, Answer.DEFERRED)
    assert deferred.records == ()
    assert deferred.state.receipts == ()
    again = ring(deferred.state, 30, published)
    sent = answer(again.state, 31, published)
    assert [(record.outcome, record.step) for record in sent.records] == [(Outcome.SENT, "m")]
    assert only(sent.state).due == event("x", 31 + 3600).time


def test_a_receipt_that_is_given_back_frees_its_place_under_a_cap() -> None:
    """Nothing was received, so nothing is used up (K1)."""
    workspace = {"workspace": {"caps": [{"max": 1, "per": "day"}]}}
    other = {"campaign": "d", "trigger": {"event": "other"}}
    published = defined(CAMPAIGN, other, workspace)
    claimed = ring(after((0, event("go")), definitions=published), 0, published)
    deferred = answer(claimed.state, 1, published, Answer.DEFERRED)
    assert deferred.state.receipts == ()
