"""
The two makes of every port: in memory, as the fault simulator has them, and on AWS (moto).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.integration.world import START, aws_world
from unless.app.ports import DueIndex, ErasableLedger, SnapshotStore, Store
from unless.aws.definitions_store import DynamoSnapshots
from unless.engine.records import Record
from unless.sim.faults.memory.due_index import MemoryDueIndex
from unless.sim.faults.memory.ledger import MemoryLedger
from unless.sim.faults.memory.snapshots import MemorySnapshots
from unless.sim.faults.memory.store import MemoryStore


@dataclass
class Ports:
    """The ports of one make; `records` are those of a user, oldest first."""

    store: Store
    index: DueIndex
    ledger: ErasableLedger
    snapshots: SnapshotStore
    versions: DynamoSnapshots | MemorySnapshots
    records: Callable[[str], list[Record]]


@pytest.fixture(params=["memory", "aws"])
def ports(request: pytest.FixtureRequest) -> Iterator[Ports]:
    """The ports of either make, empty; the clock stands still at START."""
    if request.param == "memory":
        yield _in_memory()
        return
    with aws_world() as world:
        aws = world.aws
        yield Ports(
            aws.store, aws.due_index, aws.ledger, aws.snapshots, aws.snapshots, world.records
        )


def _in_memory() -> Ports:
    index = MemoryDueIndex(lambda: START)
    ledger = MemoryLedger()

    def records(user: str) -> list[Record]:
        return sorted((r for r in ledger.kept.values() if r.user == user), key=lambda r: r.at)

    store, snapshots = MemoryStore(index.follow), MemorySnapshots()
    return Ports(store, index, ledger, snapshots, snapshots, records)
