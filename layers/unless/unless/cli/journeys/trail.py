"""
The way of a run between two of its records: the steps it was in, when, and which way each led.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from unless.cli.journeys.filter_words import shortened
from unless.cli.journeys.journey_map import SeenStep, all_steps, journey_map
from unless.definitions.checks import Checked
from unless.definitions.steps import MessageStep
from unless.engine.journeys.records import TRAIL_MAX
from unless.engine.records import Record

STEP_MAX = 60
"""Most characters of a step, and of the way that it led."""

type KnownSteps = Mapping[tuple[str, str], SeenStep]
"""The steps of journeys in words, by the journey's id and the step's name in records."""


@dataclass(frozen=True, slots=True)
class Visited:
    """A step that a run was in since `at`, UTC; `took` is the key of the way that it led."""

    step: str
    at: datetime
    took: str


def visits(detail: Mapping[str, Any]) -> Iterator[Visited]:
    """Yield the steps that the detail of a record tells of, oldest first."""
    for row in detail.get("steps", ()):
        at = datetime.fromisoformat(row["at"]).astimezone(UTC)
        yield Visited(row["step"], at, row.get("took", ""))


def known_steps(checked: Checked) -> KnownSteps:
    """Return the steps of all journeys of a folder."""
    return {
        (name, step.name): step
        for name, journey in checked.journeys.items()
        for step in all_steps(journey_map(journey))
    }


def steps_before(record: Record, known: KnownSteps) -> Iterator[tuple[datetime, str]]:
    """
    Yield the steps of a run since its last record in words, each with its instant, UTC.

    Message steps are left out: each has a record of its own.
    """
    visited = [*visits(record.detail)]
    if len(visited) >= TRAIL_MAX:
        yield visited[0].at, f"… the last {TRAIL_MAX} steps"
    for visit in visited:
        seen = known.get((record.definition, visit.step))
        if seen is None:
            yield visit.at, " → ".join(part for part in (visit.step, visit.took) if part)
        elif not isinstance(seen.step, MessageStep):
            way = f" → {shortened(seen.way(visit.took), STEP_MAX)}" if visit.took else ""
            yield visit.at, shortened(seen.words, STEP_MAX) + way
