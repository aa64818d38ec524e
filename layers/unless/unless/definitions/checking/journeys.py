"""
What a journey may not be: its entry, its exit, its steps, and all that these name.
"""

from collections.abc import Iterator

from unless.definitions.checking.arrays import Row, array_attribute_mistakes, placed_triggers
from unless.definitions.checking.audiences import KnownSegments, audience_mistakes
from unless.definitions.checking.entries import entry_timing_mistakes
from unless.definitions.checking.exits import exit_mistakes
from unless.definitions.checking.step_places import PlacedStep, placed_steps
from unless.definitions.checking.steps import step_mistakes
from unless.definitions.checking.trigger_race import trigger_race_mistakes
from unless.definitions.checking.updates import update_mistakes
from unless.definitions.documents import Document, Path
from unless.definitions.filters import Audience
from unless.definitions.issues import Mistake
from unless.definitions.journeys import Journey
from unless.definitions.steps import BranchStep, SplitStep, UpdateStep, WaitForStep

ENTRY_AUDIENCE: Path = ("entry", "audience")


def journey_mistakes(
    journey: Journey, document: Document, known: KnownSegments, company: str
) -> Iterator[Mistake]:
    """
    Yield what is wrong with a journey whose single values are all right.

    `company` is the workspace's IANA zone.
    """
    yield from _entry(journey, known)
    yield from entry_timing_mistakes(journey, company)
    yield from exit_mistakes(journey, known)
    yield from step_mistakes(journey)
    yield from array_attribute_mistakes(_rows(journey, document))
    for placed in placed_steps(journey):
        for path, audience in _audiences(placed):
            yield from audience_mistakes(audience, path, known)
        if isinstance(placed.step, UpdateStep):
            attributes = placed.step.update.attributes
            yield from update_mistakes(attributes, (*placed.body, "attributes"))


def _entry(journey: Journey, known: KnownSegments) -> Iterator[Mistake]:
    entry = journey.entry
    if entry.audience is not None:
        yield from audience_mistakes(entry.audience, ENTRY_AUDIENCE, known)
        yield from trigger_race_mistakes(entry.trigger, entry.audience, ENTRY_AUDIENCE, known)


def _rows(journey: Journey, document: Document) -> Iterator[tuple[Path, Row]]:
    """Yield the rows that wait for an event, with their places; exit events have their own rule."""
    yield from placed_triggers(journey.entry.trigger, document, ("entry", "trigger"))
    for placed in placed_steps(journey):
        if isinstance(placed.step, WaitForStep):
            for number, path in enumerate(placed.step.wait_for.paths):
                yield (*placed.body, "paths", number), path


def _audiences(placed: PlacedStep) -> Iterator[tuple[Path, Audience]]:
    match placed.step:
        case SplitStep(split=split):
            yield (*placed.body, "if"), split.if_
        case BranchStep(branch=branch):
            for number, path in enumerate(branch.paths):
                yield (*placed.body, "paths", number, "audience"), path.audience
        case _:
            pass
