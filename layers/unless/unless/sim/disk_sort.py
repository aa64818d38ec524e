"""
Sorts events by time on disk, in a temporary database of SQLite.

A database without a name lies in a file that SQLite deletes when it is closed; on Linux and macOS
the file has no name from the moment it is open, so that not even a killed process leaves it behind.
Its folder is $SQLITE_TMPDIR, $TMPDIR, /var/tmp or /tmp, the first one that there is. (SQLite,
"Temporary Files Used By SQLite", sections 2.8 and 5, read 2026-11.)
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from unless.engine.model import NOTHING, UserEvent
from unless.events.lines import UnreadableFile
from unless.sim.reading import played

CACHE_KIB = 32_768
"""KiB of memory for pages of the database, and for what is being sorted."""

TOLD_EVERY = 1_000_000
"""After how many steps of SQLite's virtual machine it is shown that sorting goes on (~20 ms)."""

type Row = tuple[int, str, str, str, str, str]
"""Microseconds since 1970 UTC, id, user, name, properties and attributes as JSON."""

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SETTINGS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = FILE",
)
_TABLE = "CREATE TABLE events (time INTEGER, id, user, name, properties, attributes)"
_BY_TIME = "SELECT time, id, user, name, properties, attributes FROM events ORDER BY time, rowid"
_write = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class SortedOnDisk:
    """Events by time (ties: in the order in which they came), as often as one iterates."""

    def __init__(self, sorting: Callable[[], None]) -> None:
        """Begin empty; `sorting` is called every now and then while it sorts."""
        self.total = 0
        self.user_columns = 0
        self._database = sqlite3.connect("")
        self._sorted: sqlite3.Cursor | None = None
        self._sorting = sorting
        for statement in (*_SETTINGS, f"PRAGMA cache_size = -{CACHE_KIB}", _TABLE):
            self._database.execute(statement).close()

    def fill(self, events: Iterable[UserEvent]) -> None:
        """
        Take in the events.

        Raises:
            UnreadableFile: the disk is full.
        """
        with _explained():
            rows = map(self._row, events)
            self._database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._database.commit()

    def sort(self) -> None:
        """
        Sort now what was taken in, for the first iteration.

        Raises:
            UnreadableFile: the disk is full.
        """
        with _explained():
            self._sorted = self._by_time()

    def __iter__(self) -> Iterator[UserEvent]:
        """
        Yield the events by time.

        Raises:
            UnreadableFile: the disk is full.
        """
        with _explained():
            rows, self._sorted = self._sorted or self._by_time(), None
            for row in rows:
                yield _event(row)

    def close(self) -> None:
        """Remove everything from the disk."""
        self._database.close()

    def _row(self, event: UserEvent) -> Row:
        self.total += 1
        self.user_columns = max(self.user_columns, len(event.user))
        return (
            (event.time - _BEGIN) // _MICROSECOND,
            event.id,
            event.user,
            event.name,
            _write(event.properties) if event.properties else "",
            _write(event.attributes) if event.attributes else "",
        )

    def _by_time(self) -> sqlite3.Cursor:
        """Return the rows by time; SQLite sorts all of them before it knows the first."""
        self._sorting()
        self._database.set_progress_handler(self._sorting, TOLD_EVERY)
        rows = self._database.execute(_BY_TIME)
        self._database.set_progress_handler(None, 0)
        return rows


def _event(row: Row) -> UserEvent:
    microseconds, event_id, user, name, properties, attributes = row
    time = _BEGIN + timedelta(microseconds=microseconds)
    return played(event_id, user, name, time, _read(properties), _read(attributes))


def _read(text: str) -> Any:
    return json.loads(text) if text else NOTHING


@contextmanager
def _explained() -> Iterator[None]:
    """
    Let the database work, and say what went wrong as what it is.

    Raises:
        KeyboardInterrupt: the person ended it while SQLite sorted.
        UnreadableFile: the disk is full, or cannot be written.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        raise UnreadableFile(
            f"the events cannot be sorted on disk: {error}; set TMPDIR to a folder with room for "
            "twice the size of the input"
        ) from error
