"""What index, ledger and definitions promise, in memory and on AWS."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.conftest import Ports
from tests.integration.users import NOW, pending_send, user_state
from unless.app.errors import ConfigurationError, ConflictError
from unless.app.ports import Loaded
from unless.definitions.checks import check_values
from unless.definitions.publishing import publish, superseded
from unless.definitions.snapshot import EMPTY, Snapshot
from unless.engine.model import DueStatus, UserState
from unless.engine.records import Outcome, Reason, Record

JOURNEY = {
    "journey": "j",
    "entry": {"trigger": {"event": "registered"}},
    "steps": [{"delay": {"after": "1h"}}, {"message": {"id": "m"}}],
}


def record(event: str, outcome: Outcome = Outcome.SCHEDULED, **parts: object) -> Record:
    """A record about a send of one event."""
    made = Record(NOW, "u", "cart", outcome, event, send=f"s-{event}", due=NOW)
    return replace(made, **parts)  # type: ignore[arg-type]


def published(hours: int) -> Snapshot:
    """A snapshot with a journey whose delay takes so long."""
    steps = [{"delay": {"after": f"{hours}h"}}, {"message": {"id": "m"}}]
    return publish(EMPTY, check_values([{**JOURNEY, "steps": steps}]), NOW)[0]


def test_the_index_shows_what_is_overdue_oldest_first(ports: Ports) -> None:
    """What is claimed is overdue as well; what is parked, or due right then, is not."""
    sends = [
        pending_send("s-1", due=NOW + timedelta(minutes=2)),
        pending_send("s-2", due=NOW + timedelta(minutes=1), status=DueStatus.CLAIMED),
        pending_send("s-3", due=NOW, status=DueStatus.PARKED),
        pending_send("s-4", due=NOW + timedelta(minutes=3)),
    ]
    ports.store.commit(Loaded(UserState("u"), 0), user_state("u", *sends), [], NOW)
    overdue = ports.index.overdue(NOW + timedelta(minutes=3))
    assert [waiting.item for waiting in overdue] == ["s-2", "s-1"]
    assert [waiting.item for waiting in ports.index.parked("cart")] == ["s-3"]
    assert not list(ports.index.parked("other"))
    assert dict(ports.index.count()) == {"cart": 4}


def test_a_record_written_again_is_one_record(ports: Ports) -> None:
    """Whoever died before the acknowledgement may write all again."""
    ports.ledger.write([record("e1"), record("e2")])
    ports.ledger.write([record("e1")], again=True)
    assert sorted(each.event for each in ports.records("u")) == ["e1", "e2"]


def test_what_is_confirmed_stays_confirmed(ports: Ports) -> None:
    """Whoever repeats the record of an unclear answer takes no addendum away. (K3)"""
    unclear = record("e1", Outcome.SENT, reason=Reason.DELIVERY_UNKNOWN)
    confirmed = replace(unclear, detail={"confirmed": {"at": "2026-02-02T10:00:00Z", "by": "SEND"}})
    for after in (unclear, confirmed, unclear):
        ports.ledger.write([after], again=True)
    ports.ledger.write([unclear])
    assert ports.records("u") == [confirmed]


def test_erasing_leaves_what_the_deletion_ended(ports: Ports) -> None:
    """What says that something ended by the deletion stays, and what is not older."""
    ended = record("e2", Outcome.CANCELLED, reason=Reason.USER_NOT_FOUND)
    later = record("e3", at=NOW + timedelta(seconds=1))
    ports.ledger.write([record("e1"), ended, later])
    assert ports.ledger.erase("u", NOW + timedelta(seconds=1)) == 1
    assert [each.event for each in ports.records("u")] == ["e2", "e3"]


def test_nothing_is_published_at_first(ports: Ports) -> None:
    """Before the first publish there is an empty snapshot without a version."""
    assert ports.snapshots.read() == (EMPTY, "")


def test_of_two_that_publish_on_the_same_version_one_wins(ports: Ports) -> None:
    """The second is told, and what the first published stays."""
    first, second = published(1), published(2)
    ports.snapshots.write(first, "", {})
    with pytest.raises(ConflictError):
        ports.snapshots.write(second, "", {})
    assert ports.snapshots.read() == (first, first.version)
    ports.snapshots.write(second, first.version, {})
    assert ports.snapshots.read() == (second, second.version)


def test_publishing_the_same_again_is_no_conflict(ports: Ports) -> None:
    """A request that is repeated because its answer was lost meets its own success."""
    first = published(1)
    ports.snapshots.write(first, "", {})
    ports.snapshots.write(first, "", {})
    assert ports.snapshots.read()[1] == first.version


def test_earlier_versions_of_journeys_stay(ports: Ports) -> None:
    """Whoever is in one finds it, present or superseded; one that never was is told."""
    first, second = published(1), published(2)
    ports.snapshots.write(first, "", {})
    ports.snapshots.write(second, first.version, superseded(first, second))
    for snapshot in (first, second):
        document = snapshot.definitions["j"]
        assert ports.versions.journey(document.hash) == document.document
    with pytest.raises(ConfigurationError):
        ports.versions.journey("no such version")
