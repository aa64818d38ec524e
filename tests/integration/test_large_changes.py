"""
One change of a user that is more than a transaction holds: it is all or nothing even so.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from tests.integration.users import NOW, holding, moved, pending_send, run, user_state
from tests.integration.world import AwsWorld
from unless.app.ports import Committed, Conflict, Loaded
from unless.aws.store import DynamoStore
from unless.engine.decision import Marker
from unless.engine.model import Run, UserState

pytestmark = pytest.mark.slow

WRITE = "dynamodb.TransactWriteItems"


@pytest.fixture
def store(world: AwsWorld) -> DynamoStore:
    """The store of the world."""
    return world.aws.store


def start_many(store: DynamoStore, half: int) -> None:
    """Give the user twice as many pending sends, at rev 2."""
    for part in range(2):
        before = store.load("u")
        more = holding("u", *(f"s-{part}-{number}" for number in range(half))).pending
        after = user_state("u", *before.state.pending.values(), *more.values())
        store.commit(before, after, [], NOW)


def runs_of(store: DynamoStore, number: int) -> tuple[Loaded, UserState]:
    """A user with so many runs, as read, and the same user with all of them a step further."""
    runs = [run(f"r-{place}", event=f"e{place}") for place in range(number)]
    store.commit(store.load("u"), user_state("u", *runs), [], NOW)
    before = store.load("u")
    after = user_state(
        "u", *(moved(r) for r in before.state.pending.values() if isinstance(r, Run))
    )
    return before, after


def test_more_sends_end_than_one_transaction_holds(world: AwsWorld, store: DynamoStore) -> None:
    """The end of 150 sends is one atomic change, and leaves none of their items."""
    start_many(store, 75)
    before = store.load("u")
    assert len(before.state.pending) == 150
    done = store.commit(before, user_state("u"), [Marker("e1", NOW)], NOW)
    assert done == Committed(3)
    assert store.load("u") == Loaded(user_state("u"), 3)
    assert world.items("u").keys() == {"A#", "E#e1"}


def test_a_crash_leaves_no_ended_send_alive(world: AwsWorld, store: DynamoStore) -> None:
    """Whoever dies before the last items are deleted has ended their sends all the same."""
    start_many(store, 75)
    with world.wire.killed("dynamodb.TransactWriteItems", nth=2):
        store.commit(store.load("u"), user_state("u"), [Marker("e1", NOW)], NOW)
    assert len(world.items("u")) > 2
    assert store.load("u") == Loaded(user_state("u"), 3)
    assert world.items("u").keys() == {"A#", "E#e1"}
    assert store.commit(store.load("u"), holding("u", "s-1"), [], NOW) == Committed(4)
    assert store.load("u").state.pending.keys() == {"s-1"}


def test_more_sends_move_than_one_transaction_holds(store: DynamoStore) -> None:
    """A new time zone may move every pending send of a user."""
    start_many(store, 75)
    before = store.load("u")
    moved = [
        replace(s, turn=1, due=s.due + timedelta(hours=1)) for s in before.state.pending.values()
    ]
    after = user_state("u", *moved)
    assert isinstance(store.commit(before, after, [Marker("e1", NOW)], NOW), Committed)
    assert store.load("u").state == after


def test_more_runs_move_than_one_transaction_holds(world: AwsWorld, store: DynamoStore) -> None:
    """One event may open the wait of 250 runs of a user; nothing of it stays with the state."""
    before, after = runs_of(store, 250)
    assert store.commit(before, after, [Marker("e1", NOW)], NOW) == Committed(2)
    assert store.load("u") == Loaded(after, 2)
    assert "unfinished" not in world.items("u")["A#"]
    stored = [item for sort, item in world.items("u").items() if sort.startswith("A#DUE#")]
    assert {item["due_at"]["S"] for item in stored} == {"2026-02-03T11:00:00.000000Z"}


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_crash_moves_all_runs_or_none(world: AwsWorld, store: DynamoStore, nth: int) -> None:
    """No run goes ahead of the marker that tells of its step, whenever the process dies."""
    before, after = runs_of(store, 250)
    with world.wire.killed(WRITE, nth=nth):
        store.commit(before, after, [Marker("e1", NOW)], NOW)
    assert (store.marker("u", "e1", NOW) is not None) == (nth > 1)
    assert store.load("u") == (Loaded(after, 2) if nth > 1 else before)
    assert "unfinished" not in world.items("u")["A#"]


def test_who_finishes_late_undoes_nothing(world: AwsWorld, store: DynamoStore) -> None:
    """Between a commit and its last items somebody else may read, finish and change the user."""
    before, after = runs_of(store, 150)
    writes = count(1)

    def interfere(moment: str) -> None:
        if moment == f"after {WRITE}" and next(writes) == 1:
            assert (found := store.load("u")) == Loaded(after, 2)
            assert store.commit(found, holding("u", "s-1"), [], NOW) == Committed(3)

    world.wire.moments.append(interfere)
    assert store.commit(before, after, [Marker("e1", NOW)], NOW) == Committed(2)
    world.wire.moments.remove(interfere)
    assert store.load("u") == Loaded(holding("u", "s-1"), 3)
    assert world.items("u").keys() == {"A#", "A#DUE#s-1", "E#e1"}


def test_a_reader_that_is_overtaken_reads_again(world: AwsWorld, store: DynamoStore) -> None:
    """What it saw unfinished was finished, and perhaps changed, by somebody faster."""
    before, after = runs_of(store, 150)
    with world.wire.killed(WRITE, nth=2):
        store.commit(before, after, [Marker("e1", NOW)], NOW)
    reads = count(1)

    def overtake(moment: str) -> None:
        if moment == "after dynamodb.Query" and next(reads) == 1:
            assert isinstance(store.commit(store.load("u"), user_state("u"), [], NOW), Committed)

    world.wire.moments.append(overtake)
    assert store.load("u") == Loaded(user_state("u"), 3)


def test_more_items_start_than_one_transaction_holds(store: DynamoStore) -> None:
    """The updates of many runs may each start campaigns."""
    state = user_state("u", *(pending_send(f"s-{n}") for n in range(130)))
    assert store.commit(store.load("u"), state, [Marker("e1", NOW)], NOW) == Committed(1)
    assert store.load("u") == Loaded(state, 1)


def test_of_two_large_changes_one_wins(store: DynamoStore) -> None:
    """The lock counts for what is unfinished, too."""
    before, after = runs_of(store, 150)
    assert store.commit(before, after, [Marker("e1", NOW)], NOW) == Committed(2)
    assert store.commit(before, user_state("u"), [Marker("e2", NOW)], NOW) == Conflict()
    assert store.load("u") == Loaded(after, 2)
