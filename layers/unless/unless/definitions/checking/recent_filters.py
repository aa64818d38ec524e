"""
The filters of an audience that only what is recent can pass: where they stand, how far they reach.
"""

from collections.abc import Iterator
from datetime import timedelta

from unless.definitions.checking.audiences import KnownSegments
from unless.definitions.documents import Path
from unless.definitions.filters import (
    AllOf,
    AnyOf,
    AttributeFilter,
    Audience,
    EventFilter,
    NotOf,
    ReceivedFilter,
    SegmentFilter,
)
from unless.definitions.operators import Operators

type Recent = tuple[Path, timedelta]
"""A filter's place, and the span beyond which it no longer holds."""


def recent_filters(audience: Audience, path: Path, known: KnownSegments) -> Iterator[Recent]:
    """
    Yield each relative filter that holds for a time only, those of a segment at the segment's name.

    Under a `not`, these are the filters that hold from some time on.
    """
    yield from _Search(known).within(audience, path, passing=True)


class _Search:
    """Goes through an audience and its segments, through each segment once."""

    def __init__(self, known: KnownSegments) -> None:
        self._known = known
        self._seen: set[tuple[str, bool]] = set()

    def within(self, audience: Audience, path: Path, *, passing: bool) -> Iterator[Recent]:
        match audience:
            case AllOf(all=parts):
                for place, part in enumerate(parts):
                    yield from self.within(part, (*path, "all", place), passing=passing)
            case AnyOf(any=parts):
                for place, part in enumerate(parts):
                    yield from self.within(part, (*path, "any", place), passing=passing)
            case NotOf(not_=part):
                yield from self.within(part, (*path, "not"), passing=not passing)
            case SegmentFilter(segment=name):
                yield from self._segment(name, (*path, "segment"), passing=passing)
            case AttributeFilter():
                yield from _spans(audience, path, passing=passing)
            case EventFilter() | ReceivedFilter():
                yield from _history(audience, path, passing=passing)
            case _:
                pass

    def _segment(self, name: str, path: Path, *, passing: bool) -> Iterator[Recent]:
        audience = self._known.audiences.get(name)
        if audience is None or (name, passing) in self._seen:
            return
        self._seen.add((name, passing))
        for _, span in self.within(audience, (), passing=passing):
            yield path, span


def _history(leaf: EventFilter | ReceivedFilter, path: Path, *, passing: bool) -> Iterator[Recent]:
    for key, condition in (("first", leaf.first), ("last", leaf.last)):
        if condition is not None:
            yield from _spans(condition, (*path, key), passing=passing)
    if leaf.in_last is not None and passing and _asks_for_some(leaf.count):
        yield (*path, "in_last"), timedelta(days=leaf.in_last)


def _asks_for_some(count: Operators | None) -> bool:
    """Return whether a count asks that it happened at all, and not that it did not."""
    return count is None or any(
        isinstance(least, int | float) and least > above
        for least, above in ((count.gte, 0), (count.gt, -1), (count.eq, 0))
    )


def _spans(condition: Operators, path: Path, *, passing: bool) -> Iterator[Recent]:
    recent = ("within_last", "within_next") if passing else ("more_than_ago", "more_than_ahead")
    for operator in recent:
        span = getattr(condition, operator)
        if span is not None:
            yield (*path, operator), span
