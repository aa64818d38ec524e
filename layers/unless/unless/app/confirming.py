"""
What a provider says later of a message whose request had no clear answer (SPEC K3).

The record of the send is written again in its own place with `detail.confirmed`: an addendum, never
a second record. A marker remembers it, so that whoever repeats the send's records repeats this one,
too.

Every e-mail costs one read of its marker for each of the two events that say that SES has it; only
one that had no clear answer costs more.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from unless.app.effects import ended_marker_id
from unless.app.errors import ConflictError
from unless.app.messages import Failure, Report, Told
from unless.app.ports import AlreadyApplied, Committed, Conflict, Store
from unless.engine.decision import Marker
from unless.engine.model import DueStatus
from unless.engine.records import Reason, Record, instant_text
from unless.events.feedback import Confirmation
from unless.events.our_mail import Mail

NOT_MARKED_YET = Failure("the answer to the send is not marked yet", may_pass=True)


class Confirming:
    """Settles sends that ended as `delivery_unknown`."""

    def __init__(self, *, store: Store, clock: Callable[[], datetime]) -> None:
        """Work on this store; `clock` returns the time now, aware, UTC."""
        self._store = store
        self._clock = clock

    def confirm(self, confirmations: Iterable[tuple[str, Confirmation]]) -> Report:
        """Return what became of the confirmations, each with the id of its message."""
        report = Report()
        for message, confirmation in confirmations:
            try:
                self._confirm(message, confirmation, report)
            except Exception as error:
                report.fail((message,), error)
        return report

    def _confirm(self, message: str, confirmation: Confirmation, report: Report) -> None:
        mail, now = confirmation.mail, self._clock()
        marker = self._store.marker(mail.user, ended_marker_id(mail.send), now)
        if marker is None:
            if self._is_claimed(mail):
                report.fail((message,), NOT_MARKED_YET)
                return
            # The answer may have been marked between these two looks.
            marker = self._store.marker(mail.user, ended_marker_id(mail.send), now)
        records = marker.records if marker is not None else ()
        if unknown := [record for record in records if _is_unknown(record, mail.send)]:
            self._settle(message, confirmation, unknown[0], report)
            return
        report.counts["ignored"] += 1

    def _settle(
        self, message: str, confirmation: Confirmation, record: Record, report: Report
    ) -> None:
        """Remember what was confirmed; of SEND and DELIVERY whichever comes first stays."""
        now = self._clock()
        before = self._store.load(record.user)
        if before.state.deleted_at is not None and record.at <= before.state.deleted_at:
            return
        said = {"at": instant_text(confirmation.at), "by": confirmation.by}
        confirmed = replace(record, detail={**record.detail, "confirmed": said})
        marker_id = confirmed_marker_id(confirmation.mail.send)
        marker = Marker(id=marker_id, at=now, records=(confirmed,))
        match self._store.commit(before, before.state, [marker], now):
            case Committed():
                report.counts["confirmed"] += 1
            case AlreadyApplied(markers):
                (marker,) = markers
            case Conflict():
                raise ConflictError("somebody else is writing about the user")
        report.records.append(Told((message,), marker.records, again=True))

    def _is_claimed(self, mail: Mail) -> bool:
        """Whether a message of that campaign or journey is out and its answer not marked."""
        pending = self._store.load(mail.user).state.pending.values()
        return any(
            item.status is DueStatus.CLAIMED and item.definition == mail.definition
            for item in pending
        )


def confirmed_marker_id(send: str) -> str:
    """Return the id of the marker of a confirmed send; it is repeated after that of its end."""
    return f"{ended_marker_id(send)}#confirmed"


def _is_unknown(record: Record, send: str) -> bool:
    return record.reason is Reason.DELIVERY_UNKNOWN and record.send == send
