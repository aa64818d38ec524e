"""
The large properties of a trigger: an item of their own, there for as long as a run may ask.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import pytest

from tests.integration.users import NOW, moved, pending_send, run
from tests.integration.world import AwsWorld
from unless.app.ports import Committed
from unless.aws.item_json import Excerpt
from unless.aws.store import DynamoStore
from unless.engine.model import DueItem, DueStatus, Run

KEPT = timedelta(days=35)
LARGE = {"cart_id": "c-1", "items": [f"item number {number}" for number in range(1000)]}
HOUR = timedelta(hours=1)


@pytest.fixture
def store(world: AwsWorld) -> DynamoStore:
    """The store of the world."""
    return world.aws.store


def large_run(name: str = "r-1", **parts: Any) -> Run:
    return run(name, properties=LARGE, **parts)


def put(store: DynamoStore, *items: DueItem, now: datetime = NOW) -> None:
    """Let these be all due items of the user."""
    before = store.load("u")
    state = replace(before.state, pending={item.id: item for item in items})
    assert isinstance(store.commit(before, state, [], now), Committed)


def loaded(store: DynamoStore, name: str = "r-1") -> Run:
    found = store.load("u").state.pending[name]
    assert isinstance(found, Run)
    return found


def body(world: AwsWorld) -> dict[str, dict[str, str]]:
    (found,) = [item for sort, item in world.items("u").items() if sort.startswith("B#")]
    return found


def end(world: AwsWorld) -> int | None:
    ttl = body(world).get("ttl")
    return int(ttl["N"]) if ttl else None


def after(instant: datetime) -> int:
    return ceil((instant + KEPT).timestamp())


def test_a_run_asks_for_its_body_at_every_step(store: DynamoStore) -> None:
    """The run itself goes on with an excerpt; a message of a late step still gets everything."""
    put(store, large_run())
    for _ in range(3):
        present = loaded(store)
        assert isinstance(present.properties, Excerpt)
        assert present.properties == {"cart_id": "c-1"}
        assert store.properties(present) == LARGE
        put(store, moved(present))


def test_the_end_of_a_body_follows_its_run(world: AwsWorld, store: DynamoStore) -> None:
    """However long the waits of a journey, its trigger is there at the next due time."""
    put(store, large_run())
    assert end(world) == after(NOW + HOUR)
    put(store, further := moved(loaded(store), due=NOW + timedelta(days=31)))
    assert end(world) == after(further.due)


def test_a_body_shared_is_kept_for_the_longest(world: AwsWorld, store: DynamoStore) -> None:
    """An event may enter several journeys and start campaigns: none takes the body from another."""
    late = NOW + timedelta(days=300)
    send = pending_send("s-1", event="e1", properties=LARGE, due=late)
    short = large_run(triggered_at=send.triggered_at)
    put(store, short, send)
    put(store, moved(loaded(store)), store.load("u").state.pending["s-1"])
    assert end(world) == after(late)
    assert store.properties(loaded(store)) == LARGE


def test_a_pause_takes_the_end_away(world: AwsWorld, store: DynamoStore) -> None:
    """It may last for years; after it the body ends again, though the due time was long ago."""
    put(store, large_run())
    put(store, replace(loaded(store), status=DueStatus.PARKED))
    assert end(world) is None
    resumed = NOW + timedelta(days=400)
    put(store, replace(loaded(store), status=DueStatus.CLAIMED), now=resumed)
    assert end(world) == after(resumed)
    assert int(world.items("u")["A#DUE#r-1"]["ttl"]["N"]) == after(resumed)
    assert store.properties(loaded(store)) == LARGE


def test_what_ends_in_a_pause_leaves_no_body_for_ever(world: AwsWorld, store: DynamoStore) -> None:
    """An immediate exit ends a parked run, and then nothing else would end its body."""
    put(store, large_run())
    put(store, replace(loaded(store), status=DueStatus.PARKED))
    put(store)
    assert end(world) == after(NOW)


def test_a_claim_and_an_end_write_no_body(world: AwsWorld, store: DynamoStore) -> None:
    """Nothing is needed longer than before, so nothing is written."""
    put(store, large_run(), large_run("r-2", due=NOW + 2 * HOUR))
    written: list[int] = []
    world.wire.requests.append(lambda asked: written.append(len(asked.get("TransactItems", ()))))
    put(store, replace(loaded(store), status=DueStatus.CLAIMED), loaded(store, "r-2"))
    put(store, loaded(store))
    assert [number for number in written if number] == [2, 2]


def test_a_body_that_is_gone_is_no_failure(world: AwsWorld, store: DynamoStore) -> None:
    """The run goes on with what it has kept, and a deletion of the user finds what is left."""
    put(store, large_run())
    key = {name: body(world)[name] for name in ("PK", "SK")}
    world.client("dynamodb").delete_item(TableName="Table", Key=key)
    assert store.properties(loaded(store)) == {"cart_id": "c-1"}
    put(store, moved(loaded(store)))
    assert "data" not in body(world)
    assert store.properties(loaded(store)) == {"cart_id": "c-1"}
    assert store.erase("u", NOW) == 1


@pytest.mark.slow
def test_a_hundred_runs_with_bodies_move_at_once(world: AwsWorld, store: DynamoStore) -> None:
    """Their bodies do not fit one transaction beside them, and follow all the same."""
    for part in range(3):
        more = [large_run(f"r-{part}-{n}", event=f"e{part}-{n}") for n in range(34)]
        put(store, *store.load("u").state.pending.values(), *more)
    runs = [each for each in store.load("u").state.pending.values() if isinstance(each, Run)]
    put(store, *map(moved, runs))
    bodies = [item for sort, item in world.items("u").items() if sort.startswith("B#")]
    assert len(bodies) == 102
    assert {int(item["ttl"]["N"]) for item in bodies} == {after(NOW + HOUR + timedelta(days=1))}
    assert all("data" in item for item in bodies)


def test_an_id_that_returns_brings_properties_of_its_own(store: DynamoStore) -> None:
    """After 16 days it is another event's (V1), and what the first one said still stands."""
    later = NOW + timedelta(days=17)
    first = pending_send("s-1", properties=LARGE)
    second = pending_send("s-2", properties={**LARGE, "cart_id": "c-2"}, triggered_at=later)
    put(store, first)
    put(store, *store.load("u").state.pending.values(), second, now=later)
    pending = store.load("u").state.pending
    assert store.properties(pending["s-1"])["cart_id"] == "c-1"
    assert store.properties(pending["s-2"])["cart_id"] == "c-2"
    assert store.properties(pending["s-1"]) == LARGE


def test_what_a_pause_holds_has_no_end(world: AwsWorld, store: DynamoStore) -> None:
    """A pause may last for months; what waits for its time ends long after that."""
    put(store, pending_send("s-1"), pending_send("s-2", status=DueStatus.PARKED))
    items = world.items("u")
    assert "ttl" in items["A#DUE#s-1"]
    assert "ttl" not in items["A#DUE#s-2"]
