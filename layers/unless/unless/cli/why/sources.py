"""
Where the answer comes from: a deployed stack, or the records of a simulation.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from unless.aws.record_json import record_from_json
from unless.cli.console import Failure, printable
from unless.composition import OnAws
from unless.engine.definitions import Definitions
from unless.engine.eligibility import zones_of
from unless.engine.model import DueItem, UserState
from unless.engine.records import Record

STDIN = Path("-")

READ_MAX = 10_000
"""Most records of one user that are read; the newest ones."""

GZIP_MAGIC = b"\x1f\x8b"
"""How a gzip file begins. Source: RFC 1952, section 2.3.1."""

HOW = "Make it by `unless simulate --json EVENTS.jsonl > FILE`."


@dataclass(frozen=True, slots=True)
class Known:
    """
    What is known of one user: `records` newest first, and what is pending.

    Of a file of records there is nothing else: no `state`, no `definitions`, no `now`. `others` are
    the users of the file.
    """

    user: str
    where: str
    records: tuple[Record, ...]
    pending: tuple[DueItem, ...] = ()
    state: UserState | None = None
    definitions: Definitions | None = None
    now: datetime | None = None
    cut: bool = False
    others: frozenset[str] = field(default=frozenset())

    @property
    def who(self) -> str:
        """The user's id, on one line."""
        return printable(self.user)

    @property
    def zone(self) -> ZoneInfo | None:
        """The user's time zone, the workspace's where it is unknown, None for a file."""
        if self.state is None or self.definitions is None:
            return None
        return zone_in(self.state, self.definitions)


def zone_in(state: UserState, definitions: Definitions) -> ZoneInfo:
    """Return the user's time zone, the workspace's where it is unknown."""
    return zones_of(state, definitions).resolve("user")


def from_stack(app: OnAws, user: str, where: str) -> Known:
    """Return what a deployed stack knows of the user; three reads, and the records page by page."""
    now = app.clock()
    state = app.store.load(user).state
    definitions = app.definitions.covering(app.definitions.fresh(now), state)
    records = tuple(islice(app.ledger.read(user), READ_MAX + 1))
    return Known(
        user=user,
        where=where,
        records=records[:READ_MAX],
        pending=tuple(sorted(state.pending.values(), key=lambda item: item.due)),
        state=state,
        definitions=definitions,
        now=now,
        cut=len(records) > READ_MAX,
    )


def from_file(path: Path, user: str) -> Known:
    """
    Return what the records of a simulation tell of the user; `-` is standard input.

    Raises:
        Failure: the file cannot be read, or holds something else.
    """
    where, rows = name_of(path), records_in(path)
    own = [record for record in rows if record.user == user]
    # What a simulation decided at one instant stands in the order of the decisions.
    newest = sorted(own, key=lambda record: record.at)[::-1]
    return Known(user, where, tuple(newest), others=frozenset(row.user for row in rows))


def name_of(path: Path) -> str:
    """Return what the file is called in a sentence."""
    return "standard input" if path == STDIN else str(path)


def records_in(path: Path) -> list[Record]:
    """
    Return the records of a simulation; `-` is standard input.

    Raises:
        Failure: the file cannot be read, holds something else, or nothing.
    """
    where = name_of(path)
    rows = list(_read(path, where))
    if not rows:
        raise Failure(f"{where}: there is no decision record in it.", HOW)
    return rows


def _read(path: Path, where: str) -> Iterator[Record]:
    try:
        with sys.stdin.buffer if path == STDIN else path.open("rb") as file:
            for number, line in enumerate(_plain(file), start=1):
                if line.strip():
                    yield _record(line, f"{where}:{number}")
    except FileNotFoundError:
        raise Failure(f"{where}: there is no such file.", HOW) from None
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Failure(f"{where}: cannot be read: {reason}.", HOW) from None


def _plain(file: BinaryIO) -> Iterable[bytes]:
    """Yield the lines, also of a compressed file."""
    first = file.peek(2)[:2] if hasattr(file, "peek") else b""
    return gzip.GzipFile(fileobj=file) if first == GZIP_MAGIC else file


def _record(line: bytes, where: str) -> Record:
    row: Any = None
    try:
        row = json.loads(line)
        record = _checked(record_from_json(row))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        said = _what_is_wrong(error, row) if isinstance(error, KeyError) else str(error)
        raise Failure(f"{where}: this is no decision record: {said}.", HOW) from None
    return record


def _checked(record: Record) -> Record:
    """Return the record; raise ValueError for one in which something is of another type."""
    if record.at.tzinfo is None or (record.due is not None and record.due.tzinfo is None):
        raise ValueError("an instant has no zone")
    texts = (record.user, record.definition, record.event, record.step or "", record.send or "")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("user, campaign, journey, step, event and send are texts")
    if not isinstance(record.detail, Mapping):
        raise ValueError("`detail` is no object")
    return record


def _what_is_wrong(error: KeyError, row: Any) -> str:
    """Return which key is missing, or which reason there is not."""
    name = error.args[0]
    is_reason = isinstance(row, Mapping) and row.get("reason") == name
    return f"there is no reason `{name}`" if is_reason else f"`{name}` is missing"


def since(records: Sequence[Record], start: datetime | None) -> tuple[Record, ...]:
    """Return the records from that instant on."""
    return tuple(record for record in records if start is None or record.at >= start)


def of_definition(known: Known, name: str | None) -> Known:
    """Return what is known of one campaign or journey, of all for None."""
    if name is None:
        return known
    return replace(
        known,
        records=tuple(record for record in known.records if record.definition == name),
        pending=tuple(item for item in known.pending if item.definition == name),
    )
