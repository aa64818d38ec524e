"""
What each filter operator asks of one value that is present (SPEC section 3, F3 and F4).

No value is coerced: a boolean is no number, a text of digits is none either, and 1 equals 1.0.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from unless.definitions.durations import in_utc

type Test = Callable[[Any, datetime], bool]
"""Whether a value that is present satisfies an operator; the second argument is now, in UTC."""

NEGATIVE = frozenset({"ne", "not_in", "contains_none", "not_matches"})
"""Operators that every element of an array path must satisfy (F2)."""

PASSED_BY_MISSING = frozenset({"ne", "not_in", "contains_none"})
"""Operators that a missing value satisfies, and one of a type that they cannot judge (F3)."""

CACHED_PATTERNS = 4096
"""Most regular expressions kept compiled; definitions share many."""

_NUMBERS = frozenset({int, float, Decimal})
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_number(value: object) -> bool:
    """Return whether the value is a number; a boolean is none."""
    return type(value) in _NUMBERS


def equality_key(value: object) -> Hashable | None:
    """
    Return what two values have in common exactly when `eq` holds between them.

    None for what is equal to nothing that a filter can name: null, an array, an object.
    """
    if type(value) is bool:
        return (bool, value)
    if isinstance(value, str):
        return value
    return value if type(value) in _NUMBERS else None


def equality_keys(values: Iterable[object]) -> frozenset[Hashable]:
    """Return the keys of those values that something can be equal to."""
    return frozenset(key for value in values if (key := equality_key(value)) is not None)


def as_instant(value: object) -> datetime | None:
    """Return the instant in UTC that a value is or, as ISO 8601 text, names; else None (F4)."""
    return value if isinstance(value, datetime) else in_utc(value)


def test_of(operator: str, expected: Any) -> Test:
    """Return the test of the operator with that written name against the expected value."""
    return _TESTS[operator](expected)


def _not(make: Callable[[Any], Test]) -> Callable[[Any], Test]:
    def negated(expected: Any) -> Test:
        test = make(expected)
        return lambda actual, now: not test(actual, now)

    return negated


def _is_one_of(expected: Iterable[object]) -> Test:
    keys = equality_keys(expected)
    return lambda actual, _now: equality_key(actual) in keys


def _equals(expected: object) -> Test:
    if isinstance(expected, str):  # the commonest by far; nothing but a text equals a text
        return lambda actual, _now: bool(actual == expected)
    return _is_one_of((expected,))


def _number(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    """Return the maker of a comparison of numbers with numbers and of instants with instants."""

    def make(expected: Any) -> Test:
        if isinstance(expected, datetime):
            return _instant(lambda actual, _now: compare(actual, expected))
        return lambda actual, _now: type(actual) in _NUMBERS and compare(actual, expected)

    return make


def _instant(compare: Callable[[datetime, datetime], bool]) -> Test:
    def test(actual: Any, now: datetime) -> bool:
        instant = as_instant(actual)
        return instant is not None and compare(instant, now)

    return test


def _matches(pattern: str) -> Test:
    search = _searcher(pattern)
    return lambda actual, _now: isinstance(actual, str) and search(actual)


def _not_matches(pattern: str) -> Test:
    search = _searcher(pattern)
    return lambda actual, _now: isinstance(actual, str) and not search(actual)


@lru_cache(maxsize=CACHED_PATTERNS)
def _searcher(pattern: str) -> Callable[[str], bool]:
    """Return the case-insensitive search for a pattern, in time linear in the text."""
    import re2  # here, because most definitions have no pattern and a cold start pays for it

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    # Bytes on both sides: for texts, the binding would count characters to the place of the match.
    search = re2.compile(_utf8(pattern), options).search
    return lambda text: search(_utf8(text)) is not None


def _utf8(text: str) -> bytes:
    """Return the text in UTF-8; half a surrogate pair, unknown there, becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def _contains_any(expected: Iterable[object]) -> Test:
    keys = equality_keys(expected)
    texts = tuple(key for key in keys if isinstance(key, str))

    def test(actual: Any, _now: datetime) -> bool:
        if isinstance(actual, str):
            return any(text in actual for text in texts)
        return isinstance(actual, list | tuple) and any(equality_key(e) in keys for e in actual)

    return test


def _day_of_year(expected: str) -> Test:
    day = (int(expected[:2]), int(expected[3:]))
    return _instant(lambda actual, _now: (actual.month, actual.day) == day)


def _within_last(span: timedelta) -> Test:
    return _instant(lambda actual, now: now - span <= actual <= now)


def _within_next(span: timedelta) -> Test:
    return _instant(lambda actual, now: now <= actual <= now + span)


_TESTS: Mapping[str, Callable[[Any], Test]] = {
    "eq": _equals,
    "ne": _not(_equals),
    "in": _is_one_of,
    "not_in": _not(_is_one_of),
    "gt": _number(lambda actual, bound: actual > bound),
    "gte": _number(lambda actual, bound: actual >= bound),
    "lt": _number(lambda actual, bound: actual < bound),
    "lte": _number(lambda actual, bound: actual <= bound),
    "matches": _matches,
    "not_matches": _not_matches,
    "contains_any": _contains_any,
    "contains_none": _not(_contains_any),
    "blank": lambda expected: lambda _actual, _now: not expected,
    "before": lambda instant: _instant(lambda actual, _now: actual < instant),
    "after": lambda instant: _instant(lambda actual, _now: actual > instant),
    "within_last": _within_last,
    "more_than_ago": lambda span: _instant(lambda actual, now: actual < now - span),
    "within_next": _within_next,
    "more_than_ahead": lambda span: _instant(lambda actual, now: actual > now + span),
    "day_of_year": _day_of_year,
}
