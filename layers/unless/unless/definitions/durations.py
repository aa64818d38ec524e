"""
How people write spans of time, clock times, zones and instants in a definition.

Here is only the reading of single words. What they mean together is decided in
`unless.engine.timing`.
"""

import re
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

DURATION_MAX = timedelta(days=3650)
"""Longest span a definition may name: ten years, beyond any message, and dates stay computable."""

_PARTS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SHORT = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)


def parse_duration(value: object) -> timedelta:
    """
    Return the span that a text such as `45s`, `1h30m`, `5d`, `2w` or `PT1H` names; a day is 24 h.

    Raises:
        PydanticCustomError: `bad_duration`, for a bare number and for every other text.
    """
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and value and value not in ("P", "PT"):
        match = _SHORT.fullmatch(value) or _ISO.fullmatch(value)
        if match and any(match.groups()):
            # Twelve digits already exceed the longest span; more would overflow the arithmetic.
            numbers = [int((part or "0").lstrip("0")[:12] or "0") for part in match.groups()]
            try:
                span = timedelta(**dict(zip(_PARTS.values(), numbers, strict=True)))
            except OverflowError:
                span = timedelta.max
            if span <= DURATION_MAX:
                return span
            raise PydanticCustomError("bad_duration", "longer than ten years")
    raise PydanticCustomError(
        "bad_duration", "a duration is written 45s, 30m, 1h30m, 5d, 2w or PT1H, with its unit"
    )


def format_duration(span: timedelta) -> str:
    """Return the span as people write it (`1h30m`), whole seconds; zero is `0s`."""
    rest = int(span.total_seconds())
    text = ""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """
    Return the names of all IANA time zones, as the package tzdata lists them.

    Not `zoneinfo.available_timezones`: that opens 600 files and adds the machine's `localtime`.
    """
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    """Return the IANA zone of that exact name, or None when there is none."""
    return ZoneInfo(name) if name in zone_names() else None


def parse_zone(value: object) -> str:
    """
    Return `user`, `company` or the name of an existing IANA time zone.

    Raises:
        PydanticCustomError: `bad_time_zone`.
    """
    if value in ("user", "company") or (isinstance(value, str) and zone_of(value)):
        return str(value)
    raise PydanticCustomError(
        "bad_time_zone",
        "no such time zone; expected user, company or an IANA name such as Europe/Paris",
    )


def parse_clock(value: object) -> time:
    """
    Return the clock time of a text such as `09:00`.

    Raises:
        PydanticCustomError: `bad_value`.
    """
    if isinstance(value, time):
        return value
    if isinstance(value, str) and (match := _CLOCK.fullmatch(value)):
        return time(int(match[1]), int(match[2]))
    raise PydanticCustomError(
        "bad_value",
        'a clock time is written "HH:MM", from 00:00 to 23:59',
        {"remedy": 'Write it with two digits each, in quotes, such as "09:00".'},
    )


def read_instant(value: object) -> datetime | None:
    """
    Return the date and time that an ISO 8601 text names, or None when it names none.

    A plain date is its midnight. The result is naive when the text has neither `Z` nor an offset.
    """
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def in_utc(value: object) -> datetime | None:
    """Return the instant in UTC that an ISO 8601 text names (no zone = UTC), or None (F4)."""
    instant = read_instant(value)
    if instant is None:
        return None
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        return None


def parse_instant(value: object) -> datetime:
    """
    Return the date and time that an ISO 8601 text names; naive when it has no zone.

    Raises:
        PydanticCustomError: `bad_value`.
    """
    instant = value if isinstance(value, datetime) else read_instant(value)
    if instant is None:
        raise PydanticCustomError(
            "bad_value",
            "an instant is written 2026-02-01T09:00, 2026-02-01T09:00:00Z or 2026-02-01",
            {"remedy": "Write the date, and the time after a T, as ISO 8601 does."},
        )
    return instant


def utc_instant(written: datetime, zone: ZoneInfo) -> datetime:
    """
    Return the instant, in UTC, that a written one means; one without a zone is read in this zone.

    What UTC cannot hold, beyond the years 1 and 9999, becomes their first or last instant.
    """
    aware = written.replace(tzinfo=zone) if written.tzinfo is None else written
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        if written.year == 1:
            return datetime.min.replace(tzinfo=UTC)
        return datetime.max.replace(tzinfo=UTC)
