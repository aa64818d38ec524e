"""What a user received lately uses up the caps: by day, by week, rolling, by channel and tag."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from unless.definitions.models import Cap
from unless.engine.caps import capped_at
from unless.engine.model import Receipt, UserState
from unless.engine.records import Reason
from unless.engine.timing import Zones

PARIS, NEW_YORK = Zones("Europe/Paris", None), Zones("Europe/Paris", "America/New_York")


def utc(text: str) -> datetime:
    """Return the instant of ISO 8601 text, UTC where it has no zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def received(*times: str, channel: str = "event", tags: tuple[str, ...] = ()) -> UserState:
    """Return a user with a receipt at each of these instants."""
    receipts = (Receipt(f"s-{at}", "c", utc(at), channel, tags) for at in times)
    return UserState("u", receipts=tuple(receipts))


def capped(
    state: UserState,
    now: str,
    zones: Zones = PARIS,
    tags: tuple[str, ...] = (),
    **cap: Any,
) -> bool:
    """Whether one more e-mail with the tags is too many then."""
    caps = TypeAdapter(tuple[Cap, ...]).validate_python(({"max": 1, **cap},))
    refusal = capped_at(caps, "email", tags, state, utc(now), zones)
    assert refusal is None or refusal.reason is Reason.FREQUENCY_CAPPED
    return refusal is not None


@pytest.mark.parametrize(
    ("zones", "now", "expected"),
    [
        (PARIS, "2026-02-02T22:59:59", True),
        (PARIS, "2026-02-02T23:00:00", False),  # midnight in Paris
        (NEW_YORK, "2026-02-02T23:00:00", True),
        (NEW_YORK, "2026-02-03T04:59:59", True),
        (NEW_YORK, "2026-02-03T05:00:00", False),  # midnight in New York
    ],
)
def test_a_day_is_the_calendar_day_of_the_user(zones: Zones, now: str, expected: bool) -> None:
    """Not 24 hours, and not the company's day (K1)."""
    assert capped(received("2026-02-02T22:30:00"), now, zones, per="day") is expected


@pytest.mark.parametrize(
    ("first", "now", "expected"),
    [
        # Paris turns its clock forward on 29 March 2026: that day has 23 hours.
        ("2026-03-28T23:00:00", "2026-03-29T21:59:59", True),
        ("2026-03-28T23:00:00", "2026-03-29T22:00:00", False),
        # And back on 25 October 2026: 25 hours.
        ("2026-10-24T22:00:00", "2026-10-25T22:59:59", True),
        ("2026-10-24T22:00:00", "2026-10-25T23:00:00", False),
    ],
)
def test_a_day_is_as_long_as_its_clock_says(first: str, now: str, expected: bool) -> None:
    """A change of the clock makes the day shorter or longer."""
    assert capped(received(first), now, per="day") is expected


@pytest.mark.parametrize(
    ("first", "expected"), [("2026-02-02T23:00:00", True), ("2026-02-02T22:59:59", False)]
)
def test_a_week_is_the_day_and_the_six_before(first: str, expected: bool) -> None:
    """Received on the Tuesday before counts on Monday; on the Monday before it does not."""
    assert capped(received(first), "2026-02-09T10:00:00", per="week") is expected


@pytest.mark.parametrize(
    ("ago", "expected"),
    [(timedelta(hours=1), False), (timedelta(minutes=59, seconds=59), True), (timedelta(0), True)],
)
def test_a_duration_is_rolling_and_its_end_no_longer_counts(ago: timedelta, expected: bool) -> None:
    """A receipt exactly that long ago is out of it."""
    now = utc("2026-02-02T10:00:00")
    state = received((now - ago).replace(tzinfo=None).isoformat())
    assert capped(state, "2026-02-02T10:00:00", per="1h") is expected


def test_a_user_who_moved_has_the_days_of_the_new_zone() -> None:
    """What was yesterday in Paris is today in New York."""
    state, now = received("2026-02-02T22:30:00"), "2026-02-02T23:30:00"
    assert not capped(state, now, PARIS, per="day")
    assert capped(state, now, NEW_YORK, per="day")


def test_a_cap_of_a_channel_counts_and_holds_back_only_that() -> None:
    """Of another channel it neither counts receipts nor refuses messages."""
    sms, email = received("2026-02-02T09:00", channel="sms"), received("2026-02-02T09:00")
    now = "2026-02-02T10:00:00"
    assert not capped(sms, now, per="day", channel="email")
    assert not capped(sms, now, per="day", channel="sms")
    assert capped(sms, now, per="day")
    assert not capped(email, now, per="day", channel="email")
    mailed = received("2026-02-02T09:00", channel="email")
    assert capped(mailed, now, per="day", channel="email")


def test_a_cap_of_a_tag_counts_receipts_with_the_tag_they_had() -> None:
    """The tags are those at the time of sending, of both."""
    now = "2026-02-02T10:00:00"
    promo = received("2026-02-02T09:00", tags=("promo", "spring"))
    assert capped(promo, now, tags=("promo",), per="day", tag="promo")
    assert not capped(promo, now, tags=("news",), per="day", tag="promo")
    assert not capped(received("2026-02-02T09:00"), now, tags=("promo",), per="day", tag="promo")


def test_the_first_cap_that_is_used_up_is_told() -> None:
    """A looser one beside it lets nothing through; the record says which it was."""
    caps = TypeAdapter(tuple[Cap, ...]).validate_python(
        ({"max": 5, "per": "week"}, {"max": 2, "per": "2h", "channel": "email"})
    )
    state = received("2026-02-02T09:00", "2026-02-02T09:30", channel="email")
    refusal = capped_at(caps, "email", (), state, utc("2026-02-02T10:00"), PARIS)
    assert refusal is not None
    assert refusal.detail == {"max": 2, "per": "2h", "channel": "email"}
