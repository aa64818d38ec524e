"""
What the workspace says of decision records, through the real handlers: how long, and how many of
those about a filter that failed.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.integration.world import START, AwsWorld
from unless.definitions.keeping import RecordKeeping

CART = """
campaign: cart
trigger: {event: cart_updated, where: {value: {gte: 100}}}
delay: {after: 10m}
reeligible: always
"""
OTHER = CART.replace("campaign: cart", "campaign: other")


def keeping(what: str) -> str:
    """A workspace that says this of its records."""
    return f"workspace: {{ledger: {{{what}}}}}"


def carts(world: AwsWorld, user: str) -> list[object]:
    """The value that each record about a cart too small compares, newest first."""
    records = world.aws.ledger.read(user, "cart")
    return [r.detail["actual"] for r in records if r.reason == "filter_mismatch"]


def test_records_end_when_the_workspace_says(world: AwsWorld) -> None:
    """Those of events and those of sends, by the definitions of the moment of their decision."""
    world.publish(CART, keeping("keep: 90d"))
    world.evaluate(world.event("u", "cart_updated", value=100))
    world.pass_time(minutes=10)
    world.publish(keeping("keep: 7d"))
    world.ring()
    items = world.client("dynamodb").scan(TableName="LedgerTable")["Items"]
    kept = [timedelta(days=90), timedelta(days=7, minutes=10)]
    assert sorted(int(item["ttl"]["N"]) for item in items) == sorted(
        int((START + each).timestamp()) for each in kept
    )


def test_only_the_last_mismatch_of_a_user_and_campaign_is_kept(world: AwsWorld) -> None:
    """The others give their place to it; what has other reasons is kept as ever."""
    world.publish(CART, OTHER, keeping("filter_mismatch: last"))
    for value in (1, 2, 100, 3):
        world.evaluate(*(world.event(user, "cart_updated", value=value) for user in "uv"))
        world.pass_time(seconds=1)
    assert carts(world, "u") == carts(world, "v") == [3]
    assert world.said("u").count("skipped filter_mismatch") == 2  # of cart and of other
    assert world.said("u").count("scheduled") == 2


def test_the_last_of_one_batch_is_the_one_that_happened_last(world: AwsWorld) -> None:
    """One call may not name a key twice, so the earlier ones are not even written."""
    world.publish(CART, keeping("filter_mismatch: last"))
    first = world.event("u", "cart_updated", value=1)
    world.evaluate(first, world.event("u", "cart_updated", value=2))
    assert carts(world, "u") == [2]


def test_the_last_of_one_call_is_the_newest_in_whatever_order_they_come(world: AwsWorld) -> None:
    """The ledger goes by the instant of the decision, not by the place among those it is given."""
    world.publish(CART)
    for value in (1, 2):
        world.evaluate(world.event("u", "cart_updated", value=value))
        world.pass_time(seconds=1)
    older, newer = world.records("u")
    for user, records in {"v": (older, newer), "w": (newer, older)}.items():
        theirs = [replace(record, user=user) for record in records]
        world.aws.ledger.write(theirs, RecordKeeping(filter_mismatch="last"))
        assert carts(world, user) == [2]


def test_last_ones_are_read_by_when_they_were_made(world: AwsWorld) -> None:
    """Their places lie outside the order of time; what is read does not."""
    world.publish(CART, OTHER.replace("cart_updated", "left"), keeping("filter_mismatch: last"))
    for name, value in [("cart_updated", 1), ("left", 100), ("left", 1), ("cart_updated", 100)]:
        world.evaluate(world.event("u", name, value=value))
        world.pass_time(minutes=1)
    records = world.records("u")
    assert [record.at for record in records] == sorted(record.at for record in records)
    assert world.said("u") == [
        "skipped filter_mismatch", "scheduled", "skipped filter_mismatch", "scheduled",
    ]  # fmt: skip


def test_a_repeat_never_takes_the_place_of_a_newer_one(world: AwsWorld) -> None:
    """An event that comes again after days tells what was decided then, beside the last one."""
    world.publish(CART, keeping("filter_mismatch: last"))
    first = world.event("u", "cart_updated", value=1)
    world.evaluate(first)
    world.pass_time(days=1)
    world.evaluate(world.event("u", "cart_updated", value=2))
    world.evaluate(first, receives=2)
    world.evaluate(first, receives=3)
    assert carts(world, "u") == [2, 1]


def test_a_repeat_of_the_last_one_is_told_once(world: AwsWorld) -> None:
    """It has two places then, and is one record."""
    world.publish(CART, keeping("filter_mismatch: last"))
    event = world.event("u", "cart_updated", value=1)
    world.evaluate(event)
    world.evaluate(event, receives=2)
    assert carts(world, "u") == [1]


def test_a_deleted_users_last_records_go_with_the_others(world: AwsWorld) -> None:
    """They hold the values compared (I9)."""
    world.publish(CART, keeping("filter_mismatch: last"))
    world.evaluate(world.event("u", "cart_updated", value=1))
    world.pass_time(seconds=1)
    world.aws.deletion.delete("u")
    assert world.records("u") == []


@pytest.mark.parametrize("launch_at", ["2020-01-01", "2030-01-01"])
def test_none_leaves_no_record_of_an_event_that_fails_the_filter(
    world: AwsWorld, launch_at: str
) -> None:
    """Whatever else would have refused it; what passes the filter leaves its record as ever."""
    world.publish(f"{CART}launch_at: {launch_at}", keeping("filter_mismatch: none"))
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "cart_updated", value=1))
    assert "dynamodb.BatchWriteItem" not in calls
    world.evaluate(world.event("u", "cart_updated", value=100))
    assert len(world.records("u")) == 1
    assert world.aws.store.load("u").state.history["cart_updated"].count == 2
