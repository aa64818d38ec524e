"""
A second opinion on local time: what a zone's clock shows, as stretches of one offset.

It only ever asks what the offset is at an instant of UTC, never the other way round, so it shares
nothing with the engine's reading of clock times (`unless.engine.timing.zones`).
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 2024, 2035
"""The years whose changes of clocks are tried."""

KNOWN_SINCE = datetime(FIRST_YEAR - 1, 10, 1, tzinfo=UTC)
KNOWN_UNTIL = datetime(LAST_YEAR + 1, 4, 1, tzinfo=UTC)
"""From when until when a clock is read: the years, and what delays reach beyond them."""

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The offset from UTC, from `start` until the next stretch."""

    start: datetime
    offset: timedelta


@dataclass(frozen=True)
class Clock:
    """What the clock shows; equal clocks show the same at every instant that is tried."""

    stretches: tuple[Stretch, ...]

    @property
    def changes(self) -> list[datetime]:
        """The instants of the years at which the clock is put forward or back."""
        starts = [stretch.start for stretch in self.stretches[1:]]
        return [start for start in starts if FIRST_YEAR <= start.year <= LAST_YEAR]

    def shown(self, at: datetime) -> datetime:
        """Return what the clock shows at the instant, naive."""
        return (at + self.stretches[self._place(at)].offset).replace(tzinfo=None)

    def instant_of(self, wall: datetime) -> datetime:
        """
        Return when the clock shows this for the first time.

        What it never shows, because it is put forward, is as much later as it is put forward: it is
        read on the clock as it ran before (T2).
        """
        utc = wall.replace(tzinfo=UTC)
        place = self._place(utc - 2 * DAY)  # no offset is that large: surely not after it
        while True:
            instant = utc - self.stretches[place].offset
            is_last = place + 1 == len(self.stretches)
            if is_last or instant < self.stretches[place + 1].start:
                break
            place += 1  # by this clock it comes after this clock's end
        is_skipped = place > 0 and instant < self.stretches[place].start
        return utc - self.stretches[place - 1].offset if is_skipped else instant

    def on(self, day: date, clock: time) -> datetime:
        """Return the instant of a clock time on a date."""
        return self.instant_of(datetime.combine(day, clock))

    def _place(self, at: datetime) -> int:
        """Return the place of the stretch in which the instant lies."""
        return max(bisect_right(self.stretches, at, key=lambda stretch: stretch.start) - 1, 0)


def clock_of(zone: str) -> Clock:
    """Return the clock of an IANA zone, read day by day, and to the minute where it changes."""
    info = ZoneInfo(zone)
    before = KNOWN_SINCE
    stretches = [Stretch(before, _offset(before, info))]
    while before < KNOWN_UNTIL:
        after = before + DAY
        while _offset(after, info) != stretches[-1].offset:
            at = _change_between(before, after, stretches[-1].offset, info)
            stretches.append(Stretch(at, _offset(at, info)))
            before = at
        before = after
    return Clock(tuple(stretches))


@lru_cache(maxsize=64)
def known_clock(zone: str) -> Clock:
    """Return the clock of an IANA zone, read once."""
    return clock_of(zone)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    return offset if offset is not None else timedelta(0)


def _change_between(
    before: datetime, after: datetime, offset: timedelta, zone: ZoneInfo
) -> datetime:
    """Return the first minute after `before` whose offset is another one."""
    while after - before > MINUTE:
        middle = before + ((after - before) // 2) // MINUTE * MINUTE
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after
