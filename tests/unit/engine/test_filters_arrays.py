"""Operators on array paths (SPEC F2), and what a mismatch says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from json import dumps
from typing import Any

import pytest
from pydantic import TypeAdapter

from unless.definitions.filters import Where
from unless.engine.filters import SHOWN_MAX, compile_where, shown
from unless.engine.records import Mismatch

WHERE: TypeAdapter[Where] = TypeAdapter(Where)
NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)


def mismatch(where: Any, properties: Any) -> Mismatch | None:
    return compile_where(WHERE.validate_python(where)).mismatch(properties, NOW)


ARRAYS: list[tuple[Any, list[Any], bool, str]] = [
    ("bag", ["hat", "bag"], True, "one element is enough for eq"),
    ("bag", ["hat", "Bag"], False, "no element equals"),
    (["bag", "cap"], ["hat", "cap"], True, "one element is enough for in"),
    ({"gte": 100, "lte": 200}, [50, 150], True, "one element satisfies both"),
    ({"gte": 100, "lte": 200}, [250, 99], False, "no single element satisfies both"),
    ({"gt": 100}, ["150", True, 99], False, "elements of another type do not count"),
    ({"matches": "^b"}, ["hat", "BAG"], True, "one element is found"),
    ({"contains_any": ["ag"]}, ["hat", "bag"], True, "a part of one text"),
    ({"contains_any": ["red"]}, [["blue"], ["red"]], True, "an element of one inner list"),
    ({"within_last": "1d"}, ["2020-01-01", "2026-02-02"], True, "one element is recent"),
    ({"day_of_year": "02-29"}, ["2024-02-28", "2024-02-29"], True, "one element is on the day"),
    ({"blank": False}, [0], True, "one element is there"),
    ({"blank": True}, [0], False, "an element is there"),
    ({"ne": "bag"}, ["hat", "bag"], False, "one element offends"),
    ({"ne": "bag"}, ["hat", 7, None], True, "no element offends"),
    ({"not_in": ["bag"]}, ["hat", "bag"], False, "one element offends"),
    ({"contains_none": ["ag"]}, ["hat", "bag"], False, "one text contains it"),
    ({"contains_none": ["ag"]}, ["hat", 7], True, "no text contains it"),
    ({"not_matches": "^b"}, ["hat", "bag"], False, "one element is found"),
    ({"not_matches": "^b"}, ["hat", "cap"], True, "none is found"),
    ({"not_matches": "^b"}, ["hat", 7], False, "a number cannot be searched"),
    ({"gte": 100, "ne": 150}, [150, 120], False, "one is at least 100, and one offends"),
    ({"gte": 100, "ne": 150}, [10, 120], True, "one is at least 100, and none offends"),
    (
        {"matches": "a", "not_matches": "b"},
        ["cap", "bag"],
        False,
        "found in one, offended by one",
    ),
    ({"eq": 1, "ne": 2}, [], False, "an empty array is a missing value"),
    ({"ne": 2, "not_in": [1]}, [None, None], True, "so is one of nulls"),
    ({"not_matches": "b"}, [], False, "a missing value cannot be searched"),
    ({"blank": True}, [], True, "an empty array is blank"),
]


@pytest.mark.parametrize(("condition", "elements", "expected", "why"), ARRAYS)
@pytest.mark.parametrize("shape", ["items[].x", "x[]"])
def test_an_array_path(
    condition: Any, elements: list[Any], expected: bool, why: str, shape: str
) -> None:
    """One element has all that is asked, and no element what is forbidden (F2)."""
    properties = {"items": [{"x": e} for e in elements], "x": elements}
    assert (mismatch({shape: condition}, properties) is None) is expected, why


@pytest.mark.parametrize("items", [None, "bag", [{"y": 1}], {"sku": "bag"}])
def test_an_array_that_is_missing(items: Any) -> None:
    """Where no element has the name, only what a missing value satisfies holds (F2, F3)."""
    assert mismatch({"items[].sku": {"ne": "bag", "blank": True}}, {"items": items}) is None
    assert mismatch({"items[].sku": "bag"}, {"items": items}) == Mismatch(
        "items[].sku", "eq", "bag", None
    )


SAID: list[tuple[Any, Any, Mismatch]] = [
    ({"v": {"gte": 100, "lt": 200}}, {"v": 50}, Mismatch("v", "gte", 100, 50)),
    ({"v": {"gte": 100, "lt": 200}}, {"v": 200}, Mismatch("v", "lt", 200, 200)),
    ({"a": 1, "v": ["x", "y"]}, {"a": 1}, Mismatch("v", "in", ["x", "y"], None)),
    (
        {"v": {"after": "2026-03-01"}},
        {"v": "2026-01-01"},
        Mismatch("v", "after", "2026-03-01T00:00:00Z", "2026-01-01"),
    ),
    (
        {"v": {"gt": "2026-03-01T01:00:00+01:00"}},
        {"v": 7},
        Mismatch("v", "gt", "2026-03-01T00:00:00Z", 7),
    ),
    ({"v": {"within_last": "90m"}}, {"v": "x"}, Mismatch("v", "within_last", "1h30m", "x")),
    ({"v": {"blank": True}}, {"v": ""}, Mismatch("v", "blank", True, "")),
    ({"i[].p": {"gte": 1, "lte": 2}}, {"i": [{"p": 5}]}, Mismatch("i[].p", "lte", 2, [5])),
    (
        {"i[].p": {"gte": 2, "lte": 1}},
        {"i": [{"p": 5}, {"p": 0}]},
        Mismatch("i[].p", "gte and lte", {"gte": 2, "lte": 1}, [5, 0]),
    ),
    ({"i[].p": {"ne": 5}}, {"i": [{"p": 5}, {"p": 0}]}, Mismatch("i[].p", "ne", 5, [5, 0])),
]


@pytest.mark.parametrize(("where", "properties", "expected"), SAID)
def test_a_mismatch_names_the_clause_and_both_values(
    where: Any, properties: Any, expected: Mismatch
) -> None:
    """The record of a filter that fails says which operator, what it wanted and what was there."""
    assert mismatch(where, properties) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a" * 200, "a" * 200),
        ("a" * 201, "a" * 199 + "…"),
        (["a", {"b": None}], ["a", {"b": None}]),
        (NOW, "2026-02-02T10:00:00Z"),
        (timedelta(days=1, minutes=5), "1d5m"),
        (Decimal("99.90"), 99.9),
        (Decimal("3E+2"), 300),
        (float("inf"), "inf"),
        (None, None),
    ],
)
def test_a_value_in_a_record(value: Any, expected: Any) -> None:
    """Values are kept as JSON can hold them, long ones cut."""
    assert shown(value) == expected


@pytest.mark.parametrize("value", [["é" * 150] * 2, list(range(100_000)), {"k": "v" * 300}])
def test_a_long_array_or_object_is_cut_to_its_beginning(value: Any) -> None:
    """Of an array or object that is too long the beginning of its JSON text is kept."""
    text = dumps(value, ensure_ascii=False)
    assert shown(value) == text[: SHOWN_MAX - 1] + "…"
