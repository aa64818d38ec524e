"""
Which events a definition speaks of: by a trigger, an exception, a wait, or in an audience.
"""

from collections.abc import Iterator

from unless.definitions.filters import (
    AllOf,
    AnyOf,
    Audience,
    EventFilter,
    NotOf,
    PurchaseTotalFilter,
)
from unless.definitions.journeys import Journey, walk
from unless.definitions.models import Campaign
from unless.definitions.steps import BranchStep, SplitStep, Step, WaitForStep


def mentioned_events(definition: Campaign | Journey) -> Iterator[str]:
    """Yield the names of the events, again and again; those in segments it names are left out."""
    match definition:
        case Campaign():
            yield from (trigger.event for trigger in definition.trigger)
            yield from (row.event for row in definition.unless)
            yield from (conversion.event for conversion in definition.conversions)
            yield from audience_events(definition.audience)
        case Journey(entry=entry, exit=exit_):
            yield from (trigger.event for trigger in entry.trigger)
            yield from (row.event for row in exit_.events)
            yield from audience_events(entry.audience)
            yield from audience_events(exit_.audience)
            for _, step in walk(definition.steps):
                yield from _step_events(step)


def audience_events(audience: Audience | None) -> Iterator[str]:
    """Yield the names of the events whose history an audience asks for."""
    match audience:
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from audience_events(part)
        case NotOf(not_=part):
            yield from audience_events(part)
        case EventFilter(event=name):
            yield name
        case PurchaseTotalFilter():
            yield "purchase"
        case _:
            pass


def _step_events(step: Step) -> Iterator[str]:
    match step:
        case WaitForStep(wait_for=body):
            yield from (path.event for path in body.paths)
        case SplitStep(split=split):
            yield from audience_events(split.if_)
        case BranchStep(branch=body):
            for path in body.paths:
                yield from audience_events(path.audience)
        case _:
            pass
