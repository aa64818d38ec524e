"""What each operator says of a value: present, missing, null, of another type (SPEC F3-F5)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from unless.definitions.filters import Where
from unless.engine.filters import compile_where

WHERE: TypeAdapter[Where] = TypeAdapter(Where)
NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
ABSENT = object()


def passes(condition: Any, value: Any) -> bool:
    """Whether an event whose property `x` has this value passes that condition."""
    properties = {} if value is ABSENT else {"x": value}
    return compile_where(WHERE.validate_python({"x": condition})).mismatch(properties, NOW) is None


def named(cases: list[tuple[Any, Any]]) -> list[str]:
    """Return what the cases are called: the condition and what it is asked of."""
    return [f"{condition!r} of {other!r}" for condition, other in cases]


HOLDS: list[tuple[Any, Any]] = [
    ("red", "red"),
    ({"eq": ""}, ""),
    (7, 7),
    (7, 7.0),
    (1.0, 1),
    (True, True),
    (False, False),
    ({"ne": "red"}, "Red"),
    ({"ne": 7}, "7"),
    ({"ne": 1}, True),
    ({"ne": True}, 1),
    ({"ne": 0}, False),
    ({"ne": "a"}, ["a"]),
    ({"ne": 1}, {"a": 1}),
    (["red", "blue"], "blue"),
    ([1, "a", True], 1.0),
    ([1, "a", True], True),
    ([10**37], 10**37),
    ({"not_in": ["red"]}, "Red"),
    ({"not_in": [1, 2]}, "1"),
    ({"not_in": [1]}, True),
    ({"not_in": ["a"]}, ["a"]),
    ({"not_in": [True]}, 1),
    ({"gt": 100}, 100.01),
    ({"gte": 100}, 100),
    ({"lt": 0.3}, 0.2),
    ({"lte": -5}, -5.0),
    ({"gt": "2026-02-01"}, "2026-02-01T00:00:01"),
    ({"gte": "2026-02-01"}, "2026-02-01"),
    ({"lt": "2026-02-01T12:00:00Z"}, "2026-02-01T12:30:00+01:00"),
    ({"lte": "2026-02-01"}, "2025-12-31"),
    ({"matches": "b[aeiou]g"}, "my BAG here"),
    ({"matches": "^ÉTÉ$"}, "été"),
    ({"matches": ""}, ""),
    ({"not_matches": "b[aeiou]g"}, "my hat"),
    ({"not_matches": "^bag$"}, "bags"),
    ({"contains_any": ["red", "blue"]}, ["green", "blue"]),
    ({"contains_any": [1]}, [1.0]),
    ({"contains_any": [True]}, [True]),
    ({"contains_any": ["ag"]}, "bag"),
    ({"contains_none": ["red"]}, ["green"]),
    ({"contains_none": ["red"]}, []),
    ({"contains_none": [1]}, [True, "1"]),
    ({"contains_none": ["AG"]}, "bag"),
    ({"contains_none": [7]}, "7"),
    ({"contains_none": ["a"]}, 7),
    ({"contains_none": ["a"]}, {"a": 1}),
    ({"blank": False}, ""),
    ({"blank": False}, 0),
    ({"blank": False}, []),
    ({"blank": False}, False),
    ({"before": "2026-02-02"}, "2026-02-01T23:59:59"),
    ({"after": "2026-02-02"}, "2026-02-02T00:00:01Z"),
    ({"within_last": "3d"}, "2026-01-30T10:00:00Z"),
    ({"within_last": "3d"}, "2026-02-02T10:00:00Z"),
    ({"more_than_ago": "3d"}, "2026-01-30T09:59:59Z"),
    ({"within_next": "2d"}, "2026-02-04T10:00:00Z"),
    ({"within_next": "2d"}, "2026-02-02T10:00:00Z"),
    ({"more_than_ahead": "2d"}, "2026-02-04T10:00:01Z"),
    ({"more_than_ago": "3650d"}, "0001-01-01"),
    ({"day_of_year": "02-29"}, "2024-02-29"),
    ({"day_of_year": "01-01"}, "2025-12-31T23:30:00-01:00"),
    ({"gte": 100, "lte": 200}, 150),
    ({"matches": "a", "ne": "a"}, "ab"),
    ({"blank": False, "eq": 1}, 1),
]

FAILS: list[tuple[Any, Any]] = [
    ("red", "Red"),
    ("red", "red "),
    (7, "7"),
    ("7", 7),
    (1, True),
    (True, 1),
    (0, False),
    ("a", ["a"]),
    ({"eq": "a"}, {"a": 1}),
    ({"ne": "red"}, "red"),
    ({"ne": 7}, 7.0),
    ({"ne": False}, False),
    (["red"], "Red"),
    ([1, 2], "1"),
    ([1], True),
    (["a"], ["a"]),
    ({"not_in": ["red"]}, "red"),
    ({"not_in": [1]}, 1.0),
    ({"not_in": [True]}, True),
    ({"gt": 100}, 100),
    ({"gte": 100}, 99.99),
    ({"lt": 100}, 100),
    ({"lte": 100}, 100.01),
    ({"gt": 0}, "1"),
    ({"gt": 0}, True),
    ({"lt": 2}, False),
    ({"gt": 0}, [1]),
    ({"gt": 0}, "2026-02-01"),
    ({"gt": "2026-02-01"}, 5),
    ({"gt": "2026-02-01"}, "2026-02-01"),
    ({"lt": "2026-02-01"}, "soon"),
    ({"lt": "2026-02-01"}, True),
    ({"gte": "2026-02-01"}, ["2026-03-01"]),
    ({"matches": "b[aeiou]g"}, "hat"),
    ({"matches": "."}, ""),
    ({"matches": "7"}, 7),
    ({"matches": "a"}, ["a"]),
    ({"matches": "true"}, True),
    ({"not_matches": "b[aeiou]g"}, "BIG"),
    ({"not_matches": "a"}, 7),
    ({"not_matches": "a"}, ["b"]),
    ({"contains_any": ["red"]}, ["Red"]),
    ({"contains_any": [1]}, [True]),
    ({"contains_any": ["a"]}, []),
    ({"contains_any": ["AG"]}, "bag"),
    ({"contains_any": [7]}, "7"),
    ({"contains_any": ["a"]}, {"a": 1}),
    ({"contains_any": [7]}, 7),
    ({"contains_any": ["a"]}, [["a"], {"a": 1}, None]),
    ({"contains_none": ["red"]}, ["blue", "red"]),
    ({"contains_none": ["ag"]}, "bag"),
    ({"blank": True}, ""),
    ({"blank": True}, 0),
    ({"blank": True}, []),
    ({"blank": True}, False),
    ({"before": "2026-02-02"}, "2026-02-02"),
    ({"after": "2026-02-02"}, "2026-02-02T00:00:00Z"),
    ({"before": "2027-01-01"}, 7),
    ({"after": "2020-01-01"}, "tomorrow"),
    ({"after": "2020-01-01"}, True),
    ({"within_last": "3d"}, "2026-01-30T09:59:59Z"),
    ({"within_last": "3d"}, "2026-02-02T10:00:01Z"),
    ({"more_than_ago": "3d"}, "2026-01-30T10:00:00Z"),
    ({"within_next": "2d"}, "2026-02-04T10:00:01Z"),
    ({"within_next": "2d"}, "2026-02-02T09:59:59Z"),
    ({"more_than_ahead": "2d"}, "2026-02-04T10:00:00Z"),
    ({"within_last": "3d"}, 1770000000),
    ({"day_of_year": "02-29"}, "2024-02-28"),
    ({"day_of_year": "02-02"}, "02-02"),
    ({"gte": 100, "lte": 200}, 201),
    ({"matches": "a", "ne": "a"}, "a"),
    ({"blank": True, "ne": 1}, 2),
]

MISSING: list[tuple[Any, bool]] = [
    (0, False),
    ({"ne": 1}, True),
    (["", 0], False),
    ({"not_in": [1]}, True),
    ({"gt": -1}, False),
    ({"gte": 0}, False),
    ({"lt": 10}, False),
    ({"lte": 0}, False),
    ({"matches": ".*"}, False),
    ({"not_matches": "spam"}, False),
    ({"contains_any": ["a"]}, False),
    ({"contains_none": ["a"]}, True),
    ({"blank": True}, True),
    ({"blank": False}, False),
    ({"before": "2027-01-01"}, False),
    ({"after": "2020-01-01"}, False),
    ({"within_last": "3d"}, False),
    ({"more_than_ago": "1d"}, False),
    ({"within_next": "3d"}, False),
    ({"more_than_ahead": "1d"}, False),
    ({"day_of_year": "02-02"}, False),
    ({"blank": True, "ne": 1}, True),
    ({"blank": True, "eq": 1}, False),
    ({"ne": 1, "gt": 0}, False),
]


@pytest.mark.parametrize(("condition", "value"), HOLDS, ids=named(HOLDS))
def test_it_holds(condition: Any, value: Any) -> None:
    """This value satisfies this condition."""
    assert passes(condition, value)


@pytest.mark.parametrize(("condition", "value"), FAILS, ids=named(FAILS))
def test_it_does_not_hold(condition: Any, value: Any) -> None:
    """This value does not satisfy this condition."""
    assert not passes(condition, value)


@pytest.mark.parametrize("value", [ABSENT, None], ids=["absent", "null"])
@pytest.mark.parametrize(("condition", "expected"), MISSING, ids=named(MISSING))
def test_of_a_missing_value(condition: Any, value: Any, expected: bool) -> None:
    """A missing value satisfies ne, not_in, contains_none and blank only; null is missing (F3)."""
    assert passes(condition, value) is expected


def test_every_clause_must_hold() -> None:
    """One clause that fails is enough to fail the whole `where`; none at all passes everything."""
    both = compile_where(WHERE.validate_python({"a": 1, "b.c": {"gt": 0}}))
    assert both.mismatch({"a": 1, "b": {"c": 1}}, NOW) is None
    assert both.mismatch({"a": 1, "b": {"c": 0}}, NOW) is not None
    assert both.mismatch({"a": 2, "b": {"c": 1}}, NOW) is not None
    assert compile_where({}).mismatch({}, NOW) is None


@pytest.mark.parametrize(
    "text", ["\ud800", "a\udfffb", "\x00", "\U0001f600", "e\u0301", "a" * 8192]
)
@pytest.mark.parametrize("pattern", [".", "^.*$", "\U0001f600", "\\PC", "\\x00"])
def test_odd_characters_are_searched_like_others(pattern: str, text: str) -> None:
    """No text makes the search fail, not even half a surrogate pair, which UTF-8 does not know."""
    assert passes({"matches": pattern}, text) is not passes({"not_matches": pattern}, text)


def test_half_a_surrogate_pair_is_one_character() -> None:
    """It is found as any character is."""
    assert passes({"matches": "^.b$"}, "\ud800B")


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|aa)+$", "^(a*)*$", "([a-z]+)*!"])
def test_a_nested_repetition_takes_linear_time(pattern: str) -> None:
    """Patterns that hang a backtracking search are answered at once, over the longest text (V6)."""
    assert not passes({"matches": pattern}, "a" * 8191 + "?")
