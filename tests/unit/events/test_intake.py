"""SPEC section 2 and V5: what becomes of an event, and why where it can never be understood."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unless.engine.model import UserEvent
from unless.events.intake import parse_envelope, parse_row
from unless.events.rejection import Rejected, RejectReason

ARRIVED = datetime(2026, 2, 2, 10, tzinfo=UTC)
HAPPENED = datetime(2026, 2, 2, 9, 59, 58, tzinfo=UTC)

ENVELOPE: dict[str, Any] = {
    "version": "0",
    "id": "envelope-1",
    "source": "com.acme.shop",
    "detail-type": "cart_updated",
    "time": "2026-02-02T09:59:59Z",
    "detail": {
        "user_id": "u-17",
        "id": "evt-1",
        "time": "2026-02-02T09:59:58Z",
        "properties": {"cart_id": "c-9", "cart_value": 150, "items": [{"sku": "bag"}]},
        "attributes": {"country": "FR", "email": "u@example.test"},
    },
}


def envelope(**detail: object) -> str:
    """The body of the sound envelope with these keys of its detail changed."""
    return json.dumps(ENVELOPE | {"detail": ENVELOPE["detail"] | detail})


def parse(**detail: object) -> UserEvent:
    """The event of an envelope that must be accepted."""
    event = parse_envelope(envelope(**detail), ARRIVED)
    assert isinstance(event, UserEvent), event
    return event


def reason(result: UserEvent | Rejected) -> RejectReason | None:
    return result.reason if isinstance(result, Rejected) else None


def test_envelope_becomes_the_event_it_says() -> None:
    """Name, user, id, time, properties and attributes are those of the envelope and its detail."""
    assert parse() == UserEvent(
        id="evt-1",
        user="u-17",
        name="cart_updated",
        time=HAPPENED,
        arrived=ARRIVED,
        properties={"cart_id": "c-9", "cart_value": 150, "items": [{"sku": "bag"}]},
        attributes={"country": "FR", "email": "u@example.test"},
        root="evt-1",
    )
    assert parse_envelope(envelope().encode(), ARRIVED) == parse()


def test_short_form_becomes_the_same_event() -> None:
    """A line in short form, a line in EventBridge form and a message say the same."""
    detail = ENVELOPE["detail"]
    row = {"user": "u-17", "event": "cart_updated"}
    row |= {key: value for key, value in detail.items() if key != "user_id"}
    assert parse_row(row, ARRIVED, "unused") == parse()
    assert parse_row(ENVELOPE, ARRIVED, "unused") == parse()


@pytest.mark.parametrize("absent", [{}, {"id": None, "time": None}])
def test_envelope_fills_in_id_and_time(absent: dict[str, None]) -> None:
    """Without its own, the detail has the id and the time of the envelope."""
    body = ENVELOPE | {"detail": {"user_id": "u"} | absent}
    for event in (parse_envelope(json.dumps(body), ARRIVED), parse_row(body, ARRIVED, "unused")):
        assert isinstance(event, UserEvent)
        assert (event.id, event.root) == ("envelope-1", "envelope-1")
        assert event.time == datetime(2026, 2, 2, 9, 59, 59, tzinfo=UTC)
        assert (event.properties, event.attributes) == ({}, {})


def test_row_without_id_and_time() -> None:
    """It has the id that the reader gives it, and happened when it arrived."""
    event = parse_row({"user": "u", "event": "visit"}, ARRIVED, "file:7")
    assert event == UserEvent("file:7", "u", "visit", ARRIVED, ARRIVED, root="file:7")


def test_outside_events_have_no_hops() -> None:
    """Whatever an app claims, its event caused nothing before; unknown keys are ignored."""
    event = parse(hops=4, root="x", clamped=True, other=[1])
    assert (event.hops, event.root, event.clamped) == (0, "evt-1", False)


@pytest.mark.parametrize(
    ("written", "time", "clamped"),
    [
        ("2026-02-02T09:59:58Z", HAPPENED, False),
        ("2026-02-02T09:59:58", HAPPENED, False),
        ("2026-02-02T11:59:58+02:00", HAPPENED, False),
        ("2026-02-02T09:59:58.123456789Z", HAPPENED + timedelta(microseconds=123456), False),
        ("2026-02-02", datetime(2026, 2, 2, tzinfo=UTC), False),
        ("2026-02-02T10:00:00Z", ARRIVED, False),
        ("2026-02-02T10:00:00.000001Z", ARRIVED, True),
        ("2026-02-02T10:00:00-01:00", ARRIVED, True),
        ("9999-12-31T23:59:59Z", ARRIVED, True),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC), False),
    ],
)
def test_time_of_an_event(written: str, time: datetime, clamped: bool) -> None:
    """V2: a time without zone is UTC, and one in the future becomes the arrival and is flagged."""
    event = parse(time=written)
    assert (event.time, event.clamped, event.arrived) == (time, clamped, ARRIVED)
    assert event.time.tzinfo is UTC


BAD_TIMES = [
    *["", "yesterday", "10:00", "2026-02-30T00:00:00Z", "2026-02-02T25:00:00Z"],
    *["0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z"],
    *["10000-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00", "2026-02-02T09:00:00+25:00"],
    *["٢٠٢٦-٠٢-٠٢", "\0", "\ud800", "2026-02-02T09:00:00 Europe/Paris", "2026-W06-1"],
    *[1770026398, 1.5, True, [], {}],
]


@pytest.mark.parametrize("written", BAD_TIMES, ids=range(len(BAD_TIMES)))
def test_bad_time(written: object) -> None:
    """What is no ISO 8601 text, or lies before 1970, can never be understood."""
    assert reason(parse_envelope(envelope(time=written), ARRIVED)) == RejectReason.BAD_TIME


BODIES = [
    ("", RejectReason.NOT_JSON),
    (b"", RejectReason.NOT_JSON),
    ("not json", RejectReason.NOT_JSON),
    ("{} {}", RejectReason.NOT_JSON),
    ('{"a":', RejectReason.NOT_JSON),
    ("\ufeff{}", RejectReason.NOT_JSON),
    (b"\xef\xbb\xbf{}", RejectReason.NOT_JSON),
    (b'{"a": "\xff"}', RejectReason.NOT_JSON),
    ("{}".encode("utf-16"), RejectReason.NOT_JSON),
    ("\0", RejectReason.NOT_JSON),
    ("null", RejectReason.NOT_AN_OBJECT),
    ("17", RejectReason.NOT_AN_OBJECT),
    ('"text"', RejectReason.NOT_AN_OBJECT),
    ("[{}]", RejectReason.NOT_AN_OBJECT),
    ("NaN", RejectReason.NOT_AN_OBJECT),
    ('{"detail": [], "detail-type": "n"}', RejectReason.NOT_AN_OBJECT),
    ('{"detail": "{}", "detail-type": "n"}', RejectReason.NOT_AN_OBJECT),
    ("{}", RejectReason.NO_USER),
    ('{"detail": null, "detail-type": "n"}', RejectReason.NO_USER),
    ('{"detail": {"user": "u"}, "detail-type": "n"}', RejectReason.NO_USER),
    ('{"detail": {"user_id": null}, "detail-type": "n"}', RejectReason.NO_USER),
    ('{"detail": {"user_id": "u"}}', RejectReason.NO_NAME),
    ('{"detail": {"user_id": "u"}, "detail-type": null}', RejectReason.NO_NAME),
    ('{"detail": {"user_id": "u"}, "detail-type": 7}', RejectReason.BAD_TYPE),
    ('{"detail": {"user_id": "u"}, "detail-type": "n"}', RejectReason.BAD_ID),
    ('{"detail": {"user_id": "u", "user_id": "v", "id": "e"}, "detail-type": "n"}', None),
]


@pytest.mark.parametrize(("body", "expected"), BODIES, ids=range(len(BODIES)))
def test_bodies(body: str | bytes, expected: RejectReason | None) -> None:
    """Each way to be no event has its reason; of keys given twice the last counts."""
    result = parse_envelope(body, ARRIVED)
    assert reason(result) == expected
    assert isinstance(result, Rejected) or result.user == "v"


@pytest.mark.parametrize("wrong", [17, 1.5, True, [], ["u"], {}])
@pytest.mark.parametrize("key", ["user_id", "id"])
def test_ids_are_not_coerced(key: str, wrong: object) -> None:
    """Only text is an id; the sentence says to send text."""
    result = parse_envelope(envelope(**{key: wrong}), ARRIVED)
    assert isinstance(result, Rejected)
    assert result.reason == RejectReason.BAD_TYPE
    assert 'send "17"' in result.detail


@pytest.mark.parametrize(
    "detail",
    [
        {"user_id": "\ud800"},
        {"id": "x\udfff"},
        {"properties": {"\ud800": 1}},
        {"properties": {"a": [{"\ud800": 1}]}},
        {"properties": {"a": "ok\udc00"}},
        {"attributes": {"email": "\udc00\ud800"}},
    ],
)
def test_half_a_surrogate_pair_is_no_character(detail: dict[str, Any]) -> None:
    """What UTF-8 cannot hold is refused wherever it stands."""
    assert reason(parse_envelope(envelope(**detail), ARRIVED)) == RejectReason.BAD_STRING


def test_whole_surrogate_pair_is_a_character() -> None:
    """The escapes of a pair are one character."""
    assert parse(user_id="\ud83d\ude00").user == "😀"


@pytest.mark.parametrize("part", ["properties", "attributes"])
@pytest.mark.parametrize("wrong", [[], "text", 0, False, ""])
def test_properties_and_attributes_are_objects(part: str, wrong: object) -> None:
    """Anything but an object or null is refused, and the sentence names the part."""
    result = parse_envelope(envelope(**{part: wrong}), ARRIVED)
    assert result == Rejected(RejectReason.BAD_TYPE, f"{part}: must be an object or null")


def test_row_made_in_python() -> None:
    """What is not JSON is refused in a row as in a message, and a cycle ends as too deep."""
    cycle: list[object] = []
    cycle.append(cycle)
    row = {"user": "u", "event": "n"}
    for value, expected in (
        ({"a": HAPPENED}, RejectReason.BAD_TYPE),
        ({"a": (1, 2)}, RejectReason.BAD_TYPE),
        ({"a": {1: 2}}, RejectReason.BAD_NAME),
        ({"a": 10**5000}, RejectReason.BAD_NUMBER),
        ({"a": cycle}, RejectReason.TOO_DEEP),
    ):
        assert reason(parse_row({**row, "properties": value}, ARRIVED, "e")) == expected
