"""
Every form of a delay, and when it is due by the second opinion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from unless.sim.proof.zones.clock import DAY, Clock

AHEAD = timedelta(hours=3)
"""How long after the trigger the instants lie that its properties name."""

LITERAL = datetime(2030, 3, 31, 2, 30)  # noqa: DTZ001 - read in each zone
"""A literal instant without a zone, in a gap of half of Europe."""

type Expected = Callable[[Clock, datetime], datetime]
"""When it is due, for a trigger at that instant; before it: there is no such time any more."""


@dataclass(frozen=True, slots=True)
class Form:
    """
    A delay as written, and when it is due; `of_journeys` says that only a step may have it.

    `in_order` says that whoever triggers later is due no earlier, whatever the clock does.
    """

    document: Mapping[str, Any]
    expected: Expected
    of_journeys: bool = False
    in_order: bool = True


def properties_at(clock: Clock, at: datetime) -> dict[str, Any]:
    """Return what the trigger at that instant says: an appointment, with a zone and without."""
    return {
        "zoned": (at + AHEAD).isoformat(),
        "local": clock.shown(at + AHEAD).isoformat(),
    }


def _after(span: timedelta) -> Expected:
    return lambda _clock, at: at + span


def _days(days: int, clock_time: time) -> Expected:
    return lambda clock, at: clock.on(clock.shown(at).date() + days * DAY, clock_time)


def _weekday(weekday: int, clock_time: time) -> Expected:
    def due(clock: Clock, at: datetime) -> datetime:
        day = clock.shown(at).date() + DAY
        while day.weekday() != weekday:
            day += DAY
        return clock.on(day, clock_time)

    return due


def _next_clock(span: timedelta, clock_time: time) -> Expected:
    def due(clock: Clock, at: datetime) -> datetime:
        later = at + span
        today = clock.shown(later).date()
        candidates = (clock.on(today + ahead * DAY, clock_time) for ahead in range(-2, 4))
        return min(instant for instant in candidates if instant >= later)

    return due


def _local(span: timedelta) -> Expected:
    return lambda clock, at: clock.instant_of(clock.shown(at + AHEAD)) + span


def _clock(text: str) -> time:
    return time.fromisoformat(text)


HOUR = timedelta(hours=1)

FORMS: tuple[Form, ...] = (
    Form({"after": "10m"}, _after(HOUR / 6)),
    Form({"after": "25h"}, _after(25 * HOUR)),
    Form({"days": 0, "at": "02:30"}, _days(0, _clock("02:30")), in_order=False),
    Form({"days": 0, "at": "23:59"}, _days(0, _clock("23:59")), in_order=False),
    Form({"days": 1, "at": "00:15"}, _days(1, _clock("00:15"))),
    Form({"days": 1, "at": "02:30"}, _days(1, _clock("02:30"))),
    Form({"days": 40, "at": "09:00"}, _days(40, _clock("09:00"))),
    Form({"next": "sunday", "at": "00:00"}, _weekday(6, _clock("00:00"))),
    Form({"next": "monday", "at": "01:45"}, _weekday(0, _clock("01:45"))),
    Form({"best_time": True, "fallback": "02:15"}, _next_clock(0 * HOUR, _clock("02:15"))),
    Form({"until": "zoned"}, _after(AHEAD)),
    Form({"until": "zoned", "minus": "3h"}, _after(0 * HOUR)),
    Form({"until": "local"}, _local(0 * HOUR), in_order=False),
    Form({"until": "local", "plus": "1d"}, _local(DAY), in_order=False),
    Form({"until": "local", "minus": "2h"}, _local(-2 * HOUR), in_order=False),
    Form({"until": LITERAL.isoformat()}, lambda clock, _at: clock.instant_of(LITERAL)),
    Form({"after": "1h", "at": "02:30"}, _next_clock(HOUR, _clock("02:30")), of_journeys=True),
    Form({"after": "1d", "at": "00:00"}, _next_clock(DAY, _clock("00:00")), of_journeys=True),
)
"""Without a delay, the due time is the trigger's; the others have a form here."""
