"""
The events about itself that a definition gives rise to (SPEC section 2), and who may hear them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from unless.definitions.checking.step_places import placed_steps
from unless.definitions.journeys import Journey
from unless.definitions.models import Campaign, Conversion, ExceptionRow, Trigger
from unless.definitions.operators import Operators, Where
from unless.definitions.steps import MessageStep

OWN_EVENTS = frozenset({"message_interaction", "exception_performed", "conversion"})
"""The names of events that our messages, their cancelling and their success derive."""


type Row = Trigger | ExceptionRow | Conversion


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """A derived event: its name and properties, None where the value is not known beforehand."""

    name: str
    properties: Mapping[str, str | None]


def receipts(definition: Campaign | Journey) -> Iterator[OwnEvent]:
    """Yield what tells of the receipt of each message that the definition sends."""
    if isinstance(definition, Campaign):
        yield _receipt({"campaign": definition.campaign}, definition.message.channel)
        return
    for placed in placed_steps(definition):
        if isinstance(placed.step, MessageStep):
            about = {"journey": definition.journey, "step": placed.name}
            yield _receipt(about, placed.step.message.channel)


def cancellations(definition: Campaign | Journey) -> Iterator[OwnEvent]:
    """Yield what tells that an exception cancelled a message of the definition."""
    if isinstance(definition, Campaign) and definition.unless:
        yield OwnEvent("exception_performed", {"campaign": definition.campaign})


def conversions(definition: Campaign | Journey) -> Iterator[OwnEvent]:
    """Yield what tells that a message of the definition led to each of its conversion events."""
    if isinstance(definition, Campaign):
        for row in definition.conversions:
            about = {"campaign": definition.campaign, "event": row.event, "primary": None}
            yield OwnEvent("conversion", about)


def _receipt(about: dict[str, str], channel: str) -> OwnEvent:
    properties = {**about, "action": "received", "channel": channel, "send": None}
    return OwnEvent("message_interaction", properties)


def hears_any(rows: tuple[Row, ...], events: Iterable[OwnEvent]) -> bool:
    """Return whether one of the events may pass one of the rows."""
    ours = [row for row in rows if row.event in OWN_EVENTS]
    return bool(ours) and any(
        row.event == event.name and _may_pass(row.where, event.properties)
        for event in events
        for row in ours
    )


def _may_pass(where: Where, properties: Mapping[str, str | None]) -> bool:
    """Return whether an event with these properties may pass the filter; None is any text."""
    for path, operators in where.items():
        name = path.strip('"')
        if name not in properties:
            if not _missing_passes(operators):
                return False
        elif (value := properties[name]) is not None and not _passes(operators, value):
            return False
    return True


def _missing_passes(operators: Operators) -> bool:
    """F3: a missing value passes these only."""
    conditions = operators.conditions()
    return conditions.keys() <= {"ne", "not_in", "contains_none"} or conditions == {"blank": True}


def _passes(operators: Operators, value: str) -> bool:
    """Return whether a text may pass; operators on times and numbers are not judged."""
    return (
        operators.eq in (None, value)
        and operators.ne != value
        and value in (operators.in_ or (value,))
        and value not in (operators.not_in or ())
        and operators.blank is not True
        and (operators.matches is None or _found(operators.matches, value))
        and (operators.not_matches is None or not _found(operators.not_matches, value))
    )


def _found(pattern: str, value: str) -> bool:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    return re2.search(pattern, value, options=options) is not None
