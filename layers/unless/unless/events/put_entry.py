"""
From an event in either form to an entry of PutEvents, the request that puts it on the bus.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

from unless.events.forms import Reported, is_envelope, read_form
from unless.events.json_text import compact
from unless.events.limits import DETAIL_TYPE_CHARACTERS_MAX, ENTRY_BYTES_MAX
from unless.events.rejection import NotUnderstood, Rejected, RejectReason
from unless.events.values import check_text

OUR_SOURCE = "unless"
"""The source of what we put on the bus ourselves; the rule of the bus excludes it."""

AWS_SOURCES = "aws."
"""
How sources of AWS begin; PutEvents refuses them. Source: EventBridge API Reference, PutEvents
(read 2026-11).
"""


class PutEntry(TypedDict):
    """An entry of PutEvents, in EventBridge's own words."""

    Source: str
    DetailType: str
    Detail: str
    EventBusName: str


def as_put_entry(row: Mapping[str, Any], *, source: str, bus: str) -> PutEntry | Rejected:
    """
    Return the entry that puts the event of a row, in either form, on the bus.

    Id and time stand in the detail, also where the row had them in its envelope: the bus makes a
    new envelope, and the event must stay the same event when it is put again (V1). `source`
    counts where the row has none, or one that our rule or PutEvents would refuse. Only what
    PutEvents asks for is judged here; judge the row with `parse_row` first. Numbers that are not
    finite cannot be put.
    """
    try:
        said = read_form(row)
        if not isinstance(said.name, str) or not said.name:
            raise NotUnderstood(RejectReason.NO_NAME, "the event has no name")
        if len(said.name) > DETAIL_TYPE_CHARACTERS_MAX:
            raise NotUnderstood(
                RejectReason.BAD_NAME,
                f"EventBridge takes names of at most {DETAIL_TYPE_CHARACTERS_MAX} characters",
            )
        own = row.get("source") if is_envelope(row) else None
        entry = PutEntry(
            Source=own if isinstance(own, str) and _may_be_put(own) else source,
            DetailType=said.name,
            Detail=_detail(said, row["detail"] if is_envelope(row) else {}),
            EventBusName=bus,
        )
        _check_entry(entry)
    except NotUnderstood as fault:
        return fault.rejected()
    return entry


def entry_bytes(entry: PutEntry) -> int:
    """
    Return the bytes that PutEvents counts for the entry.

    Source: EventBridge User Guide, "Calculating PutEvents event entry size" (read 2026-11).
    """
    counted = (entry["Source"], entry["DetailType"], entry["Detail"])
    return sum(len(text.encode("utf-8")) for text in counted)


def _may_be_put(source: str) -> bool:
    return source not in ("", OUR_SOURCE) and not source.startswith(AWS_SOURCES)


def _detail(said: Reported, others: Mapping[str, Any]) -> str:
    """
    Return the detail as JSON; in EventBridge form also with the keys that other readers of the
    bus know.
    """
    known = {
        "user_id": said.user,
        "id": said.id,
        "time": said.time,
        "properties": said.properties,
        "attributes": said.attributes,
        "backfill": said.backfill,
    }
    detail = {name: value for name, value in known.items() if value is not None}
    detail |= {name: value for name, value in others.items() if name not in known}
    try:
        return compact(detail, finite=True)
    except (RecursionError, TypeError, ValueError) as error:
        raise NotUnderstood(
            RejectReason.NOT_JSON, f"the detail cannot be written as JSON: {error}"
        ) from None


def _check_entry(entry: PutEntry) -> None:
    for text in (entry["Source"], entry["DetailType"], entry["Detail"]):
        check_text(text)
    size = entry_bytes(entry)
    if size > ENTRY_BYTES_MAX:
        raise NotUnderstood(
            RejectReason.TOO_LARGE,
            f"{size:,} bytes as an entry of PutEvents, at most {ENTRY_BYTES_MAX:,} are allowed",
        )
