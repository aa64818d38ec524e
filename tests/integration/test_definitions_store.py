"""
The published definitions: whole versions behind one pointer, and how fresh they are.
"""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.users import NOW
from tests.integration.world import AwsWorld
from unless.app.errors import ConfigurationError, ConflictError
from unless.aws.definitions_store import DynamoSnapshots
from unless.definitions.snapshot import EMPTY, Snapshot

CART = "{campaign: cart, trigger: {event: cart_updated}, delay: {after: 10m}}"
POINTER, CHUNKS = "dynamodb.GetItem", "dynamodb.Query"


@pytest.fixture
def snapshots(world: AwsWorld) -> DynamoSnapshots:
    """The stored definitions of the world."""
    return world.aws.snapshots


def segment(size: int) -> Snapshot:
    """A snapshot of about so many bytes that no compression makes shorter."""
    chance = random.Random(7)
    text = "".join(chance.choices("0123456789abcdef", k=size))
    return Snapshot(segments={"s": {"segment": "s", "description": text}})


def test_before_the_first_publish_there_is_an_empty_snapshot(snapshots: DynamoSnapshots) -> None:
    """A new stack works: it just does nothing yet."""
    assert snapshots.read() == (EMPTY, "")


def test_what_is_read_is_what_was_published(world: AwsWorld, snapshots: DynamoSnapshots) -> None:
    """Document, status and launch come back as they were, under the content's own name."""
    world.publish(CART)
    snapshot, version = snapshots.read()
    assert snapshot.version == version
    assert snapshot.definitions["cart"].document["campaign"] == "cart"
    assert snapshot.definitions["cart"].launch_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_a_large_snapshot_is_kept_in_chunks(world: AwsWorld, snapshots: DynamoSnapshots) -> None:
    """Thousands of campaigns do not fit an item of 400 KB."""
    large = segment(1_500_000)
    snapshots.write(large, "", {})
    assert snapshots.read() == (large, large.version)
    stored = world.client("dynamodb").scan(TableName="Table")["Items"]
    sizes = [len(item["data"]["B"]) for item in stored if "data" in item]
    assert len(sizes) > 1
    assert max(sizes) <= 350_000


def test_of_two_publishers_one_is_told(snapshots: DynamoSnapshots) -> None:
    """Nobody overwrites what somebody else has published in between."""
    snapshots.write(segment(10), "", {})
    with pytest.raises(ConflictError):
        snapshots.write(segment(20), "", {})
    snapshots.write(segment(20), segment(10).version, {})
    with pytest.raises(ConflictError):
        snapshots.write(segment(30), segment(10).version, {})


def test_publishing_again_after_a_lost_answer_is_harmless(snapshots: DynamoSnapshots) -> None:
    """A repeated request meets its own success."""
    snapshots.write(segment(10), "", {})
    snapshots.write(segment(10), "", {})
    assert snapshots.read()[0] == segment(10)


def test_chunks_that_are_gone_need_a_person(world: AwsWorld, snapshots: DynamoSnapshots) -> None:
    """Half a snapshot is never taken for a whole one."""
    world.publish(CART)
    key = {"PK": {"S": "DEFINITIONS"}, "SK": {"S": f"V#{snapshots.version()}#000"}}
    world.client("dynamodb").delete_item(TableName="Table", Key=key)
    with pytest.raises(ConfigurationError, match="publish again"):
        snapshots.read()


def test_evaluate_reads_them_once_in_30_seconds(world: AwsWorld) -> None:
    """Within that time they cost nothing, after it one read unless they changed."""
    world.publish(CART)
    source = world.aws.definitions
    with world.wire.counting() as calls:
        first = source.current(NOW)
        assert source.current(NOW + timedelta(seconds=29)) is first
    assert calls == [POINTER, CHUNKS]
    with world.wire.counting() as calls:
        assert source.current(NOW + timedelta(seconds=30)) is first
    assert calls == [POINTER]


def test_deliver_sees_a_change_at_once(world: AwsWorld) -> None:
    """A pause or a stop counts for the very next batch (L1)."""
    world.publish(CART)
    source = world.aws.definitions
    first = source.fresh(NOW)
    with world.wire.counting() as calls:
        assert source.fresh(NOW) is first
    assert calls == [POINTER]
    world.operate("pause", "cart")
    second = source.fresh(NOW)
    assert (plan := second.campaign("cart")) is not None
    assert plan.status == "paused"


def test_a_clock_that_went_back_reads_again(world: AwsWorld) -> None:
    """What was checked in the future proves nothing."""
    source = world.aws.definitions
    source.current(NOW)
    world.publish(CART)
    assert source.current(NOW - timedelta(seconds=1)).campaign("cart") is not None


def test_a_snapshot_of_a_newer_layout_needs_a_person(
    world: AwsWorld, snapshots: DynamoSnapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function that is older than the command says so instead of guessing."""
    with monkeypatch.context() as patch:
        patch.setattr("unless.definitions.snapshot.FORMAT", 99)
        world.publish(CART)
    with pytest.raises(ConfigurationError):
        snapshots.read()
