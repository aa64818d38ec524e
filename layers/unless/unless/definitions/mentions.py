"""
Which events a definition speaks of: by a trigger, an exception, a wait, or in an audience.
"""

from collections.abc import Iterator

from unless.definitions.delays import BestTimeDelay
from unless.definitions.filters import (
    AllOf,
    AnyOf,
    Audience,
    EventFilter,
    NotOf,
    PurchaseTotalFilter,
)
from unless.definitions.journeys import Journey, walk
from unless.definitions.messages import Message
from unless.definitions.models import Campaign, Segment
from unless.definitions.steps import (
    BranchStep,
    DelayStep,
    MessageStep,
    SplitStep,
    Step,
    WaitForStep,
)


def audiences_of(definition: object) -> Iterator[Audience]:
    """Yield the audiences of a campaign, a journey with all its steps, or a segment."""
    match definition:
        case Campaign(audience=audience) | Segment(audience=audience):
            found: tuple[Audience | None, ...] = (audience,)
        case Journey(entry=entry, exit=exit_, steps=steps):
            inside = (each for _, step in walk(steps) for each in _step_audiences(step))
            found = (entry.audience, exit_.audience, *inside)
        case _:
            found = ()
    yield from (audience for audience in found if audience is not None)


def _step_audiences(step: Step) -> Iterator[Audience]:
    match step:
        case SplitStep(split=split):
            yield split.if_
        case BranchStep(branch=body):
            yield from (path.audience for path in body.paths)
        case _:
            pass


def history_filters(audience: Audience | None) -> Iterator[EventFilter | PurchaseTotalFilter]:
    """Yield the filters of an audience that ask for the history of events."""
    match audience:
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from history_filters(part)
        case NotOf(not_=part):
            yield from history_filters(part)
        case EventFilter() | PurchaseTotalFilter():
            yield audience
        case _:
            pass


def mentioned_events(definition: Campaign | Journey) -> Iterator[str]:
    """Yield the names of the events, again and again; those in segments it names are left out."""
    match definition:
        case Campaign():
            yield from (trigger.event for trigger in definition.trigger)
            yield from (row.event for row in definition.unless)
            yield from (conversion.event for conversion in definition.conversions)
            yield from audience_events(definition.audience)
            yield from _delivery_events(definition.delay, definition.message)
        case Journey(entry=entry, exit=exit_):
            yield from (trigger.event for trigger in entry.trigger)
            yield from (row.event for row in exit_.events)
            yield from audience_events(entry.audience)
            yield from audience_events(exit_.audience)
            for _, step in walk(definition.steps):
                yield from _step_events(step)


def _delivery_events(delay: object, message: Message | None) -> Iterator[str]:
    """Yield the events by which the best time is known, and what becomes of a message."""
    if isinstance(delay, BestTimeDelay):
        yield from ("session_start", "message_interaction")
    if message is not None and message.channel == "in_app":
        yield from ("session_start", "message_interaction")
    if message is not None and message.channel == "email":
        yield "message_interaction"


def audience_events(audience: Audience | None) -> Iterator[str]:
    """Yield the names of the events whose history an audience asks for."""
    for asked in history_filters(audience):
        yield asked.event if isinstance(asked, EventFilter) else "purchase"


def _step_events(step: Step) -> Iterator[str]:
    match step:
        case WaitForStep(wait_for=body):
            yield from (path.event for path in body.paths)
        case DelayStep(delay=delay):
            yield from _delivery_events(delay, None)
        case MessageStep(message=message):
            yield from _delivery_events(None, message)
        case SplitStep(split=split):
            yield from audience_events(split.if_)
        case BranchStep(branch=body):
            for path in body.paths:
                yield from audience_events(path.audience)
        case _:
            pass
