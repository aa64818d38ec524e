"""
The option --since: from when on something counts.
"""

from datetime import datetime

from pydantic_core import PydanticCustomError

from unless.cli.console import Failure
from unless.definitions.durations import in_utc, parse_duration


def since_instant(text: str | None, now: datetime) -> datetime | None:
    """
    Return the instant, UTC, that a text names by itself or, as a span, before `now`.

    Raises:
        Failure: it is neither.
    """
    if text is None:
        return None
    instant = in_utc(text)
    if instant is not None:
        return instant
    try:
        return now - parse_duration(text)
    except (PydanticCustomError, OverflowError):
        raise Failure(
            f"--since: {text!r} is neither an instant nor a span of time.",
            "Write it as 2026-02-02T10:00:00Z, or as 3d for the last three days.",
            code=2,
        ) from None
