"""Writes the sample inputs of the functions, events/*.json: `python scripts/make_event_samples.py`.

User events in them are lines of events/shop.jsonl, put on the bus as `unless put` does it.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from unless.events.lines import read_events
from unless.events.put_entry import as_put_entry
from unless.events.rejection import Rejected

EVENTS = Path(__file__).resolve().parent.parent / "events"
SHOP = EVENTS / "shop.jsonl"

ACCOUNT, REGION, BUS = "123456789012", "eu-west-1", "unless"
SENT = "1770027360000"  # 2026-02-02T10:16:00Z in milliseconds, as SQS writes it


def main() -> None:
    """Write every sample."""
    for name, text in samples().items():
        (EVENTS / name).write_text(text, encoding="utf-8")


def samples() -> dict[str, str]:
    """The text of every sample by the name of its file."""
    inputs = {
        "evaluate.batch.json": batch("unless-events", evaluate_bodies()),
        "deliver.due.json": batch("unless-due", [due_notice()]),
        "sweep.tick.json": tick(),
    }
    return {name: json.dumps(value, indent=2) + "\n" for name, value in inputs.items()}


def evaluate_bodies() -> list[str]:
    """A trigger, an exception, the trigger again as its producer retried it, and a poison event."""
    trigger, purchase = row("ben-fills-cart"), row("ben-buys")
    poison = envelope(row("ana-visits"), "poison")
    del poison["detail"]["user_id"]
    return [
        compact(envelope(trigger, "trigger")),
        compact(envelope(purchase, "exception")),
        compact(envelope(trigger, "retry")),
        compact(poison),
    ]


def due_notice() -> str:
    """The notice of a send that no table knows: it rings and ends well, as after a cancellation."""
    return compact({"user": "u-ben", "send": "s-0123456789abcdef0123456789abcdef", "turn": 0})


def row(event_id: str) -> Mapping[str, Any]:
    """The line of the shop with that event id."""
    for _, line in read_events(SHOP):
        if not isinstance(line, Rejected) and event_id in (
            line.get("id"),
            line.get("detail", {}).get("id"),
        ):
            return line
    raise LookupError(f"no event {event_id!r} in {SHOP.name}")


def envelope(line: Mapping[str, Any], seed: str) -> dict[str, Any]:
    """The line as EventBridge hands it on; every put has an envelope id of its own."""
    entry = as_put_entry(line, source="com.acme.shop", bus=BUS)
    if isinstance(entry, Rejected):
        raise ValueError(entry.detail)
    detail = json.loads(entry["Detail"])
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, seed)),
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": ACCOUNT,
        "time": detail["time"],
        "region": REGION,
        "resources": [],
        "detail": detail,
    }


def batch(queue: str, bodies: list[str]) -> dict[str, Any]:
    """What SQS hands to a function. Source: Lambda Developer Guide, "Lambda with Amazon SQS"."""
    return {
        "Records": [
            {
                "messageId": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{queue} {number}")),
                "receiptHandle": f"receipt-{number}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": SENT,
                    "SenderId": "AIDAEXAMPLE",
                    "ApproximateFirstReceiveTimestamp": SENT,
                },
                "messageAttributes": {},
                "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
            for number, body in enumerate(bodies)
        ]
    }


def tick() -> dict[str, Any]:
    """What a rule with a schedule hands on. Source: EventBridge User Guide, "Scheduled events"."""
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, "tick")),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": "2026-02-02T10:41:00Z",
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/unless-sweep"],
        "detail": {},
    }


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    main()
