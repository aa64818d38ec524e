"""
Every minute: whatever should have rung and has not is put back into the queue `due`.

The sweep turns every lost timer, and every hole between a commit and its timer, into some lateness.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zlib import crc32

from unless.app.ports import DueIndex, DueQueue, SnapshotStore, Waiting
from unless.definitions.models import Status
from unless.definitions.snapshot import Published, Snapshot
from unless.engine.decision import NO_TURN, DueNotice

GRACE = timedelta(seconds=60)
"""How overdue a send must be: a schedule rings up to 60 s late, and then deliver is at it.

Source: EventBridge Scheduler User Guide, "Schedule types", precision (read 2026-11)."""

EXAMINED_MAX = 20_000
"""Most sends looked at in one run; about 3 MB of the index, two seconds of work."""

RUNG_MAX = 5_000
"""Most notices sent in one run: 500 calls of ten, within the 50 s that a run has."""

EVERY_MINUTE = 5
"""Minutes overdue during which a send is rung every minute."""

THEN_EVERY = 5
"""
Minutes between rings after that, so that hours without deliver do not fill its queue with repeats.
"""

RESUMED = timedelta(hours=1)
"""How long after a resume its parked sends are looked for every minute."""

PARKED_SLICES = 60
"""
Runs in which every campaign that is not paused is looked at once for parked sends: whoever stopped
it may have died before waking them, and a pause may have parked one a moment too late.
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run found; `oldest` is how long the most overdue send has waited."""

    overdue: int = 0
    rung: int = 0
    woken: int = 0
    oldest: timedelta = timedelta(0)


class Sweep:
    """Looks for what should have rung."""

    def __init__(
        self,
        *,
        index: DueIndex,
        queue: DueQueue,
        snapshots: SnapshotStore,
        clock: Callable[[], datetime],
    ) -> None:
        """Work on these ports; `clock` returns the time now, aware, UTC."""
        self._index = index
        self._queue = queue
        self._snapshots = snapshots
        self._clock = clock

    def run(self) -> Swept:
        """
        Ring for what is overdue, the oldest first, and for what a pause that is over has parked.

        Raises:
            TransientError, ConfigurationError: the next run does it.
        """
        now = self._clock()
        overdue = list(islice(self._index.overdue(now - GRACE), EXAMINED_MAX))
        rung = islice((send for send in overdue if _rings(now - send.due)), RUNG_MAX)
        count = self._queue.ring_all(map(notice_of, rung))
        snapshot, _ = self._snapshots.read()
        woken = sum(wake(name, self._index, self._queue) for name in _awake(snapshot, now))
        oldest = now - overdue[0].due if overdue else timedelta(0)
        return Swept(overdue=len(overdue), rung=count, woken=woken, oldest=oldest)


def notice_of(waiting: Waiting) -> DueNotice:
    """Return the notice by which a send is looked at again."""
    return DueNotice(waiting.user, waiting.item, NO_TURN)


def wake(definition: str, index: DueIndex, queue: DueQueue) -> int:
    """Ring for everything that a pause of the definition has parked; return how many."""
    return queue.ring_all(map(notice_of, index.parked(definition)))


def _rings(age: timedelta) -> bool:
    minutes = age // timedelta(minutes=1)
    return minutes <= EVERY_MINUTE or minutes % THEN_EVERY == 0


def _awake(snapshot: Snapshot, now: datetime) -> Iterable[str]:
    """
    Yield the definitions whose parked items, should there be any, are to be looked at in this run.
    """
    minute = int(now.timestamp()) // 60
    for name, published in snapshot.definitions.items():
        if published.status is Status.PAUSED:
            continue
        if _resumed(published, now) or (minute + crc32(name.encode())) % PARKED_SLICES == 0:
            yield name


def _resumed(published: Published, now: datetime) -> bool:
    return published.resumed_at is not None and now - published.resumed_at <= RESUMED
