"""
Instants on the user's clock with UTC beside it, and spans as people say them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
"""Units of a span with their seconds; a day is 24 h (SPEC section 4)."""

UNITS_SAID = 2
"""How many units of a span are said: `2 days 3 hours`, and also `1 hour 1 second`."""


@dataclass(frozen=True, slots=True)
class LocalClock:
    """The clock of a user; without a zone it is UTC."""

    zone: ZoneInfo | None = None

    def when(self, instant: datetime, beside: datetime | None = None) -> str:
        """
        Return the instant as `Mon 2 Feb 2026, 11:45 (10:45 UTC)`; only the time if it falls on the
        local day of `beside`, which the reader knows.
        """
        local = self._local(instant)
        said = f"{_clock_text(local)}{self._in_utc(local)}"
        if beside is not None and self._local(beside).date() == local.date():
            return said
        return f"{_day_text(local)}, {said}"

    def at(self, instant: datetime, beside: datetime | None = None) -> str:
        """Return the instant as it stands in a sentence: `at 11:45 (…)`, `on Mon 2 Feb 2026, …`."""
        said = self.when(instant, beside)
        return f"on {said}" if said[0].isalpha() else f"at {said}"

    def _local(self, instant: datetime) -> datetime:
        """Return the instant on this clock; in UTC where no local date can hold it."""
        try:
            return instant.astimezone(self.zone or UTC)
        except OverflowError:
            return instant.astimezone(UTC)

    def _in_utc(self, local: datetime) -> str:
        if self.zone is None or self.zone.key == "UTC" or local.tzinfo is UTC:
            return " UTC"
        utc = local.astimezone(UTC)
        day = "" if utc.date() == local.date() else f" on {_day_text(utc)}"
        return f" ({_clock_text(utc)} UTC{day})"


def _day_text(day: datetime) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def _clock_text(instant: datetime) -> str:
    return f"{instant:%H:%M:%S}" if instant.second else f"{instant:%H:%M}"


def span_words(span: timedelta) -> str:
    """Return the span, without its sign, as `1 hour 30 minutes`; the two largest units of it."""
    seconds = int(abs(span).total_seconds())
    parts = list(_parts(seconds))[:UNITS_SAID]
    return " ".join(parts) or "less than a second"


def _parts(seconds: int) -> Iterator[str]:
    for unit, size in UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            yield f"{number:,} {unit}{'' if number == 1 else 's'}"
