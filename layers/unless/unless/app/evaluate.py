"""
User events from the queue `events`: understood, decided, committed, and their timers started.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from unless.app.confirming import Confirming
from unless.app.effects import carry_out, count_records, repeat
from unless.app.errors import ConflictError
from unless.app.folding import Arrival, Fold, fold_events
from unless.app.messages import Incoming, Report, Told
from unless.app.ports import (
    AlreadyApplied,
    Committed,
    Conflict,
    DefinitionsSource,
    Ledger,
    Quarantine,
    Store,
    Timers,
)
from unless.app.users import (
    NO_TIME_LEFT,
    TRIES_MAX,
    USERS_AT_A_TIME,
    Pause,
    Remaining,
    each_user,
    wait_with_jitter,
)
from unless.engine.decision import Marker
from unless.engine.definitions import Definitions
from unless.engine.model import UserEvent
from unless.events.feedback import Confirmation, OfNobody
from unless.events.intake import parse_message
from unless.events.rejection import Rejected


class Evaluate:
    """Takes in batches of user events."""

    def __init__(
        self,
        *,
        store: Store,
        timers: Timers,
        ledger: Ledger,
        definitions: DefinitionsSource,
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
        self._quarantine = quarantine
        self._clock = clock
        self._pause = pause
        self._users_at_a_time = users_at_a_time
        self._confirming = Confirming(store=store, clock=clock)

    def run(self, messages: Sequence[Incoming], remaining: Remaining) -> Report:
        """Return what became of the messages; one that fails never fails its neighbours."""
        report = Report()
        try:
            definitions = self._definitions.current(self._clock())
        except Exception as error:
            report.fail((message.id for message in messages), error)
            return report
        confirmations: list[tuple[str, Confirmation]] = []
        groups = self._understand(messages, definitions, confirmations, report)

        def work(user: str, arrivals: list[Arrival]) -> Report:
            return self._take(user, arrivals, definitions)

        report.add(each_user(groups, work, _unbegun, remaining, self._users_at_a_time))
        report.add(self._confirming.confirm(confirmations))
        report.keep_records(self._ledger, definitions.workspace.ledger)
        return report

    def _understand(
        self,
        messages: Sequence[Incoming],
        definitions: Definitions,
        confirmations: list[tuple[str, Confirmation]],
        report: Report,
    ) -> dict[str, list[Arrival]]:
        """
        Return the events that concern anybody, by user, in the order in which they arrived; add the
        confirmations of sends to the others.
        """
        groups: dict[str, dict[str, Arrival]] = {}
        for message in sorted(messages, key=lambda message: message.arrived):
            try:
                match parse_message(message.body, message.arrived):
                    case UserEvent() as event if _may_concern(event, message, definitions):
                        arrivals = groups.setdefault(event.user, {})
                        first = arrivals.get(event.id, Arrival(event))
                        arrivals[event.id] = Arrival(first.event, (*first.messages, message.id))
                    case UserEvent() | OfNobody():
                        report.counts["ignored"] += 1
                    case Confirmation() as confirmation:
                        confirmations.append((message.id, confirmation))
                    case Rejected(reason, detail):
                        self._quarantine.put(message.body, reason, detail, message.id)
                        report.counts["quarantined"] += 1
            except Exception as error:
                report.fail((message.id,), error)
        return {user: list(arrivals.values()) for user, arrivals in groups.items()}

    def _take(self, user: str, arrivals: list[Arrival], definitions: Definitions) -> Report:
        """Return what became of one user's events, whatever happens on the way."""
        report = Report()
        left = arrivals
        tries = 0
        try:
            while left:
                now = self._clock()
                before = self._store.load(user)
                known = self._definitions.covering(definitions, before.state)
                fold = fold_events(before, left, known, self._store, now)
                match self._store.commit(before, fold.state, fold.markers, now):
                    case Committed():
                        left, tries = fold.left, 0
                        self._committed(fold, now, report)
                        self._repeat(user, fold.again, tuple(fold.applied), now, report)
                    case AlreadyApplied(markers):
                        left = self._repeat(user, left, markers, now, report)
                    case Conflict():
                        tries += 1
                        if tries == TRIES_MAX:
                            raise ConflictError(f"somebody else was faster {tries} times")
                        self._pause(tries)
        except Exception as error:
            report.fail((message for arrival in left for message in arrival.messages), error)
        return report

    def _committed(self, fold: Fold, now: datetime, report: Report) -> None:
        """Do what follows from a commit; should a timer fail, the messages come again for it."""
        messages = tuple(message for arrival in fold.taken for message in arrival.messages)
        report.records.append(Told(messages, tuple(fold.records)))
        report.counts.update(count_records(fold.records))
        report.counts["applied"] += len(fold.taken)
        report.counts["late_exceptions"] += fold.late
        report.counts["duplicates"] += len(messages) - len(fold.taken) + len(fold.repeats)
        for arrival, told in fold.failed:
            report.fail(arrival.messages, told)
        try:
            failed = carry_out(fold.effects, fold.before.state, fold.state, self._timers, now)
            report.counts["failed_cancels"] += failed
        except Exception as error:
            report.fail(messages, error)

    def _repeat(
        self,
        user: str,
        arrivals: list[Arrival],
        markers: tuple[Marker, ...],
        now: datetime,
        report: Report,
    ) -> list[Arrival]:
        """
        Do again what followed from events that were applied before, and return the others.

        Whoever applied them may have died between the commit and the timer, or the ledger.
        """
        known = {marker.id: marker for marker in markers}
        repeated = [arrival for arrival in arrivals if arrival.event.id in known]
        messages = tuple(message for arrival in repeated for message in arrival.messages)
        records = tuple(record for marker in markers for record in marker.records)
        report.records.append(Told(messages, records, again=True))
        report.counts["duplicates"] += len(messages)
        try:
            if any(marker.items for marker in markers):
                repeat(markers, self._store.load(user).state, self._timers, now)
        except Exception as error:
            report.fail(messages, error)
        return [arrival for arrival in arrivals if arrival.event.id not in known]


def _may_concern(event: UserEvent, message: Incoming, definitions: Definitions) -> bool:
    """
    Whether the event is to be looked at; of one that is received again another version of the
    definitions may have taken note.
    """
    return message.receives > 1 or definitions.concerns(event)


def _unbegun(arrivals: list[Arrival]) -> Report:
    report = Report()
    report.fail((message for arrival in arrivals for message in arrival.messages), NO_TIME_LEFT)
    return report
