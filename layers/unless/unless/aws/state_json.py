"""
A user's state as JSON text and back: what the state item of a user holds.

The due items are items of their own (`unless.aws.item_json`). Whatever has its default value is
left out, so an item costs what it says. Fields may be added; `FORMAT` grows when an older release
could not read, or would lose, what a newer one wrote.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from unless.app.errors import TransientError
from unless.engine.model import (
    Attribute,
    ControlEntry,
    DueItem,
    Entries,
    EventMark,
    History,
    Purchases,
    Receipt,
    Starts,
    UserState,
)

FORMAT = 1
"""The layout of the text."""

type Json = dict[str, Any]


def compact(value: Any) -> str:
    """Return the value as JSON text without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def time_text(instant: datetime) -> str:
    """Return the instant as ISO 8601 text, UTC."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def state_to_json(state: UserState) -> str:
    """Return everything of the state but the user's id and the due items."""
    written: Json = {
        "format": FORMAT,
        "attributes": _attributes(state.attributes),
        "groups": _attributes(state.groups),
        "history": _histories(state.history),
        "purchases": _purchases(state.purchases),
        "received": _histories(state.received),
        "receipts": [_receipt(receipt) for receipt in state.receipts],
        "control": {name: _control(entry) for name, entry in state.control.items()},
        "entries": {name: _entries(entries) for name, entries in state.entries.items()},
        "marks": [_mark(mark) for mark in state.marks],
        "starts": [state.starts.day.isoformat(), state.starts.count] if state.starts else None,
        "hours": {str(hour): count for hour, count in state.hours.items()},
        "derived_like": {name: time_text(at) for name, at in state.derived_like.items()},
        "deleted_at": time_text(state.deleted_at) if state.deleted_at else None,
        "next_order": state.next_order,
    }
    return compact({name: value for name, value in written.items() if value})


def state_from_json(text: str, user: str, pending: Mapping[str, DueItem]) -> UserState:
    """
    Return the state that a text holds, with the due items.

    Raises:
        TransientError: a newer release wrote the text; once it is everywhere, it will read it.
    """
    read: Json = json.loads(text)
    if read.get("format", 0) > FORMAT:
        raise TransientError(f"a user's state has the layout {read['format']}, newer than {FORMAT}")
    deleted_at = read.get("deleted_at")
    return UserState(
        user=user,
        attributes=_read_attributes(read.get("attributes", {})),
        groups=_read_attributes(read.get("groups", {})),
        history=_read_histories(read.get("history", {})),
        purchases=_read_purchases(read.get("purchases", {})),
        received=_read_histories(read.get("received", {})),
        receipts=tuple(_read_receipt(receipt) for receipt in read.get("receipts", ())),
        control={name: _read_control(each) for name, each in read.get("control", {}).items()},
        entries={name: _read_entries(each) for name, each in read.get("entries", {}).items()},
        marks=tuple(_read_mark(mark) for mark in read.get("marks", ())),
        starts=_read_starts(read.get("starts")),
        pending=pending,
        hours={int(hour): count for hour, count in read.get("hours", {}).items()},
        derived_like={
            name: datetime.fromisoformat(at) for name, at in read.get("derived_like", {}).items()
        },
        deleted_at=datetime.fromisoformat(deleted_at) if deleted_at else None,
        next_order=read.get("next_order", 0),
    )


def _attributes(attributes: Mapping[str, Attribute]) -> Json:
    return {name: [known.value, time_text(known.time)] for name, known in attributes.items()}


def _read_attributes(written: Json) -> dict[str, Attribute]:
    return {
        name: Attribute(value, datetime.fromisoformat(at)) for name, (value, at) in written.items()
    }


def _histories(histories: Mapping[str, History]) -> Json:
    return {name: _history(history) for name, history in histories.items()}


def _read_histories(written: Json) -> dict[str, History]:
    return {name: _read_history(history) for name, history in written.items()}


def _history(history: History) -> Json:
    written: Json = {"count": history.count}
    if history.first is not None:
        written["first"] = time_text(history.first)
    if history.last is not None and history.last != history.first:
        written["last"] = time_text(history.last)
    elif history.last is None and history.first is not None:
        written["last"] = None
    if history.days:
        written["days"] = {day.isoformat(): count for day, count in history.days.items()}
    return written


def _read_history(written: Json) -> History:
    first = written.get("first")
    last = written.get("last", first)
    return History(
        count=written["count"],
        first=datetime.fromisoformat(first) if first else None,
        last=datetime.fromisoformat(last) if last else None,
        days={date.fromisoformat(day): count for day, count in written.get("days", {}).items()},
    )


def _purchases(purchases: Purchases) -> Json:
    if purchases == Purchases():
        return {}
    return {"total": purchases.total, "products": _histories(purchases.products)}


def _read_purchases(written: Json) -> Purchases:
    return Purchases(written.get("total", "0"), _read_histories(written.get("products", {})))


def _receipt(receipt: Receipt) -> Json:
    written: Json = {
        "send": receipt.send,
        "definition": receipt.definition,
        "time": time_text(receipt.time),
        "channel": receipt.channel,
    }
    if receipt.before is not None:
        written["before"] = _history(receipt.before)
    if receipt.triggered_at is not None:
        written["triggered_at"] = time_text(receipt.triggered_at)
    if receipt.exceptions:
        written["exceptions"] = list(receipt.exceptions)
    if receipt.converted:
        written["converted"] = list(receipt.converted)
    return written | ({"tags": list(receipt.tags)} if receipt.tags else {})


def _read_receipt(written: Json) -> Receipt:
    triggered_at = written.get("triggered_at")
    return Receipt(
        send=written["send"],
        definition=written["definition"],
        time=datetime.fromisoformat(written["time"]),
        channel=written["channel"],
        tags=tuple(written.get("tags", ())),
        before=_read_history(written["before"]) if "before" in written else None,
        triggered_at=datetime.fromisoformat(triggered_at) if triggered_at else None,
        exceptions=tuple(written.get("exceptions", ())),
        converted=tuple(written.get("converted", ())),
    )


def _control(entry: ControlEntry) -> Json:
    written: Json = {"time": time_text(entry.time)}
    return written | ({"converted": list(entry.converted)} if entry.converted else {})


def _read_control(written: Json) -> ControlEntry:
    return ControlEntry(
        datetime.fromisoformat(written["time"]), tuple(written.get("converted", ()))
    )


def _entries(entries: Entries) -> Json:
    written: Json = {"count": entries.count, "last": time_text(entries.last)}
    return written | ({"seconds": list(entries.seconds)} if entries.seconds else {})


def _read_entries(written: Json) -> Entries:
    last = datetime.fromisoformat(written["last"])
    return Entries(written["count"], last, tuple(written.get("seconds", ())))


def _read_starts(written: list[Any] | None) -> Starts | None:
    return Starts(date.fromisoformat(written[0]), written[1]) if written else None


def _mark(mark: EventMark) -> Json:
    return {
        "definition": mark.definition,
        "row": mark.row,
        "match": mark.match,
        "time": time_text(mark.time),
        "event": mark.event,
        "name": mark.name,
    }


def _read_mark(written: Json) -> EventMark:
    return EventMark(**{**written, "time": datetime.fromisoformat(written["time"])})
