"""
One due notice: the send is judged, claimed, handed to its channel, and the answer marked.

The claim is committed before the channel is asked, so at most one run asks. A run that dies in
between leaves the claim; `decide` says what becomes of it once its lease is over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from unless.app.effects import carry_out, count_records, ended_marker_id, repeat, started
from unless.app.errors import ConfigurationError, ConflictError
from unless.app.messages import Failure, Report
from unless.app.ports import Channel, Committed, Loaded, Message, Store, Timers
from unless.app.users import TRIES_MAX, Pause
from unless.engine.decide import decide
from unless.engine.decision import Decision, Dispatch, Dispatched, DueNotice, Marker
from unless.engine.definitions import Definitions
from unless.engine.model import PendingSend, SendStatus
from unless.engine.records import Outcome

ANSWER_TRIES_MAX = 10
"""
How often an answer is offered to a user whom others keep changing. More often than a decision: an
answer that is not marked is asked for again, or ends as unknown.
"""

STILL_CLAIMED = Failure("another run has claimed the send for a while", may_pass=True)


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision that is committed, and the user before and after it."""

    before: Loaded
    decision: Decision
    after: Loaded
    now: datetime


class Dispatcher:
    """Takes single due notices under one version of the definitions."""

    def __init__(
        self,
        *,
        store: Store,
        timers: Timers,
        channels: Mapping[str, Channel],
        definitions: Definitions,
        clock: Callable[[], datetime],
        pause: Pause,
    ) -> None:
        """Work on these ports; `channels` are by the name that campaigns use."""
        self._store = store
        self._timers = timers
        self._channels = channels
        self._definitions = definitions
        self._clock = clock
        self._pause = pause

    def ring(
        self, notice: DueNotice, message: str, known: Loaded, report: Report, *, again: bool
    ) -> Loaded:
        """
        Do what follows from a timer that rang, and return the user as left.

        `again` says that an earlier run with this message did not end. `known` is the user as last
        seen; should that be out of date, the commit notices.

        Raises:
            TransientError, ConfigurationError: the message has to come again.
        """
        settled = self._settle(known, notice, notice.send)
        if notice.send not in settled.before.state.pending:
            self._missing(notice, message, settled, report, again=again)
            return settled.after
        self._follow(settled, message, report)
        known = settled.after
        sends = [effect.send for effect in settled.decision.effects if isinstance(effect, Dispatch)]
        for send in sends:
            answer = self._ask(send, known)
            answered = self._settle(known, answer, send.id, tries_max=ANSWER_TRIES_MAX)
            self._follow(answered, message, report)
            known = answered.after
        left = known.state.pending.get(notice.send)
        if left is not None and left.status is SendStatus.CLAIMED:
            report.fail((message,), STILL_CLAIMED)
        return known

    def _settle(
        self,
        known: Loaded,
        what: DueNotice | Dispatched,
        send: str,
        *,
        tries_max: int = TRIES_MAX,
    ) -> Settled:
        """Decide and commit, again on what is then known while somebody else is faster."""
        for try_ in range(1, tries_max + 1):
            now = self._clock()
            decision = decide(known.state, what, self._definitions, now)
            ends = send in known.state.pending and send not in decision.state.pending
            markers = [_ended(send, decision, now)] if ends else []
            outcome = self._store.commit(known, decision.state, markers, now)
            if isinstance(outcome, Committed):
                return Settled(known, decision, Loaded(decision.state, outcome.rev), now)
            if try_ < tries_max:
                self._pause(min(try_, TRIES_MAX))
                known = self._store.load(what.user)
        raise ConflictError(f"somebody else was faster {tries_max} times")

    def _follow(self, settled: Settled, message: str, report: Report) -> None:
        """Do what follows from a commit, the records at the end of the batch."""
        decision = settled.decision
        report.records.append(((message,), decision.records))
        report.counts.update(count_records(decision.records))
        for record in decision.records:
            if record.outcome is Outcome.SENT and record.due is not None:
                late = (record.at - record.due).total_seconds()
                report.lateness_max = max(report.lateness_max, late)
        before, after = settled.before.state, settled.after.state
        failed = carry_out(decision.effects, before, after, self._timers, settled.now)
        report.counts["failed_cancels"] += failed

    def _ask(self, send: PendingSend, known: Loaded) -> Dispatched:
        """Make one request of the send's channel and return the answer."""
        plan = self._definitions.campaign(send.campaign)
        name = plan.campaign.message.channel if plan else ""
        channel = self._channels.get(name)
        if channel is None:
            raise ConfigurationError(f"there is no channel {name!r} in this deployment")
        reply = channel.send(
            Message(
                send=send.id,
                user=send.user,
                campaign=send.campaign,
                event=send.event,
                name=send.name,
                at=send.triggered_at,
                due=send.due,
                properties=self._store.properties(send),
                attributes=known.state.attribute_values(),
                hops=send.hops,
            )
        )
        return Dispatched(send.user, send.id, reply.answer, reply.said)

    def _missing(
        self, notice: DueNotice, message: str, settled: Settled, report: Report, *, again: bool
    ) -> None:
        """
        Acknowledge the timer of a send that is gone: cancelled, or dispatched by an earlier ring.

        If this message was handed out before, that run may have ended the send and died before its
        timers and records; they are repeated.
        """
        ended = ended_marker_id(notice.send)
        marker = self._store.marker(notice.user, ended, settled.now) if again else None
        if marker is None:
            report.counts["orphan_timers"] += 1
            return
        report.records.append(((message,), marker.records))
        repeat((marker,), settled.after.state, self._timers, settled.now)


def _ended(send: str, decision: Decision, now: datetime) -> Marker:
    return Marker(
        id=ended_marker_id(send),
        at=now,
        sends=started(decision.effects),
        records=decision.records,
        derived=decision.derived,
    )
