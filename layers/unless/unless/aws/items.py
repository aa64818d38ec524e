"""
The table: which item lies where, and how each is written.

    PK            SK               holds
    USER#<id>     A#               the state, with the lock's count `rev`, and for a moment what a
                                   large change left, see `unless.aws.unfinished`
                  A#DUE#<item>     a due item, a pending send `s-…` or a run `r-…`; on the index
                                   `due` while it waits
                  E#<event>        the marker of an applied event or an ended step
                  B#<hash>         the large properties of a trigger
    DEFINITIONS   CURRENT, V#…     see `unless.aws.definitions_store`

State and due items share the prefix `A#`, so that one Query reads them. The state sorts before all
else of them, so it is read first: a Query may see a transaction half done (read-committed, DynamoDB
Developer Guide, "Transaction isolation levels", read 2026-11), and items read after their `rev` can
only be newer than it, which the commit notices.
"""

import zlib
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any

from unless.aws.item_json import due_item_from_json, due_item_to_json
from unless.aws.record_json import marker_from_json, marker_to_json
from unless.aws.state_json import compact
from unless.engine.decision import Marker
from unless.engine.model import DueItem, DueStatus

PREFIX = "A#"
STATE = "A#"
DUE = "A#DUE#"
MARKER = "E#"
BODY = "B#"
PREFIXES_OUTSIDE = (MARKER, BODY)
"""What lies in a user's partition beside the state and the due items."""

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
How long after its due time a due item stays, should nobody ever end it.

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


def state_item(user: str, text: str, rev: int) -> Item:
    """Return the item of a user's state."""
    return user_key(user, STATE) | {"rev": {"N": str(rev)}, "data": pack(text)}


def due_item(due: DueItem, now: datetime) -> Item:
    """
    Return the item of a pending send or a run, as written at `now`.

    While it waits for its time or its channel it is on one of the index's shards; while a pause
    parks it, on the definition's own, where no sweep looks, and without an end, since a pause has
    none.
    """
    parked = due.status is DueStatus.PARKED
    item = user_key(due.user, DUE + due.id) | {
        "definition": {"S": due.definition},
        "due_shard": {"S": parked_shard(due.definition) if parked else due_shard(due.id)},
        "due_at": {"S": sortable(due.due)},
        "data": pack(due_item_to_json(due)),
    }
    # What a pause has held may have been due long ago, and is not over yet.
    return item if parked else item | {"ttl": epoch(max(due.due, now), PAST_DUE_KEPT)}


def due_item_of(item: Item, user: str) -> DueItem:
    """Return the pending send or the run of an item."""
    return due_item_from_json(
        unpack(item["data"]),
        item_id=item["SK"]["S"].removeprefix(DUE),
        user=user,
        definition=item["definition"]["S"],
        due=datetime.fromisoformat(item["due_at"]["S"]),
    )


def due_shard(item_id: str) -> str:
    """Return the index's shard of a waiting item, the same whenever it is asked for."""
    return f"DUE#{sha256(item_id.encode()).digest()[0] % SHARDS}"


def parked_shard(definition: str) -> str:
    """Return the index's shard of what the definition's pause has parked."""
    return f"PARKED#{definition}"


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


def body_key(due: DueItem) -> str:
    """
    Return the sort key of the large properties of the item's trigger, one for all that it started.

    The time is in it, because an event's id may return after 16 days (V1) and is another event
    then.
    """
    about = f"{due.event}\x1f{sortable(due.triggered_at)}".encode("utf-8", "surrogatepass")
    return BODY + sha256(about).hexdigest()[:32]


def body_item(due: DueItem, now: datetime) -> Item:
    """Return the item of the large properties, without its end: see `unless.aws.bodies`."""
    return user_key(due.user, body_key(due)) | {
        "at": {"S": sortable(now)},
        "data": pack(compact(dict(due.properties))),
    }
