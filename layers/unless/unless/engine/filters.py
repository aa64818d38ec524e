"""
Property filters, compiled: do properties, or attributes, satisfy a definition (SPEC F1-F5)?
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from json import JSONEncoder
from math import isfinite
from typing import Any

from unless.definitions.durations import format_duration
from unless.definitions.filters import Operators, Where
from unless.engine.operators import NEGATIVE, PASSED_BY_MISSING, Test, test_of
from unless.engine.paths import Path, parse_path
from unless.engine.records import Mismatch

SHOWN_MAX = 200
"""Most characters of a value in a record; enough to recognise it, and records stay small."""

type Judge = Callable[[Mapping[str, Any], datetime], Mismatch | None]
"""What one clause says of properties or attributes at an instant in UTC; None when it holds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator with what it expects; `passes_missing` is its answer where there is no value."""

    op: str
    expected: Any
    test: Test
    passes_missing: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """All operators that are asked of the value at one path."""

    path: str
    conditions: tuple[Condition, ...]

    def mismatch(self, value: Any | None, now: datetime) -> Mismatch | None:
        """Return the first operator that a value, None for a missing one, does not satisfy."""
        for condition in self.conditions:
            holds = condition.passes_missing if value is None else condition.test(value, now)
            if not holds:
                return Mismatch(self.path, condition.op, condition.expected, shown(value))
        return None

    def mismatch_among(self, values: Sequence[Any], now: datetime) -> Mismatch | None:
        """
        Return the first operator that the elements of an array path do not satisfy (F2).

        Positive operators that each find an element, but not one and the same, are named together.
        """
        if not values:
            return self.mismatch(None, now)
        positive = [c for c in self.conditions if not c.negative]
        if positive and not any(all(c.test(value, now) for c in positive) for value in values):
            never = [c for c in positive if not any(c.test(value, now) for value in values)]
            return self._unmet(never[:1] or positive, values)
        for condition in self.conditions:
            if condition.negative and not all(condition.test(value, now) for value in values):
                return self._unmet([condition], values)
        return None

    def _unmet(self, conditions: Sequence[Condition], values: Sequence[Any]) -> Mismatch:
        op = " and ".join(condition.op for condition in conditions)
        together = {condition.op: condition.expected for condition in conditions}
        expected = conditions[0].expected if len(conditions) == 1 else together
        return Mismatch(self.path, op, expected, shown(list(values)))

    @property
    def wanted(self) -> dict[str, Any]:
        """What is expected, by operator, as JSON can hold it."""
        return {condition.op: condition.expected for condition in self.conditions}


def compile_operators(operators: Operators, path: str, *, exact: bool = False) -> Clause:
    """
    Return the clause that asks these operators of a value; `path` is its name in a mismatch.

    With `exact` the values are decimals, and 0.1 in the definition is one tenth.
    """
    return Clause(
        path,
        tuple(
            Condition(
                op=op,
                expected=shown(expected),
                test=test_of(op, _decimal(expected) if exact else expected),
                passes_missing=op in PASSED_BY_MISSING or (op == "blank" and expected),
                negative=op in NEGATIVE,
            )
            for op, expected in operators.conditions().items()
        ),
    )


def _decimal(expected: Any) -> Any:
    """Return the decimal number that was written where there is a floating-point one."""
    if isinstance(expected, tuple):
        return tuple(_decimal(value) for value in expected)
    if isinstance(expected, float) and isfinite(expected):
        return Decimal(repr(expected))
    return expected


def compile_at_path(operators: Operators, path: Path) -> Judge:
    """Return what judges the operators on the value, or values, at a path."""
    clause = compile_operators(operators, path.text)
    if path.is_array:
        return lambda obj, now: clause.mismatch_among(path.values(obj), now)
    read = path.reader()
    tests = tuple(condition.test for condition in clause.conditions)

    def judge(obj: Mapping[str, Any], now: datetime) -> Mismatch | None:
        value = read(obj)
        if value is not None:
            for test in tests:
                if not test(value, now):
                    break
            else:
                return None
        return clause.mismatch(value, now)

    return judge


class Filter:
    """The conditions of a `where`, all of which must hold; an empty one passes everything."""

    __slots__ = ("_judges",)

    def __init__(self, judges: Sequence[Judge]) -> None:
        """Make the filter that asks these in turn."""
        self._judges = tuple(judges)

    def mismatch(self, properties: Mapping[str, Any], now: datetime) -> Mismatch | None:
        """Return the first clause that does not hold at that instant, None if they pass."""
        for judge in self._judges:
            failed = judge(properties, now)
            if failed is not None:
                return failed
        return None

    def mismatches(self, properties: Mapping[str, Any], now: datetime) -> tuple[Mismatch, ...]:
        """Return the first operator of every path that does not hold at that instant."""
        judged = (judge(properties, now) for judge in self._judges)
        return tuple(failed for failed in judged if failed is not None)


def compile_where(where: Where) -> Filter:
    """Return the filter that a checked `where` describes."""
    return Filter(
        [compile_at_path(operators, parse_path(path)) for path, operators in where.items()]
    )


def shown(value: Any) -> Any:
    """
    Return a value as a record holds it, in JSON: instants and spans as text, decimals as numbers.

    What is longer than SHOWN_MAX characters is cut; of an array or object that is the JSON text.
    """
    match value:
        case str():
            return _cut(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return format_duration(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case float():
            return value if isfinite(value) else str(value)
        case tuple() | list() | Mapping():
            return _shown_container(list(value) if isinstance(value, tuple) else value)
        case _:
            return value


def _shown_container(value: Any) -> Any:
    text = ""
    # Piece by piece, so that a property of 100 KB costs no more than its beginning.
    for piece in _ENCODER.iterencode(value):
        text += piece
        if len(text) > SHOWN_MAX:
            return _cut(text)
    return value


_ENCODER = JSONEncoder(ensure_ascii=False, default=shown)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"
