"""
The versions of journeys in which people still are, after others were published (SPEC J11).
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.users import NOW, run, user_state
from tests.integration.world import AwsWorld
from unless.app.errors import ConfigurationError
from unless.aws.definitions_store import DynamoSnapshots
from unless.engine.model import UserState

CART = "{campaign: cart, trigger: {event: cart_updated}, delay: {after: 10m}}"
GET = "dynamodb.GetItem"


@pytest.fixture
def snapshots(world: AwsWorld) -> DynamoSnapshots:
    """The stored definitions of the world."""
    return world.aws.snapshots


def journey(hours: int) -> str:
    return (
        "{journey: onboarding, entry: {trigger: {event: registered}},"
        f" steps: [{{delay: {{after: {hours}h}}}}, {{message: {{channel: event}}}}]}}"
    )


def in_version(*versions: str) -> UserState:
    """A user who is in these versions of the journey."""
    return user_state("u", *(run(f"r-{version}", version=version) for version in versions))


def published(world: AwsWorld, *hours: int) -> list[str]:
    """Publish these versions of the journey one after the other; return their names."""
    versions = []
    for each in hours:
        world.publish(journey(each))
        versions.append(world.aws.snapshots.read()[0].definitions["onboarding"].hash)
    return versions


def test_a_version_of_a_journey_outlives_its_successors(
    world: AwsWorld, snapshots: DynamoSnapshots
) -> None:
    """Who is in it stays in it for months (J11), whatever is published meanwhile."""
    versions = published(world, 1, 2, 3)
    for hours, version in enumerate(versions, start=1):
        steps = snapshots.journey(version)["steps"]
        assert steps[0]["delay"] == {"after": f"{hours}h"}


def test_a_version_is_there_before_it_is_replaced(
    world: AwsWorld, snapshots: DynamoSnapshots
) -> None:
    """A publish that breaks off has either changed nothing or left nobody without a journey."""
    (first,) = published(world, 1)
    with world.wire.killed("dynamodb.PutItem", nth=3):
        published(world, 2)
    assert snapshots.read()[0].definitions["onboarding"].hash == first
    key = {"PK": {"S": "DEFINITIONS"}, "SK": {"S": f"J#{first}"}}
    assert "Item" in world.client("dynamodb").get_item(TableName="Table", Key=key)


def test_a_version_that_is_nowhere_needs_a_person(snapshots: DynamoSnapshots) -> None:
    """Nobody is moved to another version in silence; the error says what brings it back."""
    with pytest.raises(ConfigurationError, match=r"publish that version .* once more"):
        snapshots.journey("0123456789abcdef")


def test_who_is_in_the_present_version_costs_nothing(world: AwsWorld) -> None:
    """The definitions that are there anyway are enough."""
    (present,) = published(world, 1)
    source = world.aws.definitions
    definitions = source.fresh(NOW)
    with world.wire.counting() as calls:
        assert source.covering(definitions, in_version(present)) is definitions
        assert source.covering(definitions, UserState("v")) is definitions
    assert calls == []


def test_an_earlier_version_is_fetched_once(world: AwsWorld) -> None:
    """It is there for every user from then on, until something else is published."""
    first, second, present = published(world, 1, 2, 3)
    source = world.aws.definitions
    definitions = source.fresh(NOW)
    with world.wire.counting() as calls:
        covering = source.covering(definitions, in_version(first, present))
        assert source.covering(definitions, in_version(first)) is covering
        assert source.current(NOW) is covering
    assert calls == [GET]
    assert covering.programs[first].version == first
    both = source.covering(covering, in_version(first, second))
    assert not both.missing(in_version(first, second, present))


def test_a_fetched_version_is_kept_through_a_publish(world: AwsWorld) -> None:
    """What is published is compiled anew; the documents are still known."""
    first, _ = published(world, 1, 2)
    source = world.aws.definitions
    source.covering(source.fresh(NOW), in_version(first))
    world.publish(CART)
    fresh = source.fresh(NOW)
    with world.wire.counting() as calls:
        assert not source.covering(fresh, in_version(first)).missing(in_version(first))
    assert calls == []


def test_older_definitions_are_covered_and_not_kept(world: AwsWorld) -> None:
    """A batch that began before a publish goes on with what it has, and hands it to nobody."""
    first, _ = published(world, 1, 2)
    source = world.aws.definitions
    old = source.fresh(NOW)
    world.publish(CART)
    fresh = source.fresh(NOW)
    covering = source.covering(old, in_version(first))
    assert covering.version == old.version
    assert source.current(NOW) is fresh


def test_who_is_behind_finds_the_newest_version(world: AwsWorld) -> None:
    """Evaluate may be 30 s behind another run that has let the user enter a newer version."""
    published(world, 1)
    source = world.aws.definitions
    behind = source.current(NOW)
    (newest,) = published(world, 2)
    covering = source.covering(behind, in_version(newest))
    assert covering.programs[newest].version == newest


def test_threads_that_miss_the_same_version_share_it(world: AwsWorld) -> None:
    """Ten users of a batch are looked at in parallel."""
    first, second, _ = published(world, 1, 2, 3)
    source = world.aws.definitions
    definitions = source.fresh(NOW)
    states = [in_version(version) for version in (first, second) * 5]
    with world.wire.counting() as calls, ThreadPoolExecutor(10) as threads:
        several = list(threads.map(lambda state: source.covering(definitions, state), states))
    assert calls == [GET] * 2
    assert not any(d.missing(state) for d, state in zip(several, states, strict=True))
    assert not source.current(NOW).missing(in_version(first, second))


def test_who_entered_a_newer_version_is_met_by_older_definitions(world: AwsWorld) -> None:
    """Definitions half a minute old meet a user whom somebody else let into what is newer."""
    published(world, 1)
    source = world.aws.definitions
    old = source.fresh(NOW)
    published(world, 2)
    newest = world.aws.snapshots.read()[0].definitions["onboarding"].hash
    covering = source.covering(old, in_version(newest))
    assert not covering.missing(in_version(newest))
