"""
Rows of the past: what marks them, what a profile is, and what the border makes of them.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from unless.engine.history import PROFILE
from unless.engine.model import UserEvent
from unless.events.intake import parse_envelope, parse_row
from unless.events.past import as_past
from unless.events.put_entry import as_put_entry
from unless.events.rejection import Rejected

NOW = datetime(2026, 2, 2, tzinfo=UTC)
LONG_AGO = "2024-05-06T07:08:09Z"
SHORT = {"user": "u", "event": "e", "time": LONG_AGO}
ENVELOPE = {"detail-type": "e", "time": LONG_AGO, "detail": {"user_id": "u"}}
PROFILE_ROW = {"user": "u", "attributes": {"plan": "gold"}, "time": LONG_AGO}
PROFILE_ENVELOPE = {"detail": {"user_id": "u", "attributes": {"plan": "gold"}}, "time": LONG_AGO}


def parsed(row: dict[str, Any]) -> UserEvent | Rejected:
    """The row as the border takes it in, once it is marked as past."""
    past = as_past(row)
    return past if isinstance(past, Rejected) else parse_row(past, NOW, "id")


@pytest.mark.parametrize("row", [SHORT, ENVELOPE])
def test_a_past_event_is_marked_and_keeps_its_time(row: dict[str, Any]) -> None:
    """In either form, however long ago it happened."""
    event = parsed(row)
    assert isinstance(event, UserEvent)
    assert event.backfill
    assert event.time == datetime.fromisoformat(LONG_AGO)


@pytest.mark.parametrize("row", [PROFILE_ROW, PROFILE_ENVELOPE])
def test_a_row_without_a_name_is_a_profile(row: dict[str, Any]) -> None:
    """It brings attributes, and is no event of the app."""
    event = parsed(row)
    assert isinstance(event, UserEvent)
    assert (event.name, event.attributes, event.backfill) == (PROFILE, {"plan": "gold"}, True)


def test_a_profile_without_a_time_holds_from_now_on() -> None:
    """It says what is known, not what happened."""
    event = parsed({"user": "u", "attributes": {"plan": "gold"}})
    assert isinstance(event, UserEvent)
    assert event.time == NOW


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"user": "u", "event": "e"}, "bad_time"),
        ({"detail-type": "e", "detail": {"user_id": "u"}}, "bad_time"),
        ({"user": "u", "time": LONG_AGO}, "no_name"),
        ({"user": "u", "attributes": {}, "time": LONG_AGO}, "no_name"),
        ({"event": "e", "time": LONG_AGO}, "no_user"),
        ({"detail-type": "e", "detail": [1]}, "not_an_object"),
        ({**SHORT, "attributes": {"time_zone": "Mars"}}, "bad_time_zone"),
    ],
)
def test_what_is_no_past_event_is_refused(row: dict[str, Any], reason: str) -> None:
    """Without a time it did not happen in the past, and without anything it says nothing."""
    refused = parsed(row)
    assert isinstance(refused, Rejected)
    assert refused.reason == reason


@pytest.mark.parametrize("row", [SHORT, ENVELOPE, PROFILE_ROW, PROFILE_ENVELOPE])
def test_the_mark_goes_over_the_bus(row: dict[str, Any]) -> None:
    """What the rule hands to the queue is the same event, marked."""
    past = as_past(row)
    assert not isinstance(past, Rejected)
    entry = as_put_entry(past, source="s", bus="b")
    assert not isinstance(entry, Rejected)
    body = f'{{"id": "x", "detail-type": "{entry["DetailType"]}", "detail": {entry["Detail"]}}}'
    event = parse_envelope(body, NOW)
    assert isinstance(event, UserEvent)
    assert event.backfill


@pytest.mark.parametrize("flag", ["yes", 1, {}])
def test_a_mark_of_another_type_goes_to_quarantine(flag: object) -> None:
    """Guessing could send messages for a load of old events."""
    event = parse_row({**SHORT, "backfill": flag}, NOW, "id")
    assert isinstance(event, Rejected)
    assert (event.reason, event.detail) == ("bad_type", "backfill: must be true or false")


@pytest.mark.parametrize("flag", [None, False])
def test_an_event_is_no_past_one_unless_marked(flag: object) -> None:
    """Any event of an app may say that it is none."""
    event = parse_row({**SHORT, "backfill": flag}, NOW, "id")
    assert isinstance(event, UserEvent)
    assert not event.backfill
