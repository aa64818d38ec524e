"""
The two forms in which an event is written (SPEC section 2), read into one; nothing is judged yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unless.events.rejection import NotUnderstood, RejectReason


@dataclass(frozen=True, slots=True)
class Reported:
    """What was written, in either form; None where nothing was."""

    user: object
    name: object
    id: object
    time: object
    properties: object
    attributes: object
    backfill: object = None


def read_form(row: Mapping[str, Any]) -> Reported:
    """
    Return what an object says, in EventBridge form if it has `detail-type` or `detail`, else in
    short form.

    Raises:
        NotUnderstood: `not_an_object`, `no_user`.
    """
    return read_envelope(row) if is_envelope(row) else read_short_form(row)


def is_envelope(row: Mapping[str, Any]) -> bool:
    """Return whether the object is meant in EventBridge form."""
    return "detail-type" in row or "detail" in row


def read_envelope(envelope: Mapping[str, Any]) -> Reported:
    """
    Return what the EventBridge form says; the envelope's id and time fill in for those of the
    detail.

    Raises:
        NotUnderstood: `no_user` without a detail, `not_an_object` for a detail that is none.
    """
    detail = envelope.get("detail")
    if detail is None:
        raise NotUnderstood(RejectReason.NO_USER, "there is no `detail`, so no `detail.user_id`")
    if not isinstance(detail, Mapping):
        raise NotUnderstood(RejectReason.NOT_AN_OBJECT, "must be a JSON object").under("detail")
    return Reported(
        user=detail.get("user_id"),
        name=envelope.get("detail-type"),
        id=_first(detail.get("id"), envelope.get("id")),
        time=_first(detail.get("time"), envelope.get("time")),
        properties=detail.get("properties"),
        attributes=detail.get("attributes"),
        backfill=detail.get("backfill"),
    )


def read_short_form(row: Mapping[str, Any]) -> Reported:
    """Return what a line of a file of events says."""
    return Reported(
        user=row.get("user"),
        name=row.get("event"),
        id=row.get("id"),
        time=row.get("time"),
        properties=row.get("properties"),
        attributes=row.get("attributes"),
        backfill=row.get("backfill"),
    )


def _first(own: object, default: object) -> object:
    return default if own is None else own
