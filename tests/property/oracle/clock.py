"""
Times as SPEC reads them, found by trying: spans, instants, delays, clock times, parts of a day.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}


def span(text: str) -> timedelta:
    """Return the span of `1h30m`, `5d` or `PT1H`; a day is 24 hours (section 4)."""
    parts = re.findall(r"(\d+)([wdhms])", text.lower())
    return timedelta(seconds=sum(int(number) * UNITS[unit] for number, unit in parts))


def instant(value: object) -> datetime | None:
    """Return the date and time of an ISO 8601 text, naive when it names no zone, or None."""
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d($|[Tt ]\d\d:\d\d)", value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return None


def utc(value: object, zone: str = "UTC") -> datetime | None:
    """Return the instant of a text; without a zone of its own it is in `zone` (F4, section 4)."""
    found = instant(value)
    if found is None:
        return None
    return found.astimezone(UTC) if found.tzinfo else at_wall(found, zone)


def at_wall(wall: datetime, zone: str) -> datetime:
    """Return when a clock in the zone first shows that; in a gap, later by the gap (T2)."""
    guess = wall.replace(tzinfo=UTC)
    offsets = [_offset(guess + timedelta(hours=hours), zone) for hours in range(-36, 37, 6)]
    shown = [guess - offset for offset in offsets if _shows(guess - offset, zone, wall)]
    return min(shown) if shown else guess - offsets[0]


def _offset(moment: datetime, zone: str) -> timedelta:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)


def _shows(moment: datetime, zone: str, wall: datetime) -> bool:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


def day_in(moment: datetime, zone: str) -> date:
    """Return the calendar date in the zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def at_clock(day: date, clock: str, zone: str) -> datetime:
    """Return the instant of a clock time such as `09:00` on that date in the zone."""
    return at_wall(datetime.fromisoformat(f"{day.isoformat()}T{clock}"), zone)


def find(path: str, data: Any) -> list[Any]:
    """Return all values at the path that are neither absent nor null (F1)."""
    found = [data]
    for quoted, plain in re.findall(r'"([^"]*)"|([^."]+)', path):
        name, arrays = (quoted, 0) if quoted else (plain.replace("[]", ""), plain.count("[]"))
        found = [value[name] for value in found if isinstance(value, dict) and name in value]
        for _ in range(arrays):
            found = [item for value in found if isinstance(value, list) for item in value]
    return [value for value in found if value is not None]


def until_text(delay: Any, props: Any) -> Any:
    """Return what `until` names: itself if it is an instant, else what is at its path."""
    path = delay["until"]
    return path if instant(path) else next(iter(find(path, props)), None)


def delay_due(delay: Any, time: datetime, props: Any, zone: str) -> datetime | None:
    """Return when the delay that began at `time` ends; None when it names no instant."""
    if not delay:
        return time
    if "daily" in delay:
        return next_clock(time, delay["daily"], zone)
    if "after" in delay:
        moment = time + span(delay["after"])
        return next_clock(moment, delay["at"], zone) if "at" in delay else moment
    if "until" in delay:
        due = utc(until_text(delay, props), zone)
        return due and due - span(delay.get("minus", "")) + span(delay.get("plus", ""))
    day = day_in(time, zone) + DAY * delay.get("days", 1)
    while "next" in delay and WEEKDAYS[day.weekday()] != delay["next"]:
        day += DAY
    return at_clock(day, delay["at"], zone)


def next_clock(moment: datetime, clock: str, zone: str) -> datetime:
    """Return the first such clock time that is not before the instant (J7)."""
    day = day_in(moment, zone)
    return next(
        at for at in (at_clock(day + DAY * n, clock, zone) for n in range(-1, 4)) if at >= moment
    )


def parts_of_days(around: datetime, part: Any, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Return [from, to) of each of the days around an instant, as instants, in order (W1, T2)."""
    for n in range(-2, 9):
        day = day_in(around, zone) + DAY * n
        start = at_clock(day, part["from"], zone)
        end = at_clock(day + DAY * (part["to"] < part["from"]), part["to"], zone)
        if start < end:
            yield start, end


def part_around(moment: datetime, part: Any, zone: str) -> tuple[datetime, datetime] | None:
    """Return the [from, to) in which the instant lies, or None outside."""
    days = parts_of_days(moment, part, zone)
    return next(((start, end) for start, end in days if start <= moment < end), None)


def next_opening(moment: datetime, part: Any, zone: str) -> datetime | None:
    """Return the next `from` after the instant, or None for a part of no length."""
    return next((start for start, _ in parts_of_days(moment, part, zone) if start > moment), None)
