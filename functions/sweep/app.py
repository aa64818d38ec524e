"""
Every minute: what should have rung and has not is put back into the queue `due`.
"""

from typing import Any

from unless.aws.discretion import discreetly
from unless.aws.telemetry import telemetry
from unless.composition import from_environment


@discreetly()
def handler(_event: dict[str, Any], _context: Any) -> None:
    """Sweep once; a run that fails sends no heartbeat, and the next one does its work."""
    telemetry().swept(from_environment().sweep.run())
