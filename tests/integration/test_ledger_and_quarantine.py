"""
Where records and rejected events are kept.
"""

import gzip
import json
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.integration.users import NOW
from tests.integration.world import AwsWorld
from unless.app.errors import TransientError
from unless.aws.ledger import DynamoLedger
from unless.definitions.keeping import RecordKeeping
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record


@pytest.fixture
def ledger(world: AwsWorld) -> DynamoLedger:
    """The ledger of the world."""
    return world.aws.ledger


SCHEDULED = Record(NOW, "u", "cart", Outcome.SCHEDULED, "e1", send="s-1", due=NOW)
CANCELLED = Record(
    NOW + timedelta(seconds=1),
    "u",
    "cart",
    Outcome.CANCELLED,
    "e1",
    reason=Reason.EXCEPTION_EVENT,
    send="s-1",
    due=NOW + timedelta(hours=1),
    detail={"by": "e2", "also": []},
)


def test_records_are_read_newest_first(ledger: DynamoLedger) -> None:
    """What was written is read whole, of one definition if wanted."""
    other = replace(SCHEDULED, definition="other", at=NOW + timedelta(seconds=2))
    ledger.write([SCHEDULED, CANCELLED, other])
    assert list(ledger.read("u")) == [other, CANCELLED, SCHEDULED]
    assert list(ledger.read("u", "cart")) == [CANCELLED, SCHEDULED]
    assert list(ledger.read("v")) == []


def test_writing_twice_leaves_one(ledger: DynamoLedger) -> None:
    """In one call or in two: a repeated message repeats its records."""
    ledger.write([SCHEDULED, SCHEDULED])
    ledger.write([SCHEDULED])
    assert list(ledger.read("u")) == [SCHEDULED]


def test_25_records_go_in_a_call(world: AwsWorld, ledger: DynamoLedger) -> None:
    """A batch of messages costs few calls, not one for each record."""
    with world.wire.counting() as calls:
        ledger.write([replace(SCHEDULED, event=f"e{number}") for number in range(60)])
    assert calls == ["dynamodb.BatchWriteItem"] * 3
    assert len(list(ledger.read("u"))) == 60


def test_what_the_table_leaves_undone_is_asked_again(
    world: AwsWorld, ledger: DynamoLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A throttled table takes a part; the rest follows, or the caller learns that it did not."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    world.wire.left_undone = 2
    ledger.write([SCHEDULED, CANCELLED])
    assert list(ledger.read("u")) == [CANCELLED, SCHEDULED]
    world.wire.left_undone = 99
    with pytest.raises(TransientError, match="1 of 1"):
        ledger.write([replace(SCHEDULED, event="e9")])


@pytest.mark.parametrize("days", [30, 400])
def test_a_record_has_an_end(world: AwsWorld, ledger: DynamoLedger, days: int) -> None:
    """Records are kept for as long as the workspace says, from when they were made."""
    ledger.write([SCHEDULED], RecordKeeping(keep=timedelta(days=days)))
    (item,) = world.client("dynamodb").scan(TableName="LedgerTable")["Items"]
    assert int(item["ttl"]["N"]) == int((NOW + timedelta(days=days)).timestamp())


def test_a_huge_detail_is_shortened(ledger: DynamoLedger) -> None:
    """The values compared may be longer than an item; then the rest of the detail stays."""
    detail = {"path": "note", "op": "in", "expected": ["x" * 8000] * 256, "actual": "y"}
    ledger.write([replace(SCHEDULED, detail=detail)])
    (record,) = ledger.read("u")
    assert record.detail == {"path": "note", "op": "in", "actual": "y", "shortened": True}


def test_a_long_way_is_left_out_before_the_reason_is(ledger: DynamoLedger) -> None:
    """The steps that a run took may be many; what ended it is told all the same."""
    steps = [{"step": f"{place}.then.0", "at": "2026-02-02T10:00:00Z"} for place in range(60)]
    ended = replace(SCHEDULED, kind=Kind.JOURNEY, outcome=Outcome.EXITED, send=None, due=None)
    ledger.write([replace(ended, detail={"by": "e2", "name": "purchase", "steps": steps})])
    (record,) = ledger.read("u")
    assert record.kind is Kind.JOURNEY
    assert record.detail == {"by": "e2", "name": "purchase", "shortened": True}


def test_all_records_of_one_instant_of_a_run_are_kept(ledger: DynamoLedger) -> None:
    """A run may enter, send two messages and end within one microsecond."""
    entered = replace(SCHEDULED, kind=Kind.JOURNEY, outcome=Outcome.ENTERED, send=None, due=None)
    sent = replace(entered, outcome=Outcome.SENT)
    ended = replace(entered, outcome=Outcome.COMPLETED)
    steps = [replace(sent, step=step, send=f"r-1.{step}") for step in ("0", "1")]
    ledger.write([entered, *steps, ended])
    assert {(r.outcome, r.step) for r in ledger.read("u")} == {
        (Outcome.ENTERED, None),
        (Outcome.SENT, "0"),
        (Outcome.SENT, "1"),
        (Outcome.COMPLETED, None),
    }


def test_erasing_spares_what_came_after(ledger: DynamoLedger) -> None:
    """A deleted user's earlier records go, those of the deletion itself stay."""
    ledger.write([SCHEDULED, CANCELLED])
    assert ledger.erase("u", CANCELLED.at) == 1
    assert list(ledger.read("u")) == [CANCELLED]


def test_a_rejected_body_is_kept_with_its_reason(world: AwsWorld) -> None:
    """People read what came, why it was refused, and which message it was."""
    world.aws.quarantine.put('{"a": "\ufffe"}', "no_user", "user_id is missing", "m-1")
    (kept,) = map(json.loads, world.take("QuarantineQueue"))
    assert kept == {
        "reason": "no_user",
        "detail": "user_id is missing",
        "message_id": "m-1",
        "at": "2026-02-02T10:00:00Z",
        "body": '{"a": "\ufffe"}',
    }


def test_a_body_as_long_as_a_message_is_compressed(world: AwsWorld) -> None:
    """It arrived in a message of its own and has no room beside a reason."""
    body = "é" * 500_000
    world.aws.quarantine.put(body, "too_large", "too many bytes", "m-1")
    (kept,) = map(json.loads, world.take("QuarantineQueue"))
    assert gzip.decompress(b64decode(kept["body_gzip"])).decode() == body


def test_records_of_one_instant_are_told_in_the_order_of_what_happened(
    ledger: DynamoLedger,
) -> None:
    """The message of a run's last step comes before the run's end, whatever their ids are (J6)."""
    run = replace(SCHEDULED, kind=Kind.JOURNEY, send=None, due=None)
    sent = replace(run, outcome=Outcome.SENT, step="m", send="r-1.0")
    told = [replace(run, outcome=Outcome.ENTERED), sent, replace(run, outcome=Outcome.COMPLETED)]
    for turn in range(3):
        ledger.write([*told[turn:], *told[:turn]])
    assert [record.outcome for record in ledger.read("u")] == [
        Outcome.COMPLETED, Outcome.SENT, Outcome.ENTERED,
    ]  # fmt: skip
