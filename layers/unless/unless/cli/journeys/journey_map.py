"""
A journey as people see it: every step in words, the ways on from it, and how soon it can come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from unless.cli.journeys.journey_words import step_words, way_words
from unless.definitions.durations import format_duration
from unless.definitions.journeys import Journey, Place, inner_steps, place_text, step_id
from unless.definitions.models import QuietHours
from unless.definitions.steps import (
    AfterStep,
    DaysStep,
    DelayStep,
    ExitStep,
    MessageStep,
    Step,
    WaitForStep,
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How long after the entry someone is there at the earliest; `exact` if nobody is later."""

    span: timedelta = timedelta(0)
    exact: bool = True

    @property
    def words(self) -> str:
        """What is worth saying about it beside a message; empty where nothing adds up."""
        if not self.span:
            return ""
        later = "" if self.exact else " or more"
        return f"{format_duration(self.span)}{later} after entry"


@dataclass(frozen=True, slots=True)
class SeenWay:
    """
    One way on from a step: for whom or when it is (`label`), its key, and the steps on it.

    With `completes` nothing follows these steps.
    """

    label: str
    took: str
    steps: "tuple[SeenStep, ...]"
    completes: bool = False


@dataclass(frozen=True, slots=True)
class SeenStep:
    """A step in words; `name` is that of records (J13), `note` when it comes or what follows."""

    step: Step
    name: str
    words: str
    note: str = ""
    ways: tuple[SeenWay, ...] = ()

    def way(self, took: str) -> str:
        """Return the label of the way with that key, the key where there is none."""
        return next((way.label for way in self.ways if way.took == took), took)


def journey_map(journey: Journey, quiet_hours: QuietHours | None = None) -> tuple[SeenStep, ...]:
    """Return the journey's steps as people see them; `quiet_hours` are the workspace's."""
    quiet = journey.quiet_hours or quiet_hours
    held = quiet is not None and quiet.then == "hold"
    steps, _ = _Mapper(held).line(journey.steps, (), Reach(), last=True)
    return steps


def all_steps(steps: tuple[SeenStep, ...]) -> Iterator[SeenStep]:
    """Yield every step, those inside after their owner."""
    for step in steps:
        yield step
        for way in step.ways:
            yield from all_steps(way.steps)


@dataclass(frozen=True, slots=True)
class _Mapper:
    """Walks the steps of a journey; with `held`, quiet hours may hold its messages."""

    held: bool

    def line(
        self, steps: tuple[Step, ...], owner: Place, reach: Reach | None, *, last: bool
    ) -> tuple[tuple[SeenStep, ...], Reach | None]:
        """
        Return the steps of one list, and when its end is reached, None if it never is.

        With `last`, nothing follows the list.
        """
        seen: list[SeenStep] = []
        for number, step in enumerate(steps):
            ends = last and number == len(steps) - 1
            one, reach = self._step(step, (*owner, number), reach, ends)
            seen.append(one)
        return tuple(seen), reach

    def _step(
        self, step: Step, place: Place, reach: Reach | None, last: bool
    ) -> tuple[SeenStep, Reach | None]:
        name = step_id(step) or place_text(place)
        words = step_words(step, name)
        named = "" if isinstance(step, MessageStep) or name == place_text(place) else f"id {name}"
        match step:
            case DelayStep(delay=delay):
                note = "nothing follows: completes without waiting" if last else named
                return SeenStep(step, name, words, note), _delayed(reach, delay)
            case MessageStep():
                there = _loosened(reach) if self.held else reach
                return SeenStep(step, name, words, there.words if there else ""), there
            case ExitStep():
                return SeenStep(step, name, words), None
        ways, ends = self._ways(step, place, reach, last)
        return SeenStep(step, name, words, named, ways), _soonest(ends) if ways else reach

    def _ways(
        self, step: Step, place: Place, reach: Reach | None, last: bool
    ) -> tuple[tuple[SeenWay, ...], list[Reach | None]]:
        ways: list[SeenWay] = []
        ends: list[Reach | None] = []
        lists = tuple(inner_steps(step))
        for n, (label, (keys, steps)) in enumerate(zip(way_words(step), lists, strict=True)):
            there = reach
            if isinstance(step, WaitForStep):
                full = n == len(lists) - 1  # `otherwise` is taken at the end of `within`
                there = _later(reach, step.wait_for.within) if full else _loosened(reach)
            inner, end = self.line(steps, (*place, *keys), there, last=last)
            ways.append(SeenWay(label, place_text(keys), inner, last))
            ends.append(end)
        return tuple(ways), ends


def _later(reach: Reach | None, span: timedelta, exact: bool = True) -> Reach | None:
    return reach and Reach(reach.span + span, reach.exact and exact)


def _loosened(reach: Reach | None) -> Reach | None:
    return _later(reach, timedelta(0), exact=False)


def _delayed(reach: Reach | None, delay: object) -> Reach | None:
    """Return when a delay is over, at the earliest where a clock decides."""
    match delay:
        case AfterStep():
            return _later(reach, delay.after, exact=delay.at is None)
        case DaysStep(days=days) if days > 1:
            # Who arrives at the end of a date waits a day less; clock changes are left out.
            return _later(reach, timedelta(days=days - 1), exact=False)
        case _:
            return _loosened(reach)


def _soonest(ends: list[Reach | None]) -> Reach | None:
    """Return when the ways that go on have come together."""
    reached = [end for end in ends if end is not None]
    if not reached:
        return None
    exact = all(end.exact for end in reached) and len({end.span for end in reached}) == 1
    return Reach(min(end.span for end in reached), exact)
