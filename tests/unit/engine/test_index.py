"""The index from an event to the rows whose filters it may pass."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from time import process_time
from typing import Any

import pytest
from pydantic import TypeAdapter

from unless.definitions.filters import Where
from unless.engine.filters import compile_where
from unless.engine.index import FEW_ROWS, FIELDS_MAX, EventIndex

WHERE: TypeAdapter[Where] = TypeAdapter(Where)
NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)

OTHERS = 3 * FEW_ROWS
"""Rows beside the one in question, so that the index does more than list all."""

MANY = 100_000


def where(**conditions: Any) -> Where:
    return WHERE.validate_python(conditions)


def candidates(conditions: Any, properties: Any, event: str = "go") -> list[int]:
    """Return the candidates among a row of these conditions, key 1, and rows that want another."""
    rows = [("go", where(v="other"), 0)] * OTHERS
    rows.insert(5, ("go", WHERE.validate_python(conditions), 1))
    return list(EventIndex(rows).candidates(event, properties))


@pytest.mark.parametrize(
    ("conditions", "properties"),
    [
        ({"v": 1}, {"v": 1.0}),
        ({"v": 1.0}, {"v": 1}),
        ({"v": True}, {"v": True}),
        ({"v": [False, "a"]}, {"v": "a"}),
        ({"v": ""}, {"v": ""}),
        ({"a.b": 1}, {"a": {"b": 1}}),
        ({'"a.b"': 1}, {"a.b": 1}),
        ({"v": {"gt": 1, "lte": 2}}, {"v": 2}),
        ({"v": {"gte": 1, "lt": 2}}, {"v": 1}),
        ({"v": {"gt": -1.5}}, {"v": 10**37}),
        ({"v": {"gte": 1}, "w": "x"}, {"v": 1, "w": "x"}),
        ({"v[]": 1}, {"v": [1]}),
        ({"v": {"ne": 1}}, {}),
        ({"v": {"blank": True}}, {"v": None}),
        ({"v": {"matches": "a"}}, {"v": "a"}),
        ({"v": {"gt": "2026-01-01"}}, {"v": "2026-01-02"}),
        ({}, {}),
    ],
)
def test_a_row_that_the_event_passes_is_a_candidate(conditions: Any, properties: Any) -> None:
    """No row whose filter holds is missed."""
    assert candidates(conditions, properties) == [1]


@pytest.mark.parametrize(
    ("conditions", "properties"),
    [
        ({"v": 1}, {"v": True}),
        ({"v": True}, {"v": 1}),
        ({"v": 1}, {"v": "1"}),
        ({"v": "1"}, {"v": 1}),
        ({"v": 1}, {"v": [1]}),
        ({"v": 1}, {"v": {"a": 1}}),
        ({"v": 1}, {}),
        ({"v": 1}, {"v": None}),
        ({"v": ["a", "b"]}, {"v": "c"}),
        ({"a.b": 1}, {"a": {"b": 2}}),
        ({"a.b": 1}, {"a.b": 1}),
        ({"v": {"gt": 1}}, {"v": 1}),
        ({"v": {"lt": 2}}, {"v": 2}),
        ({"v": {"gte": 1}}, {"v": 0.9}),
        ({"v": {"lte": 2}}, {"v": 2.1}),
        ({"v": {"gte": 0}}, {"v": True}),
        ({"v": {"gte": 0}}, {"v": "1"}),
        ({"v": {"gte": 0}}, {}),
        ({"v": {"gte": 0}}, {"v": float("nan")}),
        ({"v": {"gte": 1}, "w": "x"}, {"v": 1, "w": "y"}),
    ],
)
def test_what_the_index_can_tell_apart_is_no_candidate(conditions: Any, properties: Any) -> None:
    """Values and numbers that do not fit rule a row out before its filter is asked."""
    assert candidates(conditions, properties) == []


def test_events_of_another_name_have_no_candidates() -> None:
    """The index knows the names that somebody asks for, and nothing of the others."""
    index = EventIndex([("a", where(), 1), ("b", where(), 2), ("a", where(), 3)])
    assert index.names() == {"a", "b"}
    assert list(index.candidates("c", {})) == []
    assert list(index.candidates("a", {})) == [1, 3]
    assert EventIndex([]).names() == frozenset()


@pytest.mark.parametrize("size", [1, FEW_ROWS, FEW_ROWS + 1, 63, 64, 65, 1000])
def test_candidates_come_in_the_order_of_their_rows(size: int) -> None:
    """Keys are given back row by row, whatever the number of rows; a key may stand in several."""
    index = EventIndex([("go", where(v=row % 3 > 0), row // 2) for row in range(size)])
    passing = [row // 2 for row in range(size) if row % 3 > 0 or size <= FEW_ROWS]
    assert list(index.candidates("go", {"v": True})) == passing


def test_only_the_commonest_fields_are_indexed() -> None:
    """With more properties than FIELDS_MAX the rarest are left to the filters; none is missed."""
    rows = [("go", where(**{f"p{n}": 1}), n) for n in range(2 * FIELDS_MAX)]
    rows += [("go", where(common="x"), -1), ("go", where(common="y"), -2)]
    found = set(EventIndex(rows).candidates("go", {"common": "x", "p3": 1}))
    assert {-1, 3} <= found
    assert -2 not in found
    assert FIELDS_MAX < len(found) <= FIELDS_MAX + 3


def test_rows_of_many_different_values() -> None:
    """What is kept in lists, and between the masks, is found like the rest."""
    chance = Random(7)

    def drawn(n: int) -> Where:
        product = chance.choice([f"p{n}", [f"p{n}", f"p{n + 1}"], "common"])
        least, most = chance.choice(["gt", "gte"]), chance.choice(["lt", "lte"])
        return where(product=product, value={least: n // 4, most: n // 4 + 90})

    wheres = [drawn(n) for n in range(3000)]
    index = EventIndex(("go", asked, key) for key, asked in enumerate(wheres))
    filters = [compile_where(asked) for asked in wheres]
    for _ in range(100):
        n = chance.randrange(3000)
        properties = {
            "product": chance.choice([f"p{n}", "common"]),
            "value": n // 4 + chance.choice([0, 9.5, 90]),
        }
        expected = [k for k, each in enumerate(filters) if not each.mismatch(properties, NOW)]
        assert list(index.candidates("go", properties)) == expected


def wide(names: int) -> Iterator[tuple[str, Where, int]]:
    """Yield MANY rows that differ in product and in both bounds: the traps of bitmaps."""
    for row in range(MANY):
        value = {"gte": row / 7, "lt": row / 7 + 100}
        filters = where(product=f"p{row}", value=value, plan=row % 5)
        yield f"event-{row % names}", filters, row


@pytest.mark.slow
@pytest.mark.parametrize("names", [50, 1])
def test_many_different_values_fit_in_memory(names: int) -> None:
    """100,000 rows with a value and bounds of their own take tens of megabytes and some seconds."""
    rows = list(wide(names))
    tracemalloc.start()
    started = process_time()
    index = EventIndex(rows)
    seconds = process_time() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 20, "of CPU to build, watched"
    assert peak < 150e6, "bytes while it is built"
    properties = {"product": "p4200", "value": 650, "plan": 0}
    assert list(index.candidates(f"event-{4200 % names}", properties)) == [4200]
