"""
Filters and the index over them agree with the plain reading of SPEC F1-F5 that the oracle has.

Values are drawn from few, chosen to be confused: 1, 1.0, true and "1"; texts that are times; nulls.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.property.oracle.filters import where_holds
from unless.definitions.filters import Where
from unless.engine.filters import compile_where
from unless.engine.index import EventIndex

pytestmark = pytest.mark.slow

WHERE: TypeAdapter[Where] = TypeAdapter(Where)
NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)

TIMES = [
    "2026-02-02",
    "2026-02-02T10:00:00Z",
    "2026-02-02T10:00:01",
    "2026-02-01T10:00:00Z",
    "2026-02-03T11:00:00+01:00",
    "2024-02-29T23:30:00-01:00",
]
SCALARS = [0, 1, 1.0, 2, -1, 1.5, 10**37, True, False, "", "1", "a", "A", "ab", "b a", "É", *TIMES]
PATHS = ["a", "b", "o.a", "o.b", '"o.a"', "l[]", "l", "l[].a", "o.l[].b", "l[].l[]", "o.l[]"]

scalars = st.sampled_from(SCALARS)
values = st.recursive(
    st.none() | scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "o", "l"]), inner, max_size=3)
    ),
    max_leaves=6,
)
arrays = st.lists(values, max_size=3)
properties = st.fixed_dictionaries(
    {},
    optional={
        "a": values,
        "b": values,
        "o.a": values,
        "o": st.fixed_dictionaries({}, optional={"a": values, "b": values, "l": arrays}),
        "l": arrays | values,
    },
)

lists = st.lists(scalars, min_size=1, max_size=4)
numbers = st.sampled_from([one for one in SCALARS if type(one) in (int, float)])
patterns = st.sampled_from(["a", "^A$", "[b-z]", ".", "^$", "é", r"\d+"])
spans = st.sampled_from(["0s", "1d", "24h", "90m", "700d"])
OPERATORS: dict[str, st.SearchStrategy[Any]] = (
    dict.fromkeys(["eq", "ne"], scalars)
    | dict.fromkeys(["in", "not_in", "contains_any", "contains_none"], lists)
    | dict.fromkeys(["gt", "gte", "lt", "lte"], numbers | st.sampled_from(TIMES))
    | dict.fromkeys(["matches", "not_matches"], patterns)
    | dict.fromkeys(["before", "after"], st.sampled_from(TIMES))
    | dict.fromkeys(["within_last", "more_than_ago", "within_next", "more_than_ahead"], spans)
    | {"blank": st.booleans(), "day_of_year": st.sampled_from(["02-02", "02-29", "03-01"])}
)


@st.composite
def operators(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(OPERATORS)), min_size=1, max_size=3, unique=True))
    return {name: draw(OPERATORS[name]) for name in names}


conditions = scalars | lists | operators()
wheres = st.dictionaries(st.sampled_from(PATHS), conditions, max_size=3)
ranges = st.dictionaries(st.sampled_from(["gt", "gte", "lt", "lte"]), numbers, min_size=1)
# What the index looks at, so that most of its rows are not decided by what it leaves to the filter.
indexed = st.dictionaries(
    st.sampled_from(["a", "b", "o.a"]),
    scalars
    | lists
    | st.dictionaries(st.sampled_from(["gt", "gte", "lt", "lte"]), numbers, min_size=1),
    max_size=2,
)


@given(where=wheres, found=properties)
@settings(max_examples=1500)
def test_a_filter_passes_what_the_plain_reading_passes(where: Any, found: Any) -> None:
    """On any properties, a filter and the oracle give the same answer."""
    expected = where_holds(where, found, NOW)
    event("passes" if expected else "fails")
    failed = compile_where(WHERE.validate_python(where)).mismatch(found, NOW)
    assert (failed is None) == expected, failed


@given(where=wheres, found=properties)
def test_a_mismatch_fits_in_json(where: Any, found: Any) -> None:
    """What a mismatch says can be written to a record, and names a clause of the filter."""
    failed = compile_where(WHERE.validate_python(where)).mismatch(found, NOW)
    if failed is not None:
        assert failed.path in where
        assert TypeAdapter(Any).validate_json(TypeAdapter(Any).dump_json(failed.detail()))


@given(
    rows=st.lists(st.tuples(st.sampled_from(["x", "y"]), indexed | wheres), max_size=40),
    happened=st.lists(
        st.tuples(st.sampled_from(["x", "y", "z"]), properties), min_size=1, max_size=5
    ),
)
@settings(max_examples=300)
def test_the_index_misses_no_row(rows: Any, happened: Any) -> None:
    """Filtering the candidates finds exactly what looking at all rows finds, in order."""
    compiled = [(name, WHERE.validate_python(where)) for name, where in rows]
    filters = [compile_where(where) for _, where in compiled]
    index = EventIndex((name, where, key) for key, (name, where) in enumerate(compiled))
    for name, found in happened:
        candidates = list(index.candidates(name, found))
        matching = [key for key in candidates if filters[key].mismatch(found, NOW) is None]
        assert matching == [
            key
            for key, (other, where) in enumerate(rows)
            if other == name and where_holds(where, found, NOW)
        ]
        event(f"{min(len(matching), 5)} of {min(len(candidates), 5)} candidates")
