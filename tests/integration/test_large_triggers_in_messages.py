"""
A message may say all that its trigger said, also what is too large to lie with the pending send.
"""

import pytest

from tests.integration.world import AwsWorld

ITEMS = [f"item number {number}" for number in range(1000)]
SAYS_ALL = (
    "{% if trigger.items.size == 1000 %}{{ trigger.items[999] }}"
    "{% else %}{% abort_message trigger.items.size %}{% endif %}"
)


@pytest.mark.parametrize("delay", ["", "delay: {after: 1h}"])
def test_a_send_knows_the_whole_trigger(world: AwsWorld, delay: str) -> None:
    """The list of a large cart is there when the message is made, an hour later as at once."""
    world.publish(
        f"campaign: c\ntrigger: {{event: cart}}\n{delay}\n"
        f"message: {{channel: event, text: '{SAYS_ALL}'}}"
    )
    world.evaluate(world.event("u", "cart", items=ITEMS))
    world.pass_time(hours=1)
    world.ring()
    assert world.said("u")[-1].startswith("sent"), world.records("u")


def test_a_run_knows_the_whole_trigger_in_a_late_step(world: AwsWorld) -> None:
    """The same for a message two waits after the entry."""
    world.publish(
        "journey: j\nentry: {trigger: {event: cart}}\nsteps:\n"
        "  - delay: {after: 1h}\n  - delay: {after: 1h}\n"
        f"  - message: {{channel: event, text: '{SAYS_ALL}'}}\n"
    )
    world.evaluate(world.event("u", "cart", items=ITEMS))
    for _ in range(3):
        world.pass_time(hours=1)
        world.ring()
    assert any(said.startswith("sent") for said in world.said("u")), world.records("u")
