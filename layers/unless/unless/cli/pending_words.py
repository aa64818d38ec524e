"""
A due item in words: when it is due, for whom and what, what it waits for, and what holds it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from rich.text import Text

from unless.cli.console import printable
from unless.cli.journeys.filter_words import shortened
from unless.cli.journeys.journey_words import step_words
from unless.cli.words import day_and_time
from unless.definitions.durations import format_duration
from unless.definitions.models import Status
from unless.engine.claims import step_name
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, DueStatus, Run
from unless.engine.records import instant_text

LATE = timedelta(minutes=1)
"""From how late on something is not only on its way: the sweep looks for it every minute."""

TRIED_AGAIN = "it is tried again every few minutes, also while its channel takes no more"

HEADING = ("due (UTC)", "", "user", "for", "waits for", "since")


def rows(
    items: Iterable[DueItem], definitions: Definitions, now: datetime
) -> Iterator[tuple[Text, ...]]:
    """Yield a heading and a row for each item."""
    yield tuple(Text(word, "dim") for word in HEADING)
    for item in items:
        held = hold_words(item, definitions) or late_words(item, now)
        waits = Text(_waits(item, definitions))
        if held:
            waits.append(f"; {held}" if waits.plain else held, "yellow")
        yield (
            Text(day_and_time(item.due)),
            Text(from_now(item.due, now), "cyan" if item.due > now else "yellow"),
            Text(printable(item.user), "bold"),
            Text(f"{_kind(item)} {item.definition}"),
            waits,
            Text(f"{shortened(item.name)} {day_and_time(item.triggered_at)}", "dim"),
        )


def _kind(item: DueItem) -> str:
    return "journey" if isinstance(item, Run) else "campaign"


def _waits(item: DueItem, definitions: Definitions) -> str:
    """Return what the item waits for."""
    if item.kept is not None and item.due == item.kept.until:
        session = "the next session, at most until then"
        return f"{session}: {_step(item, definitions)}" if isinstance(item, Run) else session
    return _step(item, definitions) if isinstance(item, Run) else "its due time"


def _step(item: Run, definitions: Definitions) -> str:
    step = definitions.program(item).steps[item.place]
    return f"step {shortened(step.name)}: {step_words(step.step, step.name)}"


def hold_words(item: DueItem, definitions: Definitions) -> str:
    """Return what keeps the item from going on at its due time, empty for nothing."""
    plan = definitions.plans.get(item.definition)
    name = item.definition
    if item.status is DueStatus.CLAIMED:
        return "is being sent"
    if plan is None or not plan.working:
        status = plan.status.value if plan else "gone"
        return f"ends then, {name} is {status}"
    if not plan.owns(item):
        return f"ends then, {name} was stopped meanwhile"
    if plan.status is Status.PAUSED:
        return f"held, {name} is paused"
    if item.status is DueStatus.PARKED:
        return f"held by a pause of {name} that is over: is judged soon"
    return ""


def late_words(item: DueItem, now: datetime) -> str:
    """Return what happens to what should have gone out; that a channel is busy is not on record."""
    return TRIED_AGAIN if now - item.due >= LATE else ""


def from_now(due: datetime, now: datetime) -> str:
    """Return how far away an instant is, in the units that matter: `in 2d3h`, `5m ago`."""
    span = abs(due - now)
    unit = timedelta(hours=1) if span >= timedelta(days=2) else timedelta(minutes=1)
    if span >= timedelta(hours=1):
        span = span // unit * unit
    if span < timedelta(seconds=1):
        return "now"
    return f"in {format_duration(span)}" if due > now else f"{format_duration(span)} ago"


def as_json(item: DueItem, definitions: Definitions) -> dict[str, Any]:
    """Return the item as an object for machines; times are UTC."""
    step = step_name(item, definitions)
    return {
        "due": instant_text(item.due),
        "user": item.user,
        **identity(item.id, item.definition, run=isinstance(item, Run)),
        **({"step": step} if step is not None else {}),
        "status": item.status.value,
        "waits_for": _waits(item, definitions),
        "held": hold_words(item, definitions) or None,
        "event": item.event,
        "name": item.name,
        "at": instant_text(item.triggered_at),
        "properties": dict(item.properties),
    }


def identity(item: str, definition: str, *, run: bool) -> dict[str, str]:
    """Return what names an item, by the words of its kind."""
    if run:
        return {"journey": definition, "run": item}
    return {"campaign": definition, "send": item}
