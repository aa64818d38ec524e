"""
How long a step keeps people, as far as the definition says it.
"""

from collections.abc import Iterator
from datetime import timedelta

from unless.definitions.checking.step_places import PlacedStep
from unless.definitions.delays import AfterDelay, DaysDelay, NextDelay
from unless.definitions.steps import DelayStep, WaitForStep

WEEK = timedelta(days=7)


def waits(steps: list[PlacedStep]) -> Iterator[tuple[PlacedStep, timedelta]]:
    """
    Yield the steps that wait a known time, each with that time.

    A delay with nothing after it waits for nothing (J12).
    """
    for placed in steps:
        length = _length(placed)
        if length:
            yield placed, length


def _length(placed: PlacedStep) -> timedelta | None:
    """Return the time without clock times, which add up to a day; None where it is not known."""
    match placed.step:
        case WaitForStep(wait_for=body):
            return body.within
        case DelayStep() if placed.is_last:
            return None
        case DelayStep(delay=AfterDelay(after=span)):
            return span
        case DelayStep(delay=DaysDelay(days=days)):
            return timedelta(days=days)
        case DelayStep(delay=NextDelay()):
            return WEEK
        case _:
            return None
