"""Which clock counts, and which instant a time on it is (SPEC T2)."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from unless.engine.timing import Zones, absolute, local_instant, utc_day


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("name", "user", "means"),
    [
        ("user", "Asia/Tokyo", "Asia/Tokyo"),
        ("user", None, "Europe/Paris"),
        ("user", "", "Europe/Paris"),
        ("user", "Asia/Tokio", "Europe/Paris"),
        ("user", "asia/tokyo", "Europe/Paris"),
        ("user", "+09:00", "Europe/Paris"),
        ("user", "../../etc/passwd", "Europe/Paris"),
        ("user", "user", "Europe/Paris"),
        ("company", "Asia/Tokyo", "Europe/Paris"),
        ("America/New_York", "Asia/Tokyo", "America/New_York"),
        ("Gone/Since", "Asia/Tokyo", "Europe/Paris"),
    ],
)
def test_a_zone_name_means_an_existing_zone(name: str, user: str | None, means: str) -> None:
    """`user` is the user's own zone if there is such a zone, and otherwise the company's."""
    assert Zones("Europe/Paris", user).resolve(name) == ZoneInfo(means)


@pytest.mark.parametrize("odd", [7, True, 1.5, ["Asia/Tokyo"], {"zone": "Asia/Tokyo"}])
def test_a_time_zone_of_a_wrong_type_is_none(odd: Any) -> None:
    """Whatever the attribute `time_zone` holds, the user gets a zone."""
    zones = Zones("Europe/Paris", odd)
    assert zones.resolve("user") == ZoneInfo("Europe/Paris")
    assert not zones.user_is_known


def test_whose_zone_it_is_can_be_told() -> None:
    """A record can say that the company's zone stood in for the user's."""
    assert Zones("UTC", "Asia/Tokyo").user_is_known
    assert not Zones("UTC", None).user_is_known


def test_a_company_without_an_existing_zone_has_utc() -> None:
    """A zone that the database no longer has never raises."""
    assert Zones("Gone/Since", None).resolve("user") == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("zone", "clock", "instant", "why"),
    [
        ("Europe/Paris", "2026-02-03T09:00", "2026-02-03T08:00Z", "an ordinary winter day"),
        ("Europe/Paris", "2026-03-29T01:59", "2026-03-29T00:59Z", "just before the gap"),
        ("Europe/Paris", "2026-03-29T02:00", "2026-03-29T01:00Z", "the gap's start is 03:00"),
        ("Europe/Paris", "2026-03-29T02:30", "2026-03-29T01:30Z", "in the gap it is 03:30"),
        ("Europe/Paris", "2026-03-29T03:00", "2026-03-29T01:00Z", "the gap's end"),
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30Z", "in the gap it is 03:30"),
        ("Europe/Paris", "2026-10-25T02:30", "2026-10-25T00:30Z", "the first of two 02:30"),
        ("Europe/Paris", "2026-10-25T03:00", "2026-10-25T02:00Z", "03:00 comes once"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z", "the first of two 01:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z", "a gap of half an hour"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45Z", "the first of two 01:45"),
        ("Asia/Kathmandu", "2026-02-04T00:00", "2026-02-03T18:15Z", "an offset of 5:45"),
        ("America/Santiago", "2026-09-06T00:00", "2026-09-06T04:00Z", "no midnight: it is 01:00"),
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T19:00Z", "no such date: it is the 31st"),
        ("Pacific/Kiritimati", "2026-02-03T09:00", "2026-02-02T19:00Z", "14 hours ahead"),
    ],
)
def test_a_clock_time_is_an_instant(zone: str, clock: str, instant: str, why: str) -> None:
    """Times in a gap move forward by the gap; in an overlap the first one counts. # T2"""
    wall = datetime.fromisoformat(clock)
    assert local_instant(wall.date(), wall.time(), ZoneInfo(zone)) == utc(instant), why
    assert absolute(wall, ZoneInfo(zone)) == utc(instant), why


def test_the_second_occurrence_cannot_be_asked_for() -> None:
    """A fold that rides along on a clock time does not make it the second occurrence. # T2"""
    second = time(2, 30, fold=1)
    paris = ZoneInfo("Europe/Paris")
    assert local_instant(date(2026, 10, 25), second, paris) == utc("2026-10-25T00:30Z")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-02-01T00:00", "2026-01-31T15:00Z"),
        ("2026-02-01T00:00Z", "2026-02-01T00:00Z"),
        ("2026-02-01T00:00+05:30", "2026-01-31T18:30Z"),
    ],
)
def test_only_a_naive_instant_is_read_in_the_zone(written: str, instant: str) -> None:
    """An instant with an offset is absolute, whatever the zone. # D1"""
    result = absolute(datetime.fromisoformat(written), ZoneInfo("Asia/Tokyo"))
    assert result == utc(instant)
    assert result.tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "zone", "nearest"),
    [
        ("9999-12-31T23:59", "America/Los_Angeles", "9999-12-31T23:59:59.999999Z"),
        ("9999-12-31T23:59-05:00", "UTC", "9999-12-31T23:59:59.999999Z"),
        ("0001-01-01T00:00", "Asia/Tokyo", "0001-01-01T00:00Z"),
        ("0001-01-01T00:00+05:00", "UTC", "0001-01-01T00:00Z"),
    ],
)
def test_what_no_date_can_hold_is_the_nearest_that_can(
    written: str, zone: str, nearest: str
) -> None:
    """An end in the year 9999 is an end in every zone, not an error."""
    assert absolute(datetime.fromisoformat(written), ZoneInfo(zone)) == utc(nearest)


def test_the_utc_day_is_the_date_in_utc() -> None:
    """The date is UTC's, also for an instant written with an offset."""
    assert utc_day(utc("2026-02-02T23:59:59Z")) == date(2026, 2, 2)
    assert utc_day(datetime.fromisoformat("2026-02-03T08:59:59+09:00")) == date(2026, 2, 2)
    assert utc_day(datetime.fromisoformat("9999-12-31T23:59-05:00")) == date.max
