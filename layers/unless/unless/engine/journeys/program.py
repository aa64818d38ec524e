"""
A version of a journey, compiled: every step with the ways that lead on from it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from unless.definitions.delays import BestTimeDelay
from unless.definitions.filters import Audience
from unless.definitions.journeys import Journey, inner_steps, place_text, step_id
from unless.definitions.journeys import Place as Keys
from unless.definitions.models import QuietHours
from unless.definitions.snapshot import content_hash
from unless.definitions.steps import (
    BranchStep,
    DelayStep,
    ExperimentStep,
    SplitStep,
    Step,
    WaitForStep,
    WaitPath,
)
from unless.engine.audience import CompiledAudience, compile_audience
from unless.engine.filters import Filter, compile_where
from unless.engine.plans import Rules, compile_rules

END = ""
"""The place after the last step."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """The event that opens a path of a `wait_for`; `key` names the row by what it says."""

    event: str
    filter: Filter
    key: str


@dataclass(frozen=True, slots=True)
class Way:
    """
    One way on from a step: `took` is its keys (`then`, `paths.1`), `to` the place it leads to.

    `audience`, `awaited` or `weight` says for whom, or when, it is the one.
    """

    to: str
    took: str = ""
    audience: CompiledAudience | None = None
    awaited: Awaited | None = None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """
    A step at its place: `name` is its id, else its place (J13), `number` its position as written.

    `ways` are in the order in which they are tried; the last one is for the rest.
    """

    place: str
    name: str
    number: int
    step: Step
    ways: tuple[Way, ...]

    @property
    def onward(self) -> Way:
        """The way that is left when no condition chose another."""
        return self.ways[-1]


@dataclass(frozen=True)
class Program:
    """A version of a journey: its steps by place, and what takes people out."""

    journey: Journey
    version: str
    steps: Mapping[str, PlannedStep]
    exits: Rules
    exit_audience: CompiledAudience | None
    quiet_hours: QuietHours | None

    @property
    def first(self) -> str:
        """The place of the first step."""
        return "0"

    @property
    def immediate(self) -> bool:
        """Whether an exit event acts at once (J2)."""
        return self.journey.exit.when == "immediate"

    @cached_property
    def awaited(self) -> Mapping[str, tuple[Awaited, ...]]:
        """All that some `wait_for` waits for, by the name of the event."""
        by_name: dict[str, list[Awaited]] = defaultdict(list)
        for planned in self.steps.values():
            for way in planned.ways:
                if way.awaited:
                    by_name[way.awaited.event].append(way.awaited)
        return {name: tuple(rows) for name, rows in by_name.items()}

    @cached_property
    def in_user_zone(self) -> bool:
        """Whether a clock time of a step or of quiet hours is read in the user's zone."""
        steps = (planned.step for planned in self.steps.values())
        delays = [step.delay for step in steps if isinstance(step, DelayStep)]
        clocks = [
            delay for delay in delays if getattr(delay, "at", None) or hasattr(delay, "until")
        ]
        in_zone = any(getattr(part, "zone", None) == "user" for part in (*clocks, self.quiet_hours))
        return in_zone or any(isinstance(delay, BestTimeDelay) for delay in delays)


def compile_program(
    journey: Journey,
    version: str,
    segments: Mapping[str, Audience],
    quiet_hours: QuietHours | None,
    since: Mapping[str, datetime],
) -> Program:
    """
    Return the journey, compiled; `quiet_hours` are the workspace's, `since` as for `compile_rules`.
    """
    compiler = _Compiler(segments)
    steps = {planned.place: planned for planned in compiler.line(journey.steps, (), END)}
    exit_ = journey.exit
    return Program(
        journey=journey,
        version=version,
        steps=steps,
        exits=compile_rules(exit_.events, since),
        exit_audience=compile_audience(exit_.audience, segments) if exit_.audience else None,
        quiet_hours=journey.quiet_hours or quiet_hours,
    )


class _Compiler:
    """Numbers the steps of one journey and finds what follows each."""

    def __init__(self, segments: Mapping[str, Audience]) -> None:
        self._segments = segments
        self._count = 0

    def line(self, steps: tuple[Step, ...], owner: Keys, after: str) -> Iterator[PlannedStep]:
        """Yield the steps of one list, with those inside them; `after` is what follows the list."""
        for place, step in enumerate(steps):
            keys = (*owner, place)
            following = place_text((*owner, place + 1)) if place + 1 < len(steps) else after
            yield self._planned(step, keys, following)
            for way, inner in inner_steps(step):
                yield from self.line(inner, (*keys, *way), following)

    def _planned(self, step: Step, keys: Keys, following: str) -> PlannedStep:
        place = place_text(keys)
        self._count += 1
        ways = {
            place_text(way): place_text((*keys, *way, 0)) if inner else following
            for way, inner in inner_steps(step)
        }
        return PlannedStep(
            place=place,
            name=step_id(step) or place,
            number=self._count - 1,
            step=step,
            ways=tuple(self._ways(step, ways)) or (Way(following),),
        )

    def _ways(self, step: Step, to: Mapping[str, str]) -> Iterator[Way]:
        match step:
            case SplitStep(split=split):
                yield Way(to["then"], "then", audience=self._audience(split.if_))
                yield Way(to["else"], "else")
            case BranchStep(branch=branch):
                for n, path in enumerate(branch.paths):
                    took = f"paths.{n}"
                    yield Way(to[took], took, audience=self._audience(path.audience))
                yield Way(to["otherwise"], "otherwise")
            case WaitForStep(wait_for=wait):
                for n, waited in enumerate(wait.paths):
                    yield Way(to[f"paths.{n}"], f"paths.{n}", awaited=_awaited(waited))
                yield Way(to["otherwise"], "otherwise")
            case ExperimentStep(experiment=experiment):
                for n, arm in enumerate(experiment.paths):
                    yield Way(to[f"paths.{n}"], f"paths.{n}", weight=arm.weight)
            case _:
                pass

    def _audience(self, audience: Audience) -> CompiledAudience:
        return compile_audience(audience, self._segments)


def _awaited(path: WaitPath) -> Awaited:
    where = {key: each.model_dump(mode="json", by_alias=True) for key, each in path.where.items()}
    key = content_hash({"await": path.event, "where": where})
    return Awaited(path.event, compile_where(path.where), key)
