"""
A journey, as people write it (SPEC section 5): who enters, what takes them out, and the steps.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictStr, Tag

from unless.definitions import written
from unless.definitions.filters import Audience
from unless.definitions.models import ExceptionRow, Status, Trigger, as_rows, word_or_after
from unless.definitions.steps import (
    BranchStep,
    ExperimentStep,
    SplitStep,
    Step,
    WaitForStep,
)
from unless.definitions.values import Duration, Id, Instant, Model, Name
from unless.definitions.working_times import ActiveDuration, QuietHours, Window

STEPS_MAX = 200
"""Most steps of a journey, those inside others included (SPEC J12)."""


class Entry(Model):
    """Who enters: the event, the audience, and when the journey takes people in."""

    trigger: Annotated[tuple[Trigger, ...], BeforeValidator(as_rows), written.OneOrList()]
    audience: Audience | None = None
    duration: ActiveDuration | None = None
    window: Window | None = None


class ReentryAfter(Model):
    """The same user may enter again this long after the last entry."""

    after: Duration


Reentry = Annotated[
    Annotated[Literal["never", "always"], Tag("word")] | Annotated[ReentryAfter, Tag("span")],
    word_or_after("3d"),
]


class Exit(Model):
    """What takes people out: events, a filter, or both (J1)."""

    when: Literal["end_of_step", "immediate"] = "end_of_step"
    events: tuple[ExceptionRow, ...] = ()
    audience: Audience | None = None


class Journey(Model):
    """When this happens to someone in this audience, go through these steps, until … ."""

    journey: Id
    description: StrictStr = ""
    status: Status | None = None
    launch_at: Instant | None = None
    tags: tuple[Name, ...] = ()
    consent: Name | None = None
    entry: Entry
    quiet_hours: QuietHours | None = None
    reentry: Reentry = "never"
    exit: Exit = Exit()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


type Place = tuple[str | int, ...]
"""Where a step stands: the keys and list positions that lead to it, from the journey's `steps`."""


def walk(steps: tuple[Step, ...], place: Place = ()) -> Iterator[tuple[Place, Step]]:
    """Yield every step with its place, in the order as written, those inside after their owner."""
    for number, step in enumerate(steps):
        here = (*place, number)
        yield here, step
        for key, inner in inner_steps(step):
            yield from walk(inner, (*here, *key))


def inner_steps(step: Step) -> Iterator[tuple[Place, tuple[Step, ...]]]:
    """Yield the lists of steps inside a step, each with the keys that lead to it (J13)."""
    match step:
        case SplitStep(split=split):
            yield ("then",), split.then
            yield ("else",), split.else_
        case WaitForStep(wait_for=body):
            yield from ((("paths", n), path.steps) for n, path in enumerate(body.paths))
            yield ("otherwise",), body.otherwise
        case BranchStep(branch=body):
            yield from ((("paths", n), path.steps) for n, path in enumerate(body.paths))
            yield ("otherwise",), body.otherwise
        case ExperimentStep(experiment=body):
            yield from ((("paths", n), path.steps) for n, path in enumerate(body.paths))
        case _:
            pass


def step_id(step: Step) -> str | None:
    """Return the id in the step's body; `exit: true` has no body."""
    kind = next(iter(type(step).model_fields))
    body = getattr(step, kind)
    return None if body is True else body.id


def place_text(place: Place) -> str:
    """Return a place as records have it: `3.paths.1.0`."""
    return ".".join(map(str, place))
