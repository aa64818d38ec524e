"""
Audiences that look further back than the history reaches: whom they count wrongly, and until when.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from unless.definitions.changes import Change, Verb
from unless.definitions.checks import Checked
from unless.definitions.durations import format_duration
from unless.definitions.filters import EventFilter, PurchaseTotalFilter
from unless.definitions.mentions import audiences_of, history_filters
from unless.definitions.operators import Operators
from unless.definitions.recorded import Recorded
from unless.definitions.recording import is_working
from unless.definitions.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class LookBack:
    """How far back a filter asks: from that instant on, or, with None, for all there ever was."""

    written: str
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """
    An audience of a definition that asks for more of an event's history than there is.

    `since` is when the history begins, `complete` when it will be long enough; None for never.
    """

    kind: str
    id: str
    event: str
    look_back: LookBack
    since: datetime
    complete: datetime | None


def history_gaps(
    after: Snapshot, checked: Checked, changes: Iterable[Change], now: datetime
) -> Iterator[Gap]:
    """
    Yield the gaps of what is new or changed and works, once it is published at `now`, UTC.

    A segment is told of by itself, and not by every audience that names it.
    """
    for change in changes:
        if change.verb in (Verb.ADDED, Verb.CHANGED) and _works(after, change):
            for event, look_back in _asked(checked, change, now):
                gap = _gap(change, event, look_back, after.recorded, now)
                if gap is not None:
                    yield gap


def _works(after: Snapshot, change: Change) -> bool:
    published = after.definitions.get(change.id)
    return change.kind == "segment" or (published is not None and is_working(published))


def _asked(checked: Checked, change: Change, now: datetime) -> dict[tuple[str, LookBack], None]:
    """Return which events are asked for and how far back, each once, in the order written."""
    known: Mapping[str, Mapping[str, object]] = {
        "campaign": checked.campaigns,
        "journey": checked.journeys,
        "segment": checked.segments,
    }
    definition = known.get(change.kind, {}).get(change.id)
    found: dict[tuple[str, LookBack], None] = {}
    for audience in audiences_of(definition):
        for asked in history_filters(audience):
            if isinstance(asked, PurchaseTotalFilter):
                found["purchase", LookBack("purchase_total")] = None
            else:
                found[asked.event, look_back(asked, now)] = None
    return found


def _gap(
    change: Change, event: str, asked: LookBack, recorded: Recorded, now: datetime
) -> Gap | None:
    since = recorded.since(event) or now
    if asked.start is None:
        missing = event not in recorded.loaded
        return Gap(change.kind, change.id, event, asked, since, None) if missing else None
    if since <= asked.start:
        return None
    return Gap(change.kind, change.id, event, asked, since, since + (now - asked.start))


def look_back(asked: EventFilter, now: datetime) -> LookBack:
    """Return how far back the filter asks at `now`, the furthest of what must hold."""
    parts = list(_parts(asked, now))
    endless = next((part for part in parts if part.start is None), None)
    return endless or min(parts, key=lambda part: part.start or now)


def _parts(asked: EventFilter, now: datetime) -> Iterator[LookBack]:
    if asked.in_last is not None:
        oldest = now.astimezone(UTC).date() - timedelta(days=asked.in_last)
        yield LookBack(f"in_last: {asked.in_last}d", datetime.combine(oldest, time(), UTC))
    elif asked.count is not None:
        yield LookBack("count")
    if asked.first is not None:
        yield LookBack("first")
    if asked.last is not None:
        yield _of_last(asked.last, now)
    if all(part is None for part in (asked.in_last, asked.count, asked.first, asked.last)):
        yield LookBack("count")


def _of_last(last: Operators, now: datetime) -> LookBack:
    """Return how far back a condition on the last time asks: any bound from below is enough."""
    bounds: list[LookBack] = []
    if last.within_last is not None:
        written = f"last: within_last {format_duration(last.within_last)}"
        bounds.append(LookBack(written, now - last.within_last))
    for name in ("after", "gt", "gte"):
        bound = getattr(last, name)
        if isinstance(bound, datetime):
            at = bound if bound.tzinfo else bound.replace(tzinfo=UTC)
            bounds.append(LookBack(f"last: {name} {at:%Y-%m-%d}", min(at, now)))
    return max(bounds, key=lambda each: each.start or now, default=LookBack("last"))
