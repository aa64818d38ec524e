"""
A due item, a pending send or a run, as JSON text and back, and what of a large trigger it keeps.
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
from unless.engine.model import DueItem, DueStatus, ExitEvent, Kept, PendingSend, Run, Visit

INLINE_BYTES_MAX = 4_096
"""
Bytes of properties, as JSON, that a due item keeps in its own item.

It is written several times in its life (start, each step, claim, end) and read with every event of
its user, at one write unit per KiB; more than this is written once into an item of its own.
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
    """Whether the properties, known in full, are too large for the item of a due item."""
    if not properties or isinstance(properties, Excerpt):
        return False
    return len(compact(dict(properties)).encode()) > INLINE_BYTES_MAX


def has_body(item: DueItem) -> bool:
    """Whether the whole properties of the item's trigger are, or have to be, an item apart."""
    return isinstance(item.properties, Excerpt) or is_large(item.properties)


def due_item_to_json(item: DueItem) -> str:
    """Return all but the id, user, definition and due time, which the item in the table has."""
    kept = excerpt(item.properties) if is_large(item.properties) else item.properties
    written: dict[str, Any] = {
        "event": item.event,
        "name": item.name,
        "triggered_at": time_text(item.triggered_at),
        "status": item.status.value if item.status is not DueStatus.WAITING else None,
        "turn": item.turn,
        "order": item.order,
        "version": item.version,
        "hops": item.hops,
        "root": item.root,
        "lease_until": time_text(item.lease_until) if item.lease_until else None,
        "kept": [time_text(item.kept.since), time_text(item.kept.until)] if item.kept else None,
        **(_run(item) if isinstance(item, Run) else _send(item)),
        "properties": dict(kept),
        "excerpt": isinstance(kept, Excerpt),
    }
    return compact({name: value for name, value in written.items() if value})


def due_item_from_json(
    text: str, *, item_id: str, user: str, definition: str, due: datetime
) -> DueItem:
    """Return the due item that a text holds; of large properties an `Excerpt`."""
    read: dict[str, Any] = json.loads(text)
    lease_until = read.get("lease_until")
    properties = read.get("properties", {})
    parts: dict[str, Any] = {
        "id": item_id,
        "user": user,
        "definition": definition,
        "event": read["event"],
        "name": read["name"],
        "triggered_at": datetime.fromisoformat(read["triggered_at"]),
        "due": due,
        "properties": Excerpt(properties) if read.get("excerpt") else properties,
        "status": DueStatus(read.get("status", DueStatus.WAITING)),
        "turn": read.get("turn", 0),
        "order": read.get("order", 0),
        "version": read.get("version", ""),
        "hops": read.get("hops", 0),
        "root": read.get("root", ""),
        "lease_until": datetime.fromisoformat(lease_until) if lease_until else None,
        "kept": Kept(*map(datetime.fromisoformat, read["kept"])) if "kept" in read else None,
    }
    return _read_run(read, parts) if "place" in read else _read_send(read, parts)


@cache
def _delays() -> TypeAdapter[Delay]:
    return TypeAdapter(Delay)


def _send(item: DueItem) -> dict[str, Any]:
    if not isinstance(item, PendingSend):
        raise TypeError(f"no kind of due item: {type(item).__name__}")
    delay = _delays().dump_python(item.delay, mode="json") if item.delay else None
    return {"generation": item.generation, "delay": delay}


def _read_send(read: Mapping[str, Any], parts: Mapping[str, Any]) -> PendingSend:
    delay = _delays().validate_python(read["delay"]) if "delay" in read else None
    return PendingSend(**parts, generation=read.get("generation", 0), delay=delay)


def _run(run: Run) -> dict[str, Any]:
    """Return what only a run has; its place, which no run is without, tells it from a send."""
    arrived = run.arrived != run.triggered_at
    return {
        "place": run.place,
        "arrived": time_text(run.arrived) if arrived else None,
        "moved_by": run.moved_by,
        "exit": _exit(run.exit) if run.exit else None,
        "trail": [_visit(visit) for visit in run.trail],
    }


def _read_run(read: Mapping[str, Any], parts: Mapping[str, Any]) -> Run:
    return Run(
        **parts,
        place=read["place"],
        arrived=datetime.fromisoformat(read.get("arrived", read["triggered_at"])),
        moved_by=read.get("moved_by", ""),
        exit=_read_exit(read["exit"]) if "exit" in read else None,
        trail=tuple(_read_visit(visit) for visit in read.get("trail", ())),
    )


def _exit(event: ExitEvent) -> dict[str, Any]:
    written = {"id": event.id, "name": event.name, "time": time_text(event.time)}
    return {**written, "early": True} if event.early else written


def _read_exit(written: Mapping[str, Any]) -> ExitEvent:
    time = datetime.fromisoformat(written["time"])
    return ExitEvent(written["id"], written["name"], time, written.get("early", False))


def _visit(visit: Visit) -> list[str]:
    written = [visit.step, time_text(visit.arrived)]
    return [*written, visit.took] if visit.took else written


def _read_visit(written: list[str]) -> Visit:
    step, arrived, *took = written
    return Visit(step, datetime.fromisoformat(arrived), *took)
