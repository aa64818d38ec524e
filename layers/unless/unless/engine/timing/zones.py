"""
Which clock counts, and which instant a date and a time on that clock is (SPEC T2).

Python's `fold=0` is exactly T2: in an overlap it is the first occurrence; in a gap it is the clock
time read with the offset from before the gap, which is the clock moved forward by the gap.
Source: PEP 495, "Local Time Disambiguation", sections on the gap and the fold (2015).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from unless.definitions.durations import zone_of

FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
"""The earliest instant that a date of year 1 can hold; stands for everything before it."""

LAST_INSTANT = datetime.max.replace(tzinfo=UTC)
"""The last instant that a date of year 9999 can hold; stands for everything after it."""


@dataclass(frozen=True, slots=True)
class Zones:
    """
    The clocks that one user's campaign can mean: the company's, and the user's if it is known.

    `company` is an IANA name; `user` is the attribute `time_zone` as it is, which may be anything.
    """

    company: str
    user: str | None

    @property
    def user_is_known(self) -> bool:
        """Whether the user has an existing zone, so that `user` does not mean the company's."""
        return self._of_user() is not None

    def resolve(self, name: str) -> ZoneInfo:
        """
        Return the zone that `user`, `company` or an IANA name means for this user.

        A name that no longer exists means the company's zone, and without that, UTC: a definition
        may be older than the time zone database that reads it.
        """
        if name == "user":
            zone = self._of_user()
        elif name == "company":
            zone = None
        else:
            zone = zone_of(name)
        return zone or zone_of(self.company) or ZoneInfo("UTC")

    def _of_user(self) -> ZoneInfo | None:
        # An attribute holds whatever the app reported, also a number or a list.
        return zone_of(self.user) if isinstance(self.user, str) else None


def exact_instant(written: datetime, zone: ZoneInfo) -> datetime | None:
    """
    Return the instant, in UTC, that a date and time means, or None when no date can hold it.

    A naive one is read in the zone by T2; an aware one is only converted.
    """
    aware = written.replace(tzinfo=zone, fold=0) if written.tzinfo is None else written
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return None


def absolute(instant: datetime, zone: ZoneInfo) -> datetime:
    """
    Return the instant, in UTC, that a date and time means; a naive one is read in the zone (T2).

    What lies beyond the years 1 to 9999 becomes their first or last instant, so that an end such as
    9999-12-31T23:59 means "never ends" in every zone.
    """
    exact = exact_instant(instant, zone)
    if exact is not None:
        return exact
    return FIRST_INSTANT if instant.year == 1 else LAST_INSTANT


def local_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, of a clock time on a date in the zone, by T2, as `absolute`."""
    return absolute(datetime.combine(day, clock), zone)


def local_day(at: datetime, zone: tzinfo) -> date:
    """Return the date in the zone at that instant; the UTC date where that date cannot exist."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()


def utc_day(at: datetime) -> date:
    """Return the UTC date at that instant."""
    return local_day(at, UTC)
