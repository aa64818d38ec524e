"""
A few users with a few events, played through definitions in memory, and shown as a timeline.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.cli.console import columns, printable
from unless.cli.journeys.filter_words import shortened, value_words
from unless.cli.simulating.simulate import record_text
from unless.cli.words import day_and_time
from unless.definitions.checks import Checked
from unless.definitions.durations import in_utc
from unless.engine.model import UserEvent
from unless.engine.records import Record
from unless.events.intake import parse_row
from unless.sim.history import initial_state
from unless.sim.world import PureWorld

PUBLISHED = datetime(1970, 1, 1, tzinfo=UTC)
"""When the definitions are published: before every event."""

RINGS_MAX = 100
"""Most instants at which something is due; a lesson is not longer."""


class NoEvent(Exception):
    """A row is no event that could ever be understood: choose another."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was decided at one instant, about an event or about what was due."""

    event: UserEvent | None
    records: Sequence[Record]


def play(
    checked: Checked,
    users: Mapping[str, Mapping[str, Any]],
    when: Sequence[Mapping[str, Any]],
) -> list[Moment]:
    """
    Return what happens to the users under these definitions, also under those that are refused.

    `when` are rows of events in the order of their time, as in a scenario.

    Raises:
        NoEvent: one of them is none.
    """
    world = PureWorld()
    # What is refused is shown as it would have been.
    world.publish(replace(checked, issues=()), PUBLISHED, first=True)
    for user, values in users.items():
        world.seed(initial_state(user, values))
    moments: list[Moment] = []
    for row in when:
        event = _event(row)
        moments += _due(world, event.time)
        moments.append(Moment(event, _made(world, partial(world.take, event, event.time))))
    return [*moments, *_due(world, None)]


def _event(row: Mapping[str, Any]) -> UserEvent:
    """Return the event of a row; its id is its time, which the timeline shows."""
    at = in_utc(row["at"]) or PUBLISHED
    values = {key: value for key, value in row.items() if key != "at"}
    event = parse_row({**values, "time": row["at"]}, at, f"{at:%Y-%m-%d %H:%M}")
    if not isinstance(event, UserEvent):
        raise NoEvent(event.detail)
    return event


def _due(world: PureWorld, end: datetime | None) -> Iterator[Moment]:
    """Let ring what is due before the end, all of it without one."""
    for _ in range(RINGS_MAX):
        due = world.next_due()
        if due is None or (end is not None and due >= end):
            return
        yield Moment(None, _made(world, partial(world.ring, due)))


def _made(world: PureWorld, act: Callable[[], object]) -> list[Record]:
    before = len(world.records())
    act()
    return world.records()[before:]


def show_timeline(console: Console, moments: Sequence[Moment], indent: str = "  ") -> None:
    """Print a line for each event, with its properties, and for each decision."""
    rows = (row for moment in moments for row in _rows(moment))
    columns(console, ((f"{indent}{at}", user, text) for at, user, text in rows))


def _rows(moment: Moment) -> Iterator[tuple[str, str, Text]]:
    if (event := moment.event) is not None:
        said = Text.assemble((f"· {printable(event.name)}", "bold"), _said(event))
        yield day_and_time(event.time), printable(event.user), said
    for record in moment.records:
        yield day_and_time(record.at), printable(record.user), record_text(record)


def _said(event: UserEvent) -> tuple[str, str]:
    """Return what the event carries, in short words."""
    carried = {**event.properties, **event.attributes}
    words = ", ".join(f"{name} {value_words(value)}" for name, value in carried.items())
    return (f"  {shortened(words)}" if words else "", "dim")
