"""Every zone whose clock changes, every form of delay, around every change: no surprise."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from tests.property.wall_clock import DAY, transitions
from unless.definitions.durations import zone_names
from unless.definitions.models import Delay, QuietHours, Window
from unless.engine.records import Reason
from unless.engine.timing import Zones, due_at, hold, is_open, is_quiet, local_instant

FIRST_YEAR, END_YEAR = 2024, 2036
HOUR = timedelta(hours=1)
QUARTERS = [n * timedelta(minutes=15) for n in range(-12, 13)]
NOTHING = timedelta()

DELAY: TypeAdapter[Delay] = TypeAdapter(Delay)

# Each form, and how long after the trigger the due time may lie at the least and at the most: a day
# of the clock lasts 22 to 26 hours (two at Troll, else one), and a local time shown twice is its
# first occurrence.
FORMS: list[tuple[dict[str, Any], timedelta, timedelta]] = [
    ({"after": "25h"}, 25 * HOUR, 25 * HOUR),
    ({"days": 0, "at": "02:30"}, NOTHING, DAY + 2 * HOUR),
    ({"days": 0, "at": "23:59"}, NOTHING, DAY + 2 * HOUR),
    ({"days": 1, "at": "00:15"}, NOTHING, 2 * DAY + 2 * HOUR),
    ({"days": 1, "at": "02:30"}, NOTHING, 2 * DAY + 2 * HOUR),
    ({"days": 40, "at": "09:00"}, 39 * DAY - HOUR, 41 * DAY + HOUR),
    ({"next": "sunday", "at": "00:00"}, NOTHING, 8 * DAY + 2 * HOUR),
    ({"next": "monday", "at": "01:45"}, NOTHING, 8 * DAY + 2 * HOUR),
    ({"best_time": True, "fallback": "02:15"}, NOTHING, DAY + 2 * HOUR),
    ({"until": "zoned"}, 3 * HOUR, 3 * HOUR),
    ({"until": "zoned", "minus": "3h"}, NOTHING, NOTHING),
    ({"until": "local"}, HOUR, 3 * HOUR),
    ({"until": "local", "plus": "1d"}, DAY + HOUR, DAY + 3 * HOUR),
]

NIGHT = QuietHours.model_validate({"from": "22:00", "to": "02:30", "then": "hold"})
EARLY = Window.model_validate({"from": "02:15", "to": "05:00", "send_outside": "hold"})


def moments() -> list[tuple[str, datetime]]:
    """Return every zone that has changes with each instant a quarter-hour step from one of them."""
    return [
        (zone, change + step)
        for zone in sorted(zone_names())
        for change in transitions(zone, FIRST_YEAR, END_YEAR)
        for step in QUARTERS
    ]


@pytest.fixture(scope="module")
def all_moments() -> list[tuple[str, datetime]]:
    """The moments, and the assurance that they are many."""
    found = moments()
    assert len({zone for zone, _ in found}) > 100
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("form", "least", "most"), FORMS, ids=str)
def test_every_delay_lies_where_it_is_expected(
    form: dict[str, Any], least: timedelta, most: timedelta, all_moments: Any
) -> None:
    """The due time is neither too early nor too late, and only today's clock time may be past."""
    delay = DELAY.validate_python(form)
    for zone, at in all_moments:
        zoned = at + 3 * HOUR
        local = zoned.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        properties = {"zoned": zoned.isoformat(), "local": local.isoformat()}
        due = due_at(delay, at, properties, Zones("UTC", zone))
        if isinstance(due, Reason):
            assert due is Reason.DELAY_IN_PAST, (zone, at)
            assert form.get("days") == 0, (zone, at)
        else:
            assert due.tzinfo is UTC, (zone, at)
            assert least <= due - at <= most, (zone, at, due)


@pytest.mark.slow
def test_every_hold_ends_in_the_window_and_out_of_quiet_hours(all_moments: Any) -> None:
    """A night and an early window have room for each other every day, whatever the clock does."""
    for zone, at in all_moments:
        zones = Zones("UTC", zone)
        held = hold(at, EARLY, NIGHT, zones)
        assert held is not None, (zone, at)
        assert at <= held <= at + DAY + 3 * HOUR, (zone, at, held)
        assert is_open(EARLY, held, zones), (zone, at, held)
        assert not is_quiet(NIGHT, held, zones), (zone, at, held)


@pytest.mark.slow
def test_every_clock_time_survives_the_way_there_and_back(all_moments: Any) -> None:
    """What a clock shows at an instant is that instant, or the first that shows it. # T2"""
    for zone, at in all_moments:
        here = ZoneInfo(zone)
        shown = at.astimezone(here).replace(tzinfo=None)
        found = local_instant(shown.date(), shown.time(), here)
        assert found.astimezone(here).replace(tzinfo=None) == shown, (zone, at)
        assert NOTHING <= at - found <= 3 * HOUR, (zone, at)
