"""
Filters of SPEC section 3 on plain data: paths, operators, and what is missing.
"""

from datetime import datetime
from typing import Any

import re2

from tests.property.oracle.clock import find, span, utc

NEGATIVE = ("ne", "not_in", "contains_none", "not_matches")
TRUE_IF_MISSING = ("ne", "not_in", "contains_none")


def where_holds(where: Any, props: Any, now: datetime) -> bool:
    """Whether every path of a `where` satisfies its condition."""
    return all(holds(condition, find(path, props), now) for path, condition in where.items())


def holds(condition: Any, found: list[Any], now: datetime) -> bool:
    """Whether the values found, none, one or an array's, satisfy all operators (F2, F3)."""
    if isinstance(condition, list):
        condition = {"in": condition}
    elif not isinstance(condition, dict):
        condition = {"eq": condition}
    if not found:
        return all(op in TRUE_IF_MISSING or (op == "blank" and x) for op, x in condition.items())
    no = {op: x for op, x in condition.items() if op in NEGATIVE}
    yes = {op: x for op, x in condition.items() if op not in NEGATIVE}
    return any(all(_judge(op, value, x, now) for op, x in yes.items()) for value in found) and all(
        _judge(op, value, x, now) for op, x in no.items() for value in found
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal without coercion between types."""
    if _is_number(one) and _is_number(other):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _judge(op: str, value: Any, wanted: Any, now: datetime) -> bool:
    match op:
        case "eq" | "ne":
            return same(value, wanted) == (op == "eq")
        case "in" | "not_in":
            return any(same(value, one) for one in wanted) == (op == "in")
        case "contains_any" | "contains_none":
            return any(_contains(value, one) for one in wanted) == (op == "contains_any")
        case "matches" | "not_matches":
            if not isinstance(value, str):
                return False
            return bool(re2.search("(?i)" + wanted, value)) == (op == "matches")
        case "blank":
            return not wanted
        case "gt" | "gte" | "lt" | "lte":
            return _compare(op, value, wanted)
        case "day_of_year":
            moment = utc(value)
            return moment is not None and moment.strftime("%m-%d") == wanted
        case _:
            moment = utc(value)
            return moment is not None and _judge_time(op, moment, wanted, now)


def _contains(value: Any, one: Any) -> bool:
    if isinstance(value, str):
        return isinstance(one, str) and one in value
    return isinstance(value, list) and any(same(item, one) for item in value)


def _compare(op: str, value: Any, wanted: Any) -> bool:
    one, other = (value, wanted) if _is_number(wanted) else (utc(value), utc(wanted))
    if one is None or other is None or (_is_number(wanted) and not _is_number(value)):
        return False
    return bool({"gt": one > other, "gte": one >= other, "lt": one < other}.get(op, one <= other))


def _judge_time(op: str, moment: datetime, wanted: Any, now: datetime) -> bool:
    match op:
        case "before" | "after":
            bound = utc(wanted)
            assert bound is not None
            return moment < bound if op == "before" else moment > bound
        case "within_last":
            return now - span(wanted) <= moment <= now
        case "more_than_ago":
            return moment < now - span(wanted)
        case "within_next":
            return now <= moment <= now + span(wanted)
        case "more_than_ahead":
            return moment > now + span(wanted)
    raise AssertionError(op)
