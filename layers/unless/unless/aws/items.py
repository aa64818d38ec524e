"""
The table: which item lies where, and how each is written.

    PK            SK               holds
    USER#<id>     A#               the state, with the lock's count `rev`
                  A#SEND#<send>    a pending send; on the index `due` while it waits
                  E#<event>        the marker of an applied event or an ended send
                  B#<hash>         the large properties of a trigger
    DEFINITIONS   CURRENT, V#…     see `unless.aws.definitions_store`

State and pending sends share the prefix `A#`, so that one Query reads them. The state sorts before
all else of them, so it is read first: a Query may see a transaction half done (read-committed,
DynamoDB Developer Guide, "Transaction isolation levels", read 2026-11), and sends read after their
`rev` can only be newer than it, which the commit notices.
"""

import zlib
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any

from unless.aws.record_json import marker_from_json, marker_to_json
from unless.aws.send_json import send_from_json, send_to_json
from unless.aws.state_json import compact
from unless.engine.decision import Marker
from unless.engine.model import PendingSend, SendStatus

PREFIX = "A#"
STATE = "A#"
SEND = "A#SEND#"
MARKER = "E#"
BODY = "B#"
PREFIXES_OUTSIDE = (MARKER, BODY)
"""What lies in a user's partition beside the state and the pending sends."""

SHARDS = 16
"""
Partitions of the index `due`: about 16,000 writes a second into one minute.

Source: DynamoDB Developer Guide, "Partitions and data distribution": 1,000 write units a second
each.
"""

MARKER_KEPT = timedelta(days=16)
"""How long the id of an applied event is known (SPEC V1)."""

PAST_DUE_KEPT = timedelta(days=35)
"""
How long after its due time a pending send stays, should nobody ever end it.

TTL is the broom: this is far beyond every redelivery and redrive, and no read relies on it.
"""

PLAIN_BYTES_MAX = 1_024
"""Bytes of JSON up to which it is stored readable: one write unit; longer text is compressed."""

type Item = dict[str, dict[str, Any]]
"""An item as DynamoDB's JSON has it: each value under its type."""


def user_key(user: str, sort: str) -> Item:
    """Return the key of an item of a user."""
    return {"PK": {"S": f"USER#{user}"}, "SK": {"S": sort}}


def pack(text: str) -> dict[str, Any]:
    """Return the value that holds the text, compressed if that saves write units."""
    data = text.encode()
    return {"S": text} if len(data) <= PLAIN_BYTES_MAX else {"B": zlib.compress(data)}


def unpack(value: dict[str, Any]) -> str:
    """Return the text that a value holds."""
    return str(value["S"]) if "S" in value else zlib.decompress(value["B"]).decode()


def epoch(instant: datetime, later: timedelta = timedelta(0)) -> dict[str, str]:
    """Return the instant, or some time later, as the TTL attribute has it: seconds since 1970."""
    # Numbers are added, because the sum may lie beyond the year 9999, where instants end.
    return {"N": str(ceil(instant.timestamp() + later.total_seconds()))}


def sortable(instant: datetime) -> str:
    """
    Return the instant, which is UTC, as ISO 8601 text of a fixed width, so that texts sort as
    times.
    """
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


def state_item(user: str, text: str, rev: int, leftover: tuple[str, ...] = ()) -> Item:
    """Return the item of a user's state; `leftover` are ended sends whose items are still to go."""
    item = user_key(user, STATE) | {"rev": {"N": str(rev)}, "data": pack(text)}
    return item | {"leftover": {"SS": list(leftover)}} if leftover else item


def send_item(send: PendingSend) -> Item:
    """
    Return the item of a pending send.

    While it waits for its time or its channel it is on one of the index's shards; while a pause
    parks it, on the campaign's own, where no sweep looks, and without an end, since a pause has
    none.
    """
    parked = send.status is SendStatus.PARKED
    item = user_key(send.user, SEND + send.id) | {
        "campaign": {"S": send.campaign},
        "due_shard": {"S": parked_shard(send.campaign) if parked else due_shard(send.id)},
        "due_at": {"S": sortable(send.due)},
        "data": pack(send_to_json(send)),
    }
    return item if parked else item | {"ttl": epoch(send.due, PAST_DUE_KEPT)}


def send_of(item: Item, user: str) -> PendingSend:
    """Return the pending send of an item."""
    return send_from_json(
        unpack(item["data"]),
        send_id=item["SK"]["S"].removeprefix(SEND),
        user=user,
        campaign=item["campaign"]["S"],
        due=datetime.fromisoformat(item["due_at"]["S"]),
    )


def due_shard(send_id: str) -> str:
    """Return the index's shard of a waiting send, the same whenever it is asked for."""
    return f"DUE#{sha256(send_id.encode()).digest()[0] % SHARDS}"


def parked_shard(campaign: str) -> str:
    """Return the index's shard of what the campaign's pause has parked."""
    return f"PARKED#{campaign}"


def marker_item(user: str, marker: Marker) -> Item:
    """Return the item of a marker; `at` tells a deletion what is older than it."""
    return user_key(user, MARKER + marker.id) | {
        "at": {"S": sortable(marker.at)},
        "ttl": epoch(marker.at, MARKER_KEPT),
        "data": pack(marker_to_json(marker)),
    }


def marker_of(item: Item) -> Marker:
    """Return the marker of an item."""
    return marker_from_json(unpack(item["data"]), item["SK"]["S"].removeprefix(MARKER))


def body_key(send: PendingSend) -> Item:
    """
    Return the key of the large properties of the send's trigger, one for all the sends it started.

    The time is in it, because an event's id may return after 16 days (V1) and is another event
    then.
    """
    about = f"{send.event}\x1f{sortable(send.triggered_at)}".encode("utf-8", "surrogatepass")
    return user_key(send.user, BODY + sha256(about).hexdigest()[:32])


def body_item(send: PendingSend, until: datetime, now: datetime) -> Item:
    """Return the item of the large properties, kept for sends that are due `until` then."""
    return body_key(send) | {
        "at": {"S": sortable(now)},
        "ttl": epoch(until, PAST_DUE_KEPT),
        "data": pack(compact(dict(send.properties))),
    }
