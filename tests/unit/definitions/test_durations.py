"""How people write spans of time, clock times, zones and instants."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from unless.definitions.durations import (
    DURATION_MAX,
    format_duration,
    in_utc,
    parse_clock,
    parse_duration,
    parse_instant,
    parse_zone,
    utc_instant,
    zone_names,
    zone_of,
)

spans = st.integers(min_value=0, max_value=int(DURATION_MAX.total_seconds())).map(
    lambda seconds: timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("45s", timedelta(seconds=45)),
        ("30m", timedelta(minutes=30)),
        ("90m", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        ("5d", timedelta(days=5)),
        ("2w", timedelta(weeks=2)),
        ("0s", timedelta(0)),
        ("007s", timedelta(seconds=7)),
        ("00000000000000001h", timedelta(hours=1)),
        ("PT1H", timedelta(hours=1)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("P2W", timedelta(weeks=2)),
    ],
)
def test_a_span_is_read_with_its_units(text: str, span: timedelta) -> None:
    """All ways of SPEC section 4 to write a span are read."""
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "value",
    [
        90, 0, 1.5, True, None, [], {}, "", "90", "P", "PT", "P1DT", "1h 30m", "30m1h", "1.5h",
        "-1h", "h", "1H", "1 h", "1hour", "PT1", "P1H", "٣h", "1h\n", "9999999999d",
        "9" * 5000 + "s",
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_no_span_is_refused(value: object) -> None:
    """A bare number, another order, another unit or more than ten years is `bad_duration`."""
    with pytest.raises(PydanticCustomError) as refusal:
        parse_duration(value)
    assert refusal.value.type == "bad_duration"


@given(spans)
def test_a_span_survives_being_written(span: timedelta) -> None:
    """What is written of a span is read as the same span."""
    assert parse_duration(format_duration(span)) == span


@given(st.text(alphabet="0123456789wdhmsPT ", max_size=12))
def test_any_text_is_a_span_or_refused(text: str) -> None:
    """No text makes the reader fail in another way, or gives a span beyond the bounds."""
    try:
        span = parse_duration(text)
    except PydanticCustomError:
        return
    assert timedelta(0) <= span <= DURATION_MAX


@pytest.mark.parametrize("text", ["00:00", "09:00", "23:59"])
def test_a_clock_time_is_read(text: str) -> None:
    """Hours and minutes with two digits each are a clock time."""
    assert parse_clock(text).strftime("%H:%M") == text


@pytest.mark.parametrize(
    "value", ["24:00", "9:00", "09:60", "09:00:00", "0900", 900, None, "09:00 "]
)
def test_what_is_no_clock_time_is_refused(value: object) -> None:
    """Other spellings are refused and not guessed."""
    with pytest.raises(PydanticCustomError, match="HH:MM"):
        parse_clock(value)


@pytest.mark.parametrize("name", ["user", "company", "Europe/Paris", "UTC", "Asia/Kathmandu"])
def test_a_zone_is_a_role_or_an_existing_name(name: str) -> None:
    """The two roles and IANA's names are zones."""
    assert parse_zone(name) == name


@pytest.mark.parametrize(
    "value", ["Europe/Pariss", "europe/paris", "", "localtime", "../etc/passwd", "+01:00", 1, None]
)
def test_another_zone_is_refused(value: object) -> None:
    """Neither a misspelt name, nor the machine's own zone, nor a path is a zone."""
    with pytest.raises(PydanticCustomError) as refusal:
        parse_zone(value)
    assert refusal.value.type == "bad_time_zone"


def test_every_listed_zone_can_be_loaded() -> None:
    """What the list of names promises, the data behind it holds."""
    assert all(zone_of(name) for name in zone_names())


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-02-01", datetime(2026, 2, 1)),  # noqa: DTZ001 - as written
        ("2026-02-01T09:00", datetime(2026, 2, 1, 9)),  # noqa: DTZ001 - as written
        ("2026-02-01 09:00:30", datetime(2026, 2, 1, 9, 0, 30)),  # noqa: DTZ001 - as written
        ("2026-02-01T09:00:00Z", datetime(2026, 2, 1, 9, tzinfo=UTC)),
        ("2026-02-01T09:00:00.5+01:00", datetime(2026, 2, 1, 8, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_an_instant_keeps_its_zone_or_has_none(text: str, instant: datetime) -> None:
    """A date and time without a zone stays without: only its place says which one is meant."""
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "value", ["tomorrow", "2026-02-30", "2026-2-1", "20260201", "2026-W05", "12:00", "", 5, None]
)
def test_what_is_no_instant_is_refused(value: object) -> None:
    """Other texts, and dates that do not exist, are refused."""
    with pytest.raises(PydanticCustomError, match="instant"):
        parse_instant(value)
    assert in_utc(value) is None


def test_an_end_beyond_all_years_is_the_last_instant() -> None:
    """9999-12-31T23:59 means "never ends" also where its UTC date would be in the year 10000."""
    end = parse_instant("9999-12-31T23:59")
    assert utc_instant(end, ZoneInfo("America/New_York")) == datetime.max.replace(tzinfo=UTC)
    beginning = parse_instant("0001-01-01T00:00")
    assert utc_instant(beginning, ZoneInfo("Asia/Tokyo")) == datetime.min.replace(tzinfo=UTC)
