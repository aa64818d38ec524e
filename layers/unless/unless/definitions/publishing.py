"""
What publishing makes of the published definitions (SPEC L1, L2): always a new snapshot.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from unless.definitions.changes import Change, Verb, differing_keys
from unless.definitions.checks import Checked
from unless.definitions.durations import utc_instant, zone_of
from unless.definitions.journeys import Journey
from unless.definitions.mentions import mentioned_events
from unless.definitions.models import Campaign, ExceptionRow, Kind, Status
from unless.definitions.operating import moved
from unless.definitions.recording import with_recorded
from unless.definitions.snapshot import Published, Snapshot, content_hash, row_name
from unless.definitions.templating import used_templates


def publish(
    snapshot: Snapshot, checked: Checked, now: datetime, *, launch_default: datetime | None = None
) -> tuple[Snapshot, tuple[Change, ...]]:
    """
    Return the snapshot with these definitions published at `now`, UTC, and what that changes.

    A definition that comes for the first time and names no launch is launched at `launch_default`,
    UTC, which is `now` unless given. What is published and not among them stays.

    Raises:
        ValueError: the definitions have errors; nothing of them may be published.
    """
    if not checked.ok:
        raise ValueError("definitions with errors cannot be published")
    workspace = checked.documents.get(("workspace", ""), {}).get("workspace", snapshot.workspace)
    zone = zone_of(checked.workspace.zone) or ZoneInfo("UTC")
    definitions, segments = dict(snapshot.definitions), dict(snapshot.segments)
    models: dict[str, Campaign | Journey] = {**checked.campaigns, **checked.journeys}
    for name, model in models.items():
        document, before = checked.documents[_kind(model), name], definitions.get(name)
        default = (before.launch_default if before else None) or launch_default or now
        launch_at = utc_instant(model.launch_at, zone) if model.launch_at else default
        new = _first(document, model, launch_at, default, now)
        definitions[name] = _next(before, new, model.status, now) if before else new
    for name in checked.segments:
        segments[name] = checked.documents["segment", name]
    templates = _templates(definitions, {**snapshot.templates, **checked.templates})
    new_snapshot = Snapshot(workspace, segments, definitions, templates=templates)
    after = with_recorded(snapshot, new_snapshot, now)
    return after, tuple(_changes(snapshot, after, checked))


def _templates(definitions: Mapping[str, Published], files: Mapping[str, str]) -> Mapping[str, str]:
    """
    Return the templates that are needed; all of them once there is a journey.

    People may be in an earlier version of it, which names others, until they have gone through.
    """
    if any(published.kind is Kind.JOURNEY for published in definitions.values()):
        return files
    campaigns = (_campaign(published) for published in definitions.values())
    return used_templates((each for each in campaigns if each is not None), files)


def _campaign(published: Published) -> Campaign | None:
    try:
        return Campaign.model_validate(published.document)
    except ValidationError:  # An older version of Unless published what is wrong now.
        return None


def _kind(model: Campaign | Journey) -> Kind:
    return Kind.JOURNEY if isinstance(model, Journey) else Kind.CAMPAIGN


def _rows(model: Campaign | Journey) -> tuple[ExceptionRow, ...]:
    return model.exit.events if isinstance(model, Journey) else model.unless


def _first(
    document: Mapping[str, Any],
    model: Campaign | Journey,
    launch_at: datetime,
    launch_default: datetime,
    now: datetime,
) -> Published:
    """Return a definition as it is when it was never published before."""
    return Published(
        document=document,
        hash=content_hash(document),
        status=model.status or Status.LIVE,
        generation=0,
        launch_at=launch_at,
        published_at=now,
        launch_default=launch_default,
        rows={row_name(row): now for row in _rows(model)},
    )


def _next(before: Published, new: Published, status: Status | None, now: datetime) -> Published:
    """Return a definition after what it was; without a written status it keeps the present one."""
    kept = Published(
        document=new.document,
        hash=new.hash,
        status=before.status,
        generation=before.generation,
        launch_at=new.launch_at,
        published_at=before.published_at if new.hash == before.hash else now,
        resumed_at=before.resumed_at,
        launch_default=before.launch_default,
        rows={name: before.rows.get(name, since) for name, since in new.rows.items()},
        heard=_heard(before) if new.hash != before.hash else before.heard,
    )
    # Only publishing it as live revives what is archived (L1).
    if status is None or (before.status is Status.ARCHIVED and status is not Status.LIVE):
        return kept
    return moved(kept, status, now)


def _heard(before: Published) -> tuple[str, ...]:
    """Return the events of which the journey's versions up to this one speak."""
    if before.kind is not Kind.JOURNEY:
        return ()
    try:
        journey = Journey.model_validate(before.document)
    except ValidationError:  # An older version of Unless published what is wrong now.
        return before.heard
    return tuple(sorted({*before.heard, *mentioned_events(journey)}))


def _changes(before: Snapshot, after: Snapshot, checked: Checked) -> Iterator[Change]:
    if ("workspace", "") in checked.documents:
        yield _change("workspace", "", before.workspace or None, after.workspace)
    for name, text in after.templates.items():
        if name in checked.templates:
            yield _template_change(name, before.templates.get(name), text)
    for name, document in after.segments.items():
        if name in checked.segments:
            yield _change("segment", name, before.segments.get(name), document)
        else:
            yield Change(Verb.LEFT, "segment", name)
    for name, published in after.definitions.items():
        if (published.kind, name) in checked.documents:
            yield _status_change(name, before.definitions.get(name), published)
        else:
            yield Change(Verb.LEFT, published.kind, name, (), published.status, published.status)


def _template_change(name: str, old: str | None, new: str) -> Change:
    if old is None:
        return Change(Verb.ADDED, "template", name)
    return Change(Verb.UNCHANGED if old == new else Verb.CHANGED, "template", name)


def _status_change(name: str, old: Published | None, new: Published) -> Change:
    change = _change(new.kind, name, old.document if old else None, new.document)
    verb = change.verb
    if old and old.status is not new.status:
        verb = Verb.CHANGED
    return Change(verb, new.kind, name, change.keys, old.status if old else None, new.status)


def _change(kind: str, name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Change:
    if old is None:
        return Change(Verb.ADDED, kind, name)
    keys = differing_keys(old, new)
    return Change(Verb.CHANGED if keys else Verb.UNCHANGED, kind, name, keys)


def superseded(before: Snapshot, after: Snapshot) -> dict[str, Mapping[str, Any]]:
    """Return the journeys' documents, by content hash, that `after` no longer holds (J11)."""
    return {
        published.hash: published.document
        for name, published in before.definitions.items()
        if published.kind is Kind.JOURNEY and after.definitions[name].hash != published.hash
    }
