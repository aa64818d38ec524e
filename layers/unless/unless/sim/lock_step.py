"""
Two replays of the same events side by side, so that neither has to be remembered for the other.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import tee

from unless.engine.model import UserEvent
from unless.sim.replay import Step, replay
from unless.sim.world import PureWorld

type Both = tuple[Step | None, Step | None]
"""An event in both worlds, or what was due in one of them; the old one comes first."""


def replay_both(
    old: PureWorld, new: PureWorld, events: Iterable[UserEvent], until: datetime | None = None
) -> Iterator[Both]:
    """
    Yield what happens in two worlds, by time: an event in both at once, dues one by one.

    The events are read once; what is read ahead for the other world is never more than one.
    """
    one, other = tee(events)
    ahead, behind = replay(old, one, until), replay(new, other, until)
    a, b = next(ahead, None), next(behind, None)
    while a is not None or b is not None:
        if a is not None and a.event is not None and b is not None and b.event is not None:
            yield a, b
            a, b = next(ahead, None), next(behind, None)
        elif a is not None and a.event is None and (b is None or _first(a, b)):
            yield a, None
            a = next(ahead, None)
        else:
            yield None, b
            b = next(behind, None)


def _first(due: Step, other: Step) -> bool:
    """Whether what is due comes before the other's step: its event waits for both."""
    return other.event is not None or due.at <= other.at
