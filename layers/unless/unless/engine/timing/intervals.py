"""
When a campaign works and may send: duration, window, quiet hours (SPEC D1, D1a, W1, Q1).

A window and quiet hours are the same thing to the clock: a part of each day, [from, to), whose
edges are instants by T2. Each date of the zone begins one span; from one date to the next the
starts never decrease, since no gap is longer than a day.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from unless.definitions.models import ActiveDuration, QuietHours, Window
from unless.engine.timing.zones import LAST_INSTANT, Zones, absolute, local_day, local_instant

type DayPart = Window | QuietHours
type Span = tuple[datetime, datetime]

SPANS_SINCE_DAYS = 2
"""
Days before today on which a span can begin that is not over yet.

Yesterday's crosses midnight; one begun the day before does so over a date that the zone skipped
(Pacific/Apia had no 30 December 2011).
"""

SPANS_AHEAD_DAYS = 7
"""
Days after today on which the next span is looked for.

Only a gap leaves a day without one, and gaps are weeks apart.
"""

HOLD_ROUNDS_MAX = 8
"""
Times that quiet hours may move a send, about a day each, before it is given up.

Both parts are the same every day, so what does not fit within a week fits at best when a clock
changes, months later; nobody means that.
"""

SPAN_CACHE = 4096
"""Remembered spans: some windows in some zones over a few days, about 1.5 MB."""


def in_duration(duration: ActiveDuration | None, at: datetime, zones: Zones) -> bool:
    """Return whether the instant lies in the duration, ends included; None is always (D1)."""
    if duration is None:
        return True
    zone = zones.resolve(duration.zone)
    return (duration.start is None or absolute(duration.start, zone) <= at) and (
        duration.end is None or at <= absolute(duration.end, zone)
    )


def is_open(window: Window, at: datetime, zones: Zones) -> bool:
    """Return whether the window is open at that instant (W1)."""
    return _covers(window, at, zones)


def is_quiet(quiet: QuietHours, at: datetime, zones: Zones) -> bool:
    """Return whether it is quiet at that instant (Q1)."""
    return _covers(quiet, at, zones)


def next_opening(window: Window, at: datetime, zones: Zones) -> datetime | None:
    """Return the first instant from `at` on, in UTC, when the window is open; None if never."""
    span = _present_or_next(window, at, zones)
    return None if span is None else max(at, span[0])


def quiet_end(quiet: QuietHours, at: datetime, zones: Zones) -> datetime:
    """Return the first instant from `at` on at which it is not quiet, in UTC."""
    end = at
    # After a gap one day's span can begin before the last one's end, so that both are one.
    for start, stop in _spans(quiet, at, zones):
        if start > end:
            break
        end = max(end, stop)
    return end


def hold(
    due: datetime, window: Window | None, quiet: QuietHours | None, zones: Zones
) -> datetime | None:
    """
    Return the due time moved by a window and quiet hours that hold, in UTC (D1a).

    The window moves it to its next opening, then quiet hours to their end, in turn until both are
    satisfied; None when they never are. Parts that drop move nothing.
    """
    window = window if window is not None and window.send_outside == "hold" else None
    quiet = quiet if quiet is not None and quiet.then == "hold" else None
    for _ in range(HOLD_ROUNDS_MAX):
        opening = due if window is None else next_opening(window, due, zones)
        if opening is None:
            return None
        due = opening if quiet is None else quiet_end(quiet, opening, zones)
        if due == opening:
            return due
    return None


def _covers(part: DayPart, at: datetime, zones: Zones) -> bool:
    span = _present_or_next(part, at, zones)
    return span is not None and span[0] <= at


def _present_or_next(part: DayPart, at: datetime, zones: Zones) -> Span | None:
    """Return the span in which the instant lies, else the next one."""
    return next((span for span in _spans(part, at, zones) if at < span[1]), None)


def _spans(part: DayPart, at: datetime, zones: Zones) -> Iterator[Span]:
    """Yield the spans, in order, from the first that may not be over at that instant."""
    zone = zones.resolve(part.zone)
    today = local_day(at, zone).toordinal()
    first = max(today - SPANS_SINCE_DAYS, date.min.toordinal())
    last = min(today + SPANS_AHEAD_DAYS, date.max.toordinal())
    for ordinal in range(first, last + 1):
        span = _span(ordinal, part.from_, part.to, zone)
        if span is not None:
            yield span


@lru_cache(maxsize=SPAN_CACHE)
def _span(ordinal: int, opens: time, closes: time, zone: ZoneInfo) -> Span | None:
    """Return the span that begins on the date; None if it is empty, as a gap may make it."""
    start = local_instant(date.fromordinal(ordinal), opens, zone)
    ordinal += closes < opens
    if ordinal > date.max.toordinal():
        end = LAST_INSTANT
    else:
        end = local_instant(date.fromordinal(ordinal), closes, zone)
    return (start, end) if start < end else None
