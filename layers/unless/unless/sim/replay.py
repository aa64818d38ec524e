"""
Replays a file of events in the pure world: each arrives when it happened, the clock jumps between.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from unless.engine.model import UserEvent
from unless.engine.records import Record
from unless.events.intake import parse_row
from unless.events.lines import read_events
from unless.events.rejection import Rejected
from unless.sim.world import PureWorld

NOT_SAID = datetime.max.replace(tzinfo=UTC)
"""Stands for the time of an event that names none: no clock says when it happened."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is left out, counted from 1, with the reason and a sentence."""

    number: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class EventFile:
    """The events of a file by when they happened (ties: order in the file), and its bad lines."""

    events: tuple[UserEvent, ...]
    bad: tuple[BadLine, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What was decided at one instant: about an event, or, without one, about what was due."""

    at: datetime
    event: UserEvent | None
    records: Sequence[Record]


def read_file(path: Path) -> EventFile:
    """
    Return the events of a file in either form; an event without an id gets `line-<number>`.

    Raises:
        UnreadableFile: there is no such file, or it cannot be read to its end.
    """
    events: list[UserEvent] = []
    bad: list[BadLine] = []
    for number, row in read_events(path):
        event = row if isinstance(row, Rejected) else parse_row(row, NOT_SAID, f"line-{number}")
        if isinstance(event, Rejected):
            bad.append(BadLine(number, str(event.reason), event.detail))
        elif event.time == NOT_SAID:
            bad.append(
                BadLine(number, "no_time", "a replay must know when it happened: add `time`")
            )
        else:
            events.append(replace(event, arrived=event.time))
    return EventFile(tuple(sorted(events, key=lambda event: event.time)), tuple(bad))


def replay(
    world: PureWorld, events: Sequence[UserEvent], until: datetime | None = None
) -> Iterator[Step]:
    """
    Play the events and everything that falls due, and yield each step once it is decided.

    At one instant events come before due sends. The replay ends when nothing is left, or with what
    happens at `until`.
    """
    for event in events:
        if until is not None and event.time > until:
            break
        yield from _ring(world, event.time, inclusive=False)
        before = len(world.made)
        world.take(event, event.time)
        yield Step(event.time, event, world.made[before:])
    yield from _ring(world, until or NOT_SAID, inclusive=True)


def _ring(world: PureWorld, end: datetime, *, inclusive: bool) -> Iterator[Step]:
    """Let ring what is due before the end, or at it; each instant is one step."""
    while (due := world.next_due()) is not None and (due < end or (inclusive and due == end)):
        before = len(world.made)
        world.ring(due)
        yield Step(due, None, world.made[before:])
