"""
`unless put`: a file of events onto the bus of a stack.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.text import Text

from unless.app.errors import UnlessError
from unless.aws.put_events import Numbered, put_events
from unless.cli.aws_failures import explained
from unless.cli.bad_lines import report_bad
from unless.cli.console import Failure, advance, count, output, progress
from unless.cli.deployment import deployed
from unless.cli.failures import INTERRUPTED
from unless.definitions.snapshot import canonical_json
from unless.events.forms import is_envelope
from unless.events.intake import parse_row
from unless.events.lines import UnreadableFile, read_events
from unless.events.put_entry import PutEntry, as_put_entry
from unless.events.rejection import Rejected
from unless.sim.reading import BadLine


@dataclass(slots=True)
class Sorting:
    """The lines of a file on their way to the bus: those that no bus should get stay behind."""

    path: Path
    source: str
    bus: str
    bad: list[BadLine] = field(default_factory=list)

    def entries(self) -> Iterator[Numbered]:
        """Yield the entry of each line that is an event."""
        for number, row in read_events(self.path):
            entry = row if isinstance(row, Rejected) else self._entry(row)
            if isinstance(entry, Rejected):
                self.bad.append(BadLine(number, str(entry.reason), entry.detail))
            else:
                yield Numbered(number, entry)

    def _entry(self, row: Mapping[str, Any]) -> PutEntry | Rejected:
        event = parse_row(row, datetime.now(UTC), "unnamed")
        if isinstance(event, Rejected):
            return event
        return as_put_entry(with_id(row), source=self.source, bus=self.bus)


def with_id(row: Mapping[str, Any], *, by_content: bool = False) -> Mapping[str, Any]:
    """
    Return the row of an event with an id, so that a repeated request makes no second event (V1).

    An event that says when it happened gets its id from its content: putting the file again changes
    nothing. One that happens now is a new event each time, unless the content counts anyway.
    """
    inside = row["detail"] if is_envelope(row) else row
    if any(part.get("id") is not None for part in (inside, row)):
        return row
    has_time = any(part.get("time") is not None for part in (inside, row))
    text = canonical_json(row) if has_time or by_content else uuid4().hex
    event_id = f"put-{sha256(text.encode()).hexdigest()[:24]}"
    if is_envelope(row):
        return {**row, "detail": {**inside, "id": event_id}}
    return {**row, "id": event_id}


def put(path: Path, stack: str, source: str) -> bool:
    """Put the events of a file on the stack's bus; return whether every line is on it."""
    total = _count_lines(path)
    stacked = deployed(stack)
    bus = stacked.settings.bus
    sorting = Sorting(path, source, bus)
    accepted = 0
    refused: list[BadLine] = []
    console = output()
    try:
        with progress(f"putting on {bus}", total) as bar:
            for answered in put_events(stacked.clients, sorting.entries()):
                accepted += answered.accepted
                refused += [BadLine(no.line, no.code, no.said) for no in answered.refused]
                advance(bar, answered.accepted + len(answered.refused))
    except (UnlessError, UnreadableFile, KeyboardInterrupt) as error:
        raise _broken_off(error, f"{count(accepted, 'event')} put on the bus {bus}") from error
    left_out = sorted([*sorting.bad, *refused], key=lambda line: line.number)
    report_bad(console, path, left_out)
    style = "yellow" if left_out else "green"
    console.print(Text(f"{count(accepted, 'event')} put on the bus {bus}", style))
    return not left_out


def _broken_off(error: BaseException, done: str) -> Failure:
    """Return what to say when not all was tried; the last request may have got through, too."""
    again = "The same command goes on: events that have an id or a time do not count twice."
    if isinstance(error, KeyboardInterrupt):
        return Failure(f"Interrupted: {done} for certain.", again, code=INTERRUPTED)
    said = explained(error) if isinstance(error, UnlessError) else None
    why = f"{said.what} {said.remedy}" if said else f"{error}."
    return Failure(f"{done} for certain, then: {why}", again)


def _count_lines(path: Path) -> int:
    """Return how many lines there are, and find out before the first call that there is a file."""
    try:
        return sum(1 for _ in read_events(path))
    except UnreadableFile as error:
        raise Failure(f"{error}.") from None
