"""
From an event to the rows whose conditions it may satisfy, without looking at all of them.

Rows are the bits of one integer per event name. Each property that rows of the name compare with a
value or a number gives the set of rows that it leaves possible; candidates are in all these sets.
What else a row asks (patterns, times, arrays) is left to its filter.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeIs

from unless.definitions.filters import Operators, Where
from unless.engine.bitmaps import Thresholds, Values, everyone, pick, word_bases
from unless.engine.operators import equality_key, equality_keys, is_number
from unless.engine.paths import Path, parse_path

FEW_ROWS = 8
"""With at most so many rows to a name, their filters are quicker than the sets."""

FIELDS_MAX = 64
"""Most properties indexed per name, the commonest; more would cost more than they rule out."""


class EventIndex:
    """The rows of all definitions by event name and by what they ask of its properties."""

    __slots__ = ("_names",)

    def __init__(self, rows: Iterable[tuple[str, Where, int]]) -> None:
        """Index rows of event name, filter and key; several rows may have one key."""
        by_name: dict[str, list[tuple[Where, int]]] = defaultdict(list)
        for name, where, key in rows:
            by_name[name].append((where, key))
        self._names = {name: _NameIndex(each) for name, each in by_name.items()}

    def names(self) -> frozenset[str]:
        """Return the names of the events that some row asks for."""
        return frozenset(self._names)

    def candidates(self, name: str, properties: Mapping[str, Any]) -> Sequence[int]:
        """
        Return the keys of the rows whose filters the event may pass, in the order of the rows.

        Every row that it does pass is among them; a row may be that it does not.
        """
        index = self._names.get(name)
        return index.candidates(properties) if index else ()


class _NameIndex:
    """The rows of one event name."""

    __slots__ = ("_all", "_bases", "_fields", "_keys")

    def __init__(self, rows: Sequence[tuple[Where, int]]) -> None:
        size = len(rows)
        self._keys = tuple(key for _, key in rows)
        self._bases = word_bases(size)
        self._all = everyone(size)
        self._fields = _fields([where for where, _ in rows]) if size > FEW_ROWS else ()

    def candidates(self, properties: Mapping[str, Any]) -> Sequence[int]:
        if not self._fields:
            return self._keys
        possible = self._all
        for field in self._fields:
            possible &= field.possible(properties)
            if not possible:
                return ()
        return pick(possible, self._keys, self._bases)


class _Field:
    """What the rows of one event name ask of the value at one path."""

    __slots__ = ("_above", "_below", "_indifferent", "_path", "_values")

    def __init__(self, path: Path, asked: "_Asked", size: int) -> None:
        self._path = path
        self._values = Values(asked.values, size)
        self._above = Thresholds(asked.above, size) if asked.above else None
        self._below = Thresholds(asked.below, size) if asked.below else None
        self._indifferent = self._possible(None, None)

    def possible(self, properties: Mapping[str, Any]) -> int:
        """Return the rows that the properties leave possible, as far as this field goes."""
        value = self._path.value(properties)
        if value is None:
            return self._indifferent
        return self._possible(equality_key(value), value if is_number(value) else None)

    def _possible(self, key: Hashable | None, number: float | None) -> int:
        possible = self._values.possible(key)
        if self._above:
            possible &= self._above.possible(number)
        if self._below:
            # To be below a bound is to be above it when both are negated.
            possible &= self._below.possible(None if number is None else -number)
        return possible


@dataclass(frozen=True, slots=True)
class _Asked:
    """What rows ask of the value at one path: which values, above or below which numbers."""

    path: Path
    values: dict[Hashable, list[int]]
    above: list[tuple[float, bool, int]]
    below: list[tuple[float, bool, int]]
    rows: list[int]

    def add(self, row: int, operators: Operators) -> None:
        """Note what the row asks, as far as it can be indexed."""
        noted = False
        for key in _named(operators):
            self.values.setdefault(key, []).append(row)
            noted = True
        for bound, equal in ((operators.gt, False), (operators.gte, True)):
            if _is_indexed(bound):
                self.above.append((bound, equal, row))
                noted = True
        for bound, equal in ((operators.lt, False), (operators.lte, True)):
            if _is_indexed(bound):
                self.below.append((-bound, equal, row))
                noted = True
        if noted:
            self.rows.append(row)


def _named(operators: Operators) -> Iterable[Hashable]:
    """Return the keys of the values that `eq`, else `in`, names."""
    if operators.eq is not None:
        return equality_keys((operators.eq,))
    return equality_keys(operators.in_ or ())


def _is_indexed(bound: float | datetime | None) -> TypeIs[float]:
    """Whether the bound is a number; instants are left to the filter."""
    return isinstance(bound, int | float)


def _fields(wheres: Sequence[Where]) -> tuple[_Field, ...]:
    """Return the fields of the commonest paths, those first that rule out the most rows."""
    asked: dict[tuple[str | None, ...], _Asked] = {}
    for row, where in enumerate(wheres):
        for text, operators in where.items():
            path = parse_path(text)
            if not path.is_array:
                asked.setdefault(path.steps, _Asked(path, {}, [], [], [])).add(row, operators)
    commonest = sorted(asked.values(), key=lambda each: len(each.rows), reverse=True)[:FIELDS_MAX]
    return tuple(_Field(each.path, each, len(wheres)) for each in commonest if each.rows)
