"""
One due notice: the item is judged, its message claimed and handed to its channel, and the answer
marked.

The claim is committed before the channel is asked, so at most one run asks. A run that dies in
between leaves the claim; `decide` says what becomes of it once its lease is over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from unless.app.effects import (
    carry_out,
    count_records,
    ended_marker_id,
    moved_marker_id,
    repeat,
    started,
)
from unless.app.errors import ConflictError
from unless.app.messages import Failure, Report, Told
from unless.app.ports import (
    Channel,
    Committed,
    DefinitionsSource,
    Loaded,
    Store,
    Timers,
)
from unless.app.requesting import Requests
from unless.app.users import TRIES_MAX, Pause
from unless.engine.claims import outgoing_of, send_of
from unless.engine.content import may_quote
from unless.engine.decide import decide
from unless.engine.decision import Decision, Dispatch, Dispatched, DueNotice, Marker
from unless.engine.definitions import Definitions
from unless.engine.model import DueStatus, Run, UserState
from unless.engine.records import Outcome

ANSWER_TRIES_MAX = 10
"""
How often an answer is offered to a user whom others keep changing. More often than a decision: an
answer that is not marked is asked for again, or ends as unknown.
"""

DEAD_LETTERS_AFTER = timedelta(hours=1)
"""How long a message is tried at least before it lies with the dead letters (template.yaml)."""

STILL_CLAIMED = Failure("another run has claimed the send for a while", may_pass=True)


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision that is committed, and the user before and after it."""

    before: Loaded
    decision: Decision
    after: Loaded
    now: datetime
    raced: bool
    """Whether a commit before it was refused, perhaps because it had succeeded unheard."""

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return self.decision.state is self.before.state and not self.decision.effects

    def is_beside(self, notice: DueNotice) -> bool:
        """Whether the notice was for an earlier turn of the item, or there was nothing to do."""
        item = self.before.state.pending.get(notice.item)
        return item is None or notice.turn < item.turn or self.is_idle


class Dispatcher:
    """Takes single due notices under one version of the definitions."""

    def __init__(
        self,
        *,
        store: Store,
        timers: Timers,
        channels: Mapping[str, Channel],
        source: DefinitionsSource,
        definitions: Definitions,
        clock: Callable[[], datetime],
        pause: Pause,
    ) -> None:
        """
        Work on these ports; `channels` are by the name that definitions use, `definitions` are what
        the source has, to which it adds what a single user needs.
        """
        self._store = store
        self._timers = timers
        self._requests = Requests(channels, store)
        self._source = source
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
        # Nothing that may fail stands between a claim and its request, so this is read before it.
        earlier = self._ended_earlier(notice) if again else ()
        settled = self._settle(known, notice)
        known = settled.after
        if notice.item in settled.before.state.pending:
            known = self._go_through(settled, message, report)
        else:
            report.counts["orphan_timers"] += not earlier
        if settled.raced and settled.is_beside(notice):
            earlier = self._ended_earlier(notice)  # another run has ended it just now, or this one
        elif not again and settled.is_beside(notice):
            # Perhaps a person has put it back from the dead letters, and it counts from one again.
            earlier = tuple(
                marker
                for marker in self._ended_earlier(notice)
                if settled.now - marker.at >= DEAD_LETTERS_AFTER
            )
        self._repeat(earlier, message, known, report)
        left = known.state.pending.get(notice.item)
        if left is not None and left.status is DueStatus.CLAIMED:
            report.fail((message,), STILL_CLAIMED)
        return known

    def _go_through(self, settled: Settled, message: str, report: Report) -> Loaded:
        """Do what follows from the decision about a notice, its message included."""
        self._follow(settled, message, report)
        known = settled.after
        asked = [effect for effect in settled.decision.effects if isinstance(effect, Dispatch)]
        for dispatch in asked:
            said, trouble = self._ask(dispatch, known)
            answered = self._settle(known, said, tries_max=ANSWER_TRIES_MAX)
            self._follow(answered, message, report)
            known = answered.after
            if answered.raced and answered.is_idle:
                self._repeat(self._ended_earlier(said), message, known, report)
            if trouble is not None:
                report.fail((message,), trouble)
        return known

    def _settle(
        self, known: Loaded, what: DueNotice | Dispatched, *, tries_max: int = TRIES_MAX
    ) -> Settled:
        """
        Decide and commit, again on what is then known while somebody else is faster.

        Nobody else need have been: botocore repeats a request whose answer was lost, and the first
        one may have been carried out, or be on its way still, when the second one is refused.
        """
        for try_ in range(1, tries_max + 1):
            now = self._clock()
            definitions = self._source.covering(self._definitions, known.state)
            known = self._with_whole_trigger(known, what, definitions)
            decision = decide(known.state, what, definitions, now)
            marker_id = _marker_id(known.state, decision, what.item, definitions)
            markers = [_marker(marker_id, decision, now)] if marker_id else []
            outcome = self._store.commit(known, decision.state, markers, now)
            if isinstance(outcome, Committed):
                after = Loaded(decision.state, outcome.rev)
                return Settled(known, decision, after, now, raced=try_ > 1)
            if try_ < tries_max:
                self._pause(min(try_, TRIES_MAX))
                known = self._store.load(what.user)
        raise ConflictError(f"somebody else was faster {tries_max} times")

    def _with_whole_trigger(
        self, known: Loaded, what: DueNotice | Dispatched, definitions: Definitions
    ) -> Loaded:
        """Return the user with all that the item's trigger said, where its message may say it."""
        item = known.state.pending.get(what.item)
        if item is None or isinstance(what, Dispatched) or not may_quote(item, definitions):
            return known
        whole = replace(item, properties=self._store.properties(item))
        pending = {**known.state.pending, item.id: whole}
        is_known = whole.properties is item.properties
        return known if is_known else Loaded(replace(known.state, pending=pending), known.rev)

    def _follow(self, settled: Settled, message: str, report: Report) -> None:
        """Do what follows from a commit, the records at the end of the batch."""
        decision = settled.decision
        report.records.append(Told((message,), decision.records))
        report.counts.update(count_records(decision.records))
        for record in decision.records:
            if record.outcome is Outcome.SENT and record.due is not None:
                late = (record.at - record.due).total_seconds()
                report.lateness_max = max(report.lateness_max, late)
        before, after = settled.before.state, settled.after.state
        failed = carry_out(decision.effects, before, after, self._timers, settled.now)
        report.counts["failed_cancels"] += failed

    def _ask(
        self, dispatch: Dispatch, known: Loaded
    ) -> tuple[Dispatched, Exception | Failure | None]:
        """Return what the channel said, and why the message has to be tried again, see `make`."""
        definitions = self._source.covering(self._definitions, known.state)
        return self._requests.make(dispatch, outgoing_of(dispatch.item, definitions))

    def _ended_earlier(self, notice: DueNotice | Dispatched) -> tuple[Marker, ...]:
        """Return the markers of the item's steps that have ended before this run."""
        return self._store.markers_of(notice.user, notice.item, self._clock())

    def _repeat(
        self, markers: tuple[Marker, ...], message: str, known: Loaded, report: Report
    ) -> None:
        """
        Do again what followed from steps that have ended.

        An earlier run with this message may have ended one and died before its timers and records.
        A message that goes back to the queue comes again for the timers: were they ensured each
        time, what cannot be sent for hours would fill the queue with notices of itself.
        """
        for marker in markers:
            report.records.append(Told((message,), marker.records, again=True))
        if message not in report.failed:
            repeat(markers, known.state, self._timers, self._clock())


def _marker_id(
    before: UserState, decision: Decision, name: str, definitions: Definitions
) -> str | None:
    """Return the id of the marker of the item's step that ended, or was moved with a record."""
    was, is_now = before.pending.get(name), decision.state.pending.get(name)
    if was is None:
        return None
    in_another_step = isinstance(was, Run) and isinstance(is_now, Run) and was.place != is_now.place
    if is_now is None or in_another_step:
        return ended_marker_id(send_of(was, definitions))
    return moved_marker_id(send_of(was, definitions), is_now.turn) if decision.records else None


def _marker(marker_id: str, decision: Decision, now: datetime) -> Marker:
    return Marker(
        id=marker_id,
        at=now,
        items=started(decision.effects),
        records=decision.records,
        derived=decision.derived,
    )
