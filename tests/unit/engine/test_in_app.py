"""An in-app message waits for the user's next session, and is received when it is displayed."""

from typing import Any

import pytest

from tests.unit.engine.deciding import after, answer, at, defined, event, only, ring
from unless.engine.decide import decide
from unless.engine.decision import Answer, CancelTimer, Dispatch, StartTimer
from unless.engine.model import DueStatus, Kept, UserEvent, UserState
from unless.engine.records import Outcome, Reason

DAY = 86400
MESSAGE = {"channel": "in_app", "text": "Hello", "expires": "2d"}
PUBLISHED = defined(
    {"campaign": "c", "trigger": {"event": "go"}, "delay": {"after": "1h"}, "message": MESSAGE}
)


def kept() -> UserState:
    """Return a user for whom a message has been kept since an hour after the start."""
    return ring(after((0, event("go")), definitions=PUBLISHED), 3600, PUBLISHED).state


def displayed(seconds: float, **more: Any) -> UserEvent:
    """Return what the app says when it has shown the message."""
    properties = {"campaign": "c", "channel": "in_app", "action": "displayed", "send": "s-1"}
    return event("message_interaction", seconds, properties={**properties, **more})


def test_what_may_go_out_is_kept_until_its_expiry() -> None:
    """Its timer is set for then, its record says what it waits for, and no receipt is reserved."""
    decision = ring(after((0, event("go")), definitions=PUBLISHED), 3600, PUBLISHED)
    item = only(decision.state)
    assert item.kept == Kept(at(3600), at(3600 + 2 * DAY))
    assert (item.due, item.status) == (at(3600 + 2 * DAY), DueStatus.WAITING)
    assert decision.effects == (StartTimer(item),)
    (record,) = decision.records
    assert (record.outcome, record.moved_by) == (Outcome.SCHEDULED, "in_app")
    assert decision.state.receipts == ()


def test_the_next_session_makes_it_due_at_once() -> None:
    """The timer of the expiry is cancelled; its ring sends the message without a receipt."""
    decision = decide(kept(), event("session_start", 5000), PUBLISHED, at(5000))
    item = only(decision.state)
    assert item.due == at(5000)
    assert [type(effect) for effect in decision.effects] == [CancelTimer, StartTimer]
    claimed = ring(decision.state, 5000, PUBLISHED)
    assert [type(effect) for effect in claimed.effects] == [Dispatch]
    sent = answer(claimed.state, 5001, PUBLISHED)
    assert [record.outcome for record in sent.records] == [Outcome.SENT]
    assert sent.state.receipts == ()
    assert "c" not in sent.state.received
    assert sent.derived == ()


@pytest.mark.parametrize(
    ("session", "arrives", "wakes"),
    [
        (3600, 5000, True),
        (3599, 5000, False),
        (5000, 5000 + DAY, True),
        (3600 + 2 * DAY, 3600 + 2 * DAY, False),
        (5000, 3600 + 2 * DAY, False),
    ],
)
def test_which_session_wakes_it(session: float, arrives: float, wakes: bool) -> None:
    """One since it was kept, before it expired, whenever it arrives."""
    state = kept()
    what = event("session_start", session, arrived=at(arrives))
    item = only(decide(state, what, PUBLISHED, at(arrives)).state)
    assert (item != only(state)) is wakes
    assert item.due == (at(arrives) if wakes else at(3600 + 2 * DAY))


def test_a_session_that_is_loaded_as_history_wakes_nothing() -> None:
    """Nobody is there to be shown anything."""
    what = event("session_start", 5000, backfill=True)
    assert only(decide(kept(), what, PUBLISHED, at(5000)).state) == only(kept())


def test_a_second_session_does_not_start_it_anew() -> None:
    """It is on its way: its timer is set, once."""
    woken = decide(kept(), event("session_start", 5000), PUBLISHED, at(5000)).state
    again = decide(woken, event("session_start", 5010), PUBLISHED, at(5010))
    assert again.effects == ()
    assert only(again.state) == only(woken)


def test_the_timer_of_the_expiry_that_rings_early_does_nothing() -> None:
    """As every timer of an earlier turn."""
    woken = decide(kept(), event("session_start", 5000), PUBLISHED, at(5000)).state
    early = ring(kept(), 4000, PUBLISHED)
    assert only(early.state) == only(kept())
    assert only(woken).turn == only(kept()).turn + 1


def test_at_its_expiry_it_is_too_late() -> None:
    """The record says when that was."""
    ended = ring(kept(), 3600 + 2 * DAY, PUBLISHED)
    (record,) = ended.records
    assert (record.outcome, record.reason) == (Outcome.CANCELLED, Reason.TOO_LATE)
    assert record.detail["expired"] == at(3600 + 2 * DAY).isoformat()
    assert ended.state.pending == {}


def test_a_deferred_message_stays_in_the_session_that_asked_for_it() -> None:
    """It is asked again, and judged by its expiry."""
    woken = decide(kept(), event("session_start", 5000), PUBLISHED, at(5000)).state
    deferred = answer(ring(woken, 5000, PUBLISHED).state, 5001, PUBLISHED, Answer.DEFERRED)
    assert only(deferred.state).status is DueStatus.WAITING
    again = ring(deferred.state, 5010, PUBLISHED)
    assert [type(effect) for effect in again.effects] == [Dispatch]


def test_its_receipt_is_that_it_was_displayed_once_for_each_send() -> None:
    """It has the time of the event, and the event of the receipt follows."""
    shown = decide(UserState("u"), displayed(10), PUBLISHED, at(20))
    (receipt,) = shown.state.receipts
    assert (receipt.send, receipt.definition, receipt.time) == ("s-1", "c", at(10))
    assert receipt.channel == "in_app"
    assert shown.state.received["c"].count == 1
    assert shown.derived == ("s-1#received",)
    assert [record.outcome for record in shown.records] == [Outcome.INTERACTED]
    again = decide(shown.state, displayed(30), PUBLISHED, at(30))
    assert again.state.receipts == shown.state.receipts
    assert again.derived == ()
    other = decide(again.state, displayed(40, send="s-2"), PUBLISHED, at(40))
    assert other.state.received["c"].count == 2


@pytest.mark.parametrize(
    "more",
    [{"channel": "email"}, {"action": "dismissed"}, {"campaign": "x"}, {"send": ""}, {"send": 7}],
)
def test_what_else_the_app_says_is_no_receipt(more: dict[str, Any]) -> None:
    """Of another channel, another action, no campaign or no send."""
    decision = decide(UserState("u"), displayed(10, **more), PUBLISHED, at(10))
    assert decision.state.receipts == ()
    assert decision.derived == ()


def test_what_was_displayed_counts_for_the_caps_of_its_tags() -> None:
    """The receipt has the tags that its campaign has."""
    tagged = {"campaign": "c", "trigger": {"event": "go"}, "message": MESSAGE, "tags": ["promo"]}
    shown = decide(UserState("u"), displayed(10), defined(tagged), at(10))
    assert [receipt.tags for receipt in shown.state.receipts] == [("promo",)]


def test_a_display_that_is_loaded_as_history_is_no_receipt() -> None:
    """It tells of messages that others sent."""
    what = displayed(10)
    loaded = event(what.name, 10, properties=what.properties, backfill=True)
    assert decide(UserState("u"), loaded, PUBLISHED, at(10)).state.receipts == ()
