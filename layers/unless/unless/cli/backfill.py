"""
`unless put --backfill`: a file of past events and profiles onto the bus of a stack, as history
only.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.text import Text

from unless.app.errors import UnlessError
from unless.aws.put_events import Numbered, put_events
from unless.cli.aws_failures import explained
from unless.cli.backfill_progress import Offered, Progress, changed, line_digest
from unless.cli.bad_lines import report_bad
from unless.cli.console import Failure, advance, count, output, printable, progress
from unless.cli.deployment import deployed
from unless.cli.failures import INTERRUPTED
from unless.cli.put import with_id
from unless.composition import OnAws
from unless.engine.history import PROFILE
from unless.engine.model import UserEvent
from unless.events.intake import parse_row
from unless.events.lines import UnreadableFile, read_events
from unless.events.past import as_past
from unless.events.put_entry import as_put_entry
from unless.events.rejection import Rejected
from unless.sim.reading import BadLine

SAVED_EVERY_SECONDS = 1.0
"""How much of the work a process that is killed does again."""


@dataclass(slots=True)
class PastLines:
    """The lines of a file that are still to be put, on their way to the bus."""

    path: Path
    source: str
    bus: str
    known: Progress
    bad: list[BadLine] = field(default_factory=list)

    def entries(self) -> Iterator[Numbered]:
        """Yield the entry of each line that is a past event or a profile."""
        for line, row in read_events(self.path):
            if not self.known.is_open(line):
                continue
            entry = row if isinstance(row, Rejected) else self._entry(line, row)
            if isinstance(entry, Rejected):
                self.bad.append(BadLine(line, str(entry.reason), entry.detail))
                self.known.offer(Offered(line, 0))
            else:
                yield entry

    def _entry(self, line: int, row: Mapping[str, Any]) -> Numbered | Rejected:
        past = as_past(row)
        if isinstance(past, Rejected):
            return past
        event = parse_row(past, datetime.now(UTC), "unnamed")
        if isinstance(event, Rejected):
            return event
        # The id is that of the row itself: should the file also be `put`, nothing counts twice.
        named = as_past(with_id(row, by_content=True))
        entry = (
            named
            if isinstance(named, Rejected)
            else as_put_entry(named, source=self.source, bus=self.bus)
        )
        if isinstance(entry, Rejected):
            return entry
        self.known.offer(_offered(line, row, event))
        return Numbered(line, entry)


def _offered(line: int, row: Mapping[str, Any], event: UserEvent) -> Offered:
    at = None if event.name == PROFILE else event.time
    return Offered(line, line_digest(line, row), event.name, at)


def backfill(path: Path, stack: str, source: str, *, restart: bool) -> bool:
    """Put the past of a file on the stack's bus; return whether every line of it is there now."""
    _check_readable(path)
    stacked = deployed(stack)
    known = Progress.of(path, stacked.settings.due_queue_arn, restart=restart)
    left, names = _lines_left(path, known)
    console = output()
    if not left:
        console.print(f"Nothing to do: {count(known.accepted, 'line')} of {path} are on the bus.")
        _note_loaded(stacked, known)
        return True
    _warn_of_unkept(stacked, names)
    lines = PastLines(path, source, stacked.settings.bus, known)
    refused = _put(stacked, lines, left)
    left_out = sorted([*lines.bad, *refused], key=lambda line: line.number)
    report_bad(console, path, left_out)
    said = f"{count(known.accepted, 'line')} of {path} on the bus {lines.bus}, as history only"
    console.print(Text(said, "yellow" if left_out else "green"))
    if left_out:
        console.print("Mend these lines, or leave them; the same command tries only them again.")
        return False
    _note_loaded(stacked, known)
    return True


def _warn_of_unkept(stacked: OnAws, names: frozenset[str]) -> None:
    """Say of which events nothing will be remembered, before it is too late."""
    if unkept := sorted(stacked.operate.unkept(names)):
        console = output()
        said = f"! not remembered: {', '.join(map(printable, unkept))}"
        console.print(Text(said, "bold yellow"))
        console.print(
            "  The workspace says `record: named`, and nothing that is published speaks of them. "
            "Publish what does, then load the file (again with --restart)."
        )


def _note_loaded(stacked: OnAws, known: Progress) -> None:
    """Let `publish` know that the history of these events is complete."""
    if names := stacked.operate.history_loaded(known.oldest):
        earliest = min(known.oldest[name] for name in names)
        output().print(
            f"From now on the history of {count(len(names), 'event')} counts as complete, "
            f"back to {earliest:%Y-%m-%d}: `unless publish` warns no more that it is too short."
        )


def _check_readable(path: Path) -> None:
    if not path.is_file():
        raise Failure(f"{path}: there is no such file.")


def _lines_left(path: Path, known: Progress) -> tuple[int, frozenset[str]]:
    """
    Return how many lines are still to be put, and the names of all events.

    The lines that were put before must still be the same.

    Raises:
        Failure: they are not, or the file cannot be read.
    """
    left, digest, seen = 0, 0, 0
    names: set[str] = set()
    try:
        for seen, row in read_events(path):
            names |= _named(row)
            if known.is_open(seen):
                left += 1
            elif not isinstance(row, Rejected):
                digest += line_digest(seen, row)
    except UnreadableFile as error:
        raise Failure(f"{error}.") from None
    if digest % 2**256 != known.digest:
        raise changed(path, known)
    return left, frozenset(names)


def _named(row: Mapping[str, Any] | Rejected) -> set[str]:
    """Return the name of the row's event, if it has one."""
    names = () if isinstance(row, Rejected) else (row.get("detail-type"), row.get("event"))
    return {name for name in names if isinstance(name, str)}


def _put(stacked: OnAws, lines: PastLines, total: int) -> list[BadLine]:
    """Put what is left and note how far it came, also when it breaks off."""
    refused: list[BadLine] = []
    known, saved = lines.known, time.monotonic()
    try:
        with progress(f"putting on {lines.bus}", total) as bar:
            for answered in put_events(stacked.clients, lines.entries()):
                known.settle(answered.through, {no.line for no in answered.refused})
                refused += [BadLine(no.line, no.code, no.said) for no in answered.refused]
                advance(bar, answered.accepted + len(answered.refused))
                if time.monotonic() - saved >= SAVED_EVERY_SECONDS:
                    known.save()
                    saved = time.monotonic()
        known.settle(lines.bad[-1].number if lines.bad else 0, ())  # those after the last request
    except (UnlessError, UnreadableFile, KeyboardInterrupt) as error:
        known.save()
        raise _broken_off(error, known) from error
    known.save()
    return refused


def _broken_off(error: BaseException, known: Progress) -> Failure:
    done = f"{count(known.accepted, 'line')} put, up to line {known.line:,}"
    again = "The same command goes on from there."
    if isinstance(error, KeyboardInterrupt):
        return Failure(f"Interrupted: {done}.", again, code=INTERRUPTED)
    said = explained(error) if isinstance(error, UnlessError) else None
    why = f"{said.what} {said.remedy}" if said else f"{error}."
    return Failure(f"{done}, then: {why}", again)
