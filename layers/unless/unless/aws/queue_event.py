"""
A batch of SQS messages as Lambda hands it over, and the answer that returns only some of them.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from unless.app.messages import Incoming, Report


def messages_of(event: Mapping[str, Any]) -> list[Incoming]:
    """
    Return the messages of a batch.

    Source of the names and of SentTimestamp's unit, milliseconds since 1970: Lambda Developer
    Guide, "Using Lambda with Amazon SQS" (read 2026-11).
    """
    return [_message(record) for record in event["Records"]]


def _message(record: Mapping[str, Any]) -> Incoming:
    attributes = record["attributes"]
    return Incoming(
        id=record["messageId"],
        body=record["body"],
        arrived=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
        receives=int(attributes["ApproximateReceiveCount"]),
    )


def batch_response(report: Report) -> dict[str, Any]:
    """Return the answer by which Lambda deletes every message but those that failed."""
    return {"batchItemFailures": [{"itemIdentifier": message} for message in report.failed]}


def seconds_left(context: Any) -> Callable[[], float]:
    """Return what tells how many seconds this run of the function may still last."""
    return lambda: float(context.get_remaining_time_in_millis()) / 1000
