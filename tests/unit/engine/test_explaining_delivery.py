"""What an event would do at campaigns with a control group, conversions or kept messages."""

from tests.unit.engine.deciding import after, at, defined, event, only, ring
from unless.engine.beginnings import Starting
from unless.engine.explaining import explain
from unless.engine.model import Receipt, UserState
from unless.engine.records import Outcome, Reason

AUDIENCE = {"attribute": "plan", "eq": "gold"}


def test_the_control_group_is_told_before_the_audience() -> None:
    """In the order of C0, with the percentage."""
    campaign = {
        "campaign": "c",
        "trigger": {"event": "go"},
        "audience": AUDIENCE,
        "control_percent": 100,
        "conversions": [{"event": "order"}],
    }
    explained = explain(UserState("u"), event("go"), defined(campaign), at(0))
    (explanation,) = explained.explanations
    assert [refusal.reason for refusal in explanation.refusals] == [
        Reason.CONTROL_GROUP,
        Reason.NOT_IN_AUDIENCE,
    ]
    assert explanation.refusals[0].detail == {"percent": 100}
    assert explanation.begins is None


def test_what_begins_is_told_by_its_own_record() -> None:
    """Also when the same event is an interaction with that campaign, and converts it."""
    name = "message_interaction"
    campaign = {
        "campaign": "c",
        "trigger": {"event": name},
        "reeligible": "always",
        "conversions": [{"event": name}],
    }
    receipt = Receipt("s-1", "c", at(0), "event")
    properties = {"campaign": "c", "action": "clicked"}
    clicked = event(name, 60, properties=properties)
    state = UserState("u", receipts=(receipt,))
    explained = explain(state, clicked, defined(campaign), at(60))
    outcomes = {record.outcome for record in explained.consequences.records}
    assert {Outcome.CONVERTED, Outcome.INTERACTED, Outcome.SCHEDULED} <= outcomes
    (started,) = explained.consequences.started
    record = explained.consequences.record_of(started)
    assert record is not None
    assert record.outcome is Outcome.SCHEDULED


def test_a_session_is_told_to_move_what_is_kept() -> None:
    """From its expiry to now."""
    message = {"channel": "in_app", "text": "Hello", "expires": "2d"}
    published = defined({"campaign": "c", "trigger": {"event": "go"}, "message": message})
    kept = ring(after((0, event("go")), definitions=published), 0, published).state
    explained = explain(kept, event("session_start", 60), published, at(60))
    (moved,) = explained.consequences.moved
    assert moved.before == only(kept)
    assert (moved.before.due, moved.after.due) == (at(2 * 86_400), at(60))


def test_the_best_time_is_told_as_the_due_time() -> None:
    """Of a user of whom enough is known, in the workspace's zone, which the record says."""
    delay = {"best_time": True, "fallback": "10:00"}
    published = defined({"campaign": "c", "trigger": {"event": "go"}, "delay": delay})
    explained = explain(UserState("u", hours={18: 5}), event("go"), published, at(0))
    (explanation,) = explained.explanations
    assert isinstance(explanation.begins, Starting)
    assert explanation.begins.due == at(8 * 3600)
    assert explanation.begins.zone == {"zone": "UTC", "zone_from": "workspace"}
