"""
Which events have their history kept, and what publishing makes of since when (workspace `record`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from unless.definitions.journeys import Journey
from unless.definitions.mentions import audience_events, mentioned_events
from unless.definitions.models import Campaign, Kind, Segment, Status, Workspace
from unless.definitions.recorded import Recorded
from unless.definitions.snapshot import Published, Snapshot


def keeps_everything(snapshot: Snapshot) -> bool:
    """Whether the history of every event is kept."""
    return Workspace.model_validate(snapshot.workspace).record == "all"


def named_events(snapshot: Snapshot) -> frozenset[str]:
    """Return the events whose history is kept under `record: named`."""
    return frozenset(_named(snapshot))


def _named(snapshot: Snapshot) -> Iterator[str]:
    workspace = Workspace.model_validate(snapshot.workspace)
    if isinstance(workspace.record, tuple):
        yield from workspace.record
    for document in snapshot.segments.values():
        yield from audience_events(Segment.model_validate(document).audience)
    for published in snapshot.definitions.values():
        yield from published.heard
        if published.kind is Kind.JOURNEY:
            # Also of one that does nothing any more: people may be in it until their waits end.
            yield from mentioned_events(Journey.model_validate(published.document))
        elif published.status not in (Status.DRAFT, Status.ARCHIVED):
            yield from mentioned_events(Campaign.model_validate(published.document))


def with_recorded(before: Snapshot, after: Snapshot, now: datetime) -> Snapshot:
    """Return `after`, published at `now`, with since when the history of which events is kept."""
    was = before.recorded
    unbroken = _kept(before)

    def since(name: str) -> datetime:
        known = [was.named.get(name) if name in unbroken else None, was.everything]
        return min((at for at in known if at is not None), default=now)

    if keeps_everything(after):
        everything = was.everything or now
        named = {name: at for name in was.named if (at := since(name)) < everything}
        loaded = {name: at for name, at in was.loaded.items() if was.everything or name in unbroken}
        return replace(after, recorded=Recorded(everything, named, loaded))
    kept = named_events(after)
    loaded = {
        name: at
        for name, at in was.loaded.items()
        if name in kept and (was.everything or name in unbroken)
    }
    named = {name: since(name) for name in sorted(kept)}
    return replace(after, recorded=Recorded(None, named, loaded))


def _kept(before: Snapshot) -> frozenset[str]:
    """Return the events of which `before` names a time and that it kept up to now."""
    if before.recorded.everything is not None:
        return frozenset(before.recorded.named)
    if not before.recorded.named:
        return frozenset()
    try:
        return named_events(before)
    except ValidationError:  # An older version of Unless published what is wrong now.
        return frozenset(before.recorded.named)


def with_loaded(snapshot: Snapshot, earliest: Mapping[str, datetime]) -> Snapshot:
    """
    Return the snapshot that knows that the past of these events was loaded, from these times on.

    Of events whose history is not kept nothing was remembered; they are left out.
    """
    loaded = dict(snapshot.recorded.loaded)
    for name, at in earliest.items():
        if snapshot.recorded.since(name) is not None:
            loaded[name] = min(at, loaded.get(name, at))
    return replace(snapshot, recorded=replace(snapshot.recorded, loaded=loaded))


def unkept(snapshot: Snapshot, names: frozenset[str]) -> frozenset[str]:
    """Return those of the events whose history is not kept."""
    if keeps_everything(snapshot):
        return frozenset()
    return names - named_events(snapshot)


def is_working(published: Published) -> bool:
    """Whether the definition does anything, so that its audiences are judged."""
    return published.status not in (Status.DRAFT, Status.ARCHIVED)
