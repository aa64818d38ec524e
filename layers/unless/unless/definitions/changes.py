"""
What happened to a definition when it was published or operated on, as values that a command prints.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from unless.definitions.models import Status
from unless.definitions.snapshot import canonical_json


class Verb(StrEnum):
    """What happened to a definition; `left` is published and not among those that came."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT = "left"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One top-level key of a document, before and after; None where it was or is not written."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """
    What happened to one definition: `kind` is campaign, journey, segment, template or workspace
    (whose id is empty).

    `old_status` and `status` are None for what has none, `old_status` also for a new campaign.
    """

    verb: Verb
    kind: str
    id: str
    keys: tuple[KeyChange, ...] = ()
    old_status: Status | None = None
    status: Status | None = None


def differing_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[KeyChange, ...]:
    """Return the top-level keys whose values differ, in the new document's order."""
    keys = [*new, *(key for key in old if key not in new)]
    # As JSON, since Python takes 1, 1.0 and true for equal.
    return tuple(
        KeyChange(key, old.get(key), new.get(key))
        for key in keys
        if canonical_json(old.get(key)) != canonical_json(new.get(key))
    )
