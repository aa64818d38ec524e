"""
Whatever an app sends becomes an event or a reason, never an exception (SPEC V5, V6).

Some 10,000 inputs: JSON values and bytes that Hypothesis thinks of, and sound envelopes broken in
one or more places, by a seeded generator that knows what has broken parsers before.
"""

import json
import random
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unless.engine.model import UserEvent
from unless.events.intake import parse_envelope, parse_row
from unless.events.json_text import compact
from unless.events.put_entry import as_put_entry
from unless.events.rejection import Rejected, RejectReason

ARRIVED = datetime(2026, 2, 2, 10, tzinfo=UTC)
BROKEN = 8_000
"""Broken envelopes per run; with the examples of Hypothesis some 10,000 inputs."""

EVIL: list[Any] = [
    *[None, True, False, 0, -1, 7, 1.5, "", " ", "text", [], {}, [[]], [None], {"a": None}],
    *[float("nan"), float("inf"), float("-inf"), 10**38 - 1, 10**38 + 1, 10**308, 10**400, 1e-320],
    *["\0", "\ud800", "\udfff\ud800", "😀", "\u202e", "\ufeff", "\uffff", "x" * 255, "x" * 256],
    *[
        "x" * 8_192,
        "x" * 8_193,
        "é" * 4_097,
        "y" * 1_100_000,
        "'; drop",
        "{{7*7}}",
        "../..",
        "\x1b[",
    ],
    *["0000-01-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z"],
    *["1969-12-31", "2026-02-30", "2026-02-02T10:00:60Z", "2026-02-02T24:00:00Z", "2999-01-01"],
    *["Europe/Paris", "Europe/Pariss", "europe/paris", "Mars/Base", "/etc/localtime", "GMT+25"],
    *[{"": 1}, {"x" * 256: 1}, {"\ud800": 1}, {"a": {"b": [{"": 0}]}}, {"time_zone": "Mars"}],
    *[{str(n): n for n in range(257)}, [0] * 70_000, ["z" * 8_000] * 17, {"email": 1}],
    *[{"subscription_groups": {"g": "yes"}}, {"subscription_groups": []}],
]

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
        "properties": {"cart_id": "c-9", "cart_value": 150.25, "items": [{"sku": "bag", "n": 2}]},
        "attributes": {
            "country": "FR",
            "time_zone": "Europe/Paris",
            "subscription_groups": {"news": True},
            "email": None,
        },
    },
}


def check(result: object) -> RejectReason | None:
    """Assert that it is a sound event or a sound refusal; return the reason of a refusal."""
    if isinstance(result, Rejected):
        assert isinstance(result.reason, RejectReason)
        assert result.detail
        result.detail.encode("utf-8")
        return result.reason
    assert isinstance(result, UserEvent)
    assert result.time <= result.arrived == ARRIVED
    assert result.time.tzinfo is UTC
    assert all(1 <= len(text) <= 255 for text in (result.user, result.name, result.id))
    assert (result.hops, result.root) == (0, result.id)
    written = compact(
        {"p": dict(result.properties), "a": dict(result.attributes)}, finite=True
    ).encode()
    assert len(written) <= 131_072
    return None


# --- what Hypothesis thinks of --------------------------------------------------------------

ANY_TEXT = st.text(st.characters(), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner), max_leaves=12
)
KEYS = [
    "detail-type",
    "detail",
    "user_id",
    "id",
    "time",
    "properties",
    "attributes",
    "user",
    "event",
]
ROWS = st.dictionaries(
    st.sampled_from(KEYS),
    ANY_JSON | st.dictionaries(st.sampled_from([*KEYS, "time_zone", "email"]), ANY_JSON),
)


@pytest.mark.slow
@settings(max_examples=300)
@given(ANY_JSON | ROWS)
def test_any_json(value: Any) -> None:
    """Any JSON value as a message, and any object as a row, ends as an event or a reason."""
    check(parse_envelope(json.dumps(value), ARRIVED))
    if isinstance(value, dict):
        check(parse_row(value, ARRIVED, "row"))
        as_put_entry(value, source="s", bus="b")


@settings(max_examples=1_000)
@given(st.binary() | st.text(st.characters()))
def test_any_bytes(body: str | bytes) -> None:
    """Any bytes or text as a message ends as an event or a reason."""
    check(parse_envelope(body, ARRIVED))


# --- what has broken parsers before ---------------------------------------------------------


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every part of a JSON value."""
    found = [path] if path else []
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        inside = places(part, (*path, key)) if isinstance(part, dict | list) else [(*path, key)]
        found.extend(inside)
    return found


PLACES = places(ENVELOPE)


def break_somewhere(envelope: dict[str, Any], chance: random.Random) -> None:
    """Break one part of the envelope, unless an earlier break has taken it away."""
    *way, last = chance.choice(PLACES)
    holder: Any = envelope
    try:
        for key in way:
            holder = holder[key]
        _ = holder[last]
        break_value(holder, last, chance)
    except (KeyError, IndexError, TypeError):
        pass


def break_value(holder: Any, last: Any, chance: random.Random) -> None:
    """Replace, remove, nest or rename one part of an object or array."""
    kind = chance.randrange(8)
    if kind == 0:
        del holder[last]
    elif kind == 1:
        for _ in range(chance.choice([1, 17, 18, 19, 25, 900])):
            holder[last] = {"d": holder[last]} if chance.random() < 0.5 else [holder[last]]
    elif kind == 2 and isinstance(holder, dict):
        holder[chance.choice(["", "x" * 256, "\ud800", "\0", "id"])] = holder.pop(last)
    else:
        holder[last] = deepcopy(chance.choice(EVIL))


def break_text(text: str, chance: random.Random) -> str | bytes:
    """Sometimes damage the written JSON as well."""
    at = chance.randrange(len(text))
    damages: list[Callable[[], str | bytes]] = [
        lambda: text[:at],
        lambda: text[:at] + chance.choice('\0\ud800"{}[],:\\-9e') + text[at:],
        lambda: text.replace("150.25", chance.choice(["1e400", "-", "01", "9" * 39, "NaN", "1_0"])),
        lambda: text.replace("150.25", "[" * 100_000 + "]" * 100_000),
        lambda: text.replace("150.25", "8" * 20_000),
        lambda: text.replace('"cart_id"', '"cart_value": {}, "cart_id"'),
        lambda: "\ufeff" + text,
        lambda: text.encode("utf-16"),
        lambda: text.encode("latin-1", "replace") + b"\xff",
        lambda: "[" * 100_000,
        lambda: text.ljust(1_048_577),
    ]
    return chance.choice(damages)() if chance.random() < 0.2 else text


@pytest.mark.slow
def test_broken_envelopes() -> None:
    """Every way to break a sound envelope ends as an event or a reason, and every reason occurs."""
    chance = random.Random(20260202)
    seen: Counter[RejectReason | None] = Counter()
    for _ in range(BROKEN):
        envelope = deepcopy(ENVELOPE)
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            break_somewhere(envelope, chance)
        seen[check(parse_envelope(break_text(_dumps(envelope), chance), ARRIVED))] += 1
        reason = check(parse_row(envelope, ARRIVED, "row"))
        assert reason != RejectReason.NOT_JSON
    assert set(seen) == {None, *RejectReason}, set(RejectReason) - set(seen)


def _dumps(envelope: dict[str, Any]) -> str:
    return json.dumps(envelope, separators=(",", ":"))


# --- the two forms --------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
TIMES = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - written with Z below
    datetime(2030, 1, 1),  # noqa: DTZ001 - written with Z below
).map(lambda time: time.isoformat() + "Z")
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "id": WORDS,
        "time": TIMES,
        "properties": st.dictionaries(WORDS, VALUES, max_size=4),
        "attributes": st.dictionaries(WORDS.map("x".__add__), VALUES, max_size=4),
    },
)


@settings(max_examples=300)
@given(WORDS, WORDS, DETAILS)
def test_both_forms_say_the_same(user: str, name: str, detail: dict[str, Any]) -> None:
    """A row in short form, in EventBridge form, and as it comes from the bus is the same event."""
    short = {"user": user, "event": name, **detail}
    full = {"detail-type": name, "detail": {"user_id": user, **detail}}
    event = parse_row(short, ARRIVED, "row")
    assert check(event) is None
    assert parse_row(full, ARRIVED, "row") == event
    assert parse_row(json.loads(json.dumps(short)), ARRIVED, "row") == event
    entry = as_put_entry(short, source="s", bus="b")
    assert not isinstance(entry, Rejected)
    put = {"id": "row", "detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}
    assert parse_envelope(json.dumps(put), ARRIVED) == event
