"""
Cancelling what is pending: under the user's lock, against the claim, with one answer for each item.

Nothing comes again when an operator's machine dies, as a queue's message does for a function. So,
before a cancellation is committed, a notice about it is put on the queue of due notices, to come a
little later: whoever takes that finds the cancellation's marker, if it was committed, and writes
the records in it. Normally they are in the ledger by then, and writing one twice leaves one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import batched

from unless.app.effects import carry_out
from unless.app.errors import TransientError, UnlessError
from unless.app.ports import (
    COMMIT_ITEMS_MAX,
    Committed,
    DefinitionsSource,
    Ledger,
    Loaded,
    Outbox,
    Store,
    Timers,
)
from unless.app.users import TRIES_MAX, USERS_AT_A_TIME, Pause, wait_with_jitter
from unless.definitions.keeping import RecordKeeping
from unless.engine.decide import decide
from unless.engine.decision import NO_TURN, CancelItems, Decision, DueNotice, Marker
from unless.engine.definitions import Definitions
from unless.engine.identity import cancellation_id
from unless.engine.model import DueStatus, Run
from unless.engine.records import Outcome

OPERATOR = "operator"
"""What a record says of who cancelled (`detail.by`)."""

RECORDS_AFTER_SECONDS = 60
"""
When the notice about a cancellation comes, in seconds: after its commit, which follows at once.
"""

ITEMS_AT_A_TIME = COMMIT_ITEMS_MAX
"""Items of a user that are cancelled in one commit: their records share a marker of 400 KB."""

USERS_IN_HAND = 100
"""Users that are begun before the first of them is told of; whoever interrupts waits for them."""


class CancelAnswer(StrEnum):
    """
    What became of an item that was to be cancelled.

    CANCELLED: it ended by this. ALREADY_SENT: its message was sent, or is just being handed to its
    channel. ALREADY_ENDED: something else had ended it before.
    """

    CANCELLED = "cancelled"
    ALREADY_SENT = "already sent"
    ALREADY_ENDED = "already ended"


@dataclass(frozen=True, slots=True)
class Answered:
    """
    The answers for one user's items, by id, and why there are not more of them.

    `open` are the items without an answer, because of `why`; cancelling them again is harmless.
    """

    user: str
    answers: Mapping[str, CancelAnswer]
    open: tuple[str, ...] = ()
    why: str = ""


class Cancelling:
    """Cancels what is pending."""

    def __init__(
        self,
        *,
        store: Store,
        timers: Timers,
        ledger: Ledger,
        outbox: Outbox,
        definitions: DefinitionsSource,
        clock: Callable[[], datetime],
        pause: Pause = wait_with_jitter,
    ) -> None:
        """Work on these ports; `clock` returns the time now, aware, UTC."""
        self._store = store
        self._timers = timers
        self._ledger = ledger
        self._outbox = outbox
        self._definitions = definitions
        self._clock = clock
        self._pause = pause

    def cancel(
        self, wanted: Mapping[str, Sequence[str]], *, by: str = OPERATOR
    ) -> Iterator[Answered]:
        """
        Cancel these items, ids by user, and yield what became of them, user by user.

        Raises:
            ConfigurationError: the deployment or the permissions are wrong.
        """
        definitions = self._definitions.fresh(self._clock())

        def one(user: str) -> Answered:
            return self._of_user(user, wanted[user], definitions, by)

        if len(wanted) == 1:
            yield from map(one, wanted)
            return
        with ThreadPoolExecutor(max_workers=USERS_AT_A_TIME) as pool:
            for several in batched(wanted, USERS_IN_HAND, strict=False):
                yield from pool.map(one, several)

    def _of_user(
        self, user: str, names: Sequence[str], definitions: Definitions, by: str
    ) -> Answered:
        answers: dict[str, CancelAnswer] = {}
        why = f"others have changed the user {TRIES_MAX} times meanwhile"
        try:
            for some in batched(dict.fromkeys(names), ITEMS_AT_A_TIME, strict=False):
                self._settle(CancelItems(user, some, by), definitions, answers)
        except TransientError as error:
            why = str(error)
        left = tuple(name for name in names if name not in answers)
        return Answered(user, answers, left, why if left else "")

    def _settle(
        self, wanted: CancelItems, definitions: Definitions, answers: dict[str, CancelAnswer]
    ) -> None:
        """
        Answer for each item, again on what is then known while somebody else is faster.

        A run whose message is on its way goes on as soon as that is over, and can be cancelled
        then: so it is waited for.
        """
        for try_ in range(1, TRIES_MAX + 1):
            now = self._clock()
            before = self._store.load(wanted.user)
            known = self._definitions.covering(definitions, before.state)
            decision = decide(before.state, wanted, known, now)
            if self._commit(before, decision, known.workspace.ledger, now):
                last = try_ == TRIES_MAX
                for name in (each for each in wanted.items if each not in answers):
                    answer = self._answer(name, before, decision, now, last=last)
                    if answer is not None:
                        answers[name] = answer
            if all(name in answers for name in wanted.items):
                return
            if try_ < TRIES_MAX:
                self._pause(try_)

    def _commit(
        self, before: Loaded, decision: Decision, keeping: RecordKeeping, now: datetime
    ) -> bool:
        """Commit what was decided and let it have its records; return False for a lost race."""
        if decision.state is before.state:
            return True
        ended = before.state.pending.keys() - decision.state.pending.keys()
        marker = Marker(cancellation_id(ended), now, records=decision.records)
        self._outbox.ring(DueNotice(before.state.user, marker.id, NO_TURN), RECORDS_AFTER_SECONDS)
        outcome = self._store.commit(before, decision.state, [marker], now)
        if not isinstance(outcome, Committed):
            return False
        with suppress(UnlessError):  # What counts now is done; the notice brings the records.
            self._ledger.write(decision.records, keeping)
        carry_out(decision.effects, before.state, decision.state, self._timers, now)
        return True

    def _answer(
        self, name: str, before: Loaded, decision: Decision, now: datetime, *, last: bool
    ) -> CancelAnswer | None:
        """Return what became of the item; None for a run that is to be tried again."""
        item = before.state.pending.get(name)
        if item is None:
            return self._ended_before(before.state.user, name, now)
        if name not in decision.state.pending:
            return CancelAnswer.CANCELLED
        if isinstance(item, Run) and item.status is DueStatus.CLAIMED and not last:
            return None
        return CancelAnswer.ALREADY_SENT

    def _ended_before(self, user: str, name: str, now: datetime) -> CancelAnswer:
        """
        Return how an item ended that is gone: a send by its marker, which tells if it was sent.

        The messages of a run are steps on its way; it was exited or completed, whatever it sent.
        """
        markers = self._store.markers_of(user, name, now)
        records = [record for marker in markers for record in marker.records]
        if any(record.outcome is Outcome.SENT and record.send == name for record in records):
            return CancelAnswer.ALREADY_SENT
        return CancelAnswer.ALREADY_ENDED
