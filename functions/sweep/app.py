"""
Every minute: what should have rung and has not is put back into the queue `due`.
"""

from typing import Any

from unless.app.messages import failure_of
from unless.aws.telemetry import telemetry
from unless.composition import from_environment


class SweepFailed(Exception):
    """What Lambda logs of a run that failed: where, and nothing of a user."""


def handler(_event: dict[str, Any], _context: Any) -> None:
    """Sweep once; a run that fails sends no heartbeat, and the next one does its work."""
    try:
        swept = from_environment().sweep.run()
    except Exception as error:
        raise SweepFailed(failure_of(error).why) from None
    telemetry().swept(swept)
