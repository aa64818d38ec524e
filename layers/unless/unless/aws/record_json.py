"""
Decision records and markers as JSON and back; a record has the form of SPEC section 6.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from unless.aws.state_json import compact, time_text
from unless.definitions.models import Kind
from unless.engine.decision import Marker
from unless.engine.records import Outcome, Reason, Record

DETAIL_BYTES_MAX = 2_048
"""
Bytes of a record's detail, as JSON. A longer one loses the longest of VALUES, so that thousands of
records fit an item of 400 KB.
"""

VALUES = ("expected", "actual", "said", "steps")
"""
The parts of a detail that may be long: texts of 8 KiB and lists of 256 of them (SPEC V6, F5), what
a channel said, the steps of a run.
"""


REASONS = {reason.value: reason for reason in Reason}


def record_to_json(record: Record) -> dict[str, Any]:
    """Return the record as an object of SPEC section 6, without what is not set."""
    written: dict[str, Any] = {
        "at": time_text(record.at),
        "user": record.user,
        record.kind.value: record.definition,
        "step": record.step,
        "outcome": record.outcome.value,
        "reason": record.reason.value if record.reason else None,
        "event": record.event,
        "name": record.name,
        "send": record.send,
        "due": time_text(record.due) if record.due else None,
        "detail": _bounded(record.detail),
    }
    return {name: value for name, value in written.items() if value not in (None, {})}


def _bounded(detail: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(detail)
    sizes = {name: _size(kept[name]) for name in VALUES if name in kept}
    for name in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if _size(kept) <= DETAIL_BYTES_MAX:
            break
        kept = {**{key: kept[key] for key in kept if key != name}, "shortened": True}
    return kept if _size(kept) <= DETAIL_BYTES_MAX else {"shortened": True}


def _size(value: Any) -> int:
    return len(compact(value).encode())


def record_from_json(written: Mapping[str, Any]) -> Record:
    """Return the record that an object holds."""
    reason, due = written.get("reason"), written.get("due")
    kind = Kind.JOURNEY if Kind.JOURNEY.value in written else Kind.CAMPAIGN
    return Record(
        at=datetime.fromisoformat(written["at"]),
        user=written["user"],
        definition=written[kind.value],
        kind=kind,
        step=written.get("step"),
        outcome=Outcome(written["outcome"]),
        event=written["event"],
        name=written.get("name"),
        reason=REASONS[reason] if reason else None,
        send=written.get("send"),
        due=datetime.fromisoformat(due) if due else None,
        detail=written.get("detail", {}),
    )


def record_id(record: Record) -> str:
    """
    Return the id that this record has however often it is made: 64 bits of what it is about.

    A run says `sent` or `skipped` of each of its steps, and one thing of its beginning and its end.
    """
    parts = (record.kind.value, record.definition, record.event, record.send, record.step)
    moved = (record.moved_by,) if record.moved_by else ()  # it was scheduled before
    about = (*(part or "" for part in parts), record.outcome.value, *moved)
    return sha256("\x1f".join(about).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def marker_to_json(marker: Marker) -> str:
    """Return everything of the marker but its id, which is in its key."""
    written = {
        "at": time_text(marker.at),
        "items": list(marker.items),
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
        items=tuple(read.get("items", ())),
        records=tuple(record_from_json(written) for written in read.get("records", ())),
        derived=tuple(read.get("derived", ())),
    )
