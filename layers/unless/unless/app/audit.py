"""
The audit of a stack: does every trigger that is on record end exactly once, or is it pending?

Everything is read page by page while the functions go on working, so what looks wrong may only be
on its way. The users who seem to be wrong are looked at again at the end, one by one and
consistently: what is wrong then, too, is wrong.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from time import sleep
from typing import Protocol

from unless.app.audited import Audited, Progress, Tally, distinct
from unless.app.ports import DefinitionsSource, Store, Waiting
from unless.definitions.models import Kind
from unless.engine.balance import Balance, Violation
from unless.engine.identity import is_run_id
from unless.engine.invariants import Open, balance, open_item
from unless.engine.records import Record

SETTLING = timedelta(seconds=30)
"""
How long is waited before suspects are looked at again: a run of a function lasts at most that, and
writes its records at its end.
"""

LOOKS_MAX = 3
"""How often a suspect is read anew because they change while they are being read."""

SUSPECTS_MAX = 10_000
"""Most users who are looked at again, two or three reads each; the others are only counted."""


class ScannableLedger(Protocol):
    """All decision records."""

    def scan(self, now: datetime) -> Iterator[Record]:
        """
        Yield every record that has not expired at `now`, page by page; those of one user follow
        each other.
        """

    def read_consistently(self, user: str) -> Iterable[Record]:
        """Return the user's records, with all that was written before the call."""


class ScannableIndex(Protocol):
    """All due items."""

    def scan(self) -> Iterator[Waiting]:
        """Yield every due item, also what a pause has parked, perhaps as they were a moment ago."""


class Audit:
    """Looks whether every trigger of a stack ends once."""

    def __init__(
        self,
        *,
        ledger: ScannableLedger,
        index: ScannableIndex,
        store: Store,
        definitions: DefinitionsSource,
        clock: Callable[[], datetime],
        pause: Callable[[float], None] = sleep,
    ) -> None:
        """Read from these ports; `clock` returns the time now, UTC, `pause` waits for seconds."""
        self._ledger = ledger
        self._index = index
        self._store = store
        self._definitions = definitions
        self._clock = clock
        self._pause = pause

    def run(self, progress: Callable[[Progress], None] = lambda _: None) -> Audited:
        """
        Return what is on record and what of it cannot be right; nothing is written.

        `progress` is told every PROGRESS_EVERY items. The memory that it takes grows with what is
        pending, not with the records.

        Raises:
            TransientError, ConfigurationError: the tables cannot be read.
        """
        now = self._clock()
        tally = Tally(now - self._definitions.fresh(now).workspace.ledger.keep, progress)
        self._scan(tally, now)
        if tally.suspects:
            self._pause(SETTLING.total_seconds())
        for number, (user, first) in enumerate(tally.suspects.items(), 1):
            if number > SUSPECTS_MAX:
                tally.unexamined += 1
                tally.count(Balance(first.counts))
            else:
                self._look_again(user, first, tally)
                tally.tell(number)
        return tally.audited()

    def _scan(self, tally: Tally, now: datetime) -> None:
        waiting: dict[str, list[Open]] = defaultdict(list)
        for entry in self._index.scan():
            kind = Kind.JOURNEY if is_run_id(entry.item) else Kind.CAMPAIGN
            waiting[entry.user].append(Open(entry.user, kind, entry.definition, entry.item))
            tally.due_items += 1
            tally.tell_now_and_then(tally.due_items)
        for user, records in groupby(self._ledger.scan(now), key=lambda record: record.user):
            tally.first_look(user, [*tally.noted(records)], waiting.pop(user, []))
        for user, items in waiting.items():
            tally.first_look(user, [], items)

    def _look_again(self, user: str, first: Balance, tally: Tally) -> None:
        """Judge one user by what is there for certain; what was not wrong before is under way."""
        for _ in range(LOOKS_MAX):
            before = self._store.load(user)
            records = [*self._ledger.read_consistently(user)]
            after = self._store.load(user)
            if before.rev == after.rev:
                break
        since = max(tally.reliable_since, after.state.deleted_at or tally.reliable_since)
        waiting = map(open_item, after.state.pending.values())
        found = balance(distinct(records), waiting, since=since)
        suspected = {_subject(violation) for violation in first.violations}
        wrong = [each for each in found.violations if _subject(each) in suspected]
        if before.rev != after.rev or len(wrong) < len(found.violations):
            tally.unsettled += 1
        tally.count(Balance(found.counts, tuple(wrong) if before.rev == after.rev else ()))


def _subject(violation: Violation) -> tuple[object, ...]:
    """Return what a violation is about; of runs, the index does not tell which it is."""
    is_send = violation.kind is Kind.CAMPAIGN
    which = violation.send or violation.event if is_send else None
    return (violation.broken, violation.kind, violation.definition, which)
