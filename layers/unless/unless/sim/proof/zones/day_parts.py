"""
Parts of the day by the second opinion: which spans a window or quiet hours really are.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from unless.sim.proof.zones.clock import DAY, Clock

REACH = range(-4, 12)
"""Dates around a change on which spans begin that matter to what is tried there."""

TODAY = range(-2, 2)
"""Dates on which spans begin in which the instant itself may lie."""

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of the day, [opens, closes), near one change of a clock."""

    opens: time
    closes: time
    spans: tuple[Span, ...]

    def covers(self, at: datetime) -> bool:
        """Whether the instant lies in it."""
        return any(start <= at < end for start, end in self.spans)

    def next_start(self, at: datetime) -> datetime | None:
        """Return the first instant from `at` on that lies in it."""
        return min((max(at, start) for start, end in self.spans if at < end), default=None)

    def next_end(self, at: datetime) -> datetime:
        """Return the first instant from `at` on that lies outside it."""
        while self.covers(at):
            at = max(end for start, end in self.spans if start <= at < end)
        return at


def day_part(
    clock: Clock, opens: time, closes: time, around: datetime, reach: range = REACH
) -> DayPart:
    """Return the part of the day, with the spans that begin on dates near the instant."""
    today = clock.shown(around).date()
    spans = []
    for ahead in reach:
        day = today + ahead * DAY
        end_day = day + (DAY if closes < opens else timedelta(0))
        start, end = clock.on(day, opens), clock.on(end_day, closes)
        if start < end:
            spans.append((start, end))
    return DayPart(opens, closes, tuple(spans))


def first_fit(due: datetime, window: DayPart, quiet: DayPart) -> datetime | None:
    """Return the first instant from `due` on that lies in the window and is not quiet."""
    starts = [due, *(start for start, _ in window.spans), *(end for _, end in quiet.spans)]
    fits = (s for s in starts if s >= due and window.covers(s) and not quiet.covers(s))
    return min(fits, default=None)


def parts_around(clock: Clock, change: datetime) -> list[DayPart]:
    """Return parts of the day whose edges lie in the hour that is skipped or shown twice."""
    before = clock.shown(change - timedelta(minutes=1)) + timedelta(minutes=1)

    def edge(minutes: int) -> time:
        return (before + timedelta(minutes=minutes)).time()

    edges = [
        (edge(-90), edge(30)),
        (edge(30), edge(90)),
        (edge(-30), edge(360)),
        (edge(15), edge(-15)),
        (edge(0), edge(60)),
        (edge(60), edge(0)),
        (time(22), time(2, 30)),
        (time(2, 15), time(5)),
    ]
    return [day_part(clock, opens, closes, change) for opens, closes in edges]
