"""
The way of a run through its journey, step by step, on the user's clock.
"""

from collections.abc import Iterator, Mapping

from unless.cli.console import printable
from unless.cli.journeys.filter_words import shortened
from unless.cli.journeys.journey_map import SeenStep, all_steps, journey_map
from unless.cli.journeys.run_ways import WayLine, run_ways
from unless.cli.journeys.trail import STEP_MAX
from unless.cli.why.matters import Matter
from unless.cli.why.times import LocalClock
from unless.definitions.journeys import Journey
from unless.engine.definitions import Definitions
from unless.engine.model import Run, Visit
from unless.engine.plans import JourneyPlan

type Steps = Mapping[str, SeenStep]
"""The steps of a journey in words, by their names."""


def way_lines(
    matter: Matter, definitions: Definitions | None, clock: LocalClock
) -> Iterator[tuple[str, str, str]]:
    """
    Yield for each step and record of the run when it began, where, and what it did or became.

    Steps are told in the words of the version that the run keeps; of an ended run that version is
    not known, and where the present one has no such steps they have only their names.
    """
    lines = [line for way in _ways(matter) for line in way]
    if isinstance(matter.item, Run):
        lines += [WayLine(v.arrived, v.step, took=v.took) for v in _untold(matter.item, lines)]
    known = _steps(matter, definitions)
    if any(line.step and line.step not in known for line in lines):
        known = {}
    for line in lines:
        yield clock.when(line.at), printable(line.step), _words(line, known)


def step_now(run: Run, definitions: Definitions) -> SeenStep | None:
    """Return the step in which the run is, in words."""
    program = definitions.program(run)
    return _by_name(program.journey).get(program.steps[run.place].name)


def _ways(matter: Matter) -> Iterator[tuple[WayLine, ...]]:
    rows = [record.as_json() for record in reversed(matter.records)]
    for way in run_ways(rows, rows[:1]):
        yield way.lines


def _untold(run: Run, lines: list[WayLine]) -> Iterator[Visit]:
    """Yield the steps since the last record; the first may be the message of that record."""
    told = {(line.step, line.at) for line in lines} | {(lines[-1].step if lines else "", None)}
    for number, visit in enumerate(run.trail):
        if number or (visit.step, None) not in told:
            yield visit


def _steps(matter: Matter, definitions: Definitions | None) -> Steps:
    if definitions is None:
        return {}
    if isinstance(matter.item, Run):
        return _by_name(definitions.program(matter.item).journey)
    plan = definitions.plans.get(matter.subject.definition)
    return _by_name(plan.journey) if isinstance(plan, JourneyPlan) else {}


def _by_name(journey: Journey) -> Steps:
    return {step.name: step for step in all_steps(journey_map(journey))}


def _words(line: WayLine, known: Steps) -> str:
    """Return what the step did and where it led, or what the record says."""
    if line.ended:
        return line.ended
    step = known.get(line.step)
    words = shortened(step.words, STEP_MAX) if step else ""
    if not line.took:
        return words
    led = shortened(step.way(line.took), STEP_MAX) if step else line.took
    return f"{words} → {led}" if words else f"→ {led}"
