"""
The store: what is read is what was written, under one lock, each event once.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.users import NOW, holding, pending_send, run, user_state
from tests.integration.world import AwsWorld
from unless.app.errors import ConfigurationError, TransientError
from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded
from unless.aws.store import DynamoStore
from unless.engine.decision import Marker
from unless.engine.model import DueStatus, UserState
from unless.engine.records import Outcome, Record


@pytest.fixture
def store(world: AwsWorld) -> DynamoStore:
    """The store of the world."""
    return world.aws.store


def record(event: str) -> Record:
    return Record(NOW, "u", "cart", Outcome.SCHEDULED, event, send="s-1", due=NOW)


def test_an_unknown_user_is_an_empty_state(store: DynamoStore) -> None:
    """Nobody has to create a user."""
    assert store.load("u") == Loaded(UserState("u"), 0)


def test_what_is_loaded_is_what_was_committed(store: DynamoStore) -> None:
    """Every part of a user's state survives the table, and the lock counts the changes."""
    state = user_state("u", pending_send("s-1"), pending_send("s-2", status=DueStatus.PARKED))
    assert store.commit(Loaded(UserState("u"), 0), state, [], NOW) == Committed(1)
    assert store.load("u") == Loaded(state, 1)


def test_nothing_to_write_makes_no_call(world: AwsWorld, store: DynamoStore) -> None:
    """A decision that changes and remembers nothing costs nothing."""
    before = Loaded(UserState("u"), 0)
    with world.wire.counting() as calls:
        assert store.commit(before, before.state, [], NOW) == Committed(0)
    assert calls == []


@pytest.mark.parametrize("rev", [0, 1])
def test_of_two_that_read_the_same_user_one_wins(store: DynamoStore, rev: int) -> None:
    """No update is ever lost: the second commit on the same read is refused whole."""
    if rev:
        store.commit(store.load("u"), holding("u", "s-0"), [], NOW)
    before = store.load("u")
    first, second = holding("u", "s-1"), holding("u", "s-2")
    assert store.commit(before, first, [Marker("e1", NOW)], NOW) == Committed(rev + 1)
    assert store.commit(before, second, [Marker("e2", NOW)], NOW) == Conflict()
    assert store.load("u").state.pending.keys() == {"s-1"}
    assert store.marker("u", "e2", NOW) is None


def test_an_applied_event_is_recognised_with_what_it_did(store: DynamoStore) -> None:
    """The second commit of an event writes nothing and tells what the first one did."""
    marker = Marker("e1", NOW, items=("s-1",), records=(record("e1"),), derived=("e1#x:y",))
    assert isinstance(store.commit(store.load("u"), holding("u", "s-1"), [marker], NOW), Committed)
    again = store.commit(store.load("u"), holding("u", "s-9"), [Marker("e1", NOW)], NOW)
    assert again == AlreadyApplied((marker,))
    assert store.load("u").state.pending.keys() == {"s-1"}


def test_a_marker_alone_is_written_once_too(world: AwsWorld, store: DynamoStore) -> None:
    """An event that changes nothing about the user is remembered by one plain conditional write."""
    before, marker = store.load("u"), Marker("e1", NOW, records=(record("e1"),))
    with world.wire.counting() as calls:
        assert store.commit(before, before.state, [marker], NOW) == Committed(0)
    assert calls == ["dynamodb.PutItem"]
    assert store.commit(before, before.state, [Marker("e1", NOW)], NOW) == AlreadyApplied((marker,))


def test_an_expired_marker_is_none_even_if_it_is_still_there(store: DynamoStore) -> None:
    """TTL deletes when it likes; after 16 days an id is another event's (V1)."""
    before = store.load("u")
    store.commit(before, before.state, [Marker("e1", NOW)], NOW)
    last, over = NOW + timedelta(days=16, seconds=-1), NOW + timedelta(days=16)
    assert store.marker("u", "e1", last) == Marker("e1", NOW)
    assert store.marker("u", "e1", over) is None
    assert isinstance(
        store.commit(before, before.state, [Marker("e1", last)], last), AlreadyApplied
    )
    assert isinstance(store.commit(before, before.state, [Marker("e1", over)], over), Committed)


def test_a_lone_write_that_is_repeated_after_it_landed_has_succeeded(
    world: AwsWorld, store: DynamoStore
) -> None:
    """A request repeated by the SDK fails on its own success; that is no lost race."""
    before, after = store.load("u"), user_state("u")
    with world.wire.counting() as calls:
        assert store.commit(before, after, [], NOW) == Committed(1)
        assert store.commit(before, after, [], NOW) == Committed(1)
    assert calls == ["dynamodb.PutItem"] * 2
    other = replace(after, next_order=9)
    assert store.commit(before, other, [], NOW) == Conflict()


def test_runs_and_sends_come_back_as_what_they_are(store: DynamoStore) -> None:
    """Both are due items of one user, read by the same Query."""
    state = user_state("u", run("r-1"), pending_send("s-1"), run("r-2", exit=None, trail=()))
    store.commit(store.load("u"), state, [], NOW)
    assert store.load("u") == Loaded(state, 1)


def test_the_markers_of_a_run_are_found_by_its_id(store: DynamoStore) -> None:
    """Each step that ended has left one; those of others, and expired ones, are not among them."""
    known = [Marker(f"r-1.{number}#ended", NOW, items=("r-1",)) for number in range(3)]
    late = Marker("r-1.3#ended", NOW + timedelta(days=1))
    others = [Marker(name, NOW) for name in ("r-2.0#ended", "s-1#ended", "e1")]
    store.commit(store.load("u"), user_state("u", run("r-1")), [*known, late, *others], NOW)
    assert store.markers_of("u", "r-1", NOW) == (*known, late)
    assert store.markers_of("u", "s-1", NOW) == (Marker("s-1#ended", NOW),)
    assert store.markers_of("v", "r-1", NOW) == ()
    assert store.markers_of("u", "r-1", NOW + timedelta(days=16)) == (late,)


def test_every_read_is_strongly_consistent(world: AwsWorld, store: DynamoStore) -> None:
    """An older copy would hide a claim, an event that was applied, a deletion."""
    large = pending_send("s-1", properties={"text": "x" * 5_000})
    store.commit(store.load("u"), user_state("u", large), [Marker("e1", NOW)], NOW)
    asked: list[dict[str, Any]] = []
    world.wire.requests.append(asked.append)
    (item,) = store.load("u").state.pending.values()
    store.marker("u", "e1", NOW)
    store.markers_of("u", "s-1", NOW)
    assert store.properties(item) == large.properties
    world.aws.snapshots.read()
    assert len(asked) >= 5
    assert all(request.get("ConsistentRead") is True for request in asked), asked


def test_a_user_of_many_pages_is_read_whole(world: AwsWorld, store: DynamoStore) -> None:
    """However little of a user one page holds."""
    state = holding("u", *(f"s-{number}" for number in range(7)))
    markers = [Marker(f"s-1#moved#{number}", NOW) for number in range(5)]
    store.commit(store.load("u"), state, markers, NOW)
    client = world.aws.clients.get("dynamodb")
    client.meta.events.register("provide-client-params.dynamodb.Query", _two_a_page)
    assert store.load("u") == Loaded(state, 1)
    assert store.markers_of("u", "s-1", NOW) == tuple(markers)


def _two_a_page(params: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {**params, "Limit": 2}


def test_a_change_with_a_body_fits_its_transaction(store: DynamoStore) -> None:
    """State, marker, the trigger's large properties and 100 sends: what has no room follows."""
    large = {"text": "x" * 5_000}
    sends = [pending_send(f"s-{number}", properties=large) for number in range(100)]
    done = store.commit(store.load("u"), user_state("u", *sends), [Marker("e1", NOW)], NOW)
    assert done == Committed(1)
    assert len(store.load("u").state.pending) == 100


def test_only_what_changes_is_written(world: AwsWorld, store: DynamoStore) -> None:
    """Of many pending sends only the changed one goes into the transaction."""
    store.commit(store.load("u"), holding("u", "s-1", "s-2", "s-3"), [], NOW)
    before = store.load("u")
    kept = dict(before.state.pending)
    kept["s-2"] = replace(kept["s-2"], status=DueStatus.CLAIMED, lease_until=NOW)
    written: list[int] = []
    world.wire.requests.append(lambda body: written.append(len(body["TransactItems"])))
    store.commit(before, replace(before.state, pending=kept), [], NOW)
    assert written == [2]


@pytest.mark.parametrize(
    ("reasons", "outcome"),
    [
        ([{"Code": "TransactionConflict"}, {"Code": "None"}], Conflict()),
        ([{"Code": "ConditionalCheckFailed"}, {"Code": "None"}], Conflict()),
    ],
)
def test_a_race_is_no_duplicate(
    world: AwsWorld, store: DynamoStore, reasons: list[dict[str, Any]], outcome: Conflict
) -> None:
    """Whoever takes a cancelled transaction for a duplicate loses the event."""
    world.wire.refuse(
        "dynamodb.TransactWriteItems", "TransactionCanceledException", reasons=reasons
    )
    assert store.commit(store.load("u"), holding("u", "s-1"), [], NOW) == outcome


def test_a_throttled_transaction_may_succeed_later(world: AwsWorld, store: DynamoStore) -> None:
    """What is neither a race nor a duplicate goes back to the queue."""
    world.wire.refuse(
        "dynamodb.TransactWriteItems",
        "TransactionCanceledException",
        reasons=[{"Code": "None"}, {"Code": "ThrottlingError"}],
    )
    with pytest.raises(TransientError):
        store.commit(store.load("u"), holding("u", "s-1"), [], NOW)


def test_a_missing_permission_needs_a_person(world: AwsWorld, store: DynamoStore) -> None:
    """Repeating cannot grant a permission, and the error says what can."""
    world.wire.refuse("dynamodb.Query", "AccessDeniedException")
    with pytest.raises(ConfigurationError, match="grant the permission"):
        store.load("u")


def test_the_state_is_read_before_the_sends(world: AwsWorld, store: DynamoStore) -> None:
    """A Query may see half a transaction: no send may be older than the `rev` it comes with."""
    store.commit(store.load("u"), holding("u", "!", "s-1"), [Marker("e1", NOW)], NOW)
    assert next(iter(world.items("u"))) == "A#"


def test_a_layout_of_a_newer_release_is_left_alone(world: AwsWorld, store: DynamoStore) -> None:
    """During a deployment the old function hands such a user back instead of losing anything."""
    store.commit(store.load("u"), user_state("u"), [], NOW)
    item = world.items("u")["A#"] | {"data": {"S": '{"format":2}'}}
    world.client("dynamodb").put_item(TableName="Table", Item=item)
    with pytest.raises(TransientError, match="newer"):
        store.load("u")
