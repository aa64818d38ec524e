"""
The way of an event through the real handlers, when nothing goes wrong.
"""

import json

from tests.integration.world import AwsWorld

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
unless: [{event: purchase, match: cart_id}]
"""
SLOW = """
campaign: slow
trigger: {event: registered}
delay: {after: 2h}
unless: [{event: purchase}]
"""


def test_a_trigger_is_sent_when_its_delay_is_over(world: AwsWorld) -> None:
    """A trigger makes a pending send and a timer; when that rings, a message is requested."""
    world.publish(CART)
    assert world.evaluate(world.event("u", "cart_updated", "e1", cart_id="c1", value=7)) == []
    assert world.due() == []
    world.pass_time(minutes=10)
    assert world.ring() == []
    (request,) = world.requests()
    assert request["event"] == {
        "id": "e1",
        "name": "cart_updated",
        "time": "2026-02-02T10:00:00Z",
        "properties": {"cart_id": "c1", "value": 7},
    }
    assert (request["user_id"], request["campaign"]) == ("u", "cart")
    assert request["send"] == world.records("u")[0].send
    assert world.said("u") == ["scheduled", "sent"]
    assert world.items("u").keys() == {"A#", "E#e1", f"E#{request['send']}#ended"}


def test_an_exception_cancels_and_the_timer_rings_for_nothing(world: AwsWorld) -> None:
    """The exception of the same cart cancels; the message under way finds nothing and ends well."""
    world.publish(CART)
    world.evaluate(
        world.event("u", "cart_updated", cart_id="c1"),
        world.event("u", "cart_updated", cart_id="c2"),
    )
    world.evaluate(world.event("u", "purchase", cart_id="c1"))
    world.pass_time(minutes=10)
    assert world.ring() == []
    assert [r["event"]["properties"]["cart_id"] for r in world.requests()] == ["c2"]
    assert sorted(world.said("u")) == [
        "cancelled exception_event",
        "scheduled",
        "scheduled",
        "sent",
    ]


def test_a_long_delay_is_a_schedule_that_the_exception_deletes(world: AwsWorld) -> None:
    """Beyond 15 minutes the timer is a schedule of its own, removed as a courtesy."""
    world.publish(SLOW)
    world.evaluate(world.event("u", "registered"), world.event("v", "registered"))
    schedules = world.schedules()
    assert [s["ScheduleExpression"] for s in schedules.values()] == ["at(2026-02-02T12:00:00)"] * 2
    world.evaluate(world.event("u", "purchase"))
    assert len(world.schedules()) == 1
    world.pass_time(hours=2)
    world.ring()
    assert [request["user_id"] for request in world.requests()] == ["v"]
    assert world.schedules() == {}


def test_what_was_not_understood_is_quarantined(world: AwsWorld) -> None:
    """What nobody can understand is kept with its reason and spares its neighbours (V5)."""
    world.publish(CART)
    bad = ["no json", json.dumps({"detail-type": "x", "id": "1", "detail": {}})]
    assert world.evaluate(bad[0], world.event("u", "cart_updated"), bad[1]) == []
    kept = [json.loads(body) for body in world.take("QuarantineQueue")]
    assert [(k["reason"], k["body"]) for k in kept] == [("not_json", bad[0]), ("no_user", bad[1])]
    assert world.said("u") == ["scheduled"]


def test_large_properties_arrive_whole(world: AwsWorld) -> None:
    """What is too large for the pending send lies in an item of its own until the claim."""
    world.publish(CART)
    items = [{"sku": f"sku-{number}", "text": "ä" * 500} for number in range(100)]
    world.evaluate(world.event("u", "cart_updated", cart_id="c1", items=items))
    world.evaluate(world.event("u", "cart_updated", cart_id="c2", items=items))
    world.evaluate(world.event("u", "purchase", cart_id="c2"))
    world.pass_time(minutes=10)
    world.ring()
    (request,) = world.requests()
    assert request["event"]["properties"] == {"cart_id": "c1", "items": items}


def test_the_functions_find_their_settings_in_the_environment(world: AwsWorld) -> None:
    """With the variables of template.yaml a handler needs nothing else."""
    world.publish(CART)
    with world.from_real_environment():
        assert world.evaluate(world.event("u", "cart_updated")) == []
    assert world.said("u") == ["scheduled"]
