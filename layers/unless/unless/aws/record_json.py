"""
Decision records and markers as JSON and back; a record has the form of SPEC section 6.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from unless.aws.state_json import compact, time_text
from unless.engine.decision import Marker
from unless.engine.records import Outcome, Reason, Record

DETAIL_BYTES_MAX = 2_048
"""
Bytes of a record's detail, as JSON. A longer one loses the values compared, which may be texts of
8 KiB and lists of 256 of them (SPEC V6, F5), so that thousands of records fit an item of 400 KB.
"""

VALUES = ("expected", "actual", "said")
"""The parts of a detail that may be long."""


REASONS = {reason.value: reason for reason in Reason}


def record_to_json(record: Record) -> dict[str, Any]:
    """Return the record as an object of SPEC section 6, without what is not set."""
    written: dict[str, Any] = {
        "at": time_text(record.at),
        "user": record.user,
        "campaign": record.campaign,
        "outcome": record.outcome.value,
        "reason": record.reason.value if record.reason else None,
        "event": record.event,
        "send": record.send,
        "due": time_text(record.due) if record.due else None,
        "detail": _bounded(record.detail),
    }
    return {name: value for name, value in written.items() if value not in (None, {})}


def _bounded(detail: Mapping[str, Any]) -> dict[str, Any]:
    if len(compact(dict(detail)).encode()) <= DETAIL_BYTES_MAX:
        return dict(detail)
    short = {name: value for name, value in detail.items() if name not in VALUES}
    fits = len(compact(short).encode()) <= DETAIL_BYTES_MAX
    return {**(short if fits else {}), "shortened": True}


def record_from_json(written: Mapping[str, Any]) -> Record:
    """Return the record that an object holds."""
    reason, due = written.get("reason"), written.get("due")
    return Record(
        at=datetime.fromisoformat(written["at"]),
        user=written["user"],
        campaign=written["campaign"],
        outcome=Outcome(written["outcome"]),
        event=written["event"],
        reason=REASONS[reason] if reason else None,
        send=written.get("send"),
        due=datetime.fromisoformat(due) if due else None,
        detail=written.get("detail", {}),
    )


def record_id(record: Record) -> str:
    """Return the id that this record has however often it is made: 64 bits of what it is about."""
    about = (record.campaign, record.event, record.send or "", record.outcome.value)
    return sha256("\x1f".join(about).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def marker_to_json(marker: Marker) -> str:
    """Return everything of the marker but its id, which is in its key."""
    written = {
        "at": time_text(marker.at),
        "sends": list(marker.sends),
        "records": [record_to_json(record) for record in marker.records],
        "derived": list(marker.derived),
    }
    return compact({name: value for name, value in written.items() if value})


def marker_from_json(text: str, marker_id: str) -> Marker:
    """Return the marker that a text holds."""
    read = json.loads(text)
    return Marker(
        id=marker_id,
        at=datetime.fromisoformat(read["at"]),
        sends=tuple(read.get("sends", ())),
        records=tuple(record_from_json(written) for written in read.get("records", ())),
        derived=tuple(read.get("derived", ())),
    )
