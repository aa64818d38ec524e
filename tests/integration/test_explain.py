"""An event judged now against a real store and the published definitions, and nothing written."""

from typing import Any

import pytest

from tests.integration.world import START, AwsWorld
from unless.app.explain import Judged, OtherUser
from unless.definitions.operating import Action
from unless.engine.beginnings import Starting
from unless.engine.explaining import Ignored
from unless.engine.records import Outcome, Reason
from unless.events.rejection import Rejected, RejectReason

CART = """
campaign: cart
trigger: {event: cart_updated, where: {cart_value: {gte: 100}}}
audience: {attribute: country, in: [FR, BE]}
delay: {after: 1h}
unless: [{event: purchase, match: cart_id}]
"""

JOURNEY = """
journey: welcome
entry: {trigger: {event: registered}}
exit: {when: immediate, events: [{event: purchase}]}
steps: [{delay: {after: 1d}}, {message: {id: hello}}]
"""


def judged(world: AwsWorld, *, of: str = "u", **row: Any) -> Judged:
    """What the event of this row would do to the user, which is understood."""
    answer = world.aws.explain.event(of, row)
    assert isinstance(answer, Judged), answer
    return answer


def everything(world: AwsWorld) -> list[dict[str, Any]]:
    """All that is in the two tables."""
    dynamodb = world.client("dynamodb")
    tables = (dynamodb.scan(TableName=name)["Items"] for name in ("Table", "LedgerTable"))
    return [item for items in tables for item in items]


def test_an_unknown_user_is_judged_by_the_live_definitions(world: AwsWorld) -> None:
    """It is said that nothing is known of them, and each check that fails has its values."""
    world.publish(CART, JOURNEY)
    answer = judged(world, event="cart_updated", properties={"cart_value": 50})
    assert not answer.known
    assert answer.applied is None
    assert answer.now == START
    (explanation,) = answer.explained.explanations
    assert [(refusal.reason, refusal.detail) for refusal in explanation.refusals] == [
        (
            Reason.FILTER_MISMATCH,
            {"path": "cart_value", "op": "gte", "expected": 100, "actual": 50},
        ),
        (
            Reason.NOT_IN_AUDIENCE,
            {"path": "country", "op": "in", "expected": ["FR", "BE"], "actual": None},
        ),
    ]


def test_the_users_own_state_decides(world: AwsWorld) -> None:
    """Attributes that are known make the difference, in both forms of an event."""
    world.publish(CART)
    world.evaluate(world.event("u", "profile", attributes={"country": "FR"}))
    properties = {"cart_value": 150, "cart_id": "c-9"}
    envelope: dict[str, Any] = {
        "detail-type": "cart_updated",
        "detail": {"properties": properties, "id": "e-new"},
    }
    short: dict[str, Any] = {"event": "cart_updated", "properties": properties}
    for row in (short, envelope):
        answer = judged(world, **row)
        assert answer.known
        (explanation,) = answer.explained.explanations
        assert explanation.outcome is Outcome.SCHEDULED
        assert isinstance(explanation.begins, Starting)
        (canceller,) = explanation.begins.cancelled_by
        assert (canceller.event, canceller.match) == ("purchase", {"cart_id": "c-9"})


def test_nothing_is_written(world: AwsWorld) -> None:
    """Asking leaves no marker, no state, no record, no timer, however much would follow."""
    world.publish(CART, JOURNEY)
    world.evaluate(
        world.event("u", "registered", attributes={"country": "FR"}),
        world.event("u", "cart_updated", "e1", cart_value=150, cart_id="c-9"),
    )
    before = everything(world)
    timers = world.schedules().keys()
    world.take("DueQueue")
    answer = judged(world, event="purchase", properties={"cart_id": "c-9"})
    assert {item.definition for item in answer.explained.consequences.ended} == {"cart", "welcome"}
    judged(world, of="new", event="registered")
    assert everything(world) == before
    assert world.schedules().keys() == timers
    assert len(timers) == 2
    assert world.take("DueQueue") == []


def test_an_event_that_was_applied_is_told_with_its_records(world: AwsWorld) -> None:
    """The same id again would do nothing (V1); what did follow stands beside what would."""
    world.publish(CART)
    row: dict[str, Any] = {"event": "cart_updated", "id": "e1", "properties": {"cart_value": 50}}
    world.evaluate(world.event("u", "cart_updated", "e1", cart_value=50))
    applied = judged(world, **row).applied
    assert applied is not None
    assert [record.reason for record in applied.records] == [Reason.FILTER_MISMATCH]
    assert judged(world, **{**row, "id": "e2"}).applied is None
    assert judged(world, of="v", **row).applied is None


def test_a_stopped_campaign_says_so(world: AwsWorld) -> None:
    """The newest definitions count, not those that a function may still hold."""
    world.publish(CART)
    judged(world, event="cart_updated")
    world.operate(Action.STOP, "cart")
    (explanation,) = judged(world, event="cart_updated").explained.explanations
    assert explanation.reason is Reason.CAMPAIGN_STOPPED


def test_a_run_in_an_older_version_is_covered(world: AwsWorld) -> None:
    """A user who keeps an earlier version of a journey is judged by that version."""
    world.publish(JOURNEY)
    world.evaluate(world.event("u", "registered"))
    world.publish(JOURNEY.replace("exit: {when: immediate, events: [{event: purchase}]}\n", ""))
    follows = judged(world, event="purchase").explained.consequences
    assert [item.definition for item in follows.ended] == ["welcome"]


def test_what_cannot_be_judged_is_a_value(world: AwsWorld) -> None:
    """An event that is no event, one of somebody else, one from before the user's deletion."""
    world.publish(CART)
    rejected = world.aws.explain.event("u", {"event": "x", "time": "yesterday"})
    assert isinstance(rejected, Rejected)
    assert rejected.reason is RejectReason.BAD_TIME
    assert world.aws.explain.event("u", {"user": "v", "event": "x"}) == OtherUser("v")
    world.evaluate(world.event("u", "cart_updated"))
    world.aws.deletion.delete("u")
    world.pass_time(minutes=1)
    earlier: dict[str, Any] = {"event": "cart_updated", "time": "2026-02-02T09:59:59Z"}
    assert judged(world, **earlier).explained.ignored is Ignored.BEFORE_DELETION


@pytest.mark.parametrize("record", ["named", "all"])
def test_an_event_that_nobody_asks_for_starts_nothing(world: AwsWorld, record: str) -> None:
    """It is said whether it would even be remembered."""
    world.publish(f"workspace: {{record: {record}}}", CART)
    answer = judged(world, event="page_viewed")
    assert answer.explained.explanations == ()
    expected = Ignored.NOT_REMEMBERED if record == "named" else None
    assert answer.explained.ignored is expected
