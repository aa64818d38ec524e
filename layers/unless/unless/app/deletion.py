"""
Forgetting a user: first one mark that ends everything, then the rest in chunks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from unless.app.errors import ConfigurationError, ConflictError
from unless.app.ports import (
    Committed,
    DefinitionsSource,
    ErasableLedger,
    Loaded,
    Outbox,
    Store,
    Timers,
)
from unless.app.users import TRIES_MAX, Pause, wait_with_jitter
from unless.engine.decide import decide
from unless.engine.decision import NO_TURN, DeleteUser, DueNotice, Marker
from unless.engine.definitions import Definitions
from unless.engine.identity import ERASURE

ERASE_AGAIN_SECONDS = 120
"""
When the records are erased once more: whoever decided before the deletion has written by then what
followed, since a function runs for 50 s at most (template.yaml).
"""


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many pending sends and runs ended, and how many items of the live tables are gone."""

    ended: int
    items: int


class Deletion:
    """Deletes users."""

    def __init__(
        self,
        *,
        store: Store,
        timers: Timers,
        ledger: ErasableLedger,
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

    def pending(self, user: str) -> int:
        """Return how many pending sends and runs a deletion would end."""
        return len(self._store.load(user).state.pending)

    def delete(self, user: str) -> Deleted:
        """
        Delete the user (L3); if it is broken off, doing it again goes on where it stopped.

        The records of what the deletion ended stay in the ledger, the older ones go: they hold
        what was sent and the values compared.

        Raises:
            TransientError, ConfigurationError: it is not finished; do it again.
        """
        earlier = self._store.marker(user, ERASURE, self._clock())
        self._outbox.ring(DueNotice(user, ERASURE, NO_TURN), ERASE_AGAIN_SECONDS)
        items = self._erase(user, earlier) if earlier else 0
        before, marker = self._end(user)
        for item in before.state.pending.values():
            self._timers.cancel(item)
        return Deleted(len(marker.records), items + self._erase(user, marker))

    def _end(self, user: str) -> tuple[Loaded, Marker]:
        """Commit the mark; from then on nothing is sent and earlier events are dropped."""
        for try_ in range(1, TRIES_MAX + 1):
            now = self._clock()
            before = self._store.load(user)
            definitions = self._known(before, now)
            decision = decide(before.state, DeleteUser(user), definitions, now)
            marker = Marker(ERASURE, now, records=decision.records)
            if isinstance(self._store.commit(before, decision.state, [marker], now), Committed):
                return before, marker
            self._pause(try_)
        raise ConflictError(f"somebody else was faster {TRIES_MAX} times; delete again")

    def _known(self, before: Loaded, now: datetime) -> Definitions:
        """Return the definitions; a version of a journey that is lost keeps nobody from leaving."""
        definitions = self._definitions.fresh(now)
        try:
            return self._definitions.covering(definitions, before.state)
        except ConfigurationError:
            return definitions

    def _erase(self, user: str, marker: Marker) -> int:
        """Delete what lies beside the state; the marker itself is what goes last."""
        items = self._ledger.erase(user, marker.at)
        if marker.records:
            keeping = self._definitions.fresh(self._clock()).workspace.ledger
            self._ledger.write(marker.records, keeping, again=True)
        return items + self._store.erase(user, marker.at)
