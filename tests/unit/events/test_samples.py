"""The samples in events/: made from one source, and accepted by what reads them."""

import json
from datetime import UTC, datetime

from scripts.make_event_samples import EVENTS, SHOP, samples
from unless.engine.model import UserEvent
from unless.events.intake import parse_envelope, parse_row
from unless.events.lines import read_events
from unless.events.put_entry import as_put_entry
from unless.events.rejection import Rejected, RejectReason


def test_samples_are_what_the_script_makes() -> None:
    """`python scripts/make_event_samples.py` would change no file, and every sample has one."""
    written = {path.name: path.read_text(encoding="utf-8") for path in EVENTS.glob("*.json")}
    assert written == samples()


def test_every_line_of_the_shop_is_an_event() -> None:
    """Both forms occur, and each line is accepted as a row and can be put on the bus."""
    later = datetime(2026, 3, 1, tzinfo=UTC)
    forms = set()
    for number, row in read_events(SHOP):
        assert not isinstance(row, Rejected), (number, row)
        forms.add("detail" in row)
        event = parse_row(row, later, "missing id")
        assert isinstance(event, UserEvent), (number, event)
        assert event.id != "missing id", number
        assert not isinstance(as_put_entry(row, source="com.acme.shop", bus="unless"), Rejected)
    assert forms == {True, False}


def test_every_line_about_messages_is_an_event() -> None:
    """Interactions and answers are events like others, and can be put on the bus."""
    later = datetime(2026, 3, 1, tzinfo=UTC)
    for number, row in read_events(EVENTS / "messages.jsonl"):
        assert not isinstance(row, Rejected), (number, row)
        event = parse_row(row, later, "missing id")
        assert isinstance(event, UserEvent), (number, event)
        assert event.name in ("message_interaction", "sms_received"), number


def test_batch_for_evaluate() -> None:
    """It holds a trigger, an exception, the trigger again under another envelope, and a poison."""
    batch = json.loads((EVENTS / "evaluate.batch.json").read_text(encoding="utf-8"))
    results = []
    for record in batch["Records"]:
        sent = int(record["attributes"]["SentTimestamp"]) / 1000
        results.append(parse_envelope(record["body"], datetime.fromtimestamp(sent, UTC)))
    trigger, exception, retry, poison = results
    assert isinstance(trigger, UserEvent)
    assert isinstance(exception, UserEvent)
    assert trigger == retry
    assert batch["Records"][0]["body"] != batch["Records"][2]["body"]
    assert exception.properties["cart_id"] == trigger.properties["cart_id"]
    assert (exception.time > trigger.time, exception.clamped) == (True, False)
    assert isinstance(poison, Rejected)
    assert poison.reason == RejectReason.NO_USER


def test_due_notice_for_deliver() -> None:
    """Its body is a due notice: user, send and turn."""
    batch = json.loads((EVENTS / "deliver.due.json").read_text(encoding="utf-8"))
    (record,) = batch["Records"]
    notice = json.loads(record["body"])
    assert {key: type(value) for key, value in notice.items()} == {
        "user": str,
        "send": str,
        "turn": int,
    }
