"""Paths into properties and attributes (SPEC F1)."""

from types import MappingProxyType
from typing import Any

import pytest

from unless.engine.paths import parse_path, read

ORDER: dict[str, Any] = {
    "id": "o-1",
    "gift": False,
    "total": 0,
    "note": "",
    "coupon": None,
    "ship": {"city": "Lyon", "floor": None, "lines": ["12 rue X", None, "2nd"]},
    "items": [{"sku": "bag", "tags": ["red", "big"]}, {"sku": None}, {"tags": []}, "loose", None],
    "empty": [],
    "grid": [[1, 2], [3], 4],
    "a.b": "dotted",
    "songs[].album": {"year": 1968},
    'say "hi"': "quoted",
}

FOUND = [
    ("id", ["o-1"], "a name"),
    ("gift", [False], "false is a value"),
    ("total", [0], "zero is a value"),
    ("note", [""], "an empty text is a value"),
    ("ship.city", ["Lyon"], "a name in an object"),
    ("ship.lines", [["12 rue X", None, "2nd"]], "without [] the list itself is the value"),
    ("empty", [[]], "without [] an empty list is a value"),
    ("ship.lines[]", ["12 rue X", "2nd"], "each element, null left out"),
    ("items[].sku", ["bag"], "of each element that has the name"),
    ("items[].tags", [["red", "big"], []], "lists in elements stay lists"),
    ("items[].tags[]", ["red", "big"], "elements of lists in elements"),
    ("grid[][]", [1, 2, 3], "lists directly in lists"),
    ('"a.b"', ["dotted"], "a quoted segment with a dot is one name"),
    ('"songs[].album".year', [1968], "a quoted segment with [] is one name"),
    ('"items"[].sku', ["bag"], "[] after a quoted segment"),
    ('say "hi"', ["quoted"], "quotes inside a segment are part of the name"),
]

NOTHING_THERE = [
    ("price", "no such name"),
    ("coupon", "null"),
    ("ship.floor", "null in an object"),
    ("ship.street", "no such name in the object"),
    ("id.length", "a name asked of a text"),
    ("items.sku", "a name asked of a list"),
    ("coupon.code", "a name asked of null"),
    ("id[]", "[] of a text"),
    ("ship[]", "[] of an object"),
    ("price[].x", "[] of what is missing"),
    ("empty[]", "no element"),
    ("empty[].x", "no element to ask"),
    ("a.b", "an unquoted dot separates"),
    ("", "the empty path"),
    ("ship.", "an empty last segment"),
    ("[]", "[] of the whole"),
]


@pytest.mark.parametrize(("path", "values", "why"), FOUND)
def test_a_path_finds_its_values(path: str, values: list[Any], why: str) -> None:
    """A path leads to every present value, in order (F1)."""
    assert parse_path(path).values(ORDER) == values, why


@pytest.mark.parametrize(("path", "why"), NOTHING_THERE)
def test_a_path_that_leads_nowhere_has_no_values(path: str, why: str) -> None:
    """A path that ends early, or at null, has no value (F1, F3)."""
    assert parse_path(path).values(ORDER) == [], why


@pytest.mark.parametrize(
    ("path", "value"),
    [("ship.city", "Lyon"), ("total", 0), ("ship.lines", ["12 rue X", None, "2nd"])]
    + [(path, None) for path, _ in NOTHING_THERE]
    + [("items[].sku", None), ("ship.lines[]", None)],
)
def test_reading_gives_the_single_value(path: str, value: Any) -> None:
    """`read` gives the value of a path without [], and None for all else."""
    assert read(path, ORDER) == value
    assert parse_path(path).reader()(ORDER) == value


@pytest.mark.parametrize(
    ("path", "is_array"), [("a.b", False), ("a[].b", True), ("a[]", True), ('"a[]".b', False)]
)
def test_only_unquoted_brackets_make_an_array_path(path: str, is_array: bool) -> None:
    """`[]` outside quotes makes an array path, inside quotes it is part of a name (F1)."""
    assert parse_path(path).is_array is is_array


def test_every_mapping_is_an_object() -> None:
    """Properties that cannot be changed are read as others are."""
    frozen = MappingProxyType({"a": MappingProxyType({"b": 1})})
    assert parse_path("a.b").values(frozen) == [1]
    assert read("a.b", frozen) == 1


def test_the_same_place_has_the_same_steps() -> None:
    """A needless quote does not make another path."""
    assert parse_path('"a"."b"[]').steps == parse_path("a.b[]").steps
