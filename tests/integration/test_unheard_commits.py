"""
A commit that succeeded and was called a lost race: its answer was lost, and botocore's repetition
met it still at work (TransactionInProgressException), or another writer (TransactionConflict).
"""

from collections.abc import Sequence
from datetime import datetime

import pytest

from tests.integration.world import AwsWorld
from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded
from unless.aws.store import DynamoStore
from unless.engine.decision import Marker
from unless.engine.model import UserState

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
reeligible: always
"""

TWO_DELAYS = """
journey: tour
entry: {trigger: {event: registered}}
steps: [{delay: {after: 5m}}, {message: {id: first}}, {delay: {after: 5m}}, {message: {id: second}}]
"""


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every commit with markers succeed and be called a lost race once; return their ids."""
    commit, told = DynamoStore.commit, list[str]()

    def commit_unheard(
        store: DynamoStore,
        before: Loaded,
        after: UserState,
        markers: Sequence[Marker],
        now: datetime,
    ) -> Committed | Conflict | AlreadyApplied:
        outcome = commit(store, before, after, markers, now)
        ids = [marker.id for marker in markers]
        if not isinstance(outcome, Committed) or not ids or set(ids) <= set(told):
            return outcome
        told.extend(ids)
        return Conflict()

    monkeypatch.setattr(DynamoStore, "commit", commit_unheard)
    return told


def test_a_send_keeps_its_records(world: AwsWorld, unheard: list[str]) -> None:
    """What was decided is on record, and its message is requested once."""
    world.publish(CART)
    assert world.evaluate(world.event("u", "cart_updated", "e1")) == []
    world.pass_time(minutes=10)
    assert world.ring() == []
    assert [marker.partition("#")[2] for marker in unheard] == ["", "ended"]
    assert world.said("u") == ["scheduled", "sent"]
    assert len(world.requests()) == 1


def test_a_run_keeps_its_records_and_timers(world: AwsWorld, unheard: list[str]) -> None:
    """Each step is on record, and the next one has its timer."""
    world.publish(TWO_DELAYS)
    assert world.evaluate(world.event("u", "registered", "e1")) == []
    for _ in range(4):
        world.pass_time(minutes=5)
        assert world.ring() == []
    assert len(unheard) > 4
    assert world.said("u") == ["entered", "sent", "sent", "completed"]
    assert len({request["send"] for request in world.requests()}) == 2
