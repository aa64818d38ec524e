"""
The steps of a journey, as people write them (SPEC section 5): each a mapping of one key, its kind.
"""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, StrictInt, Tag
from pydantic_core import PydanticCustomError

from unless.definitions.delays import (
    AfterDelay,
    BestTimeDelay,
    DaysDelay,
    NextDelay,
    UntilDelay,
    delay_form,
)
from unless.definitions.filters import Audience
from unless.definitions.messages import Message
from unless.definitions.operators import Where
from unless.definitions.values import ClockTime, Duration, Id, Model, Name, Yes, Zone

WAIT_MAX = timedelta(days=31)
"""Longest `within` of a `wait_for` (SPEC J9)."""

WEIGHT_MAX = 10_000
"""Largest weight of an experiment's path: fine enough for hundredths of a percent."""


class Named(Model):
    """The body of a step, which may have an id: its name in records (J13)."""

    id: Id | None = None


# --- waiting: delay, wait_for, message ---


class AfterStep(AfterDelay, Named):
    """Elapsed time after the arrival; with `at`, then the next such clock time (J7)."""

    at: ClockTime | None = None
    zone: Zone = "user"


class DaysStep(DaysDelay, Named):
    """A clock time, a number of calendar days after the arrival's date in the zone."""


class NextStep(NextDelay, Named):
    """A clock time on the next such weekday after the arrival's date in the zone."""


class BestTimeStep(BestTimeDelay, Named):
    """The user's most engaged hour of the day, or the fallback clock time."""


class UntilStep(UntilDelay, Named):
    """An instant from the entry's properties, or a literal one, with an offset."""


StepDelay = Annotated[
    Annotated[AfterStep, Tag("after")]
    | Annotated[DaysStep, Tag("days")]
    | Annotated[NextStep, Tag("next")]
    | Annotated[BestTimeStep, Tag("best_time")]
    | Annotated[UntilStep, Tag("until")],
    delay_form,
]


class DelayStep(Model):
    """Wait."""

    delay: StepDelay


class MessageBody(Message, Named):
    """What is sent, and over which channel."""


class MessageStep(Model):
    """Send a message."""

    message: MessageBody


def _within(span: timedelta) -> timedelta:
    if span > WAIT_MAX:
        raise PydanticCustomError(
            "wait_too_long",
            f"a wait_for lasts {WAIT_MAX.days} days at most",
            {"remedy": f"Write {WAIT_MAX.days}d or less, or several waits one after the other."},
        )
    return span


class WaitPath(Model):
    """What follows when this event happens first."""

    event: Name
    where: Where = Field(default_factory=dict)
    steps: "tuple[Step, ...]"


class WaitFor(Named):
    """Wait for the first of several events, or for the end of `within` (J9)."""

    within: Annotated[Duration, AfterValidator(_within)]
    paths: Annotated[tuple[WaitPath, ...], Field(min_length=1)]
    otherwise: "tuple[Step, ...]" = ()


class WaitForStep(Model):
    """Wait for an event."""

    wait_for: WaitFor


# --- choosing a path: split, branch, experiment ---


class Split(Named):
    """One way for those in an audience, another for the rest."""

    if_: Audience = Field(alias="if")
    then: "tuple[Step, ...]" = ()
    else_: "tuple[Step, ...]" = Field(default=(), alias="else")


class SplitStep(Model):
    """Choose one of two ways."""

    split: Split


class BranchPath(Model):
    """What follows for those in this audience."""

    audience: Audience
    steps: "tuple[Step, ...]"


class Branch(Named):
    """The first path whose audience the user is in."""

    paths: Annotated[tuple[BranchPath, ...], Field(min_length=1)]
    otherwise: "tuple[Step, ...]" = ()


class BranchStep(Model):
    """Choose one of several ways."""

    branch: Branch


class ExperimentPath(Model):
    """What follows for a share of the users, in proportion to the weight."""

    weight: Annotated[StrictInt, Field(ge=1, le=WEIGHT_MAX)]
    steps: "tuple[Step, ...]"


class Experiment(Named):
    """Paths between which users are divided by a stable hash."""

    paths: Annotated[tuple[ExperimentPath, ...], Field(min_length=1)]


class ExperimentStep(Model):
    """Divide users at random, each always the same way."""

    experiment: Experiment


# --- acting: update, exit ---


class Update(Named):
    """Attributes to set; null removes one."""

    attributes: Annotated[dict[Name, Any], Field(min_length=1)]


class UpdateStep(Model):
    """Change the user's profile."""

    update: Update


class ExitStep(Model):
    """Leave the journey."""

    exit: Yes


STEP_KINDS = (
    "delay", "message", "split", "wait_for", "branch", "experiment", "update", "exit",
)  # fmt: skip


def _step_kind(value: object) -> str | None:
    """Return the key that says which step this is, or None unless there is exactly one."""
    if isinstance(value, dict):
        kinds = [key for key in STEP_KINDS if key in value]
        return kinds[0] if len(kinds) == 1 else None
    # Not of any value: a text has a `split` as well.
    return next(
        (key for key in STEP_KINDS if isinstance(value, Model) and hasattr(value, key)), None
    )


Step = Annotated[
    Annotated[DelayStep, Tag("delay")]
    | Annotated[MessageStep, Tag("message")]
    | Annotated[SplitStep, Tag("split")]
    | Annotated[WaitForStep, Tag("wait_for")]
    | Annotated[BranchStep, Tag("branch")]
    | Annotated[ExperimentStep, Tag("experiment")]
    | Annotated[UpdateStep, Tag("update")]
    | Annotated[ExitStep, Tag("exit")],
    Discriminator(
        _step_kind,
        custom_error_type="bad_step",
        custom_error_message="a step has exactly one of: " + ", ".join(STEP_KINDS),
    ),
]
"""One step."""
