"""
Values that pass a filter: what an event, or a user, would have to say.

Values are guessed from what the operators name, and then judged as the engine judges them, so that
a wrong guess costs nothing and is never shown.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from unless.definitions.operators import Operators, Where
from unless.engine.filters import compile_where
from unless.engine.paths import parse_path
from unless.engine.records import instant_text

_NOT_LITERAL = re.compile(r"\\[a-zA-Z]|[\\^$.*+?()\[\]{}]")
"""What of a regular expression stands for something else than itself."""

_ANY = ("other", 1, True, "")
"""Values to try where the operators name only what is excluded."""


def solved(where: Where, now: datetime) -> dict[str, Any] | None:
    """Return properties that pass the filter at that instant, None where none were found."""
    found: dict[str, Any] = {}
    for path, operators in where.items():
        value = passing(path, operators, now)
        if value is None and compile_where({path: operators}).mismatch({}, now):
            return None
        if value is not None:
            put(found, path, value)
    return found if compile_where(where).mismatch(found, now) is None else None


def passing(path: str, operators: Operators, now: datetime, *, passes: bool = True) -> Any | None:
    """Return a value at that path that passes, or fails, the operators; None without one."""
    judge = compile_where({path: operators})
    for value in candidates(operators, now):
        properties: dict[str, Any] = {}
        put(properties, path, value)
        if (judge.mismatch(properties, now) is None) is passes:
            return value
    return None


def put(values: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at the path of a filter: `a.b` into mappings, `a[].b` into a list of one."""
    here: Any = values
    steps = parse_path(path).steps
    for step, following in zip(steps, (*steps[1:], ...), strict=True):
        place: Any = 0 if step is None else step
        if step is None and not here:
            here.append(None)
        if following is ...:
            here[place] = value
            return
        kind: type[Any] = list if following is None else dict
        there = here[place] if step is None else here.get(step)
        if not isinstance(there, kind):  # also what another filter wrote there: one of them fails
            here[place] = kind()
        here = here[place]


def candidates(operators: Operators, now: datetime) -> Iterator[Any]:
    """Yield values that may pass, the most likely ones first."""
    conditions = operators.conditions()
    for operator, expected in conditions.items():
        yield from _from_operator(operator, expected, now)
    numbers = [value for value in conditions.values() if _is_number(value)]
    if len(numbers) > 1:
        yield (min(numbers) + max(numbers)) / 2
    yield from _ANY


def _from_operator(operator: str, expected: Any, now: datetime) -> Iterator[Any]:
    match operator, expected:
        case "eq", _:
            yield expected
        case "in", _:
            yield from expected
        case "contains_any", _:
            yield list(expected[:1])
            yield expected[0] if expected else ""
        case (("gt" | "gte" | "lt" | "lte" | "before" | "after"), datetime()):
            yield from (instant_text(expected + timedelta(days=days)) for days in (0, 1, -1))
        case (("gt" | "gte" | "lt" | "lte"), _):
            yield from (expected, expected + 1, expected - 1)
        case "matches", _:
            yield from (_NOT_LITERAL.sub("", part) for part in expected.split("|"))
        case "day_of_year", _:
            yield f"2024-{expected}"
        case (("within_last" | "more_than_ago"), _):
            yield instant_text(now - (expected / 2 if operator == "within_last" else expected * 2))
        case (("within_next" | "more_than_ahead"), _):
            yield instant_text(now + (expected / 2 if operator == "within_next" else expected * 2))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
