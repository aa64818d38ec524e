"""
What an audit has found so far, and in the end: counts by definition, and what cannot be right.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from unless.engine.balance import Balance, Broken, Counts, Definition, Violation
from unless.engine.invariants import Open, balance
from unless.engine.records import Record

PROGRESS_EVERY = 1_000
"""After how many items more progress is told."""

EXAMPLES_MAX = 10
"""Most violations of each sort that are returned whole."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the audit is: how many due items, records and suspects it has looked at so far."""

    due_items: int = 0
    records: int = 0
    suspects: int = 0
    suspects_in_all: int = 0


@dataclass(frozen=True, slots=True)
class Audited:
    """
    What the audit found, by definition and in all.

    `since` is the instant, UTC, from which on all records must still be there: what began before it
    may end without a beginning. `violations` counts what is wrong by sort, `examples` are the first
    of each. `suspects` users were looked at again; `unsettled` of them had changed again by then,
    and `unexamined` more than SUSPECTS_MAX were not looked at: of neither is anything called wrong.
    """

    since: datetime
    counts: Mapping[Definition, Counts]
    violations: Mapping[Broken, int]
    examples: tuple[Violation, ...]
    records: int
    due_items: int
    suspects: int = 0
    unsettled: int = 0
    unexamined: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations


class Tally:
    """What the audit has found so far; `suspects` are users who are to be looked at again."""

    def __init__(self, since: datetime, progress: Callable[[Progress], None]) -> None:
        """Begin with nothing; records from before `since` may be gone."""
        self.suspects: dict[str, Balance] = {}
        self.due_items = 0
        self.records = 0
        self.unsettled = 0
        self.unexamined = 0
        self._since = since
        self._oldest: datetime | None = None
        self._progress = progress
        self._counts: dict[Definition, Counts] = {}
        self._violations: Counter[Broken] = Counter()
        self._examples: dict[Broken, list[Violation]] = defaultdict(list)

    @property
    def reliable_since(self) -> datetime:
        """
        When the oldest record was made that must be there: records were perhaps kept for a shorter
        time until lately.
        """
        return max(self._since, self._oldest or self._since)

    def noted(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records, each counted."""
        for record in records:
            self.records += 1
            self._oldest = min(record.at, self._oldest or record.at)
            self.tell_now_and_then(self.records)
            yield record

    def first_look(self, user: str, records: Sequence[Record], waiting: Sequence[Open]) -> None:
        """Count a user with whom all is well; the others are looked at again."""
        found = balance(distinct(records), waiting, since=self._since)
        if found.violations:
            self.suspects[user] = found
        else:
            self.count(found)

    def count(self, found: Balance) -> None:
        """Take in what is certain about one user."""
        for definition, counts in found.counts.items():
            self._counts[definition] = self._counts.get(definition, Counts()) + counts
        for violation in found.violations:
            self._violations[violation.broken] += 1
            if len(self._examples[violation.broken]) < EXAMPLES_MAX:
                self._examples[violation.broken].append(violation)

    def tell_now_and_then(self, count: int) -> None:
        """Tell how far it is, if the count is a round one."""
        if count % PROGRESS_EVERY == 0:
            self.tell(0)

    def tell(self, suspects: int) -> None:
        """Tell how far it is."""
        told = Progress(self.due_items, self.records, suspects, len(self.suspects))
        self._progress(told)

    def audited(self) -> Audited:
        """Return what was found."""
        return Audited(
            since=self.reliable_since,
            counts=dict(sorted(self._counts.items())),
            violations=dict(self._violations),
            examples=tuple(each for several in self._examples.values() for each in several),
            records=self.records,
            due_items=self.due_items,
            suspects=len(self.suspects),
            unsettled=self.unsettled,
            unexamined=self.unexamined,
        )


def distinct(records: Iterable[Record]) -> list[Record]:
    """Return the records, each once: one that is kept as the last may have a place of its own."""
    return [*{_identity(record): record for record in records}.values()]


def _identity(record: Record) -> tuple[object, ...]:
    about = (record.kind, record.definition, record.event, record.send, record.step)
    return (record.at, *about, record.outcome)
