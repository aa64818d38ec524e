"""What must hold of due times, windows and quiet hours, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.property.wall_clock import DAY, MINUTE, WallClock, clock_around, transitions
from unless.definitions.models import AfterDelay, Delay, QuietHours, Window
from unless.engine.records import Reason
from unless.engine.timing import (
    Zones,
    due_at,
    hold,
    is_open,
    is_quiet,
    local_instant,
    next_opening,
    quiet_end,
)

# Gaps of half an hour and of two (Troll), changes at midnight and in the evening, both halves of
# the globe, a winter time that is the exception (Dublin), a summer time that pauses (Casablanca).
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Paris",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
)
DELAY: TypeAdapter[Delay] = TypeAdapter(Delay)
REACH = timedelta(days=5)

clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
night_clocks = st.builds("{:02}:{:02}".format, st.integers(0, 4), st.sampled_from((0, 15, 30, 59)))
any_clock = st.one_of(clocks, night_clocks)


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """Draw a zone and a whole minute in it, mostly within hours of a change of its clock."""
    zone = draw(st.sampled_from(ZONES))
    changes = transitions(zone, 2024, 2036)
    centre = draw(st.sampled_from(changes)) if changes else datetime(2026, 2, 2, tzinfo=UTC)
    return zone, centre + draw(st.integers(-30 * 60, 30 * 60)) * MINUTE


def window(opens: str, closes: str) -> Window:
    return Window.model_validate({"from": opens, "to": closes, "send_outside": "hold"})


def quiet(starts: str, ends: str) -> QuietHours:
    return QuietHours.model_validate({"from": starts, "to": ends, "then": "hold"})


def around(zone: str, at: datetime) -> WallClock:
    midnight = at.replace(hour=0, minute=0)
    return clock_around(zone, midnight, REACH + DAY)


def first_from(at: datetime, minutes: set[datetime]) -> datetime | None:
    return min((minute for minute in minutes if minute >= at), default=None)


@pytest.mark.parametrize("zone", ZONES)
def test_a_clock_time_is_what_the_clock_on_the_wall_says(zone: str) -> None:
    """Around every change of a clock, each minute of it is the instant read off the wall. # T2"""
    for change in transitions(zone, 2024, 2036) or (datetime(2026, 2, 2, tzinfo=UTC),):
        wall_clock = WallClock(zone, change - timedelta(hours=8), change + timedelta(hours=8))
        noon = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for minutes in range(-180, 181):
            wall = noon + minutes * MINUTE
            expected = wall_clock.instant_of(wall)
            assert expected is not None
            assert local_instant(wall.date(), wall.time(), ZoneInfo(zone)) == expected


@given(moments(), any_clock, any_clock)
def test_open_and_quiet_are_what_the_wall_clock_says(
    moment: tuple[str, datetime], start: str, end: str
) -> None:
    """A part of the day covers exactly the minutes crossed out between its edges. # W1 Q1"""
    zone, at = moment
    zones = Zones("UTC", zone)
    covered = around(zone, at).minutes_between(start, end)
    for n in range(-26, 27):
        instant = at + n * 29 * MINUTE
        assert is_open(window(start, end), instant, zones) is (instant in covered)
        assert is_quiet(quiet(start, end), instant, zones) is (instant in covered)


@given(moments(), any_clock, any_clock)
def test_the_opening_is_the_first_open_minute(
    moment: tuple[str, datetime], start: str, end: str
) -> None:
    """No minute from then on is open before it, and quiet hours end at the first that is none."""
    zone, at = moment
    zones = Zones("UTC", zone)
    clock = around(zone, at)
    covered = clock.minutes_between(start, end)
    assert next_opening(window(start, end), at, zones) == first_from(at, covered)
    free = set(clock.instants) - covered
    assert quiet_end(quiet(start, end), at, zones) == first_from(at, free)


@given(moments(), any_clock, any_clock, any_clock, any_clock)
def test_a_held_send_goes_at_the_first_minute_that_is_open_and_not_quiet(
    moment: tuple[str, datetime], opens: str, closes: str, starts: str, ends: str
) -> None:
    """Holding in turn finds the earliest minute that satisfies both, and stays there. # D1a"""
    zone, due = moment
    zones = Zones("UTC", zone)
    part, hours = window(opens, closes), quiet(starts, ends)
    clock = around(zone, due)
    fitting = clock.minutes_between(opens, closes) - clock.minutes_between(starts, ends)
    held = hold(due, part, hours, zones)
    if held is None or held >= due + REACH - DAY:
        assert not any(due <= minute < due + REACH - DAY for minute in fitting)
    else:
        assert held == first_from(due, fitting)
        assert hold(held, part, hours, zones) == held


instants = st.datetimes(
    # hypothesis wants the bounds naive.
    min_value=datetime(1, 1, 1),  # noqa: DTZ001 - made aware
    max_value=datetime(9999, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001 - made aware
    timezones=st.just(UTC),
)
zone_pairs = st.builds(
    Zones, st.sampled_from(ZONES), st.one_of(st.none(), st.sampled_from(ZONES), st.text())
)
zone_names = st.sampled_from(("user", "company", *ZONES))
spans = st.integers(0, 3650 * 86400).map("{}s".format)
written = st.one_of(
    st.datetimes(timezones=st.one_of(st.none(), st.just(UTC))).map(datetime.isoformat),
    st.text(),
    st.none(),
    st.integers(),
)
delays: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"after": spans}),
    st.fixed_dictionaries({"days": st.integers(0, 3650), "at": clocks, "zone": zone_names}),
    st.fixed_dictionaries(
        {"next": st.sampled_from(("monday", "sunday")), "at": clocks, "zone": zone_names}
    ),
    st.fixed_dictionaries({"best_time": st.just(True), "fallback": clocks}),
    st.fixed_dictionaries({"until": st.just("when"), "plus": spans, "zone": zone_names}),
    st.fixed_dictionaries({"until": st.just("when"), "minus": spans, "zone": zone_names}),
)


@given(delays, st.one_of(instants, moments().map(lambda m: m[1])), zone_pairs, written)
def test_a_due_time_is_never_before_the_trigger(
    form: dict[str, Any], at: datetime, zones: Zones, value: object
) -> None:
    """There is a due time from the trigger on, in UTC, or one of two reasons. # T4"""
    due = due_at(DELAY.validate_python(form), at, {"when": value}, zones)
    if isinstance(due, Reason):
        assert due in (Reason.DELAY_IN_PAST, Reason.DELAY_INVALID)
    else:
        assert due.tzinfo is UTC
        assert due >= at


@given(spans, instants, instants)
def test_who_triggers_later_is_due_later_by_as_much(
    span: str, first: datetime, second: datetime
) -> None:
    """Elapsed delays keep the order of their triggers, and the time between them."""
    delay, zones = AfterDelay.model_validate({"after": span}), Zones("UTC", None)
    dues = [due_at(delay, at, {}, zones) for at in (first, second)]
    if Reason.DELAY_INVALID in dues:
        assert isinstance(dues[first <= second], Reason)
    else:
        earlier, later = dues
        assert isinstance(earlier, datetime)
        assert isinstance(later, datetime)
        assert later - earlier == second - first


@given(moments(), st.integers(0, 40), any_clock)
def test_days_is_that_clock_time_on_that_date(
    moment: tuple[str, datetime], days: int, clock: str
) -> None:
    """The date is the trigger's + n; only a gap shows another clock time, later. # T2"""
    zone, at = moment
    delay = DELAY.validate_python({"days": days, "at": clock})
    due = due_at(delay, at, {}, Zones("UTC", zone))
    here = ZoneInfo(zone)
    wall = datetime.combine(at.astimezone(here).date() + days * DAY, time.fromisoformat(clock))
    if isinstance(due, Reason):
        assert due is Reason.DELAY_IN_PAST
        assert days == 0
        assert local_instant(wall.date(), wall.time(), here) < at
    else:
        shown = due.astimezone(here).replace(tzinfo=None)
        assert shown == wall or timedelta() < shown - wall <= timedelta(hours=2)


@given(instants, any_clock, any_clock, any_clock, any_clock, zone_pairs)
def test_holding_is_no_error_at_any_time(
    due: datetime, opens: str, closes: str, starts: str, ends: str, zones: Zones
) -> None:
    """What holds moves a send forward, to an instant that is open and not quiet, or to none."""
    part, hours = window(opens, closes), quiet(starts, ends)
    held = hold(due, part, hours, zones)
    if held is not None:
        assert held.tzinfo is UTC
        assert held >= due
        assert is_open(part, held, zones)
        assert not is_quiet(hours, held, zones)


def test_the_wall_clock_itself_knows_gap_and_overlap() -> None:
    """The second opinion is right about two days that everyone agrees on."""
    spring = clock_around("Europe/Paris", datetime(2026, 3, 29, tzinfo=UTC), DAY)
    half_past_two = datetime.combine(date(2026, 3, 29), time(2, 30))
    assert spring.instant_of(half_past_two) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = clock_around("Europe/Paris", datetime(2026, 10, 25, tzinfo=UTC), DAY)
    half_past_two = datetime.combine(date(2026, 10, 25), time(2, 30))
    assert autumn.instant_of(half_past_two) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
