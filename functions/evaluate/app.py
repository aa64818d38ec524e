"""
User events from the queue `events`: decided, committed, their timers started.
"""

from typing import Any

from unless.aws.discretion import discreetly
from unless.aws.queue_event import batch_response, messages_of, seconds_left
from unless.aws.telemetry import telemetry
from unless.composition import from_environment


@discreetly()
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return which messages go back to the queue; the others are done."""
    report = from_environment().evaluate.run(messages_of(event), seconds_left(context))
    telemetry().report(report)
    return batch_response(report)
