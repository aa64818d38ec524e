"""
The border: what came in becomes a `UserEvent`, or a `Rejected` that says why it never can (SPEC
V5).

Nothing that an app sends raises an exception here. Checks go from the outside in (form, user,
name, id, time, size, properties, attributes), and the first fault found is the reason. Keys that
Unless does not know are ignored.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from unless.definitions.durations import in_utc
from unless.engine.model import NOTHING, UserEvent
from unless.events.attributes import check_known_attributes
from unless.events.feedback import SES, Confirmation, OfNobody, read_feedback
from unless.events.forms import Reported, read_envelope, read_form
from unless.events.json_text import compact, read_json
from unless.events.limits import (
    ATTRIBUTES_MAX,
    EVENT_BYTES_MAX,
    NAME_CHARACTERS_MAX,
    PROPERTIES_MAX,
    TIME_MIN,
)
from unless.events.rejection import NotUnderstood, Rejected, RejectReason
from unless.events.values import check_object, check_text


def parse_envelope(body: str | bytes, arrived: datetime) -> UserEvent | Rejected:
    """
    Return the event of an EventBridge envelope, as the rule hands it to SQS: the body is the
    envelope.

    `arrived` is aware and UTC; a time of the event after it becomes it (V2). The event has 0 hops
    whatever it claims: what we put on the bus ourselves, our rule excludes.
    """
    try:
        return _event_of(read_json(body), arrived)
    except NotUnderstood as fault:
        return fault.rejected()


def parse_message(
    body: str | bytes, arrived: datetime
) -> UserEvent | Confirmation | OfNobody | Rejected:
    """
    Return what a message of the queue `events` says: an event as `parse_envelope` returns it, or,
    where SES says it, what became of an e-mail.
    """
    try:
        envelope = read_json(body)
        if isinstance(envelope, Mapping) and envelope.get("source") == SES:
            return read_feedback(envelope, arrived)
        return _event_of(envelope, arrived)
    except NotUnderstood as fault:
        return fault.rejected()


def parse_row(row: Mapping[str, Any], arrived: datetime, default_id: str) -> UserEvent | Rejected:
    """
    Return the event of one object in either form, as it stands in a file of events.

    `arrived` is aware and UTC, and the time of a row that has none. `default_id` is the id of a
    row that has none; it must be the same whenever the same row is read again.
    """
    try:
        return _understand(read_form(row), arrived, default_id)
    except NotUnderstood as fault:
        return fault.rejected()


def _event_of(envelope: object, arrived: datetime) -> UserEvent:
    if not isinstance(envelope, Mapping):
        raise NotUnderstood(RejectReason.NOT_AN_OBJECT, "the message is not a JSON object")
    return _understand(read_envelope(envelope), arrived, default_id=None)


def _understand(said: Reported, arrived: datetime, default_id: str | None) -> UserEvent:
    user = _user(said.user)
    name = _name(said.name)
    event_id = _text(default_id if said.id is None else said.id, "the event's id", _ID)
    time = _time(said.time, arrived)
    properties = _object(said.properties, "properties")
    attributes = _object(said.attributes, "attributes")
    backfill = _flag(said.backfill, "backfill")
    _check_size(user, event_id, time, properties, attributes)
    _check_part(properties, "properties", PROPERTIES_MAX)
    _check_part(attributes, "attributes", ATTRIBUTES_MAX)
    return UserEvent(
        id=event_id,
        user=user,
        name=name,
        time=min(time, arrived),
        arrived=arrived,
        properties=properties,
        attributes=attributes,
        clamped=time > arrived,
        backfill=backfill,
        root=event_id,
    )


_ID = RejectReason.BAD_ID


def _user(user: object) -> str:
    if user is None:
        raise NotUnderstood(
            RejectReason.NO_USER, "there is no `detail.user_id` (in the short form: no `user`)"
        )
    return _text(user, "the user's id", _ID)


def _name(name: object) -> str:
    if name is None:
        raise NotUnderstood(
            RejectReason.NO_NAME, "there is no `detail-type` (in the short form: no `event`)"
        )
    return _text(name, "the event's name", RejectReason.BAD_NAME)


def _text(value: object, what: str, wrong_length: RejectReason) -> str:
    """
    Return a text of 1 to 255 characters; a number is no text, since 7 and "7" would be two users.
    """
    if value is None:
        raise NotUnderstood(wrong_length, f"{what} is missing")
    if not isinstance(value, str):
        raise NotUnderstood(RejectReason.BAD_TYPE, f'{what} must be text; send "17", not 17')
    if not 1 <= len(value) <= NAME_CHARACTERS_MAX:
        raise NotUnderstood(
            wrong_length,
            f"{what} has {len(value):,} characters, 1 to {NAME_CHARACTERS_MAX} are allowed",
        )
    check_text(value)
    return value


def _time(value: object, arrived: datetime) -> datetime:
    """Return when it happened, UTC, also if in the future; without a time, when it arrived."""
    if value is None:
        return arrived
    time = in_utc(value)
    if time is None:
        raise NotUnderstood(
            RejectReason.BAD_TIME, "the time is no ISO 8601 text such as 2026-02-02T10:00:00Z"
        )
    if time < TIME_MIN:
        raise NotUnderstood(
            RejectReason.BAD_TIME, "the time lies before 1970; check the producer's unit and clock"
        )
    return time


def _object(value: object, what: str) -> Mapping[str, Any]:
    if value is None:
        return NOTHING
    if not isinstance(value, Mapping):
        raise NotUnderstood(RejectReason.BAD_TYPE, "must be an object or null").under(what)
    return value


def _flag(value: object, what: str) -> bool:
    """Return whether it is set; what is meant by another type, nobody may guess."""
    if value is not None and not isinstance(value, bool):
        raise NotUnderstood(RejectReason.BAD_TYPE, "must be true or false").under(what)
    return value is True


def _check_size(
    user: str,
    event_id: str,
    time: datetime,
    properties: Mapping[str, Any],
    attributes: Mapping[str, Any],
) -> None:
    """Judge the size before the content: walking through a megabyte costs more than writing it."""
    detail = {
        "user_id": user,
        "id": event_id,
        "time": time.isoformat(),
        "properties": dict(properties),
        "attributes": dict(attributes),
    }
    try:
        size = len(compact(detail).encode("utf-8", "surrogatepass"))
    except RecursionError:
        raise NotUnderstood(RejectReason.TOO_DEEP, "nested thousands of levels deep") from None
    except (TypeError, ValueError):
        return  # Only a row made in Python can hold what is not JSON; check_object says where.
    if size > EVENT_BYTES_MAX:
        raise NotUnderstood(
            RejectReason.TOO_LARGE,
            f"{size:,} bytes as compact JSON, at most {EVENT_BYTES_MAX:,} are allowed",
        )


def _check_part(part: Mapping[str, Any], what: str, names_max: int) -> None:
    try:
        check_object(part, names_max)
        if what == "attributes":
            check_known_attributes(part)
    except NotUnderstood as fault:
        raise fault.under(what) from None
