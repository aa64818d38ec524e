"""
What is waiting, found through the index: in order, page by page, and with as few calls as it takes.
"""

import pytest

from tests.integration.test_commands import typed_on
from tests.integration.world import AwsWorld
from unless.app.errors import TransientError
from unless.app.pending import Wanted

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
reeligible: always
"""


def wait(world: AwsWorld, number: int) -> None:
    """Let a send of each of so many users wait, each a second after the other."""
    world.publish(CART, CART.replace("campaign: cart", "campaign: other"))
    for user in range(number):
        world.evaluate(world.event(f"u{user:02}", "cart_updated", cart_id=user))
        world.pass_time(seconds=1)


def test_pages_are_put_together_by_due_time(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the pages, each item is found once and in order, with its content or not."""
    monkeypatch.setattr("unless.aws.due_index.PAGE_ENTRIES_MAX", 2)
    monkeypatch.setattr("unless.app.pending.PAGE_ITEMS", 3)
    wait(world, 20)
    expected = [f"u{user:02}" for user in range(20) for _ in range(2)]
    assert [key.user for key in world.aws.pending.keys(Wanted())] == expected
    assert [item.user for item in world.aws.pending.find(Wanted())] == expected
    of_cart = Wanted(definition="cart")
    assert [item.user for item in world.aws.pending.find(of_cart)] == expected[::2]


def test_looking_costs_a_query_for_each_shard_and_a_read_for_a_hundred(world: AwsWorld) -> None:
    """Definitions that were never paused have parked nothing, and cost no query."""
    wait(world, 10)
    with world.wire.counting() as calls:
        assert len(list(world.aws.pending.find(Wanted()))) == 20
    assert calls.count("dynamodb.Query") == 1 + 16  # what is published, and each shard
    assert calls.count("dynamodb.BatchGetItem") == 1
    world.operate("pause", "cart")
    with world.wire.counting() as calls:
        assert len(list(world.aws.pending.keys(Wanted()))) == 20
    assert calls.count("dynamodb.Query") == 1 + 17
    assert calls.count("dynamodb.BatchGetItem") == 0


def test_what_cannot_be_read_makes_no_shorter_list(world: AwsWorld) -> None:
    """A page that AWS does not give is an error, not an item less; the next try finds all."""
    wait(world, 2)
    world.wire.refuse("dynamodb.BatchGetItem", "ProvisionedThroughputExceededException")
    with pytest.raises(TransientError, match="read a batch"):
        list(world.aws.pending.find(Wanted()))
    assert len(list(world.aws.pending.find(Wanted()))) == 4


def test_what_ended_while_it_was_looked_for_is_not_shown(world: AwsWorld) -> None:
    """The index may be behind; the item is the truth."""
    wait(world, 1)

    def meanwhile(moment: str) -> None:
        if moment == "before dynamodb.BatchGetItem":
            world.wire.moments.remove(meanwhile)
            world.pass_time(minutes=10)
            assert world.ring() == []

    world.wire.moments.append(meanwhile)
    assert list(world.aws.pending.find(Wanted())) == []


def test_why_tells_of_a_cancel(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks later reads that this one was cancelled, not that the campaign was stopped."""
    typed = typed_on(world, monkeypatch)
    wait(world, 1)
    assert typed("cancel", "u00", "--campaign", "cart", "--yes").exit_code == 0
    said = typed("why", "u00", "cart").output
    assert "cancelled by hand" in said
    assert "only this one was cancelled" in said
