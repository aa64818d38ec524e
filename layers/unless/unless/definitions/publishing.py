"""
What publishing makes of the published definitions (SPEC L1, L2): always a new snapshot.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from unless.definitions.changes import Change, Verb, differing_keys
from unless.definitions.checks import Checked
from unless.definitions.durations import utc_instant, zone_of
from unless.definitions.models import Campaign, Status
from unless.definitions.operating import moved
from unless.definitions.snapshot import Published, Snapshot, content_hash, row_name


def publish(
    snapshot: Snapshot, checked: Checked, now: datetime, *, launch_default: datetime | None = None
) -> tuple[Snapshot, tuple[Change, ...]]:
    """
    Return the snapshot with these definitions published at `now`, UTC, and what that changes.

    A campaign that comes for the first time and names no launch is launched at `launch_default`,
    UTC, which is `now` unless given. What is published and not among them stays.

    Raises:
        ValueError: the definitions have errors; nothing of them may be published.
    """
    if not checked.ok:
        raise ValueError("definitions with errors cannot be published")
    workspace = checked.documents.get(("workspace", ""), {}).get("workspace", snapshot.workspace)
    zone = zone_of(checked.workspace.zone) or ZoneInfo("UTC")
    campaigns, segments = dict(snapshot.campaigns), dict(snapshot.segments)
    for name, campaign in checked.campaigns.items():
        document, before = checked.documents["campaign", name], campaigns.get(name)
        default = (before.launch_default if before else None) or launch_default or now
        launch_at = utc_instant(campaign.launch_at, zone) if campaign.launch_at else default
        new = _first(document, campaign, launch_at, default, now)
        campaigns[name] = _next(before, new, campaign.status, now) if before else new
    for name in checked.segments:
        segments[name] = checked.documents["segment", name]
    after = Snapshot(workspace, segments, campaigns)
    return after, tuple(_changes(snapshot, after, checked))


def _first(
    document: Mapping[str, Any],
    campaign: Campaign,
    launch_at: datetime,
    launch_default: datetime,
    now: datetime,
) -> Published:
    """Return a campaign as it is when it was never published before."""
    return Published(
        document=document,
        hash=content_hash(document),
        status=campaign.status or Status.LIVE,
        generation=0,
        launch_at=launch_at,
        published_at=now,
        launch_default=launch_default,
        rows={row_name(row): now for row in campaign.unless},
    )


def _next(before: Published, new: Published, status: Status | None, now: datetime) -> Published:
    """Return a campaign after what it was; without a written status it keeps the present one."""
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
    )
    # Only publishing it as live revives what is archived (L1).
    if status is None or (before.status is Status.ARCHIVED and status is not Status.LIVE):
        return kept
    return moved(kept, status, now)


def _changes(before: Snapshot, after: Snapshot, checked: Checked) -> Iterator[Change]:
    if ("workspace", "") in checked.documents:
        yield _change("workspace", "", before.workspace or None, after.workspace)
    for name, document in after.segments.items():
        if name in checked.segments:
            yield _change("segment", name, before.segments.get(name), document)
        else:
            yield Change(Verb.LEFT, "segment", name)
    for name, published in after.campaigns.items():
        if name in checked.campaigns:
            yield _campaign_change(name, before.campaigns.get(name), published)
        else:
            yield Change(Verb.LEFT, "campaign", name, (), published.status, published.status)


def _campaign_change(name: str, old: Published | None, new: Published) -> Change:
    change = _change("campaign", name, old.document if old else None, new.document)
    verb = change.verb
    if old and old.status is not new.status:
        verb = Verb.CHANGED
    return Change(verb, "campaign", name, change.keys, old.status if old else None, new.status)


def _change(kind: str, name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Change:
    if old is None:
        return Change(Verb.ADDED, kind, name)
    keys = differing_keys(old, new)
    return Change(Verb.CHANGED if keys else Verb.UNCHANGED, kind, name, keys)
