"""
`unless simulate --against`: the same events under old and new definitions, and what differs.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.progress import Progress

from unless.cli.check import load_valid
from unless.cli.console import advance, output, progress
from unless.cli.simulating.difference_output import (
    Compared,
    print_differences,
    print_json,
    print_markdown,
)
from unless.cli.simulating.difference_tables import OneSided
from unless.cli.simulating.event_input import opened
from unless.cli.simulating.simulation import Form
from unless.definitions.checks import Checked
from unless.definitions.models import Kind
from unless.sim.comparison import Comparison, compared
from unless.sim.lock_step import Both, replay_both
from unless.sim.report import Owner, Report, owner_of
from unless.sim.world import LONG_AGO, PureWorld


@dataclass(slots=True)
class Sides:
    """The worlds of the old and the new definitions, and what only one of them has."""

    old: PureWorld
    new: PureWorld
    one_sided: OneSided


def compare(
    workspace: Path, old: Path, events: Sequence[Path], until: datetime | None, form: Form
) -> Compared:
    """
    Print for whom the definitions of the workspace send more, less, at other times than old ones.

    Raises:
        Failure: one of the versions has errors, or the events cannot be read.
    """
    sides = _sides(old, workspace)
    report, comparison = Report(), Comparison()
    with opened(events) as stream, progress("comparing", stream.total) as bar:
        steps = replay_both(sides.old, sides.new, stream, until)
        counted = _counted(steps, report, sides.new, bar)
        found = compared(counted, sides.old, sides.new, comparison)
        if form is Form.JSON:
            print_json(found)
        for _ in found:
            pass  # they are counted on the way
    waiting = Counter(owner_of(item) for item in sides.new.pending())
    users = len(sides.new.users)
    result = Compared(comparison.tally, sides.one_sided, report, waiting, users)
    if form is Form.MARKDOWN:
        print_markdown(result)
    elif form is Form.WORDS:
        print_differences(output(), result)
    return result


def _sides(old: Path, new: Path) -> Sides:
    before, now = load_valid(old), load_valid(new)
    return Sides(_world(before), _world(now), _one_sided(_owners(before), _owners(now)))


def _world(checked: Checked) -> PureWorld:
    world = PureWorld()
    world.publish(checked, LONG_AGO, first=True)
    return world


def _owners(checked: Checked) -> set[Owner]:
    campaigns = {Owner(Kind.CAMPAIGN, name) for name in checked.campaigns}
    return campaigns | {Owner(Kind.JOURNEY, name) for name in checked.journeys}


def _one_sided(before: set[Owner], now: set[Owner]) -> OneSided:
    return dict.fromkeys(now - before, "new") | dict.fromkeys(before - now, "gone")


def _counted(
    steps: Iterator[Both], report: Report, world: PureWorld, bar: Progress | None
) -> Iterator[Both]:
    """Yield the steps, and count those of the new definitions."""
    for old, new in steps:
        if new is not None:
            report.take(new, world)
            advance(bar, new.event is not None)
        yield old, new
