"""
From the trigger to the due time: the delay forms of SPEC section 4.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from unless.definitions.durations import read_instant
from unless.definitions.models import (
    AfterDelay,
    BestTimeDelay,
    DaysDelay,
    Delay,
    NextDelay,
    UntilDelay,
)
from unless.definitions.steps import AfterStep, StepDelay
from unless.engine.paths import read
from unless.engine.records import Reason
from unless.engine.timing.zones import Zones, exact_instant, local_day

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of `date.weekday()`."""

ENGAGEMENTS_MIN = 5
"""Sessions, opened and clicked messages from which on a user's best time is known (SPEC 4)."""

NO_HOURS: Mapping[int, int] = MappingProxyType({})

CLOCK_SEARCH_DAYS = range(-1, 3)
"""
Dates to look at for the next occurrence of a clock time, relative to today.

Yesterday's may still come, moved over midnight by a gap; today's and tomorrow's may both be past
where the clock was turned back over midnight.
"""


def due_at(
    delay: Delay | StepDelay | None,
    at: datetime,
    properties: Mapping[str, Any],
    zones: Zones,
    hours: Mapping[int, int] = NO_HOURS,
) -> datetime | Reason:
    """
    Return when a send is due, in UTC and never before the trigger, or why there is no such time.

    `at` is when the trigger happened, in UTC. Without a delay that is the due time. A clock time or
    instant before `at` is `delay_in_past`, exactly `at` is now. `delay_invalid` is an `until` that
    names no instant, and every due time beyond the year 9999.

    `hours` counts what the user did in each hour of their day, 0 to 23. `best_time` is the next
    start, from `at` on, of the most engaged one, or the next fallback where too little is known.
    """
    due = _due(settled(delay, hours), at, properties, zones)
    if due is None:
        return Reason.DELAY_INVALID
    return Reason.DELAY_IN_PAST if due < at else due


def _due(
    delay: Delay | StepDelay | None, at: datetime, properties: Mapping[str, Any], zones: Zones
) -> datetime | None:
    match delay:
        case None:
            return at
        case AfterStep(at=time() as clock):
            later = _later(at, delay.after)
            return later and _next_clock(later, clock, zones.resolve(delay.zone))
        case AfterDelay():
            return _later(at, delay.after)
        case DaysDelay():
            zone = zones.resolve(delay.zone)
            return _on_day(local_day(at, zone), delay.days, delay.at, zone)
        case NextDelay():
            zone = zones.resolve(delay.zone)
            today = local_day(at, zone)
            return _on_day(today, _days_until(delay.next, today), delay.at, zone)
        case UntilDelay():
            return _until(delay, properties, zones)
        case BestTimeDelay():
            return _next_clock(at, delay.fallback, zones.resolve("user"))


def settled[D: Delay | StepDelay | None](delay: D, hours: Mapping[int, int]) -> D:
    """
    Return the delay with the most engaged of these hours, if enough is known, as the fallback of
    `best_time`: the rule by which it stays due at that hour whatever the user does meanwhile.

    Of hours that are equally engaged it is the earliest.
    """
    if not isinstance(delay, BestTimeDelay) or sum(hours.values()) < ENGAGEMENTS_MIN:
        return delay
    best = min(hours, key=lambda hour: (-hours[hour], hour))
    return delay.model_copy(update={"fallback": time(best)})


def _later(instant: datetime, span: timedelta) -> datetime | None:
    try:
        return instant + span
    except OverflowError:
        return None


def _on_day(today: date, ahead: int, clock: time, zone: ZoneInfo) -> datetime | None:
    try:
        day = today + timedelta(days=ahead)
    except OverflowError:
        return None
    return exact_instant(datetime.combine(day, clock), zone)


def _days_until(weekday: str, today: date) -> int:
    """Return how many days after today that weekday comes next, 1 to 7."""
    return (WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1


def _next_clock(at: datetime, clock: time, zone: ZoneInfo) -> datetime | None:
    today = local_day(at, zone)
    candidates = (_on_day(today, ahead, clock, zone) for ahead in CLOCK_SEARCH_DAYS)
    return next((due for due in candidates if due is not None and due >= at), None)


def _until(delay: UntilDelay, properties: Mapping[str, Any], zones: Zones) -> datetime | None:
    written = _written_instant(delay, properties)
    if written is None:
        return None
    instant = exact_instant(written, zones.resolve(delay.zone))
    if instant is None:
        return None
    nothing = timedelta()
    return _later(instant, (delay.plus or nothing) - (delay.minus or nothing))


def _written_instant(delay: UntilDelay, properties: Mapping[str, Any]) -> datetime | None:
    """Return the literal instant, else the one in the property; naive when it has no zone."""
    literal = read_instant(delay.until)
    return literal if literal is not None else read_instant(read(delay.until, properties))


def moves_with_user(delay: Delay | StepDelay | None, properties: Mapping[str, Any]) -> bool:
    """
    Return whether a changed `time_zone` of the user moves the due time of this delay (T2).

    So it is for clock times on the user's clock, and for an `until` that is read on it because its
    instant has no zone of its own.
    """
    match delay:
        case DaysDelay(zone="user") | NextDelay(zone="user") | BestTimeDelay():
            return True
        case AfterStep(zone="user"):
            return delay.at is not None
        case UntilDelay(zone="user"):
            written = _written_instant(delay, properties)
            return written is not None and written.tzinfo is None
        case _:
            return False
