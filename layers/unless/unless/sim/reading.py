"""
Reads files of events for a replay, one after the other: what is an event, what is left out and why.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

from unless.definitions.durations import in_utc
from unless.engine.model import NOTHING, UserEvent
from unless.events.forms import is_envelope, read_form
from unless.events.intake import parse_row
from unless.events.lines import read_events
from unless.events.put_entry import OUR_SOURCE
from unless.events.rejection import NotUnderstood, Rejected

NOT_SAID = datetime.max.replace(tzinfo=UTC)
"""Stands for the time of an event that names none: no clock says when it happened."""

BAD_KEPT_MAX = 1_000
"""Most bad lines that are kept with their reasons; further ones are counted."""


def played(
    name: str,
    user: str,
    event: str,
    time: datetime,
    properties: Mapping[str, Any],
    attributes: Mapping[str, Any],
) -> UserEvent:
    """
    Return an event that arrives when it happened; `name` is its id.

    The names that every user's state repeats, those of events and attributes, are in memory once.
    """
    known = {intern(key): value for key, value in attributes.items()} if attributes else NOTHING
    return UserEvent(name, user, intern(event), time, time, properties, known, root=name)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is left out, counted from 1, with the reason and a sentence."""

    number: int
    reason: str
    detail: str
    path: Path | None = None


class Looked(NamedTuple):
    """What a first look at the input finds: how many events, and the length of the longest user."""

    total: int
    user_columns: int


class Numbered(NamedTuple):
    """A row of the input: its file, the id of its event if it names none, and its number."""

    path: Path
    default_id: str
    number: int
    row: Mapping[str, Any] | Rejected


@dataclass
class Reading:
    """
    The rows of some files, in the order given; what is left out is counted anew by each reading.

    `own` counts what Unless itself put on the bus: in a copy of all events of a bus it stands
    beside those of the app, and the rule that feeds Unless leaves it out as well.
    """

    files: Sequence[Path]
    watch: Callable[[int], None]
    bad: list[BadLine] = field(default_factory=list)
    bad_count: int = 0
    own: int = 0

    @property
    def rereadable(self) -> bool:
        """Whether all of it can be read a second time, which a pipe cannot."""
        return all(file.is_file() for file in self.files)

    def events(self) -> Iterator[UserEvent]:
        """
        Yield the events as they stand in the files, each arriving when it happened.

        An event without an id gets `line-<number>`, in the second file `file-2-line-<number>`.

        Raises:
            UnreadableFile: a file cannot be read to its end.
        """
        self.bad, self.bad_count, self.own = [], 0, 0
        for path, default_id, number, row in self._rows():
            event = row if isinstance(row, Rejected) else parse_row(row, NOT_SAID, default_id)
            if isinstance(event, Rejected):
                self._leave_out(path, number, str(event.reason), event.detail)
            elif event.time == NOT_SAID:
                sentence = "a replay must know when it happened: add `time`"
                self._leave_out(path, number, "no_time", sentence)
            else:
                yield played(
                    event.id, event.user, event.name, event.time, event.properties, event.attributes
                )

    def look(self) -> Looked | None:
        """
        Return what there is if it stands in the order of its times; None as soon as it does not.

        Only users and times are looked at: that takes a third of the time of reading the events.

        Raises:
            UnreadableFile: a file cannot be read to its end.
        """
        total = columns = 0
        latest = datetime.min.replace(tzinfo=UTC)
        for _, _, _, row in self._rows():
            user, time = (None, None) if isinstance(row, Rejected) else _user_and_time(row)
            if not isinstance(user, str) or time is None:
                continue
            if time < latest:
                return None
            latest, total, columns = time, total + 1, max(columns, len(user))
        return Looked(total, columns)

    def _rows(self) -> Iterator[Numbered]:
        before = 0
        for place, path in enumerate(self.files, 1):
            prefix = "line-" if place == 1 else f"file-{place}-line-"
            done = before

            def watch(read: int, done: int = done) -> None:
                self.watch(done + read)

            for number, row in read_events(path, watch):
                if isinstance(row, dict) and row.get("source") == OUR_SOURCE and is_envelope(row):
                    self.own += 1
                    continue
                yield Numbered(path, f"{prefix}{number}", number, row)
            before += path.stat().st_size

    def _leave_out(self, path: Path, number: int, reason: str, detail: str) -> None:
        self.bad_count += 1
        if len(self.bad) < BAD_KEPT_MAX:
            self.bad.append(BadLine(number, reason, detail, path))


def _user_and_time(row: Mapping[str, Any]) -> tuple[object, datetime | None]:
    try:
        said = read_form(row)
    except NotUnderstood:
        return None, None
    return said.user, in_utc(said.time)
