"""
A failed scenario: what was expected beside what came instead, field by field.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.cli.console import columns, printable
from unless.cli.journeys.run_ways import run_ways
from unless.cli.words import value
from unless.engine.records import instant_text
from unless.sim.expectations import Comparison, matches

FIELDS = ("user", "campaign", "journey", "step", "event", "outcome", "reason", "at", "due")
"""The fields of a record in the order in which a difference shows them; the others follow."""

type Row = Mapping[str, Any]


def show_difference(console: Console, comparison: Comparison, records: Sequence[Row]) -> None:
    """
    Show what was missing beside what came instead, then what has no counterpart.

    Below it stands, once, the way of each run of a journey that this is about, from all `records`.
    """
    extra = list(comparison.extra)
    about: list[Row] = []
    for row in comparison.missing:
        instead = _most_alike(row, extra)
        about.append(instead or row)
        if instead is None:
            console.print(Text("    expected, and did not come:", "red"))
            columns(console, _side_by_side(row, None))
        else:
            extra.remove(instead)
            console.print(Text("    expected one thing, and another came:", "red"))
            columns(console, _side_by_side(row, instead))
    for record in extra:
        console.print(Text("    came, and was not expected:", "red"))
        columns(console, _side_by_side(None, record))
    for way in run_ways(records, [*about, *extra]):
        console.print(Text(f"    the way of {way.user} through {way.journey} ({way.event}):"))
        columns(console, (("     ", *line.cells) for line in way.lines))


def _most_alike(row: Row, records: Sequence[Row]) -> Row | None:
    """Return the record that differs least, of those about the same user and definition."""
    same = [
        record
        for record in records
        if all(row.get(key) in (None, record.get(key)) for key in ("user", "campaign", "journey"))
    ]

    def agreeing(record: Row) -> int:
        return sum(key in record and matches(cell, record[key]) for key, cell in row.items())

    return max(same, key=agreeing, default=None)


def _side_by_side(row: Row | None, record: Row | None) -> Iterator[tuple[Text | str, ...]]:
    """Yield a line for each field: its name, what was expected, what came."""
    record = record and _worth_showing(record, (row or {}).get("detail"))
    keys = dict.fromkeys((*FIELDS, *(row or {}), *(record or {})))
    if row is not None and record is not None:
        yield "     ", Text("field", "dim"), Text("expected", "dim"), "", Text("came", "dim")
    for key in keys:
        if key == "send" and key not in (row or {}):
            continue
        if row is None or record is None:
            only = row if row is not None else record
            if only and key in only:
                yield "     ", Text(key, "dim"), _cell(key, only[key], None)
            continue
        if key not in row and key not in record:
            continue
        differs = key in row and not (key in record and matches(row[key], record[key]))
        yield (
            "     ",
            Text(key, "dim"),
            Text(_cell(key, row.get(key), ""), "green" if differs else ""),
            Text("≠", "red") if differs else "",
            Text(_cell(key, record.get(key), "-"), "red" if differs else ""),
        )


def _cell(key: str, cell: object, missing: str | None) -> str:
    if cell is None and missing is not None:
        return missing
    if isinstance(cell, datetime):
        return instant_text(cell.astimezone(UTC))
    if key != "detail":
        return printable(value(cell))
    return json.dumps(cell, ensure_ascii=False, default=str)


def _worth_showing(record: Row, asked: object) -> Row:
    """
    Return a record without a detail that is empty, or steps that stand below, unless asked for.
    """
    detail = record.get("detail") or {}
    if "steps" in detail and not (isinstance(asked, Mapping) and "steps" in asked):
        detail = {key: each for key, each in detail.items() if key != "steps"}
    shown = {key: each for key, each in record.items() if key != "detail"}
    return {**shown, "detail": detail} if detail or asked is not None else shown
