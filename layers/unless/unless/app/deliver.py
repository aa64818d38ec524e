"""
Due notices from the queue `due`: judged again, claimed, sent, and the answer marked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from sys import maxsize

from unless.app.dispatch import Dispatcher
from unless.app.messages import Incoming, Report, notice_from_json
from unless.app.ports import (
    Channel,
    DefinitionsSource,
    ErasableLedger,
    Loaded,
    Quarantine,
    Store,
    Timers,
)
from unless.app.users import (
    NO_TIME_LEFT,
    USERS_AT_A_TIME,
    Pause,
    Remaining,
    each_user,
    wait_with_jitter,
)
from unless.engine.decision import DueNotice
from unless.engine.identity import ERASURE, is_cancellation

NO_NOTICE = "no_due_notice"
"""The reason in quarantine of a message that no timer of ours can have written."""

LATEST_TURN = maxsize
"""The turn of a redelivered notice: the run before may have moved the item and started no timer."""

SECONDS_LEFT_MIN = 15.0
"""
No message is begun with less left: its channel may take 11 s to answer, and an answer that comes
when the function has ended is one that nobody knows.
"""

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
"""The place of a notice whose item is gone."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A due notice with its message."""

    notice: DueNotice
    message: Incoming


class Deliver:
    """Takes in batches of due notices."""

    def __init__(
        self,
        *,
        store: Store,
        timers: Timers,
        ledger: ErasableLedger,
        definitions: DefinitionsSource,
        channels: Mapping[str, Channel],
        quarantine: Quarantine,
        clock: Callable[[], datetime],
        pause: Pause = wait_with_jitter,
        users_at_a_time: int = USERS_AT_A_TIME,
    ) -> None:
        """Work on these ports; `clock` returns the time now, aware, UTC."""
        self._store = store
        self._timers = timers
        self._ledger = ledger
        self._definitions = definitions
        self._channels = channels
        self._quarantine = quarantine
        self._clock = clock
        self._pause = pause
        self._users_at_a_time = users_at_a_time

    def run(self, messages: Sequence[Incoming], remaining: Remaining) -> Report:
        """Return what became of the messages; one that fails never fails its neighbours."""
        report = Report()
        try:
            definitions = self._definitions.fresh(self._clock())
        except Exception as error:
            report.fail((message.id for message in messages), error)
            return report
        dispatcher = Dispatcher(
            store=self._store,
            timers=self._timers,
            channels=self._channels,
            source=self._definitions,
            definitions=definitions,
            clock=self._clock,
            pause=self._pause,
        )

        def work(user: str, rings: list[Ring]) -> Report:
            return self._take(user, rings, dispatcher, remaining)

        groups = self._understand(messages, report)
        report.add(each_user(groups, work, _unbegun, remaining, self._users_at_a_time))
        report.keep_records(self._ledger, definitions.workspace.ledger)
        return report

    def _understand(self, messages: Sequence[Incoming], report: Report) -> dict[str, list[Ring]]:
        groups: dict[str, list[Ring]] = {}
        for message in messages:
            notice = notice_from_json(message.body)
            if notice is not None:
                groups.setdefault(notice.user, []).append(Ring(notice, message))
                continue
            try:
                self._quarantine.put(message.body, NO_NOTICE, "not of our timers", message.id)
                report.counts["quarantined"] += 1
            except Exception as error:
                report.fail((message.id,), error)
        return groups

    def _take(
        self, user: str, rings: list[Ring], dispatcher: Dispatcher, remaining: Remaining
    ) -> Report:
        """
        Return what became of one user's notices: by due time, then by when they were scheduled.
        """
        report = Report()
        try:
            known = self._store.load(user)
        except Exception as error:
            report.fail((ring.message.id for ring in rings), error)
            return report
        for ring in sorted(rings, key=lambda ring: _place(ring, known)):
            if remaining() < SECONDS_LEFT_MIN:
                report.fail((ring.message.id,), NO_TIME_LEFT)
                continue
            if ring.notice.item == ERASURE:
                self._erase_again(known, ring.message.id, report)
                continue
            # What rings for a cancellation asks for what has followed from it, see app.cancelling.
            again = ring.message.receives > 1 or is_cancellation(ring.notice.item)
            notice = replace(ring.notice, turn=LATEST_TURN) if again else ring.notice
            try:
                known = dispatcher.ring(notice, ring.message.id, known, report, again=again)
            except Exception as error:
                report.fail((ring.message.id,), error)
        return report

    def _erase_again(self, known: Loaded, message: str, report: Report) -> None:
        """Delete the records that were written while their user was deleted, see app.deletion."""
        deleted_at = known.state.deleted_at
        if deleted_at is None:  # the deletion came to nothing, and will be done again
            return
        try:
            self._ledger.erase(known.state.user, deleted_at)
        except Exception as error:
            report.fail((message,), error)


def _place(ring: Ring, known: Loaded) -> tuple[datetime, int]:
    item = known.state.pending.get(ring.notice.item)
    return (item.due, item.order) if item else (BEFORE_ALL, 0)


def _unbegun(rings: list[Ring]) -> Report:
    report = Report()
    report.fail((ring.message.id for ring in rings), NO_TIME_LEFT)
    return report
