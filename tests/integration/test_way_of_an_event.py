"""
The way of an event through the real handlers.
"""

from tests.integration.world import AwsWorld

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
unless: [{event: purchase, match: cart_id}]
"""


def test_a_trigger_is_sent_when_its_delay_is_over(world: AwsWorld) -> None:
    """A trigger makes a pending send and a timer; when that rings, the message is requested once."""
    world.publish(CART)
    assert world.evaluate(world.event("u", "cart_updated", "e1", cart_id="c1", value=7)) == []
    assert world.ring() == []
    world.pass_time(minutes=10)
    assert world.ring() == []
    (request,) = world.requests()
    assert request["event"]["properties"] == {"cart_id": "c1", "value": 7}
    assert world.said("u") == ["scheduled", "sent"]
