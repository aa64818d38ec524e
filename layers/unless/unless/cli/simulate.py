"""
`unless simulate`: a file of events played through a workspace on a virtual clock.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from unless.cli.check import default_folder, load_valid
from unless.cli.console import (
    Failure,
    advance,
    count,
    errors,
    output,
    printable,
    progress,
)
from unless.cli.tally import print_summary
from unless.cli.trail import KnownSteps, known_steps, steps_before
from unless.cli.words import SIGNS, STYLES, day_and_time, sentence
from unless.definitions.durations import in_utc
from unless.engine.records import Record
from unless.events.lines import UnreadableFile
from unless.sim.replay import BadLine, EventFile, Step, read_file, replay
from unless.sim.report import Report
from unless.sim.world import PureWorld

SHOWN_MAX = 500
"""Most lines of a timeline on a terminal; a pipe and `--json` get all of them."""

BAD_SHOWN_MAX = 20
"""Most bad lines that are listed one by one."""

TIME_COLUMNS = len("2026-02-02 10:00:00")

USER_COLUMNS_MAX = 24
"""Columns that users get in the timeline; a longer id pushes its own line to the right."""

START = datetime(1970, 1, 1, tzinfo=UTC)
"""When the definitions are published: before every event."""


type Line = tuple[str, str, Text]
"""When, who, and what happened."""


def simulate(workspace: Path | None, events: Path, *, until: str | None, as_json: bool) -> None:
    """Print what every campaign and journey of the workspace would have decided."""
    end = _instant(until)
    world = PureWorld()
    checked = load_valid(workspace or default_folder())
    world.publish(checked, START, first=True)
    known = known_steps(checked)
    file = _read(events)
    begun = time.perf_counter()
    report = Report()
    console = output()
    with progress("playing", len(file.events), beside=console) as bar:
        steps = _counted(replay(world, file.events, end), world, report, bar)
        if as_json:
            _print_json(steps)
        else:
            _print_timeline(console, steps, file, known)
    report_bad(errors(), events, file.bad)
    if not as_json:
        print_summary(console, world, report, known, time.perf_counter() - begun)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = in_utc(text)
    if instant is None:
        raise Failure(
            f"--until: {text!r} is no instant", "Write it as 2026-02-02T10:00:00Z.", code=2
        )
    return instant


def _read(path: Path) -> EventFile:
    try:
        file = read_file(path)
    except UnreadableFile as error:
        raise Failure(f"{error}.") from None
    if not file.events:
        report_bad(errors(), path, file.bad)
        raise Failure(
            f"{path}: there is no event in it to play.",
            'An event is one JSON object on a line: {"user": "u-17", "event": "purchase", '
            '"time": "2026-02-02T10:00:00Z"}',
        )
    return file


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
    console: Console, steps: Iterator[Step], file: EventFile, known: KnownSteps
) -> None:
    """
    Print a line for each decision, and before those about an event a line for the event.

    Before a decision about a run of a journey stand the steps that led to it.
    """
    longest = max(len(event.user) for event in file.events)
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


def report_bad(console: Console, path: Path, bad: Sequence[BadLine]) -> None:
    """Print the lines of a file that were left out, the first ones with their reasons."""
    for line in bad[:BAD_SHOWN_MAX]:
        where = f"{path}:{line.number}: "
        text = Text.assemble(where, (str(line.reason), "yellow"), f": {line.detail}")
        console.print(text)
    if len(bad) > BAD_SHOWN_MAX:
        console.print(f"… and {count(len(bad) - BAD_SHOWN_MAX, 'bad line')} more")
    if bad:
        console.print(Text(f"{count(len(bad), 'line')} left out", "yellow"))
