"""SPEC section 2, "profile attributes with a meaning", and what a sentence of refusal may say."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from unless.engine.model import UserEvent
from unless.events.intake import parse_envelope
from unless.events.rejection import Rejected, RejectReason

ARRIVED = datetime(2026, 2, 2, 10, tzinfo=UTC)


def parse(properties: Any = None, **attributes: object) -> UserEvent | Rejected:
    """What an otherwise sound event with these attributes becomes."""
    detail = {"user_id": "u", "properties": properties, "attributes": attributes}
    return parse_envelope(json.dumps({"detail-type": "n", "id": "e", "detail": detail}), ARRIVED)


@pytest.mark.parametrize(
    "attributes",
    [
        {"email": "a@example.test", "phone": "+33", "language": "fr", "country": "FR"},
        {"email": "", "email_subscribe": "opted_in"},
        {"email": None, "phone": None, "language": None, "country": None},
        {"time_zone": None, "subscription_groups": None, "email_subscribe": None},
        {"time_zone": "Europe/Paris"},
        {"time_zone": "America/Argentina/Buenos_Aires"},
        {"time_zone": "UTC"},
        {"subscription_groups": {}},
        {"subscription_groups": {"news": True, "sport": False, "art": None}},
        {"age": 41, "vip": True, "tags": ["a"], "address": {"city": "Lyon"}, "zip": None},
    ],
)
def test_accepted_as_sent(attributes: dict[str, object]) -> None:
    """V8: the attributes arrive as they were sent, with every null."""
    event = parse(**attributes)
    assert isinstance(event, UserEvent), event
    assert event.attributes == attributes


@pytest.mark.parametrize("name", ["email", "phone", "language", "country", "email_subscribe"])
@pytest.mark.parametrize("wrong", [17, True, [], {}])
def test_text_attributes(name: str, wrong: object) -> None:
    """What Unless reads as text must be text, or null."""
    expected = Rejected(RejectReason.BAD_TYPE, f"attributes.{name}: must be text or null")
    assert parse(**{name: wrong}) == expected


BAD_ZONES = [
    *["Europe/Pariss", "europe/paris", "", " UTC", "+02:00", "UTC+2", "user", "company"],
    *["../../etc/passwd", "/etc/localtime", "Europe", "\0", "Europe/Paris\0", 2, True, [], {}],
]


@pytest.mark.parametrize("zone", BAD_ZONES, ids=range(len(BAD_ZONES)))
def test_bad_time_zone(zone: object) -> None:
    """Only the exact name of an IANA zone is one; the whole event is refused."""
    result = parse(time_zone=zone)
    assert isinstance(result, Rejected)
    assert result.reason == RejectReason.BAD_TIME_ZONE


@pytest.mark.parametrize(
    "groups", [[], "news", True, {"news": "yes"}, {"news": 1}, {"ok": True, "news": {}}]
)
def test_bad_subscription_groups(groups: object) -> None:
    """Membership is true, false or null for each group."""
    result = parse(subscription_groups=groups)
    assert isinstance(result, Rejected)
    assert result.reason == RejectReason.BAD_TYPE
    assert result.detail.startswith("attributes.subscription_groups")


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"cart": {"items": [1, {"sku": float("nan")}]}}, "properties.cart.items[1].sku"),
        ({"grid": [[0, float("inf")]]}, "properties.grid[0][1]"),
        ({"a name": {"é": float("nan")}}, 'properties."a name"."\\u00e9"'),
        ({"x" * 60: float("nan")}, f'properties."{"x" * 40}..."'),
    ],
)
def test_sentence_names_the_place(properties: dict[str, object], path: str) -> None:
    """The path leads to the fault, in plain printable letters however the names were written."""
    result = parse(properties)
    assert isinstance(result, Rejected)
    assert result.detail.partition(": ")[0] == path
    assert result.detail.isascii()


@pytest.mark.parametrize(
    "attributes",
    [
        {"time_zone": "SECRET"},
        {"email": ["SECRET"]},
        {"subscription_groups": {"g": "SECRET"}},
        {"a": "SECRET\ud800"},
        {"a": "SECRET" * 10_000},
        {"a": {"SECRET" * 100: 1}},
    ],
)
def test_sentence_never_quotes_a_value(attributes: dict[str, object]) -> None:
    """A refusal ends in logs, so it holds nothing of what the user's profile says."""
    result = parse(**attributes)
    assert isinstance(result, Rejected)
    assert "SECRET" not in result.detail
