"""
Rows of the past, as `unless put --backfill` loads them: events that happened long ago, and
profiles.
"""

from collections.abc import Mapping
from typing import Any

from unless.engine.history import PROFILE
from unless.events.forms import is_envelope
from unless.events.rejection import Rejected, RejectReason


def as_past(row: Mapping[str, Any]) -> Mapping[str, Any] | Rejected:
    """
    Return the row, in either form, as history only: marked so that it can start nothing.

    A row without an event's name is a profile: attributes that hold since its time, or, without
    one, since now. An event must say when it happened. Everything else is judged by `parse_row`.
    """
    inside = row.get("detail") if is_envelope(row) else row
    if not isinstance(inside, Mapping):
        return row
    name_key = "detail-type" if is_envelope(row) else "event"
    name = row.get(name_key)
    if name is None:
        if not inside.get("attributes"):
            return Rejected(
                RejectReason.NO_NAME,
                f"neither an event (`{name_key}`) nor a profile (`attributes`)",
            )
        row = {**row, name_key: PROFILE}
    elif all(part.get("time") is None for part in (inside, row)):
        return Rejected(RejectReason.BAD_TIME, "a past event must say when it happened: add `time`")
    if is_envelope(row):
        return {**row, "detail": {**inside, "backfill": True}}
    return {**row, "backfill": True}
