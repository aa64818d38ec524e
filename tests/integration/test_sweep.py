"""
The sweep: for which overdue sends and which parked ones it rings, and how often.
"""

import pytest

from tests.integration.world import AwsWorld

CART = "{campaign: cart, trigger: {event: cart_updated}, delay: {after: 10m}}"


def notices(world: AwsWorld) -> int:
    """How many notices one run of the sweep puts on the queue; none of them is delivered."""
    world.take("DueQueue")
    world.sweep()
    return len(world.take("DueQueue"))


def parked(world: AwsWorld) -> None:
    """Let a pause hold back a send that has come due."""
    world.evaluate(world.event("u", "cart_updated"))
    world.operate("pause", "cart")
    world.pass_time(minutes=10)
    assert world.ring() == []


@pytest.mark.parametrize(
    ("overdue", "rings"), [(0, 0), (0.5, 0), (1.1, 1), (3, 1), (5, 1), (6, 0), (9, 0), (10, 1)]
)
def test_what_is_overdue_is_rung_each_minute_at_first_and_then_each_fifth(
    world: AwsWorld, overdue: float, rings: int
) -> None:
    """Its own timer has a minute; an outage of hours does not fill the queue with repeats."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    world.pass_time(minutes=10 + overdue)
    assert notices(world) == rings


def test_what_a_resume_left_parked_is_looked_for_during_an_hour(world: AwsWorld) -> None:
    """Whoever resumed may have died before waking it; each run of the sweep rings for it."""
    world.publish(CART)
    parked(world)
    world.operate("resume", "cart")
    world.pass_time(minutes=58)
    assert notices(world) == 1
    world.pass_time(minutes=1)
    assert notices(world) == 1


def test_what_a_pause_holds_is_left_alone(world: AwsWorld) -> None:
    """Also soon after an earlier resume: it would only be parked again."""
    world.publish(CART)
    world.operate("pause", "cart")
    world.operate("resume", "cart")
    parked(world)
    for _ in range(3):
        assert notices(world) == 0
        world.pass_time(minutes=1)
