"""
A second, slow opinion on local time: read the clock on the wall at every minute of a stretch.

It only ever asks what a zone's clock shows at an instant of UTC, never the other way round, so it
shares nothing with the engine's reading of clock times. Whole minutes only, as all changes of a
clock have been since 1972.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Jump:
    """An instant at which the clock does not show one minute more than the minute before."""

    at: datetime
    expected: datetime
    shown: datetime


class WallClock:
    """What the clock of a zone shows at every minute of UTC from `start` to before `end`."""

    def __init__(self, zone: str, start: datetime, end: datetime) -> None:
        """Read the clock at each minute."""
        info = ZoneInfo(zone)
        minutes = range(int((end - start) / MINUTE))
        self.instants = [start + n * MINUTE for n in minutes]
        shown = [instant.astimezone(info).replace(tzinfo=None) for instant in self.instants]
        self.first_shown: dict[datetime, datetime] = {}
        for instant, wall in zip(self.instants, shown, strict=True):
            self.first_shown.setdefault(wall, instant)
        follows = zip(self.instants[1:], shown, shown[1:], strict=False)
        self.jumps = [
            Jump(instant, before + MINUTE, after)
            for instant, before, after in follows
            if after != before + MINUTE
        ]

    def instant_of(self, wall: datetime) -> datetime | None:
        """Return when the clock first shows this; in a gap, when it shows this moved by the gap."""
        if wall in self.first_shown:
            return self.first_shown[wall]
        for jump in self.jumps:
            if jump.expected <= wall < jump.shown:
                return jump.at + (wall - jump.expected)
        return None

    def minutes_between(self, opens: str, closes: str) -> set[datetime]:
        """Return the minutes in [opens, closes) of any date, crossed out one by one."""
        covered: set[datetime] = set()
        for date in sorted({wall.date() for wall in self.first_shown}):
            start = self.instant_of(datetime.fromisoformat(f"{date}T{opens}"))
            closing_date = date + (DAY if closes < opens else timedelta())
            end = self.instant_of(datetime.fromisoformat(f"{closing_date}T{closes}"))
            while opens != closes and start is not None and end is not None and start < end:
                covered.add(start)
                start += MINUTE
        return covered


@lru_cache(maxsize=64)
def clock_around(zone: str, instant: datetime, reach: timedelta) -> WallClock:
    """Return the clock's readings from `reach` before the instant to `reach` after it."""
    return WallClock(zone, instant - reach, instant + reach)


@lru_cache(maxsize=1024)
def transitions(zone: str, first_year: int, end_year: int) -> tuple[datetime, ...]:
    """Return the instants, to the minute, at which the zone's offset changes in those years."""
    return tuple(_transitions(ZoneInfo(zone), first_year, end_year))


def _transitions(zone: ZoneInfo, first_year: int, end_year: int) -> Iterator[datetime]:
    before = datetime(first_year, 1, 1, tzinfo=UTC)
    while before.year < end_year:
        after = before + DAY
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield _change_between(zone, before, after)
        before = after


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = before.astimezone(zone).utcoffset()
    while after - before > MINUTE:
        middle = before + ((after - before) // 2) // MINUTE * MINUTE
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
