"""What an update step may write into a profile: what an event may carry, no more and no less."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.definitions.written import checked, found, journey
from unless.definitions.checking import updates
from unless.definitions.checks import check_values
from unless.engine.model import UserEvent
from unless.events import limits
from unless.events.intake import parse_row

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
PLACE = "steps[0].update.attributes"


def updating(attributes: Any) -> dict[str, Any]:
    return {
        "journey": "v",
        "entry": {"trigger": {"event": "a"}},
        "steps": [{"update": {"attributes": attributes}}],
    }


def refused(attributes: Any) -> list[tuple[str, str]]:
    """Return code and path, below the attributes, of each mistake."""
    issues = check_values([updating(attributes)]).issues
    assert all(issue.message and issue.remedy for issue in issues)
    return [(str(issue.code), issue.path.removeprefix(PLACE)) for issue in issues]


@pytest.mark.parametrize(
    ("text", "code", "path", "offered"),
    [
        ("time_zone: Europe/Pariss", "bad_time_zone", "time_zone", "`Europe/Paris`"),
        ("time_zone: user", "bad_time_zone", "time_zone", "IANA"),
        ("time_zone: 2", "bad_time_zone", "time_zone", "IANA"),
        ("email_subscribe: opted in", "bad_value", "email_subscribe", "`opted_in`"),
        ("email_subscribe: true", "bad_value", "email_subscribe", "`subscribed`"),
        ("email: 5", "bad_value", "email", "quotes"),
        ("country: [FR]", "bad_value", "country", "quotes"),
        ("subscription_groups: news", "bad_value", "subscription_groups", "{newsletter: true}"),
        ("subscription_groups: {news: yes}", "bad_value", "subscription_groups.news", "true"),
    ],
)
def test_an_attribute_with_a_meaning_must_have_one(
    text: str, code: str, path: str, offered: str
) -> None:
    """Each is told at its place, with what may stand there."""
    (issue,) = checked(journey(f"steps: [{{update: {{attributes: {{{text}}}}}}}]")).issues
    assert (issue.code, issue.path, issue.line) == (code, f"{PLACE}.{path}", 3)
    assert offered in issue.remedy


@pytest.mark.parametrize(
    "text",
    [
        "plan: null", "time_zone: null", "email_subscribe: null", "subscription_groups: null",
        "subscription_groups: {news: null, other: true}", "email: null", "a: [null, {b: null}]",
        "time_zone: Asia/Tokyo", "email_subscribe: unsubscribed", "a: {b: [1, 2.5, true, x]}",
    ],
)  # fmt: skip
def test_null_removes_and_json_is_kept(text: str) -> None:
    """V8: null is a value here, at any depth, and everything that JSON has may be written."""
    assert found(journey(f"steps: [{{update: {{attributes: {{{text}}}}}}}]")) == []


def test_null_outside_the_attributes_is_still_a_mistake() -> None:
    """Only the attributes themselves may be null."""
    text = "steps: [{update: {id: null, attributes: {a: null}}}]"
    assert found(journey(text)) == [("bad_value", "steps[0].update.id", 3)]


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


LIMITS = [
    ({"a": "x" * 8192}, {"a": "x" * 8193}, "bad_value", ".a"),
    ({"a": "é" * 4096}, {"a": "é" * 4097}, "bad_value", ".a"),
    ({"a": nested(19)}, {"a": nested(20)}, "bad_value", ".a" + "[0]" * 19),
    ({"a": {"n" * 255: 1}}, {"a": {"n" * 256: 1}}, "bad_value", ".a"),
    ({"a": 10**38 - 1}, {"a": 10**38 + 1}, "bad_value", ".a"),
    ({"a": 1e308}, {"a": float("inf")}, "bad_value", ".a"),
    ({"a": 10**300}, {"a": 10**400}, "bad_value", ".a"),
    ({str(n): 1 for n in range(256)}, {str(n): 1 for n in range(257)}, "list_too_long", ""),
    ({str(n): "x" * 8000 for n in range(16)}, {str(n): "x" * 8000 for n in range(17)},
     "bad_value", ""),
]  # fmt: skip


@pytest.mark.parametrize(("most", "more", "code", "path"), LIMITS)
def test_the_limits_are_those_of_an_event(most: Any, more: Any, code: str, path: str) -> None:
    """V6: what an event may just carry may be written, and one more may not."""
    assert refused(most) == []
    assert refused(more) == [(code, path)]


@pytest.mark.parametrize("value", [date(2026, 2, 2), {1, 2}, b"x", "\ud800", float("nan")])
def test_what_json_has_not_is_refused(value: Any) -> None:
    """Only a document made in Python can hold it, and it could never be stored."""
    assert refused({"a": value}) == [("bad_value", ".a")]


def test_the_limits_are_the_same_numbers() -> None:
    """Both packages name them, since the definitions may not import the events."""
    for name in ("ATTRIBUTES_MAX", "NESTING_MAX", "NAME_CHARACTERS_MAX", "STRING_BYTES_MAX"):
        assert getattr(updates, name) == getattr(limits, name)
    assert updates.NUMBER_DIGITS_MAX == limits.NUMBER_DIGITS_MAX
    assert updates.BYTES_MAX == limits.EVENT_BYTES_MAX


names = st.sampled_from(
    ["a", "email", "time_zone", "email_subscribe", "subscription_groups", "country"]
)
words = st.sampled_from(["UTC", "opted_in", "unsubscribed", "Nowhere", "x", ""])
plain = st.none() | st.booleans() | st.integers() | st.floats() | words
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
)


@given(st.dictionaries(names, values, min_size=1, max_size=4))
def test_what_an_update_may_write_an_event_may_carry(attributes: dict[str, Any]) -> None:
    """The other way round, only `email_subscribe` is stricter here."""
    event = parse_row({"user": "u", "event": "e", "attributes": attributes}, NOW, "1")
    accepted = isinstance(event, UserEvent)
    known = attributes.get("email_subscribe") in (None, *updates.SUBSCRIPTIONS)
    assert (refused(attributes) == []) == (accepted and known)
