"""
A pending send as JSON text and back, and what of a large trigger is kept in it.
"""

import json
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from unless.aws.state_json import compact, time_text
from unless.definitions.models import Delay
from unless.engine.model import PendingSend, SendStatus

INLINE_BYTES_MAX = 4_096
"""
Bytes of properties, as JSON, that a pending send keeps in its own item.

It is written up to three times in its life (start, claim, end) and read with every event of its
user, at one write unit per KiB; more than this is written once into an item of its own.
"""


class Excerpt(dict[str, Any]):
    """A part of the properties of a trigger; the whole is in an item of its own."""


def excerpt(properties: Mapping[str, Any]) -> Excerpt:
    """
    Return as many single values as fit INLINE_BYTES_MAX, those nearest to the top first.

    They are what `match` and `until` name: texts, numbers and truths, also within objects; arrays
    are left out.
    """
    kept = Excerpt()
    room = INLINE_BYTES_MAX
    objects: deque[tuple[Mapping[str, Any], dict[str, Any]]] = deque([(properties, kept)])
    while objects:
        source, target = objects.popleft()
        for name, value in source.items():
            if isinstance(value, list):
                continue
            is_object = isinstance(value, Mapping)
            size = len(compact({name: {} if is_object else value}).encode())
            if size > room:
                continue
            room -= size
            target[name] = {} if is_object else value
            if is_object:
                objects.append((value, target[name]))
    return kept


def is_large(properties: Mapping[str, Any]) -> bool:
    """Whether the properties, known in full, are too large for the item of a pending send."""
    if not properties or isinstance(properties, Excerpt):
        return False
    return len(compact(dict(properties)).encode()) > INLINE_BYTES_MAX


@cache
def _delays() -> TypeAdapter[Delay]:
    return TypeAdapter(Delay)


def send_to_json(send: PendingSend) -> str:
    """Return everything of the send but its id, user, campaign and due time, which the item has."""
    kept = excerpt(send.properties) if is_large(send.properties) else send.properties
    written: dict[str, Any] = {
        "event": send.event,
        "name": send.name,
        "triggered_at": time_text(send.triggered_at),
        "status": send.status.value if send.status is not SendStatus.WAITING else None,
        "turn": send.turn,
        "order": send.order,
        "generation": send.generation,
        "version": send.version,
        "hops": send.hops,
        "root": send.root,
        "delay": _delays().dump_python(send.delay, mode="json") if send.delay else None,
        "lease_until": time_text(send.lease_until) if send.lease_until else None,
        "properties": dict(kept),
        "excerpt": isinstance(kept, Excerpt),
    }
    return compact({name: value for name, value in written.items() if value})


def send_from_json(
    text: str, *, send_id: str, user: str, campaign: str, due: datetime
) -> PendingSend:
    """Return the pending send that a text holds; of large properties an `Excerpt`."""
    read: dict[str, Any] = json.loads(text)
    lease_until = read.get("lease_until")
    properties = read.get("properties", {})
    return PendingSend(
        id=send_id,
        user=user,
        campaign=campaign,
        event=read["event"],
        name=read["name"],
        triggered_at=datetime.fromisoformat(read["triggered_at"]),
        due=due,
        properties=Excerpt(properties) if read.get("excerpt") else properties,
        status=SendStatus(read.get("status", SendStatus.WAITING)),
        turn=read.get("turn", 0),
        order=read.get("order", 0),
        generation=read.get("generation", 0),
        version=read.get("version", ""),
        hops=read.get("hops", 0),
        root=read.get("root", ""),
        delay=_delays().validate_python(read["delay"]) if "delay" in read else None,
        lease_until=datetime.fromisoformat(lease_until) if lease_until else None,
    )
