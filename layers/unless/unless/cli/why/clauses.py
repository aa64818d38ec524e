"""
A clause of a filter that did not hold: what was there, and what it had to be.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic_core import PydanticCustomError

from unless.cli.console import printable
from unless.cli.why.times import LocalClock, span_words
from unless.cli.words import value
from unless.definitions.durations import in_utc, parse_duration

HAD_TO = {
    "eq": "be {}",
    "ne": "be anything but {}",
    "in": "be one of {}",
    "not_in": "be none of {}",
    "gt": "be more than {}",
    "gte": "be at least {}",
    "lt": "be less than {}",
    "lte": "be at most {}",
    "matches": "match {}",
    "not_matches": "not match {}",
    "contains_any": "contain one of {}",
    "contains_none": "contain none of {}",
    "before": "be before {}",
    "after": "be after {}",
    "within_last": "lie within the last {}",
    "more_than_ago": "lie more than {} back",
    "within_next": "lie within the next {}",
    "more_than_ahead": "lie more than {} ahead",
    "day_of_year": "be on the day {} of a year",
}
"""What each operator of a filter asks (SPEC section 3)."""

SPANS = frozenset({"within_last", "more_than_ago", "within_next", "more_than_ahead"})
"""Operators whose operand is a span of time."""

_COUNT = re.compile(r"count of (?P<what>.*?)(?P<recently> in the last \d+ days)?")
_EDGE = re.compile(r"(?P<edge>first|last) (?P<what>.+)")
_GROUP = re.compile(r"subscription group (?P<group>.+)")

TIMES = {
    "eq": "{}",
    "ne": "any number but {}",
    "gte": "{} or more",
    "lte": "{} at most",
    "gt": "more than {}",
    "lt": "fewer than {}",
}
"""What the operators ask of a count."""


def clause(detail: Mapping[str, Any], clock: LocalClock, *, owner: str = "they") -> str | None:
    """
    Return why the clause of a record's detail did not hold, None when the detail has no clause.

    `owner` has the property or attribute: `they`, or `the event`.
    """
    if "op" not in detail or "path" not in detail:
        return None
    path, op = printable(str(detail["path"])), str(detail["op"])
    expected, actual = detail.get("expected"), detail.get("actual")
    if op == "not":
        return f"{_there(path, actual, clock, owner)}, which the filter excludes"
    if "expected" not in detail and detail.get("shortened"):
        return f"{_there(path, actual, clock, owner)}, which is not what the filter asks for"
    there = _there(path, actual, clock, owner)
    if _COUNT.fullmatch(path):
        return f"{there}, and the filter asks for {_often(op, expected)}"
    if _GROUP.fullmatch(path) and expected is True:
        return f"{there}, and had to be in it"
    and_it = " and had to" if " was " in there else ", and it had to"
    return f"{there}{and_it} {had_to(op, expected, clock)}"


def had_to(op: str, expected: Any, clock: LocalClock) -> str:
    """Return what an operator, or several on one element of an array, asked."""
    if op == "blank":
        return "have no value" if expected else "have a value"
    if isinstance(expected, Mapping) and " and " in op:
        return " and ".join(had_to(each, wanted, clock) for each, wanted in expected.items())
    if op == "in" and isinstance(expected, list | tuple) and len(expected) == 1:
        op = "eq"
    return HAD_TO.get(op, f"{op} {{}}").format(_operand(op, expected, clock))


def _there(path: str, actual: Any, clock: LocalClock, owner: str) -> str:
    """Return what was there, by what kind of thing the path names."""
    if found := _COUNT.fullmatch(path):
        return f"{_did(found['what'], actual)}{found['recently'] or ''}"
    if found := _EDGE.fullmatch(path):
        what = printable(found["what"])
        if actual is None:
            return f"no {what} of theirs is known"
        return f"their {found['edge']} {what} was {_value(actual, clock)}"
    if path == "purchase_total":
        return f"they had spent {value(actual)} in all"
    if (found := _GROUP.fullmatch(path)) and actual in (None, False):
        return f"they were not in the subscription group {found['group']}"
    if isinstance(actual, Mapping) and "count" in actual:  # the past, as `not` tells it
        return _did(path, actual["count"])
    if actual is None:
        return f"{owner} had no {path}"
    return f"{path} was {_value(actual, clock)}"


def _did(what: str, count: Any) -> str:
    """Return how often they did or received something."""
    received = what.removeprefix("received ")
    verb, name = ("received", received) if received != what else ("done", what)
    if count == 0:
        return f"they had never {verb} {name}"
    times = {1: "once", 2: "twice"}.get(count, f"{value(count)} times")
    return f"they had {verb} {name} {times}"


def _often(op: str, expected: Any) -> str:
    """Return how often it had to be."""
    if (op, expected) == ("eq", 0):
        return "none"
    return TIMES.get(op, f"{op} {{}}").format(value(expected))


def _operand(op: str, expected: Any, clock: LocalClock) -> str:
    if op not in SPANS:
        return _value(expected, clock)
    try:
        return span_words(parse_duration(expected))
    except PydanticCustomError:
        return value(expected)


def _value(given: Any, clock: LocalClock) -> str:
    """Return a value as words: instants on the user's clock, the rest as every command does."""
    instant = in_utc(given) if isinstance(given, str) and "T" in given else None
    if instant is not None:
        return clock.when(instant)
    return "empty" if given == "" else printable(value(given))


def seconds(number: object) -> str | None:
    """Return a number of seconds as a span in words, None when it is none."""
    return span_words(timedelta(seconds=number)) if isinstance(number, int | float) else None
