"""
Replays events in the pure world: each arrives when it happened, the clock jumps between.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from unless.engine.model import UserEvent
from unless.engine.records import Record
from unless.sim.reading import NOT_SAID
from unless.sim.world import PureWorld


@dataclass(frozen=True, slots=True)
class Step:
    """What was decided at one instant: about an event, or, without one, about what was due."""

    at: datetime
    event: UserEvent | None
    records: Sequence[Record]


def replay(
    world: PureWorld, events: Iterable[UserEvent], until: datetime | None = None
) -> Iterator[Step]:
    """
    Play the events, which come by time, and everything that falls due; yield each step once it is
    decided. The world keeps no records.

    At one instant events come before due sends. The replay ends when nothing is left, or with what
    happens at `until`.
    """
    for event in events:
        if until is not None and event.time > until:
            break
        yield from _ring(world, event.time, inclusive=False)
        world.take(event, event.time)
        yield Step(event.time, event, world.drain())
    yield from _ring(world, until or NOT_SAID, inclusive=True)


def _ring(world: PureWorld, end: datetime, *, inclusive: bool) -> Iterator[Step]:
    """Let ring what is due before the end, or at it; each instant is one step."""
    while (due := world.next_due()) is not None and (due < end or (inclusive and due == end)):
        world.ring(due)
        yield Step(due, None, world.drain())
