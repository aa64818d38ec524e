"""
What a replay came to: how often each outcome, why, and who is still on the way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from unless.cli.console import columns, count
from unless.cli.trail import KnownSteps
from unless.cli.words import day_and_time, explained
from unless.definitions.models import Kind
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, Run
from unless.engine.records import Outcome, Reason
from unless.sim.replay import Step
from unless.sim.world import PureWorld

WAITS_SHOWN_MAX = 20
"""Most steps that are listed with how many people are in them."""

TIMED_FROM = 1000
"""From how many events on the summary says how long it took."""

OUTCOMES = {
    Kind.CAMPAIGN: (Outcome.SCHEDULED, Outcome.SENT, Outcome.CANCELLED, Outcome.SKIPPED),
    Kind.JOURNEY: (
        Outcome.ENTERED, Outcome.SENT, Outcome.SKIPPED, Outcome.EXITED, Outcome.COMPLETED,
    ),
}  # fmt: skip
"""The outcomes that each kind has, in the order in which people read them."""


class Owner(NamedTuple):
    """The campaign or journey to which something belongs."""

    kind: Kind
    id: str


@dataclass(slots=True)
class Tally:
    """What the replay came to."""

    outcomes: dict[Owner, Counter[Outcome]] = field(default_factory=dict)
    reasons: Counter[tuple[Outcome, Reason, str]] = field(default_factory=Counter)
    events: int = 0

    def take(self, step: Step) -> None:
        """Count a step."""
        self.events += step.event is not None
        for record in step.records:
            owner = Owner(record.kind, record.definition)
            counts = self.outcomes.setdefault(owner, Counter())
            counts[record.outcome] += not record.moved_by
            if record.reason:
                words = explained(record.reason, record.kind)
                self.reasons[record.outcome, record.reason, words] += 1


def print_summary(
    console: Console, world: PureWorld, tally: Tally, known: KnownSteps, seconds: float
) -> None:
    """Print the counts by definition and by reason, who waits where, and how long it took."""
    pending = world.pending()
    waiting = Counter(_owner(item) for item in pending)
    console.print()
    if not tally.outcomes and not waiting:
        console.print("No event triggers anything of this workspace.")
        console.print()
    for kind in Kind:
        owners = sorted(o for o in tally.outcomes.keys() | waiting.keys() if o.kind is kind)
        if owners:
            _print_outcomes(console, kind, owners, tally, waiting)
    runs = [item for item in pending if isinstance(item, Run)]
    if runs:
        _print_waits(console, runs, known, world.definitions)
    if tally.reasons:
        _print_reasons(console, tally)
    console.print(_played(world, tally, seconds))


def _owner(item: DueItem) -> Owner:
    return Owner(Kind.JOURNEY if isinstance(item, Run) else Kind.CAMPAIGN, item.definition)


def _print_outcomes(
    console: Console, kind: Kind, owners: Sequence[Owner], tally: Tally, waiting: Counter[Owner]
) -> None:
    names = [*OUTCOMES[kind], "pending"]
    rows = [
        [*(tally.outcomes.get(owner, Counter())[each] for each in OUTCOMES[kind]), waiting[owner]]
        for owner in owners
    ]
    cells = [[f"{number:,}" for number in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    heading = [Text(text, "bold") for text in (kind, *_right(names, widths))]
    body = [[owner.id, *_right(row, widths)] for owner, row in zip(owners, cells, strict=True)]
    columns(console, [heading, *body])
    console.print()


def _right(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)]


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
    columns(console, [(f"{number:>9}", *rest) for number, *rest in rows[:WAITS_SHOWN_MAX]])
    if len(rows) > WAITS_SHOWN_MAX:
        console.print(f"… and in {count(len(rows) - WAITS_SHOWN_MAX, 'step')} more")
    console.print()


def _print_reasons(console: Console, tally: Tally) -> None:
    columns(
        console,
        [
            (f"{number:>9,}", outcome, reason, Text(words, "dim"))
            for (outcome, reason, words), number in tally.reasons.most_common()
        ],
    )
    console.print()


def _played(world: PureWorld, tally: Tally, seconds: float) -> str:
    played = f"{count(tally.events, 'event')} of {count(len(world.users), 'user')}"
    if tally.events >= TIMED_FROM:
        played += f" in {seconds:.1f} s, {tally.events / seconds:,.0f} events a second"
    return played
