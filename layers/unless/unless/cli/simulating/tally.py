"""
What a replay came to, as `unless simulate` says it at its end, and who is still on the way.
"""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from unless.cli.console import columns, count
from unless.cli.journeys.trail import KnownSteps
from unless.cli.simulating.report_tables import (
    Table,
    conversions_table,
    exceptions_table,
    hours_in_lines,
    outcome_tables,
    reasons_table,
    regret_table,
)
from unless.cli.words import day_and_time
from unless.engine.definitions import Definitions
from unless.engine.model import Run
from unless.sim.report import Report, owner_of
from unless.sim.world import PureWorld

WAITS_SHOWN_MAX = 20
"""Most steps that are listed with how many people are in them."""

TIMED_FROM = 1000
"""From how many events on the summary says how long it took."""

TIMES_COLUMNS = 9
"""Columns of a number that stands before what it counts."""


def print_summary(
    console: Console, world: PureWorld, report: Report, known: KnownSteps, seconds: float
) -> None:
    """Print the report, who waits where, and how long it took."""
    pending = world.pending()
    waiting = Counter(owner_of(item) for item in pending)
    console.print()
    if not report.outcomes and not waiting:
        console.print("No event triggers anything of this workspace.")
        console.print()
    for table in outcome_tables(report, waiting):
        print_table(console, table)
    runs = [item for item in pending if isinstance(item, Run)]
    if runs:
        _print_waits(console, runs, known, world.definitions)
    for table in (
        reasons_table(report),
        exceptions_table(report),
        conversions_table(report),
        regret_table(report),
        hours_in_lines(report),
    ):
        print_table(console, table)
    console.print(_played(world, report, seconds))


def print_table(console: Console, table: Table) -> None:
    """Print a table with its title above and its note below; one without rows is left out."""
    if not table.rows:
        return
    widths = [max(map(len, cells)) for cells in zip(table.heading, *table.rows, strict=True)]
    if table.title:
        console.print(Text(table.title, "bold"))
    heading = [Text(cell, "dim" if table.title else "bold") for cell in _row(table, 0, widths)]
    body = [_row(table, n, widths) for n in range(1, len(table.rows) + 1)]
    columns(console, [heading, *body])
    if table.note:
        console.print(Text(table.note, "dim italic"))
    console.print()


def _row(table: Table, place: int, widths: Sequence[int]) -> list[str]:
    """Return a row, the heading being the first; numbers are set to the right."""
    cells = (table.heading, *table.rows)[place]
    return [
        cell if column in table.words else f"{cell:>{width}}"
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]


def _print_waits(
    console: Console, runs: Sequence[Run], known: KnownSteps, definitions: Definitions
) -> None:
    """Print in which steps people still are, and when the first of each is due."""
    waits: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        name = definitions.program(run).steps[run.place].name
        waits.setdefault((run.definition, name), []).append(run)
    rows = []
    for (journey, name), there in sorted(waits.items()):
        step = known.get((journey, name))
        due = day_and_time(min(run.due for run in there))
        words = step.words if step else ""
        rows.append((f"{len(there):,}", f"in {journey}/{name}", f"{words}; next due {due}"))
    console.print(Text("still on their way", "bold"))
    shown = rows[:WAITS_SHOWN_MAX]
    columns(console, [(f"{number:>{TIMES_COLUMNS}}", *rest) for number, *rest in shown])
    if len(rows) > WAITS_SHOWN_MAX:
        console.print(f"… and in {count(len(rows) - WAITS_SHOWN_MAX, 'step')} more")
    console.print()


def _played(world: PureWorld, report: Report, seconds: float) -> str:
    played = f"{count(report.events, 'event')} of {count(len(world.users), 'user')}"
    if report.events >= TIMED_FROM:
        played += f" in {seconds:.1f} s, {report.events / seconds:,.0f} events a second"
    return played
