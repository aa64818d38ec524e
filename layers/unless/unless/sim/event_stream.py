"""
The events of files and folders in the order in which they happened, in memory that does not grow
with how many there are.

Few events are sorted in memory. Of many, a first pass over the times tells whether they are in
order already; then they are read again while they are played. Otherwise, and when the input cannot
be read twice (a pipe), they are sorted on disk.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice, pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from unless.engine.model import UserEvent
from unless.events.folders import files_of
from unless.events.lines import UnreadableFile
from unless.sim.disk_sort import SortedOnDisk
from unless.sim.reading import BadLine, Reading

IN_MEMORY_MAX = 2_000
"""Most events that are sorted in memory; of a larger input, so many are read once for nothing."""


class Phase(StrEnum):
    """What is done before the first event is there."""

    READING = "reading"
    SORTING = "sorting"


type Progress = Callable[[Phase, int, int], None]
"""Is told how far a phase has come, and of how much: bytes when reading, else 0 of 0 (unknown)."""


def silent(phase: Phase, done: int, total: int) -> None:
    """Show no progress."""


@dataclass
class EventStream:
    """
    Events by time (ties: by their place in the input), as often as one iterates.

    `total` is how many there are, before the first one is read; of those that are streamed from
    their files it includes the few that turn out to be bad. `user_columns` is the length of the
    longest user's id. `reading` knows the bad lines once all events were read. Close it, or use it
    in a `with`: it may hold files on disk.
    """

    reading: Reading
    total: int
    user_columns: int
    _events: Iterable[UserEvent]
    _close: Callable[[], None] = field(default=lambda: None)

    def __iter__(self) -> Iterator[UserEvent]:
        """
        Return the events, from the first one.

        Raises:
            UnreadableFile: the input cannot be read on, or it has changed.
        """
        return iter(self._events)

    @property
    def bad(self) -> Sequence[BadLine]:
        """The first lines that were left out, at most BAD_KEPT_MAX, by their place in the input."""
        return self.reading.bad

    @property
    def bad_count(self) -> int:
        """How many lines were left out."""
        return self.reading.bad_count

    def close(self) -> None:
        """Remove what is held on disk."""
        self._close()

    def __enter__(self) -> Self:
        """Return the stream."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what is held on disk."""
        self.close()


def open_events(paths: Sequence[Path], progress: Progress = silent) -> EventStream:
    """
    Return the events of files, of pipes, and of all files in folders, in either form, mixed.

    Raises:
        UnreadableFile: a path does not exist or cannot be read, or the disk has no room to sort.
    """
    files = files_of(paths)
    size = sum(file.stat().st_size for file in files)
    reading = Reading(files, lambda done: progress(Phase.READING, done, size))
    events = reading.events()
    first = list(islice(events, IN_MEMORY_MAX + 1))
    if len(first) <= IN_MEMORY_MAX:
        first.sort(key=_time)
        return EventStream(reading, len(first), _columns(first), first)
    if reading.rereadable and all(a.time <= b.time for a, b in pairwise(first)):
        looked = reading.look()
        if looked is not None:
            reading.watch = _unwatched  # From here on, what was played tells how far it has come.
            return EventStream(reading, looked.total, looked.user_columns, InOrder(reading))
    return _sorted(reading, chain(first, events), progress)


def _sorted(reading: Reading, events: Iterable[UserEvent], progress: Progress) -> EventStream:
    on_disk = SortedOnDisk(lambda: progress(Phase.SORTING, 0, 0))
    try:
        on_disk.fill(events)
        on_disk.sort()
    except BaseException:
        on_disk.close()
        raise
    return EventStream(reading, on_disk.total, on_disk.user_columns, on_disk, on_disk.close)


class InOrder:
    """Events that stand in their files by time, read from there each time."""

    def __init__(self, reading: Reading) -> None:
        """Begin with files that were found to be in order."""
        self._reading = reading

    def __iter__(self) -> Iterator[UserEvent]:
        """
        Yield the events.

        Raises:
            UnreadableFile: they are in order no more.
        """
        latest: datetime | None = None
        for event in self._reading.events():
            if latest is not None and event.time < latest:
                files = ", ".join(map(str, self._reading.files[:1]))
                raise UnreadableFile(f"{files}: changed while it was read; try again")
            latest = event.time
            yield event


def _unwatched(read: int) -> None:
    """Tell nobody how far the reading has come."""


def _time(event: UserEvent) -> datetime:
    return event.time


def _columns(events: Iterable[UserEvent]) -> int:
    return max((len(event.user) for event in events), default=0)
