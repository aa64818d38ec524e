"""From the trigger to the due time: every form of delay (SPEC section 4, T2)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from unless.definitions.models import Delay
from unless.engine.records import Reason
from unless.engine.timing import Zones, due_at, moves_with_user

DELAY: TypeAdapter[Delay] = TypeAdapter(Delay)


def delay(**form: Any) -> Delay:
    return DELAY.validate_python(form)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def due(at: str, /, user: str | None = None, properties: Any = None, **form: Any) -> Any:
    """Return the due time of a trigger at that instant, of a company in Paris."""
    return due_at(delay(**form), utc(at), properties or {}, Zones("Europe/Paris", user))


def test_without_a_delay_it_is_due_when_it_happened() -> None:
    """No delay means at once."""
    at = utc("2026-02-02T10:00Z")
    assert due_at(None, at, {}, Zones("UTC", None)) == at


@pytest.mark.parametrize(
    ("at", "after", "expected", "why"),
    [
        ("2026-02-02T10:00Z", "90m", "2026-02-02T11:30Z", "ninety minutes later"),
        ("2026-02-02T10:00Z", "0s", "2026-02-02T10:00Z", "no time at all"),
        ("2026-10-24T10:00Z", "1d", "2026-10-25T10:00Z", "a day is 24 hours: 11:00 in Paris"),
        ("2026-03-28T10:00Z", "1d", "2026-03-29T10:00Z", "a day is 24 hours: 12:00 in Paris"),
        ("2026-02-02T10:00Z", "520w", "2036-01-21T10:00Z", "nearly ten years"),
    ],
)
def test_elapsed_time_knows_no_clock(at: str, after: str, expected: str, why: str) -> None:
    """`after` counts seconds, whatever clocks do in between."""
    assert due(at, user="Europe/Paris", after=after) == utc(expected), why


@pytest.mark.parametrize(
    ("at", "days", "clock", "user", "expected", "why"),
    [
        ("2026-02-02T20:00Z", 1, "09:00", "Europe/Paris", "2026-02-03T08:00Z", "Monday evening"),
        ("2026-02-02T16:00Z", 1, "09:00", "Asia/Tokyo", "2026-02-04T00:00Z", "Tuesday there"),
        ("2026-02-02T16:00Z", 1, "09:00", None, "2026-02-03T08:00Z", "no zone: the company's"),
        ("2026-02-02T16:00Z", 1, "09:00", "Mars/Base", "2026-02-03T08:00Z", "no such zone"),
        ("2026-02-02T18:14Z", 2, "00:00", "Asia/Kathmandu", "2026-02-03T18:15Z", "23:59 there"),
        ("2026-03-07T17:00Z", 1, "02:30", "America/New_York", "2026-03-08T07:30Z", "in the gap"),
        ("2026-10-31T16:00Z", 1, "01:30", "America/New_York", "2026-11-01T05:30Z", "the first"),
        ("2026-02-02T10:00Z", 0, "12:00", "Europe/Paris", "2026-02-02T11:00Z", "today, to come"),
        ("2026-02-02T10:00Z", 0, "11:00", "Europe/Paris", "2026-02-02T10:00Z", "exactly now"),
        ("2026-03-29T01:10Z", 0, "02:30", "Europe/Paris", "2026-03-29T01:30Z", "03:30 to come"),
        ("2028-02-28T10:00Z", 1, "09:00", "Europe/Paris", "2028-02-29T08:00Z", "a leap day"),
        ("2026-12-31T22:30Z", 1, "09:00", "Europe/Paris", "2027-01-01T08:00Z", "the year's end"),
    ],
)
def test_days_counts_dates_on_the_clock(
    at: str, days: int, clock: str, user: str | None, expected: str, why: str
) -> None:
    """`days` is the trigger's date in the zone + n, at that clock time."""
    assert due(at, user=user, days=days, at=clock) == utc(expected), why


@pytest.mark.parametrize(
    ("at", "clock", "why"),
    [
        ("2026-02-02T10:00:01Z", "11:00", "a second ago"),
        ("2026-02-02T22:30Z", "00:00", "this morning"),
        ("2026-10-25T01:15Z", "02:30", "the second 02:30 does not count (T2)"),
    ],
)
def test_a_clock_time_of_today_may_be_past(at: str, clock: str, why: str) -> None:
    """`days: 0` and already past is `delay_in_past`."""
    assert due(at, user="Europe/Paris", days=0, at=clock) is Reason.DELAY_IN_PAST, why


def test_days_falls_into_the_past_when_the_clock_goes_back_over_midnight() -> None:
    """Even tomorrow's clock time is past where it came before the trigger. # T2"""
    # St. John's turned 00:01 back to 23:01: midnight came an hour before the second 23:45.
    late = "2009-11-01T03:15Z"
    assert due(late, user="America/St_Johns", days=1, at="00:00") is Reason.DELAY_IN_PAST


@pytest.mark.parametrize(
    ("at", "weekday", "clock", "zone", "expected", "why"),
    [
        ("2026-02-07T09:00Z", "saturday", "15:15", "user", "2026-02-14T14:15Z", "in seven days"),
        ("2026-02-02T09:00Z", "saturday", "15:15", "user", "2026-02-07T14:15Z", "from a Monday"),
        ("2026-02-06T22:30Z", "saturday", "09:00", "user", "2026-02-07T08:00Z", "still Friday"),
        ("2026-02-06T23:30Z", "saturday", "09:00", "user", "2026-02-14T08:00Z", "now Saturday"),
        ("2026-12-29T11:00Z", "saturday", "15:15", "company", "2027-01-02T14:15Z", "next year"),
        ("2026-02-06T16:00Z", "saturday", "09:00", "Asia/Tokyo", "2026-02-14T00:00Z", "there"),
        ("2026-02-06T16:00Z", "saturday", "09:00", "America/New_York", "2026-02-07T14:00Z", "-"),
        ("2026-03-28T11:00Z", "sunday", "02:30", "user", "2026-03-29T01:30Z", "in the gap"),
        ("2026-10-24T11:00Z", "sunday", "02:30", "user", "2026-10-25T00:30Z", "the first"),
    ],
)
def test_next_is_the_weekday_after_the_triggers_date(
    at: str, weekday: str, clock: str, zone: str, expected: str, why: str
) -> None:
    """`next` never means the trigger's own date, however early it is."""
    found = due(at, user="Europe/Paris", next=weekday, at=clock, zone=zone)
    assert found == utc(expected), why


@pytest.mark.parametrize(
    ("user", "at", "fallback", "expected", "why"),
    [
        ("Europe/Paris", "2026-02-02T08:59Z", "10:00", "2026-02-02T09:00Z", "today"),
        ("Europe/Paris", "2026-02-02T09:00Z", "10:00", "2026-02-02T09:00Z", "exactly now is now"),
        ("Europe/Paris", "2026-02-02T09:01Z", "10:00", "2026-02-03T09:00Z", "tomorrow"),
        ("Europe/Paris", "2026-03-29T01:10Z", "02:30", "2026-03-29T01:30Z", "03:30 is to come"),
        ("Europe/Paris", "2026-10-25T01:15Z", "02:30", "2026-10-26T01:30Z", "no second 02:30"),
        ("America/Nuuk", "2026-03-29T01:10Z", "23:30", "2026-03-29T01:30Z", "Saturday's, moved"),
        ("America/St_Johns", "2009-11-01T03:15Z", "00:00", "2009-11-02T03:30Z", "two are past"),
    ],
)
def test_best_time_is_its_fallback(
    user: str, at: str, fallback: str, expected: str, why: str
) -> None:
    """As long as engagement is unknown, the next fallback time on the user's clock is the best."""
    assert due(at, user=user, best_time=True, fallback=fallback) == utc(expected), why


APPOINTMENT = {"appointment_at": "2026-02-05T15:00:00+01:00", "visit": {"at": "2026-02-05T15:00"}}


@pytest.mark.parametrize(
    ("form", "expected", "why"),
    [
        ({"until": "appointment_at"}, "2026-02-05T14:00Z", "at it"),
        ({"until": "appointment_at", "minus": "24h"}, "2026-02-04T14:00Z", "the day before"),
        ({"until": "appointment_at", "plus": "2h"}, "2026-02-05T16:00Z", "afterwards"),
        ({"until": "appointment_at", "zone": "UTC"}, "2026-02-05T14:00Z", "it has an offset"),
        ({"until": "visit.at"}, "2026-02-05T06:00Z", "15:00 in the user's Tokyo"),
        ({"until": "visit.at", "zone": "company"}, "2026-02-05T14:00Z", "15:00 in Paris"),
        ({"until": "2026-03-01T12:00:00Z"}, "2026-03-01T12:00Z", "a literal instant"),
        ({"until": "2026-03-01T12:00"}, "2026-03-01T03:00Z", "a literal on the user's clock"),
        ({"until": "2026-03-01", "zone": "UTC"}, "2026-03-01T00:00Z", "a date is its midnight"),
    ],
)
def test_until_waits_for_an_instant(form: dict[str, Any], expected: str, why: str) -> None:
    """`until` is a literal instant or one of the trigger's, and without a zone it is in `zone`."""
    found = due("2026-02-02T10:00Z", user="Asia/Tokyo", properties=APPOINTMENT, **form)
    assert found == utc(expected), why


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-02-03T10:00:00Z", utc("2026-02-02T10:00Z")),
        ("2026-02-03T09:59:59Z", Reason.DELAY_IN_PAST),
        ("2025-02-03T10:00:00Z", Reason.DELAY_IN_PAST),
        ("green_tea", Reason.DELAY_INVALID),
        ("2026-02-30T10:00:00Z", Reason.DELAY_INVALID),
        ("", Reason.DELAY_INVALID),
        (None, Reason.DELAY_INVALID),
        (True, Reason.DELAY_INVALID),
        (1770026400, Reason.DELAY_INVALID),
        (["2026-02-05T15:00:00Z"], Reason.DELAY_INVALID),
        ({"at": "2026-02-05T15:00:00Z"}, Reason.DELAY_INVALID),
    ],
)
def test_until_needs_an_instant_that_is_not_past(value: Any, expected: Any) -> None:
    """The very instant of the trigger is now, a second before is past, no instant is invalid."""
    properties = {"when": value}
    assert due("2026-02-02T10:00Z", properties=properties, until="when", minus="24h") == expected
    assert due("2026-02-02T10:00Z", until="when") is Reason.DELAY_INVALID


@pytest.mark.parametrize(
    ("at", "form"),
    [
        ("9999-12-01T00:00Z", {"after": "520w"}),
        ("9999-12-31T12:00Z", {"days": 1, "at": "09:00"}),
        ("9999-12-31T23:00Z", {"next": "monday", "at": "09:00"}),
        ("9999-12-31T23:30Z", {"best_time": True, "fallback": "09:00"}),
        ("2026-02-02T10:00Z", {"until": "9999-12-31T23:59", "zone": "America/New_York"}),
        ("2026-02-02T10:00Z", {"until": "9999-12-31T23:59Z", "plus": "1d"}),
        ("2026-02-02T10:00Z", {"until": "0001-01-01T00:00", "zone": "Asia/Tokyo"}),
        ("2026-02-02T10:00Z", {"until": "0001-01-01T00:00Z", "minus": "1d"}),
    ],
)
def test_a_due_time_that_no_date_can_hold_is_invalid(at: str, form: dict[str, Any]) -> None:
    """Beyond the years 1 to 9999 there is no due time, and no error."""
    assert due(at, **form) is Reason.DELAY_INVALID


@pytest.mark.parametrize(
    ("form", "moves"),
    [
        ({"after": "1h"}, False),
        ({"days": 1, "at": "09:00"}, True),
        ({"days": 1, "at": "09:00", "zone": "company"}, False),
        ({"next": "monday", "at": "09:00"}, True),
        ({"next": "monday", "at": "09:00", "zone": "Asia/Tokyo"}, False),
        ({"best_time": True, "fallback": "10:00"}, True),
        ({"until": "visit.at"}, True),
        ({"until": "visit.at", "zone": "company"}, False),
        ({"until": "appointment_at"}, False),
        ({"until": "2026-03-01T12:00"}, True),
        ({"until": "2026-03-01T12:00Z"}, False),
        ({"until": "missing"}, False),
    ],
)
def test_only_times_on_the_users_clock_move_with_the_user(
    form: dict[str, Any], moves: bool
) -> None:
    """A changed `time_zone` moves what was read on the user's clock, and nothing else. # T2"""
    assert moves_with_user(delay(**form), APPOINTMENT) is moves
    before = due("2026-02-02T10:00Z", user="Asia/Tokyo", properties=APPOINTMENT, **form)
    after = due("2026-02-02T10:00Z", user="America/Lima", properties=APPOINTMENT, **form)
    assert (before != after) is moves
    assert not moves_with_user(None, APPOINTMENT)
