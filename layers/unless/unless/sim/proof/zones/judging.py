"""
One change of a clock, judged: the engine's times against the second opinion's.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

from pydantic import TypeAdapter

from unless.definitions.models import ActiveDuration, Delay, QuietHours, Window
from unless.definitions.steps import StepDelay
from unless.engine.records import Reason
from unless.engine.timing import (
    Zones,
    due_at,
    hold,
    in_duration,
    is_open,
    is_quiet,
    local_instant,
    next_opening,
    quiet_end,
)
from unless.sim.proof.zones.clock import Clock
from unless.sim.proof.zones.day_parts import DayPart, first_fit, parts_around
from unless.sim.proof.zones.forms import FORMS, Form, properties_at

STEPS = tuple(n * timedelta(minutes=15) for n in range(-12, 13))
"""When triggers happen, relative to the change: three hours before to three hours after."""

MOMENT = timedelta(microseconds=1)


def moments(change: datetime) -> list[datetime]:
    """Return the instants around a change that are tried."""
    return [change + step for step in STEPS]


@cache
def _delays() -> tuple[Delay | StepDelay, ...]:
    forms: TypeAdapter[Delay] = TypeAdapter(Delay)
    steps: TypeAdapter[StepDelay] = TypeAdapter(StepDelay)
    return tuple(
        (steps if form.of_journeys else forms).validate_python(dict(form.document))
        for form in FORMS
    )


def wrong_times(zone: str, clock: Clock, change: datetime) -> Iterator[str]:
    """Yield a sentence for everything that the engine does otherwise around that change."""
    zones = Zones("UTC", zone)
    for delay, form in zip(_delays(), FORMS, strict=True):
        yield from _wrong_due_times(delay, form, clock, change, zones)
    yield from _wrong_clock_times(clock, change, zones)
    yield from _wrong_parts(clock, change, zones)
    yield from _wrong_durations(clock, change, zones)


def due_or_past(form: Form, clock: Clock, at: datetime) -> datetime | Reason:
    """Return when it must be due."""
    expected = form.expected(clock, at)
    return expected if expected >= at else Reason.DELAY_IN_PAST


def _wrong_due_times(
    delay: Delay | StepDelay, form: Form, clock: Clock, change: datetime, zones: Zones
) -> Iterator[str]:
    dues: list[tuple[datetime, datetime]] = []
    for at in moments(change):
        due = due_at(delay, at, properties_at(clock, at), zones)
        expected = due_or_past(form, clock, at)
        if due != expected:
            yield f"{dict(form.document)} triggered at {at} is due {due}, expected {expected}"
        if isinstance(due, datetime):
            dues.append((at, due))
            if due < at:
                yield f"{dict(form.document)} triggered at {at} is due before it, at {due}"
    for (first, earlier), (second, later) in pairwise(dues):
        if form.in_order and later < earlier:
            yield (
                f"{dict(form.document)} triggered at {second} is due {later}, before the one "
                f"triggered at {first}, due {earlier}"
            )


def _wrong_clock_times(clock: Clock, change: datetime, zones: Zones) -> Iterator[str]:
    """T2: a gap moves a clock time forward by the gap, an overlap takes the first."""
    zone = zones.resolve("user")
    before = clock.shown(change - MOMENT) + MOMENT
    for step in STEPS:
        wall = before + step
        found = local_instant(wall.date(), wall.time(), zone)
        expected = clock.instant_of(wall)
        if found != expected:
            yield f"the clock time {wall} is the instant {found}, expected {expected}"
    for at in moments(change):
        if clock.instant_of(clock.shown(at)) > at:
            yield f"the second opinion contradicts itself at {at}"


def _wrong_parts(clock: Clock, change: datetime, zones: Zones) -> Iterator[str]:
    parts = parts_around(clock, change)
    for part, other in zip(parts, [*parts[1:], parts[0]], strict=True):
        window, quiet = _window(part), _quiet(part)
        unquiet = _quiet(other)
        held_before: datetime | None = None
        for at in moments(change):
            inside = part.covers(at)
            told = f"{part.opens:%H:%M} to {part.closes:%H:%M} at {at}"
            if is_open(window, at, zones) is not inside:
                yield f"the window {told} is {'closed' if inside else 'open'}"
            if is_quiet(quiet, at, zones) is not inside:
                yield f"quiet hours {told}: {'not quiet' if inside else 'quiet'}"
            opening, expected = next_opening(window, at, zones), part.next_start(at)
            if opening != expected:
                yield f"the window {told} opens next at {opening}, expected {expected}"
            end = quiet_end(quiet, at, zones)
            if end != part.next_end(at):
                yield f"quiet hours {told} end at {end}, expected {part.next_end(at)}"
            held = hold(at, window, unquiet, zones)
            fit = first_fit(at, part, other)
            if held != fit and not (held is None and fit is not None and fit - at > _PATIENCE):
                yield f"the window {told} holds until {held}, expected {fit} (quiet: {other})"
            if held is not None and held_before is not None and held < held_before:
                yield f"what is due later is held less long: {told}"
            held_before = held


_PATIENCE = timedelta(days=7)
"""How far ahead a held send is looked for at least (`unless.engine.timing.intervals`)."""


def _wrong_durations(clock: Clock, change: datetime, zones: Zones) -> Iterator[str]:
    """D1: start and end are inclusive, read on the user's clock, also where it changes."""
    before = clock.shown(change - MOMENT) + MOMENT
    for step in STEPS[::2]:
        wall = before + step
        edge = clock.instant_of(wall)
        starts = ActiveDuration(start=wall, zone="user")
        ends = ActiveDuration(end=wall, zone="user")
        for at in (edge - MOMENT, edge, edge + MOMENT):
            if in_duration(starts, at, zones) is not (at >= edge):
                yield f"a duration that starts at {wall} is wrong about {at}"
            if in_duration(ends, at, zones) is not (at <= edge):
                yield f"a duration that ends at {wall} is wrong about {at}"


def _window(part: DayPart) -> Window:
    return Window.model_validate({"from": part.opens, "to": part.closes, "send_outside": "hold"})


def _quiet(part: DayPart) -> QuietHours:
    return QuietHours.model_validate({"from": part.opens, "to": part.closes, "then": "hold"})
