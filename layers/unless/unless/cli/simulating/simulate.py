"""
`unless simulate`: a file of events played through a workspace on a virtual clock.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from unless.cli.check import load_valid
from unless.cli.console import advance, count, output, printable, progress
from unless.cli.journeys.trail import KnownSteps, known_steps, steps_before
from unless.cli.simulating.event_input import opened
from unless.cli.simulating.simulation import Form
from unless.cli.simulating.tally import print_summary
from unless.cli.words import SIGNS, STYLES, day_and_time, sentence
from unless.engine.records import Record
from unless.sim.replay import Step, replay
from unless.sim.report import Report, owner_of
from unless.sim.world import LONG_AGO, PureWorld

SHOWN_MAX = 500
"""Most lines of a timeline on a terminal; a pipe and `--json` get all of them."""

TIME_COLUMNS = len("2026-02-02 10:00:00")

USER_COLUMNS_MAX = 24
"""Columns that users get in the timeline; a longer id pushes its own line to the right."""

type Line = tuple[str, str, Text]
"""When, who, and what happened."""


@dataclass(slots=True)
class Played:
    """A world in which all events were played, and what that came to."""

    world: PureWorld
    report: Report

    def page(self) -> str:
        """Return the report as an HTML page."""
        from unless.cli.simulating.report_page import report_page

        waiting = Counter(owner_of(item) for item in self.world.pending())
        return report_page(self.report, waiting, len(self.world.users))


def simulate(workspace: Path, events: Sequence[Path], end: datetime | None, form: Form) -> Played:
    """
    Print what every campaign and journey of the workspace would have decided.

    Raises:
        Failure: the definitions have errors, or the events cannot be read.
    """
    world, report = PureWorld(), Report()
    checked = load_valid(workspace)
    world.publish(checked, LONG_AGO, first=True)
    known = known_steps(checked)
    console = output()
    begun = time.perf_counter()
    with opened(events) as stream, progress("playing", stream.total, beside=console) as bar:
        steps = _counted(replay(world, stream, end), world, report, bar)
        if form is Form.JSON:
            _print_json(steps)
        else:
            _print_timeline(console, steps, stream.user_columns, known)
    if form is not Form.JSON:
        print_summary(console, world, report, known, time.perf_counter() - begun)
    return Played(world, report)


def _counted(
    steps: Iterator[Step], world: PureWorld, report: Report, bar: Progress | None
) -> Iterator[Step]:
    for step in steps:
        report.take(step, world)
        advance(bar, step.event is not None)
        yield step


def _print_json(steps: Iterator[Step]) -> None:
    for record in chain.from_iterable(step.records for step in steps):
        sys.stdout.write(json.dumps(record.as_json(), ensure_ascii=False) + "\n")


def _print_timeline(
    console: Console, steps: Iterator[Step], longest: int, known: KnownSteps
) -> None:
    """
    Print a line for each decision, and before those about an event a line for the event.

    Before a decision about a run of a journey stand the steps that led to it.
    """
    width = min(max(longest, len("user")), USER_COLUMNS_MAX)
    heading = ("time (UTC)", "user", Text("what happened"))
    _print_line(console, heading, width, "bold")
    lines = (line for step in steps for line in _lines(step, known))
    for line in islice(lines, SHOWN_MAX if console.is_terminal else None):
        _print_line(console, line, width)
    with console.status("playing the rest") if console.is_terminal else nullcontext():
        more = sum(1 for _ in lines)
    if more:
        said = f"… and {count(more, 'line')} more; pipe this into a file or a pager for all of them"
        console.print(Text(said, "italic"))


def _print_line(console: Console, line: Line, width: int, style: str = "") -> None:
    at, user, text = line
    if console.is_terminal:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True, width=TIME_COLUMNS)
        table.add_column(no_wrap=True, min_width=width)
        table.add_column(overflow="fold")
        table.add_row(at, user, text, style=style)
        console.print(table)
    else:  # A hundred thousand lines: without the way through the tables.
        console.file.write(f"{at:<{TIME_COLUMNS}}  {user:<{width}}  {text.plain}".rstrip() + "\n")


def _lines(step: Step, known: KnownSteps) -> Iterator[Line]:
    if step.event is not None and step.records:
        name, event_id = printable(step.event.name), printable(step.event.id)
        text = Text.assemble((f"· {name}", "bold"), (f"  {event_id}", "dim"))
        yield day_and_time(step.event.time), printable(step.event.user), text
    for record in step.records:
        for at, words in steps_before(record, known):
            text = Text(f"  ↓ {day_and_time(at)}  {words}", "dim")
            yield "", printable(record.user), text
        yield day_and_time(record.at), printable(record.user), record_text(record)


def record_text(record: Record) -> Text:
    """Return a decision in a line: its outcome, whose it is, and the reason in words."""
    sign, outcome = SIGNS[record.outcome], record.outcome.value
    if record.moved_by:
        sign, outcome = "→", "moved"
    return Text.assemble(
        (f"{sign} {outcome:<9}", STYLES[record.outcome]),
        f"  {record.definition}/{record.step}" if record.step else f"  {record.definition}",
        (f"  {printable(said)}" if (said := sentence(record)) else ""),
    )
