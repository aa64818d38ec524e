"""The best time is the start of the hour in which the user was there most often."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.unit.engine.deciding import defined, event, only
from unless.definitions.models import BestTimeDelay, Delay
from unless.engine.decide import decide
from unless.engine.model import Attribute, PendingSend, UserState
from unless.engine.timing import Zones, due_at, settled

DELAY: TypeAdapter[Delay] = TypeAdapter(Delay)


def delay(**form: Any) -> Delay:
    """Return the delay that is written so."""
    return DELAY.validate_python(form)


def utc(text: str) -> datetime:
    """Return the instant of ISO 8601 text."""
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "at", "expected", "why"),
    [
        ({18: 5}, "2026-02-02T16:59Z", "2026-02-02T17:00Z", "today, in Paris"),
        ({18: 5}, "2026-02-02T17:00Z", "2026-02-02T17:00Z", "exactly at its start is now"),
        ({18: 5}, "2026-02-02T17:00:01Z", "2026-02-03T17:00Z", "within it, the next one"),
        ({18: 4}, "2026-02-02T12:00Z", "2026-02-03T09:00Z", "four are too few: the fallback"),
        ({18: 2, 9: 2, 12: 1}, "2026-02-02T12:00Z", "2026-02-03T08:00Z", "a tie: the earliest"),
        ({0: 2, 23: 3}, "2026-02-02T12:00Z", "2026-02-02T22:00Z", "the last hour of the day"),
        ({2: 5}, "2026-03-28T12:00Z", "2026-03-29T01:00Z", "a gap: 02:00 is 03:00"),
        ({2: 5}, "2026-10-24T12:00Z", "2026-10-25T00:00Z", "an overlap: the first 02:00"),
        ({2: 5}, "2026-10-25T00:30Z", "2026-10-26T01:00Z", "no second 02:00"),
    ],
)
def test_best_time_is_the_start_of_the_most_engaged_hour(
    hours: dict[int, int], at: str, expected: str, why: str
) -> None:
    """The next one on the user's clock, from five events on."""
    best = delay(best_time=True, fallback="10:00")
    found = due_at(best, utc(at), {}, Zones("UTC", "Europe/Paris"), hours)
    assert found == utc(expected), why


def test_a_settled_best_time_stays_at_its_hour() -> None:
    """Whatever the user does meanwhile, and in another zone at that hour there."""
    settled_at_18 = settled(delay(best_time=True, fallback="10:00"), {18: 5})
    later = due_at(settled_at_18, utc("2026-02-02T12:00Z"), {}, Zones("UTC", "Asia/Tokyo"))
    assert later == utc("2026-02-03T09:00Z")
    other = delay(after="1h")
    assert settled(other, {18: 5}) == other


def test_a_send_that_waits_for_it_moves_with_the_zone_to_the_same_hour() -> None:
    """Also when the user has been busier at another hour since (T2)."""
    best = {"best_time": True, "fallback": "10:00"}
    published = defined({"campaign": "c", "trigger": {"event": "go"}, "delay": best})
    zone = {"time_zone": Attribute("Europe/Paris", utc("2020-01-01T00:00Z"))}
    state = UserState("u", attributes=zone, hours={18: 5})
    now = utc("2026-02-02T10:00:00Z")
    state = decide(state, event("go"), published, now).state
    send = only(state)
    assert isinstance(send, PendingSend)
    assert isinstance(send.delay, BestTimeDelay)
    assert send.due == utc("2026-02-02T17:00Z")
    for number in range(9):
        state = decide(state, event("session_start", number), published, now).state
    moved = event("profile", 60, attributes={"time_zone": "America/New_York"})
    state = decide(state, moved, published, utc("2026-02-02T10:01:00Z")).state
    assert only(state).due == utc("2026-02-02T23:00Z")
