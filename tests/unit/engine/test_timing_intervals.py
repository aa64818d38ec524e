"""When a campaign works and may send: duration, window, quiet hours (SPEC D1, D1a, W1, Q1)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from unless.definitions.models import ActiveDuration, QuietHours, Window
from unless.engine.timing import (
    Zones,
    hold,
    in_duration,
    is_open,
    is_quiet,
    next_opening,
    quiet_end,
)

PARIS = Zones("Europe/Paris", "Europe/Paris")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def window(opens: str, closes: str, **more: Any) -> Window:
    return Window.model_validate({"from": opens, "to": closes, **more})


def quiet(starts: str, ends: str, **more: Any) -> QuietHours:
    return QuietHours.model_validate({"from": starts, "to": ends, "then": "hold", **more})


@pytest.mark.parametrize(
    ("opens", "closes", "at", "inside", "why"),
    [
        ("09:00", "18:00", "2026-02-02T07:59:59Z", False, "a second before it opens"),
        ("09:00", "18:00", "2026-02-02T08:00:00Z", True, "the opening is inside"),
        ("09:00", "18:00", "2026-02-02T16:59:59Z", True, "its last second"),
        ("09:00", "18:00", "2026-02-02T17:00:00Z", False, "the closing is outside"),
        ("22:00", "06:00", "2026-02-02T20:59:59Z", False, "before a night's window"),
        ("22:00", "06:00", "2026-02-02T21:00:00Z", True, "its opening in the evening"),
        ("22:00", "06:00", "2026-02-03T04:59:59Z", True, "its last second in the morning"),
        ("22:00", "06:00", "2026-02-03T05:00:00Z", False, "its closing in the morning"),
        ("00:00", "23:59", "2026-02-02T22:59:30Z", False, "all day but for a minute"),
        ("18:00", "00:00", "2026-02-02T22:59:59Z", True, "until midnight"),
        ("09:00", "09:00", "2026-02-02T08:00:00Z", False, "of no length"),
        ("02:30", "06:00", "2026-03-29T01:29:59Z", False, "opens in the gap: at 03:30"),
        ("02:30", "06:00", "2026-03-29T01:30:00Z", True, "opens in the gap: at 03:30"),
        ("22:00", "02:30", "2026-03-29T01:29:59Z", True, "closes in the gap: at 03:30"),
        ("22:00", "02:30", "2026-03-29T01:30:00Z", False, "closes in the gap: at 03:30"),
        ("02:15", "02:45", "2026-03-29T01:20:00Z", True, "lies in the gap: 03:15 to 03:45"),
        ("02:30", "03:10", "2026-03-29T01:05:00Z", False, "03:30 to 03:10: empty that day"),
        ("02:30", "03:10", "2026-03-29T01:35:00Z", False, "03:30 to 03:10: empty that day"),
        ("02:30", "03:10", "2026-03-30T00:35:00Z", True, "the day after it is as ever"),
        ("22:00", "02:30", "2026-10-25T00:29:59Z", True, "closes at the first 02:30"),
        ("22:00", "02:30", "2026-10-25T00:30:00Z", False, "closes at the first 02:30"),
        ("22:00", "02:30", "2026-10-25T01:15:00Z", False, "the second 02:15 is outside"),
        ("02:30", "04:00", "2026-10-25T00:30:00Z", True, "opens at the first 02:30"),
        ("02:30", "04:00", "2026-10-25T01:15:00Z", True, "the second 02:15 is inside"),
        ("02:15", "02:45", "2026-10-25T01:30:00Z", False, "the second 02:30 is outside"),
    ],
)
def test_a_part_of_the_day_is_from_its_opening_to_before_its_closing(
    opens: str, closes: str, at: str, inside: bool, why: str
) -> None:
    """Window and quiet hours are [from, to), their edges instants by T2. # W1 Q1"""
    assert is_open(window(opens, closes), utc(at), PARIS) is inside, why
    assert is_quiet(quiet(opens, closes), utc(at), PARIS) is inside, why


@pytest.mark.parametrize(
    ("zone", "opens", "closes"),
    [("user", "18:00", "19:00"), ("company", "10:00", "11:00"), ("America/Lima", "04:00", "05:00")],
)
def test_the_window_is_on_the_clock_that_it_names(zone: str, opens: str, closes: str) -> None:
    """Of one instant each zone has its own clock time. # W1"""
    zones = Zones("Europe/Paris", "Asia/Tokyo")
    nine = utc("2026-02-02T09:00Z")
    assert is_open(window(opens, closes, zone=zone), nine, zones)
    others = [other for other in ("user", "company", "America/Lima") if other != zone]
    assert not any(is_open(window(opens, closes, zone=other), nine, zones) for other in others)


def test_a_window_may_stay_open_over_a_date_that_the_zone_skipped() -> None:
    """Its closing on the missing date is that of the next, and it is open until then. # T2"""
    # Pacific/Apia went from 29 December 2011 to the 31st.
    apia = Zones("Pacific/Apia", None)
    night = window("22:00", "06:00")
    assert is_open(night, utc("2011-12-31T05:59:59+14:00"), apia)
    assert not is_open(night, utc("2011-12-31T06:00:00+14:00"), apia)


def test_a_window_may_have_opened_on_a_date_that_is_yet_to_come_again() -> None:
    """Opened at midnight, it is open while the clock is back on the day before. # T2"""
    # St. John's turned 00:01 of 1 November 2009 back to 23:01.
    morning = window("00:00", "06:00", zone="America/St_Johns")
    assert is_open(morning, utc("2009-11-01T02:30Z"), PARIS)
    assert is_open(morning, utc("2009-11-01T03:00Z"), PARIS)
    assert not is_open(morning, utc("2009-11-01T02:29Z"), PARIS)


@pytest.mark.parametrize(
    ("opens", "closes", "at", "opening", "why"),
    [
        ("09:00", "18:00", "2026-02-02T16:59Z", "2026-02-02T16:59Z", "open already"),
        ("09:00", "18:00", "2026-02-02T17:00Z", "2026-02-03T08:00Z", "tomorrow"),
        ("09:00", "18:00", "2026-02-02T03:00Z", "2026-02-02T08:00Z", "today"),
        ("22:00", "06:00", "2026-02-02T12:00Z", "2026-02-02T21:00Z", "tonight"),
        ("09:00", "18:00", "2026-03-28T18:00Z", "2026-03-29T07:00Z", "nine o'clock in summer"),
        ("09:00", "18:00", "2026-10-24T18:00Z", "2026-10-25T08:00Z", "nine o'clock in winter"),
        ("02:30", "06:00", "2026-03-28T21:00Z", "2026-03-29T01:30Z", "03:30, after the gap"),
        ("02:30", "03:10", "2026-03-28T21:00Z", "2026-03-30T00:30Z", "empty on the 29th"),
        ("02:15", "02:45", "2026-10-25T00:50Z", "2026-10-26T01:15Z", "not the second 02:15"),
    ],
)
def test_the_next_opening_is_the_first_open_instant(
    opens: str, closes: str, at: str, opening: str, why: str
) -> None:
    """Where it is open it is now; else the next `from` of a day that has a window. # W1"""
    assert next_opening(window(opens, closes), utc(at), PARIS) == utc(opening), why


@pytest.mark.parametrize(
    ("starts", "ends", "at", "end", "why"),
    [
        ("22:00", "08:00", "2026-02-02T22:00Z", "2026-02-03T07:00Z", "eight in the morning"),
        ("22:00", "08:00", "2026-02-03T07:00Z", "2026-02-03T07:00Z", "over already"),
        ("22:00", "08:00", "2026-03-28T22:00Z", "2026-03-29T06:00Z", "an hour less of sleep"),
        ("22:00", "08:00", "2026-10-24T21:00Z", "2026-10-25T07:00Z", "an hour more of sleep"),
        ("22:00", "02:30", "2026-10-24T21:00Z", "2026-10-25T00:30Z", "the first 02:30"),
        ("03:10", "02:50", "2026-03-28T12:00Z", "2026-03-30T00:50Z", "next ones begin before"),
    ],
)
def test_quiet_hours_end_at_the_first_instant_that_is_not_quiet(
    starts: str, ends: str, at: str, end: str, why: str
) -> None:
    """Their end is where a held send goes. # Q1"""
    assert quiet_end(quiet(starts, ends), utc(at), PARIS) == utc(end), why


def test_a_window_of_no_length_never_opens_and_such_hours_are_never_quiet() -> None:
    """`from` = `to` is empty. # W1"""
    at = utc("2026-02-02T09:00Z")
    never = window("09:00", "09:00", send_outside="hold")
    assert next_opening(never, at, PARIS) is None
    assert hold(at, never, None, PARIS) is None
    assert quiet_end(quiet("09:00", "09:00"), at, PARIS) == at


@pytest.mark.parametrize(
    ("opens", "starts", "due", "moved", "why"),
    [
        (("09:00", "18:00"), ("22:00", "10:00"), "18:30", "1 10:00", "opens in quiet hours"),
        (("20:00", "02:00"), ("23:00", "08:00"), "23:30", "1 20:00", "ends outside the window"),
        (("09:00", "18:00"), ("12:00", "14:00"), "12:30", "0 14:00", "a quiet lunch"),
        (("09:00", "18:00"), ("12:00", "14:00"), "11:59", "0 11:59", "both are satisfied"),
        (("09:00", "18:00"), None, "18:00", "1 09:00", "a window alone"),
        (None, ("22:00", "08:00"), "23:00", "1 08:00", "quiet hours alone"),
        (None, None, "23:00", "0 23:00", "nothing holds"),
        (("09:00", "18:00"), ("08:00", "19:00"), "12:00", None, "all of the window is quiet"),
        (("09:00", "18:00"), ("09:00", "18:00"), "12:00", None, "all of the window is quiet"),
    ],
)
def test_a_hold_moves_the_due_time_until_all_are_satisfied(
    opens: Any, starts: Any, due: str, moved: str | None, why: str
) -> None:
    """The window first, then quiet hours, in turn; never where they exclude each other. # D1a"""
    held = hold(
        utc(f"2026-02-02T{due}+01:00"),
        window(*opens, send_outside="hold") if opens else None,
        quiet(*starts) if starts else None,
        PARIS,
    )
    if moved is None:
        assert held is None, why
    else:
        day, clock = moved.split()
        assert held == utc(f"2026-02-0{2 + int(day)}T{clock}+01:00"), why


def test_a_hold_does_not_wait_for_a_change_of_the_clock_that_is_weeks_away() -> None:
    """What fits on one odd day only is found within the week before it, and else never."""
    # On 29 March 02:00 is 03:00, so that nothing is quiet and the window opens at 03:15.
    part, hours = window("02:15", "02:45", send_outside="hold"), quiet("02:00", "03:00")
    opening = utc("2026-03-29T03:15+02:00")
    assert hold(utc("2026-03-24T12:00Z"), part, hours, PARIS) == opening
    assert hold(utc("2026-02-24T12:00Z"), part, hours, PARIS) is None


def test_what_drops_moves_nothing() -> None:
    """A window or quiet hours that drop are left to the checks. # W1 Q1"""
    night = utc("2026-02-02T22:00Z")
    dropping = window("09:00", "18:00", trigger_outside="hold", send_outside="drop")
    assert hold(night, dropping, quiet("22:00", "08:00", then="drop"), PARIS) == night


def duration(start: str | None, end: str | None, **more: Any) -> ActiveDuration:
    return ActiveDuration.model_validate({"start": start, "end": end, **more})


@pytest.mark.parametrize(
    ("form", "at", "inside", "why"),
    [
        (("2026-02-02T10:00Z", "2026-02-02T11:00Z"), "2026-02-02T09:59:59Z", False, "before"),
        (("2026-02-02T10:00Z", "2026-02-02T11:00Z"), "2026-02-02T10:00:00Z", True, "the start"),
        (("2026-02-02T10:00Z", "2026-02-02T11:00Z"), "2026-02-02T11:00:00Z", True, "the end"),
        (("2026-02-02T10:00Z", "2026-02-02T11:00Z"), "2026-02-02T11:00:01Z", False, "after"),
        (("2026-02-02T10:00Z", None), "9999-01-01T00:00Z", True, "without an end"),
        ((None, "2026-02-02T10:00Z"), "0001-01-01T00:00Z", True, "without a start"),
        ((None, None), "2026-02-02T10:00Z", True, "without both"),
        (("2026-02-02T11:00", None), "2026-02-02T10:00Z", True, "the company's 11:00"),
        (("2026-02-02T11:00", None), "2026-02-02T09:59Z", False, "the company's 10:59"),
        ((None, "9999-12-31T23:59"), "9999-12-31T22:59Z", True, "as good as for ever"),
        (("0001-01-01", None), "0001-01-01T00:00Z", True, "as good as since ever"),
        ((None, "2026-10-25T02:30"), "2026-10-25T00:30Z", True, "the first 02:30"),
        ((None, "2026-10-25T02:30"), "2026-10-25T00:31Z", False, "the second 02:30 is out"),
    ],
)
def test_a_duration_includes_both_its_ends(form: Any, at: str, inside: bool, why: str) -> None:
    """Start and end count; without a zone of their own they are the company's. # D1"""
    assert in_duration(duration(*form), utc(at), Zones("Europe/Paris", "Asia/Tokyo")) is inside, why


def test_each_user_may_have_a_duration_of_their_own() -> None:
    """With `zone: user` one instant is inside for one and outside for another. # D2"""
    end = duration(None, "2026-02-03T08:30", zone="user")
    eight = utc("2026-02-03T08:00Z")
    assert in_duration(end, eight, Zones("UTC", "Europe/London"))
    assert not in_duration(end, eight, Zones("UTC", "Europe/Paris"))
    assert in_duration(None, eight, Zones("UTC", None))


@pytest.mark.parametrize("at", ["0001-01-01T00:00Z", "9999-12-31T23:59:59.999999Z"])
@pytest.mark.parametrize("user", ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("edges", [("22:00", "06:00"), ("09:00", "18:00"), ("00:00", "23:59")])
def test_the_ends_of_time_are_no_error(at: str, user: str, edges: tuple[str, str]) -> None:
    """At the first and last instants there are answers, and they are aware."""
    zones, instant = Zones("UTC", user), utc(at)
    part, hours = window(*edges, send_outside="hold"), quiet(*edges)
    assert is_open(part, instant, zones) is is_quiet(hours, instant, zones)
    answers = [
        next_opening(part, instant, zones),
        quiet_end(hours, instant, zones),
        hold(instant, part, hours, zones),
        hold(instant, None, hours, zones),
    ]
    assert all(answer is None or answer.tzinfo is UTC for answer in answers)
    assert all(answer is None or answer >= instant for answer in answers)
