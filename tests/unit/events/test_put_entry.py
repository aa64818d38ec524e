"""What `unless put` puts on the bus must come back as the event that stood in the file."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from unless.events.intake import parse_envelope, parse_row
from unless.events.put_entry import PutEntry, as_put_entry, entry_bytes
from unless.events.rejection import Rejected, RejectReason

ARRIVED = datetime(2026, 2, 2, 10, tzinfo=UTC)
SHORT: dict[str, Any] = {
    "user": "u-17",
    "event": "cart_updated",
    "id": "evt-1",
    "time": "2026-02-02T09:59:58Z",
    "properties": {"cart_value": 150.5, "name": "été 😀"},
    "attributes": {"country": "FR"},
}
FULL: dict[str, Any] = {
    "id": "envelope-1",
    "source": "com.acme.clinic",
    "detail-type": "booked",
    "time": "2026-02-02T09:00:00Z",
    "detail": {"user_id": "u-17", "trace": "t-1", "id": None},
}


def put(row: dict[str, Any]) -> PutEntry:
    """The entry of a row that must have one."""
    entry = as_put_entry(row, source="com.acme.shop", bus="unless")
    assert not isinstance(entry, Rejected), entry
    return entry


def delivered(entry: PutEntry) -> str:
    """The envelope in which EventBridge hands the entry on, with an id and a time of its own."""
    envelope = {"id": "put-1", "time": "2026-02-02T09:59:59Z", "source": entry["Source"]}
    detail = json.loads(entry["Detail"])
    return json.dumps(envelope | {"detail-type": entry["DetailType"], "detail": detail})


@pytest.mark.parametrize("row", [SHORT, FULL, FULL | SHORT], ids=["short", "full", "both"])
def test_event_stays_the_same_on_the_bus(row: dict[str, Any]) -> None:
    """V1: id and time travel in the detail, so that a second put is the same event."""
    assert parse_envelope(delivered(put(row)), ARRIVED) == parse_row(row, ARRIVED, "unused")


def test_row_without_id_and_time_leaves_them_to_the_bus() -> None:
    """The envelope's id and time fill in, as for any producer."""
    assert json.loads(put({"user": "u", "event": "visit"})["Detail"]) == {"user_id": "u"}


def test_entry_in_the_words_of_eventbridge() -> None:
    """Source, detail type and bus are set, and the detail keeps what other readers know."""
    entry = put(FULL)
    assert (entry["Source"], entry["DetailType"]) == ("com.acme.clinic", "booked")
    assert entry["EventBusName"] == "unless"
    detail = {"user_id": "u-17", "id": "envelope-1", "time": FULL["time"], "trace": "t-1"}
    assert json.loads(entry["Detail"]) == detail


@pytest.mark.parametrize("source", ["unless", "aws.s3", "", None, 7])
def test_source_that_would_be_lost(source: object) -> None:
    """A source that our rule excludes, or PutEvents refuses, is replaced by the given one."""
    assert put(FULL | {"source": source})["Source"] == "com.acme.shop"


def test_size_is_what_putevents_counts() -> None:
    """Source, detail type and detail count, in bytes of UTF-8; the bus does not."""
    entry = PutEntry(Source="sé", DetailType="😀", Detail='{"a":"é"}', EventBusName="long name")
    assert entry_bytes(entry) == 3 + 4 + 10


@pytest.mark.parametrize(("size", "fits"), [(262_143, True), (262_144, False)])
def test_entry_of_less_than_256_kib(size: int, fits: bool) -> None:
    """Keys that Unless does not know may make an entry too large for EventBridge."""
    rest = size - entry_bytes(put(FULL | {"detail": {"user_id": "u", "trace": ""}}))
    row = FULL | {"detail": {"user_id": "u", "trace": "x" * rest}}
    entry = as_put_entry(row, source="s", bus="b")
    assert (entry.reason if isinstance(entry, Rejected) else None) == (
        None if fits else RejectReason.TOO_LARGE
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"user": "u"}, RejectReason.NO_NAME),
        ({"user": "u", "event": ""}, RejectReason.NO_NAME),
        ({"user": "u", "event": 7}, RejectReason.NO_NAME),
        ({"user": "u", "event": "x" * 128}, None),
        ({"user": "u", "event": "x" * 129}, RejectReason.BAD_NAME),
        ({"detail-type": "n", "detail": "{}"}, RejectReason.NOT_AN_OBJECT),
        ({"user": "u", "event": "n", "properties": {"a": float("nan")}}, RejectReason.NOT_JSON),
        ({"user": "u", "event": "n", "properties": {"a": {1, 2}}}, RejectReason.NOT_JSON),
        ({"user": "\ud800", "event": "n"}, RejectReason.BAD_STRING),
    ],
    ids=range(9),
)
def test_row_that_cannot_be_put(row: dict[str, Any], expected: RejectReason | None) -> None:
    """What PutEvents would refuse, or JSON cannot say, is refused here with its reason."""
    entry = as_put_entry(row, source="s", bus="b")
    assert (entry.reason if isinstance(entry, Rejected) else None) == expected
